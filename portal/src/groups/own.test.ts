import { expect, it } from "vitest";
import { givable, groupsOf, withAll, type Role } from "./own";

const at = (provider: string, role: Role, contract = "arkansas", group = "g1") => ({
  provider, role, contract, group, address: [], label: role, providerName: provider, providerType: "clinic",
});

it("roles are gathered by group", () => {
  const groups = groupsOf([at("a", "staff"), at("b", "provider-admin"), at("c", "group-admin", "arkansas", "g2")]);
  expect(groups.map(({ id, managesAll, managed }) => [id, managesAll, managed.map(({ provider }) => provider)])).toEqual([
    ["g1", false, ["b"]],
    ["g2", true, ["c"]],
  ]);
});

it("nobody is offered to give what they do not hold", () => {
  const offered = (roles: ReturnType<typeof at>[], place = roles[0]) => {
    const [group] = groupsOf(roles);
    return group && place ? givable(group, place) : [];
  };
  expect(offered([at("a", "provider-admin")])).toEqual(["staff", "provider-admin"]);
  expect(offered([at("a", "provider-admin-reports")])).toEqual(["staff", "provider-admin", "provider-admin-reports"]);
  expect(offered([at("a", "group-admin")])).toEqual(["staff", "provider-admin", "group-admin"]);
  expect(offered([at("a", "group-admin-reports")])).toHaveLength(5);
  // Reports are of one contract.
  const both = [at("a", "group-admin-reports"), at("b", "staff", "colorado")];
  expect(offered(both, both[1])).toEqual(["staff", "provider-admin", "group-admin"]);
});

it("a group that is managed as a whole has the providers that others registered", () => {
  const [group] = groupsOf([at("b", "group-admin")]);
  const place = (provider: string) => ({ provider, providerName: provider, providerType: "clinic", address: [], contract: "colorado" });
  const all = group && withAll(group, [place("c"), place("b"), place("a")]);
  expect(all?.managed.map(({ provider }) => provider)).toEqual(["b", "a", "c"]);
  expect(all && givable(all, place("c"))).toEqual(["staff", "provider-admin", "group-admin"]);
});
