// A determination as the form has it, and as the API takes it.

import type { Schemas } from "../api/types";
import type { Line } from "./case-query";
import type { Part } from "./worksheet";

export type Outcome = Schemas["Outcome"];

export interface LineValues {
  outcome: Outcome | "";
  units: string;
  from: string;
  to: string;
  reason: string;
}

export interface Criterion {
  title: string;
  citation: string;
  text: string;
}

export interface Values {
  lines: LineValues[];
  criteria: Criterion[];
}

export const NO_CRITERION: Criterion = { title: "", citation: "", text: "" };

/** Nothing is decided yet; of what is asked for, less is made by changing it. */
export function blank(lines: readonly Line[]): Values {
  return {
    lines: lines.map(({ quantity, from, to }) => ({ outcome: "", units: String(quantity), from, to, reason: "" })),
    criteria: [NO_CRITERION],
  };
}

const OUTCOMES: readonly string[] = ["approved", "modified", "denied"] satisfies Outcome[];

/** The decision as the worksheet keeps it. */
export function decisionOf(asked: readonly Line[]): Part<Values> {
  const begun = blank(asked);
  return {
    name: "decide",
    values: ({ lines, criteria }) => ({
      lines: begun.lines.map((line, place) => {
        const typed = lines[place];
        return typed ? { ...typed, outcome: OUTCOMES.includes(typed.outcome) ? (typed.outcome as Outcome) : "" } : line;
      }),
      criteria: criteria.length > 0 ? criteria : begun.criteria,
    }),
    typed: ({ lines, criteria }, rest) => ({ ...rest, lines, criteria }),
  };
}

export function isAdverse({ lines }: Pick<Values, "lines">): boolean {
  return lines.some(({ outcome }) => outcome === "modified" || outcome === "denied");
}

/** The decision on the whole, as the API rolls it up from the lines. */
export function rollUp({ lines }: Pick<Values, "lines">): Outcome {
  if (lines.every(({ outcome }) => outcome === "approved")) return "approved";
  return lines.every(({ outcome }) => outcome === "denied") ? "denied" : "modified";
}

/** What does not belong to an outcome is not sent, though it stays in the form. */
export function bodyOf(values: Values): Schemas["DeterminationBody"] {
  return {
    decision: "determine",
    lines: values.lines.map(({ outcome, units, from, to, reason }) => {
      const of = outcome || "approved";
      if (of === "modified") return { outcome: of, units: Number(units), from, to, reason };
      return { outcome: of, units: null, from: null, to: null, reason: of === "denied" ? reason : null };
    }),
    criteria: isAdverse(values) ? values.criteria : [],
  };
}
