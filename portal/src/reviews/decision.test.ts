import { expect, it } from "vitest";
import { NO_CRITERION, bodyOf, isAdverse, rollUp, type LineValues, type Outcome } from "./decision";

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
