import { expect, it } from "vitest";
import { outside } from "./outside";

it("days before and after the coverage are outside, and what is open is covered", () => {
  const all = { from: "2026-03-01", to: "2026-06-30" };
  expect(outside(all, "2026-03-01", "2026-06-30")).toEqual([]);
  expect(outside(all, "2026-02-01", "2026-07-31")).toEqual([
    { from: "2026-02-01", to: "2026-02-28" },
    { from: "2026-07-01", to: "2026-07-31" },
  ]);
  expect(outside(all, "2026-01-05", "2026-01-09")).toEqual([{ from: "2026-01-05", to: "2026-01-09" }]);
  expect(outside(all, "2026-08-05", "2026-08-05")).toEqual([{ from: "2026-08-05", to: "2026-08-05" }]);
  expect(outside({ from: "2026-03-01", to: null }, "2026-12-01", "2027-12-31")).toEqual([]);
});

it("what is no day yet, or ends before it begins, says nothing", () => {
  const all = { from: "2026-03-01", to: "2026-06-30" };
  expect(outside(all, "", "2026-07-31")).toEqual([]);
  expect(outside(all, "7/1", "2026-07-31")).toEqual([]);
  expect(outside(all, "2026-07-31", "2026-01-01")).toEqual([]);
});
