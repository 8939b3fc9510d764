import { expect, it } from "vitest";
import { RULES, keeps } from "./passwords";

const kept = (password: string) => RULES.filter((rule) => keeps(rule, password));

it("a good password keeps every rule", () => {
  expect(kept("River-Stone-2026!")).toEqual(RULES);
});

it("each rule is told by itself", () => {
  expect(kept("")).toEqual([]);
  expect(kept("river")).toEqual(["lower"]);
  expect(kept("RIVER1")).toEqual(["upper", "digit"]);
  expect(kept("fourteen chars")).toEqual(["length", "lower"]);
});

it("counts as the API counts: letters of other alphabets are neither case nor special", () => {
  expect(kept("ÄÖ§")).toEqual([]);
});
