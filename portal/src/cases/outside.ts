// Which days of a line the plan's file does not cover, while the line is typed. Of what is saved the API says it.

import type { Schemas } from "../api/types";
import { isDay } from "../ui/dates";

export type Coverage = NonNullable<Schemas["MemberView"]["coverage"]>;

interface Days {
  from: string;
  to: string;
}

/** Days before the first and after the last day of coverage; none while the dates are no days in their order. */
export function outside({ from: first, to: last }: Coverage, from: string, to: string): Days[] {
  if (!isDay(from) || !isDay(to) || to < from) return [];
  const days: Days[] = [];
  if (first && from < first) days.push({ from, to: to < first ? to : beside(first, -1) });
  if (last && to > last) days.push({ from: from > last ? from : beside(last, 1), to });
  return days;
}

function beside(day: string, by: number): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + by);
  return at.toISOString().slice(0, 10);
}
