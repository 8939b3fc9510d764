import { expect, it } from "vitest";
import { NO_CRITERION, blank, bodyOf, decisionOf, isAdverse, rollUp, type LineValues, type Outcome } from "./decision";

const line = (outcome: Outcome): LineValues => ({ outcome, units: "120", from: "2026-12-01", to: "2026-12-30", reason: "Four hours a day meet the goals." });

it("rolls up as the API does", () => {
  expect(rollUp({ lines: [line("approved"), line("approved")] })).toBe("approved");
  expect(rollUp({ lines: [line("denied"), line("denied")] })).toBe("denied");
  expect(rollUp({ lines: [line("approved"), line("denied")] })).toBe("modified");
  expect(isAdverse({ lines: [line("approved")] })).toBe(false);
  expect(isAdverse({ lines: [line("approved"), line("modified")] })).toBe(true);
});

it("sends with an outcome what belongs to it", () => {
  const criterion = { title: "Manual", citation: "220", text: "Four hours." };
  const nothing = { units: null, from: null, to: null };
  const body = bodyOf({ lines: [line("approved"), line("modified"), line("denied")], criteria: [criterion] });
  expect(body.lines).toEqual([
    { outcome: "approved", ...nothing, reason: null },
    { outcome: "modified", units: 120, from: "2026-12-01", to: "2026-12-30", reason: "Four hours a day meet the goals." },
    { outcome: "denied", ...nothing, reason: "Four hours a day meet the goals." },
  ]);
  expect(body.criteria).toEqual([criterion]);
  expect(bodyOf({ lines: [line("approved")], criteria: [NO_CRITERION] }).criteria).toEqual([]);
});

it("begins with what is asked for, and goes on from what was typed", () => {
  const asked = [{ code: "T1015", codeType: "hcpcs" as const, modifiers: [], duration: 30, quantity: 120, from: "2026-12-01", to: "2026-12-30" }];
  const { values, typed } = decisionOf(asked);
  const nothing = { note: "Why.", lines: [], criteria: [] };
  expect(values(nothing)).toEqual(blank(asked));
  const half = { lines: [{ ...line("modified"), units: "nine" }], criteria: [{ title: "Manual", citation: "", text: "" }] };
  const kept = typed(half, nothing);
  expect(kept.note).toBe("Why.");
  expect(values(kept)).toEqual(half);
  expect(values({ ...kept, lines: [{ ...line("denied"), outcome: "perhaps" }] }).lines[0]?.outcome).toBe("");
});
