import { expect, it } from "vitest";
import { Refused, isRefused } from "../api/refused";
import { groupsOf } from "./own";
import { atRows, changes, rowsOf } from "./parts";

const at = (provider: string) => ({
  provider, role: "group-admin" as const, contract: "arkansas", group: "g", address: [], label: "", providerName: provider, providerType: "clinic",
});
const [group] = groupsOf([at("a"), at("b"), at("c")]);
if (!group) throw new Error("the sample is a group");

it("only what changes is sent", () => {
  const before = [{ role: "staff" as const }, { role: "" as const }, { role: "provider-admin" as const }];
  const after = [{ role: "" as const }, { role: "" as const }, { role: "staff" as const }];
  expect(changes(group, before, after)).toEqual({
    parts: [{ provider: "a", removed: true }, { provider: "c", role: "staff" }],
    rows: [0, 2],
  });
  expect(changes(group, rowsOf(group), rowsOf(group)).parts).toEqual([]);
});

it("a refused part is told at its row", () => {
  const most = { most: 64 };
  const errors = [{ pointer: "/roles/1/provider", code: "not-yours" as const, detail: "No." }, { pointer: "/username", code: "too-long" as const, detail: "Long.", values: most }];
  const moved = atRows(new Refused({ status: 422, errors }, "invalid"), [0, 2]);
  expect(isRefused(moved, "invalid") && moved.errors.map(({ pointer }) => pointer)).toEqual(["/roles/2/role", "/username"]);
  expect(isRefused(moved) && moved.errors.map(({ code, values }) => [code, values])).toEqual([["not-yours", undefined], ["too-long", most]]);
});
