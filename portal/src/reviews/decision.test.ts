import { expect, it } from "vitest";
import { NO_CRITERION, blank, bodyOf, decidedOf, decisionOf, isAdverse, rollUp, type LineValues, type Outcome } from "./decision";

const line = (outcome: Outcome): LineValues => ({ outcome, units: "120", from: "2026-12-01", to: "2026-12-30", reason: "Four hours a day meet the goals.", catalogue: "" });

it("rolls up as the API does", () => {
  expect(rollUp({ lines: [line("approved"), line("approved")] })).toBe("approved");
  expect(rollUp({ lines: [line("denied"), line("denied")] })).toBe("denied");
  expect(rollUp({ lines: [line("approved"), line("denied")] })).toBe("modified");
  expect(isAdverse({ lines: [line("approved")] })).toBe(false);
  expect(isAdverse({ lines: [line("approved"), line("modified")] })).toBe(true);
});

it("sends with an outcome what belongs to it", () => {
  const criterion = { title: "Manual", citation: "220", text: "Four hours." };
  const from = { ...criterion, catalogue: "units" };
  const nothing = { units: null, from: null, to: null };
  const body = bodyOf({ lines: [line("approved"), line("modified"), line("denied")], criteria: [{ ...criterion, catalogue: "" }, from] });
  expect(body.lines).toEqual([
    { outcome: "approved", ...nothing, reason: null },
    { outcome: "modified", units: 120, from: "2026-12-01", to: "2026-12-30", reason: "Four hours a day meet the goals." },
    { outcome: "denied", ...nothing, reason: "Four hours a day meet the goals." },
  ]);
  expect(body.criteria).toEqual([criterion, from]);
  expect(bodyOf({ lines: [{ ...line("denied"), catalogue: "fewer-hours" }], criteria: [] }).lines?.[0]?.catalogue).toBe("fewer-hours");
  expect(bodyOf({ lines: [{ ...line("approved"), catalogue: "fewer-hours" }], criteria: [] }).lines?.[0]).not.toHaveProperty("catalogue");
  expect(bodyOf({ lines: [line("approved")], criteria: [NO_CRITERION] }).criteria).toEqual([]);
});

it("begins with what is asked for, and goes on from what was typed", () => {
  const asked = [{ code: "T1015", codeType: "hcpcs" as const, modifiers: [], duration: 30, quantity: 120, from: "2026-12-01", to: "2026-12-30" }];
  const { values, typed } = decisionOf(asked);
  const nothing = { note: "Why.", lines: [], criteria: [] };
  expect(values(nothing)).toEqual(blank(asked));
  const half = { lines: [{ ...line("modified"), units: "nine" }], criteria: [{ title: "Manual", citation: "", text: "", catalogue: "" }] };
  const kept = typed(half, nothing);
  expect(kept.note).toBe("Why.");
  expect(values(kept)).toEqual(half);
  expect(values({ ...kept, lines: [{ ...line("denied"), outcome: "perhaps" }] }).lines[0]?.outcome).toBe("");
});

it("begins a correction with the decision that holds", () => {
  const asked = { code: "T1015", codeType: "hcpcs" as const, modifiers: [], duration: 30, quantity: 120, from: "2026-12-01", to: "2026-12-30" };
  const outcome = { outcome: "modified" as const, authorized: { units: 60, from: "2026-12-01", to: "2026-12-15" }, reason: "Fewer." };
  const values = decidedOf({ lines: [{ ...asked, outcome }], determination: null });
  expect(values.lines).toEqual([{ outcome: "modified", units: "60", from: "2026-12-01", to: "2026-12-15", reason: "Fewer.", catalogue: "" }]);
  expect(values.criteria).toEqual([NO_CRITERION]);
  const denied = { outcome: "denied" as const, reason: "Not shown." };
  expect(decidedOf({ lines: [{ ...asked, outcome: denied }], determination: null }).lines[0]?.units).toBe("120");
});
