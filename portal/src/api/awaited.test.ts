import { expect, it } from "vitest";
import { unwritten } from "./awaited";

const letter = (about: "determination" | "information" | "extension", at: string) => ({ request: "R01", about, at });

it("two letters tell each thing, and a corrected decision waits for its own", () => {
  const decided = { number: "R01", determination: { at: "2026-05-08T10:00:00Z" } };
  expect(unwritten(decided, [])).toEqual([{ at: "2026-05-08T10:00:00Z", missing: 2 }]);
  const former = letter("determination", "2026-05-07T10:00:01Z");
  expect(unwritten(decided, [former, former])).toEqual([{ at: "2026-05-08T10:00:00Z", missing: 2 }]);
  const own = letter("determination", "2026-05-08T10:00:01Z");
  expect(unwritten(decided, [former, own, own])).toEqual([]);
});

it("each kind is counted by itself", () => {
  const request = { number: "R01", pends: [{ at: "2026-05-07T10:00:00Z" }, { at: "2026-05-09T10:00:00Z" }], moreTime: { at: "2026-05-09T10:00:00Z" } };
  const asked = letter("information", "2026-05-07T10:00:02Z");
  expect(unwritten(request, [asked, asked, letter("extension", "2026-05-09T10:00:02Z")])).toEqual([
    { at: "2026-05-09T10:00:00Z", missing: 2 },
    { at: "2026-05-09T10:00:00Z", missing: 1 },
  ]);
  expect(unwritten(request, []).map(({ missing }) => missing)).toEqual([4, 2]);
});
