// One thing of a list that the API gives page by page, and in no other way.

import { Refused } from "./refused";

interface Page<T> {
  rows: readonly T[];
  next?: string | null | undefined;
}

export async function findInPages<T>(page: (cursor: string | undefined) => Promise<Page<T>>, is: (row: T) => boolean): Promise<T> {
  let cursor: string | undefined;
  do {
    const { rows, next } = await page(cursor);
    const found = rows.find(is);
    if (found) return found;
    cursor = next ?? undefined;
  } while (cursor);
  throw new Refused({ status: 404 }, "not-found");
}
