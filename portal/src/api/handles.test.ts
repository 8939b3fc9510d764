import { expect, it } from "vitest";
import { handleOf, nameOf } from "./handles";

it("a handle says nothing of the name and leads back to it", () => {
  const handle = handleOf("dana.rivers");
  expect(handle).not.toContain("dana");
  expect(nameOf(handle)).toBe("dana.rivers");
  expect(handleOf("dana.rivers")).toBe(handle);
  expect(handleOf("robin")).not.toBe(handle);
});

it("an unknown handle names nobody", () => {
  expect(nameOf("elsewhere")).toBeUndefined();
  expect(nameOf(undefined)).toBeUndefined();
});
