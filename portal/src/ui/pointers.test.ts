import { expect, it } from "vitest";
import { idOf, nameOf } from "./pointers";

it("a pointer becomes a name and an id", () => {
  expect(nameOf("/lines/0/quantity")).toBe("lines.0.quantity");
  expect(idOf(nameOf("/contact/zip"))).toBe("contact-zip");
});

it("an escaped pointer is read (RFC 6901)", () => {
  expect(nameOf("/a~1b/m~0n")).toBe("a/b.m~n");
});

it("the whole body has no name", () => {
  expect(nameOf("")).toBe("");
});
