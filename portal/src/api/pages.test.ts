import { expect, it } from "vitest";
import { findInPages } from "./pages";
import { isRefused } from "./refused";

const pages = [{ rows: [1, 2], next: "1" }, { rows: [], next: "2" }, { rows: [3], next: null }];
const page = (cursor: string | undefined) => Promise.resolve(pages[Number(cursor ?? 0)] ?? { rows: [] });

it("goes on through pages, empty ones too, until it is found", async () => {
  await expect(findInPages(page, (row) => row === 3)).resolves.toBe(3);
});

it("what is on no page is not found", async () => {
  const thrown: unknown = await findInPages(page, (row) => row === 4).catch((error: unknown) => error);
  expect(isRefused(thrown, "not-found")).toBe(true);
});
