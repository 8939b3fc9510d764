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
  /** The id of the contract's catalogue that the reason came from; empty where it is the own. */
  catalogue: string;
}

export interface Criterion {
  title: string;
  citation: string;
  text: string;
  /** As of a reason. */
  catalogue: string;
}

export interface Values {
  lines: LineValues[];
  criteria: Criterion[];
}

export const NO_CRITERION: Criterion = { title: "", citation: "", text: "", catalogue: "" };

/** Nothing is decided yet; of what is asked for, less is made by changing it. */
export function blank(lines: readonly Line[]): Values {
  return {
    lines: lines.map(({ quantity, from, to }) => ({ outcome: "", units: String(quantity), from, to, reason: "", catalogue: "" })),
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
        return typed ? { ...typed, catalogue: typed.catalogue ?? "", outcome: OUTCOMES.includes(typed.outcome) ? (typed.outcome as Outcome) : "" } : line;
      }),
      criteria: criteria.length > 0 ? criteria.map((of) => ({ ...of, catalogue: of.catalogue ?? "" })) : begun.criteria,
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
    lines: values.lines.map(({ outcome, units, from, to, reason, catalogue }) => {
      const of = outcome || "approved";
      const came = catalogue && of !== "approved" ? { catalogue } : {};
      if (of === "modified") return { outcome: of, units: Number(units), from, to, reason, ...came };
      return { outcome: of, units: null, from: null, to: null, reason: of === "denied" ? reason : null, ...came };
    }),
    criteria: isAdverse(values) ? values.criteria.map(({ catalogue, ...of }) => (catalogue ? { ...of, catalogue } : of)) : [],
  };
}

/** The decision that holds, as the form begins that corrects it. */
export function decidedOf({ lines, determination }: Pick<Schemas["RequestView"], "lines" | "determination">): Values {
  const begun = blank(lines);
  const criteria = determination?.criteria.map(({ title, citation, text, catalogue }) => ({ title, citation, text, catalogue: catalogue ?? "" })) ?? [];
  return {
    lines: begun.lines.map((line, place) => {
      const made = lines[place]?.outcome;
      if (!made) return line;
      const { units, from, to } = made.authorized ?? {};
      const granted = { units: units === undefined ? line.units : String(units), from: from ?? line.from, to: to ?? line.to };
      return { outcome: made.outcome, ...granted, reason: made.reason ?? "", catalogue: made.catalogue ?? "" };
    }),
    criteria: criteria.length > 0 ? criteria : begun.criteria,
  };
}
