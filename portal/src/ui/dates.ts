// A day of the calendar as people type it, and as the API takes it: YYYY-MM-DD. No time of day and no zone belong to it.

export interface Typed {
  month: string;
  day: string;
  year: string;
}

/** None for what is no day. */
export function toDay({ month, day, year }: Typed): string | undefined {
  const [m, d, y] = [month, day, year].map((text) => Number(text.trim()));
  if (!m || !d || !y || !/^\d{4}$/.test(year.trim())) return undefined;
  const date = new Date(Date.UTC(y, m - 1, d));
  if (date.getUTCMonth() !== m - 1 || date.getUTCDate() !== d) return undefined;
  return date.toISOString().slice(0, 10);
}

export function fromDay(text: string | undefined | null): Typed {
  const [year = "", month = "", day = ""] = (text ?? "").split("-");
  return { month: month.replace(/^0/, ""), day: day.replace(/^0/, ""), year };
}

/** A whole date pasted or typed into one field: 4/28/1986, 04-28-1986, 1986-04-28, 04281986. */
export function split(text: string): Typed | undefined {
  // While it is typed its day has one digit for a moment.
  const iso = /^\s*(\d{4})-(\d{1,2})-(\d{2})\s*$/.exec(text);
  if (iso) return { year: iso[1] ?? "", month: iso[2] ?? "", day: iso[3] ?? "" };
  const written = /^\s*(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})\s*$/.exec(text) ?? /^\s*(\d{2})(\d{2})(\d{4})\s*$/.exec(text);
  return written ? { month: written[1] ?? "", day: written[2] ?? "", year: written[3] ?? "" } : undefined;
}
