import { expect, it } from "vitest";
import { complete, dayOf, fromDay, isDay, partsOf, split, timeOf, toDay, unfinished, written } from "./dates";

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

it("what is no day yet stays as it was typed, and is none", () => {
  for (const typed of [{ month: "4", day: "", year: "1986" }, { month: "4/28", day: "", year: "" }, { month: "1986-04-28", day: "2", year: "" }]) {
    expect(partsOf(unfinished(typed))).toEqual(typed);
    expect(isDay(unfinished(typed))).toBe(false);
  }
  expect(partsOf("1986-04-08")).toEqual({ month: "4", day: "8", year: "1986" });
  expect(partsOf("")).toEqual({ month: "", day: "", year: "" });
});

const TODAY = new Date("2026-11-27T12:00:00Z");

it.each([
  ["6/3/26", "2026-06-03"], ["06/03/2026", "2026-06-03"], ["6-3-26", "2026-06-03"], ["6.3.2026", "2026-06-03"], ["6 3 26", "2026-06-03"],
  ["060326", "2026-06-03"], ["06032026", "2026-06-03"], ["20260603", "2026-06-03"], ["2026-06-03", "2026-06-03"], ["2026/6/3", "2026-06-03"],
  ["June 3 2026", "2026-06-03"], ["june 3, 26", "2026-06-03"], ["Jun. 3rd, 2026", "2026-06-03"], ["3 June 2026", "2026-06-03"],
  ["3-Jun-2026", "2026-06-03"], ["the 3rd of June 2026", "2026-06-03"], ["2026 June 3", "2026-06-03"], ["Sept 1 2026", "2026-09-01"],
  ["3 de junio de 2026", "2026-06-03"], ["junio 3, 2026", "2026-06-03"], ["1.º de enero del 27", "2027-01-01"], ["3 Ago 2026", "2026-08-03"],
  ["12 SETIEMBRE 2026", "2026-09-12"], ["28/4/2026", "2026-04-28"], ["4/28/2026", "2026-04-28"],
])("“%s” is %s", (text, day) => expect(dayOf(text, "near", TODAY)).toBe(day));

it.each(["", "6", "6/3", "June 2026", "6/31/2026", "2/29/2027", "13/13/2026", "Juno 3 2026", "ju 3 2026", "June 3 2026 at 5", "6/3/026", "6/3/20266", "3 4 June 2026", "06/0326", "June May 3"])(
  "“%s” is no day",
  (text) => expect(dayOf(text, "near", TODAY)).toBeUndefined(),
);

it("two digits of a birth's year are of the past, of a service's near", () => {
  expect(dayOf("4/28/86", "past", TODAY)).toBe("1986-04-28");
  expect(dayOf("4/28/26", "past", TODAY)).toBe("2026-04-28");
  expect(dayOf("4/28/27", "past", TODAY)).toBe("1927-04-28");
  expect(dayOf("4/28/27", "near", TODAY)).toBe("2027-04-28");
  expect(dayOf("4/28/99", "near", TODAY)).toBe("1999-04-28");
});

it("parts are completed when they are left", () => {
  expect(complete({ month: "Abr.", day: " 28", year: "86" }, "past", TODAY)).toEqual({ month: "4", day: "28", year: "1986" });
  expect(complete({ month: "4", day: "", year: "198" }, "past", TODAY)).toEqual({ month: "4", day: "", year: "198" });
});

it("knows a day", () => {
  expect(isDay("2026-06-03")).toBe(true);
  for (const text of ["", "2026-06-31", "2026-6-3", "06/03/2026", "June 3"]) expect(isDay(text), text).toBe(false);
});

it("a whole date is taken apart at its last key, not before", () => {
  for (const text of ["04/28/1986", "4-28-1986", "1986-04-28", "04281986", "June 3 2026", "3 de junio de 2026"]) {
    for (let keys = 1; keys < text.length; keys++) expect(split(text.slice(0, keys)), text.slice(0, keys)).toBeUndefined();
    expect(split(text), text).toBeDefined();
  }
});

it("is written as on a form, and read so again", () => {
  expect(written("2026-06-03")).toBe("06/03/2026");
  expect(dayOf(written("2026-06-03"), "near", TODAY)).toBe("2026-06-03");
  expect(written("June 31")).toBe("June 31");
});

it("a time of day is read as people type it, and what is none stays", () => {
  const read = { "14:30": "14:30", "2:30 PM": "14:30", "2:30 p.m.": "14:30", "9 am": "09:00", "12:05 am": "00:05", "12 PM": "12:00", "0930": "09:30", " 8:15 ": "08:15" };
  for (const [typed, time] of Object.entries(read)) expect(timeOf(typed), typed).toBe(time);
  for (const none of ["", "soon", "25:00", "14:30 PM", "10:75"]) expect(timeOf(none)).toBe(none);
});
