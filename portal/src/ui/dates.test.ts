import { expect, it } from "vitest";
import { fromDay, split, toDay } from "./dates";

it("a day is taken as it is typed", () => {
  expect(toDay({ month: "4", day: "28", year: "1986" })).toBe("1986-04-28");
  expect(toDay({ month: "02", day: " 29", year: "2024" })).toBe("2024-02-29");
});

it("what is no day of the calendar is none", () => {
  expect(toDay({ month: "2", day: "30", year: "2024" })).toBeUndefined();
  expect(toDay({ month: "13", day: "1", year: "2024" })).toBeUndefined();
  expect(toDay({ month: "4", day: "28", year: "86" })).toBeUndefined();
  expect(toDay({ month: "", day: "", year: "" })).toBeUndefined();
});

it("a whole date goes into its parts", () => {
  const parts = { month: "04", day: "28", year: "1986" };
  for (const text of ["04/28/1986", "04-28-1986", "1986-04-28", "04281986", " 04.28.1986 "]) expect(split(text)).toEqual(parts);
  expect(split("4")).toBeUndefined();
});

it("goes there and back", () => {
  expect(toDay(fromDay("1986-04-08"))).toBe("1986-04-08");
  expect(fromDay(undefined)).toEqual({ month: "", day: "", year: "" });
});

it("a whole date is taken at its last key, not before", () => {
  for (const text of ["04/28/1986", "04-28-1986", "1986-04-28", "04281986"]) {
    for (let keys = 1; keys < text.length; keys++) expect(split(text.slice(0, keys)), text.slice(0, keys)).toBeUndefined();
  }
});
