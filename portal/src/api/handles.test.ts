import { expect, it } from "vitest";
import { handleOf, handleOfSearch, nameOf, searchOf } from "./handles";

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

it("a search is given back to whoever searched, and to nobody else", () => {
  const search = { lastName: "Quill" };
  const handle = handleOfSearch("dana.rivers", search);
  expect(handle).not.toMatch(/quill|dana/i);
  expect(searchOf("dana.rivers", handle)).toBe(search);
  expect(searchOf("robin", handle)).toBeUndefined();
  expect(searchOf(undefined, handle)).toBeUndefined();
  expect(searchOf("dana.rivers", undefined)).toBeUndefined();
  expect(handleOfSearch("dana.rivers", search)).not.toBe(handle);
});
