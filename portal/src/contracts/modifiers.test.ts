import { expect, test } from "vitest";
import { modifiersOf } from "./modifiers";

test("modifiers are told apart however they are typed", () => {
  for (const typed of ["U6, UB", "U6 UB", " U6-UB ", "U6;UB,"]) expect(modifiersOf(typed)).toEqual(["U6", "UB"]);
  expect(modifiersOf("  ")).toEqual([]);
});
