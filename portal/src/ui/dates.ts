// A day of the calendar as people type it, and as the API takes it: YYYY-MM-DD. No time of day and no zone belong to it.

export interface Typed {
  month: string;
  day: string;
  year: string;
}

/** Which century two digits of a year mean: `past` for a day that has been, as a birth; `near` for one of these years. */
export type Century = "past" | "near";

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

/** What stands in the three fields while it is no day: nobody types what is between its parts. */
export function unfinished({ month, day, year }: Typed): string {
  return [month, day, year].join("|");
}

/** The three fields of a day, or of what is none yet. */
export function partsOf(text: string): Typed {
  if (!text.includes("|")) return fromDay(text);
  const [month = "", day = "", year = ""] = text.split("|");
  return { month, day, year };
}

/** Whether a text is a day as the API takes it. */
export function isDay(text: string): boolean {
  return toDay(fromDay(text)) === text;
}

/** In English and Spanish, whole or by their first three letters or more; setiembre is september too. */
const MONTHS = [
  ["january", "enero"], ["february", "febrero"], ["march", "marzo"], ["april", "abril"], ["may", "mayo"], ["june", "junio"],
  ["july", "julio"], ["august", "agosto"], ["september", "septiembre", "setiembre"], ["october", "octubre"],
  ["november", "noviembre"], ["december", "diciembre"],
];
/** Words between the parts of a date, and what stands behind a number: the 3rd, 1.º de junio. */
const BETWEEN = new Set(["of", "the", "st", "nd", "rd", "th", "de", "del", "el", "o"]);

/** The number of a month by its name; none when it is no month's. */
function monthOf(word: string): string | undefined {
  const at = word.length < 3 ? -1 : MONTHS.findIndex((names) => names.some((name) => name.startsWith(word)));
  return at < 0 ? undefined : String(at + 1);
}

/**
 * A whole date in one text: 4/28/1986, 04-28-86, 1986-04-28, 04281986, 042886, April 28 1986, 28 de abril de 1986. The month
 * stands first, as on every form of this country, unless only the day can.
 */
export function read(text: string): Typed | undefined {
  const plain = text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
  if (/[^a-z\d\s/.,-]/.test(plain)) return undefined;
  const words = (plain.match(/[a-z]+|\d+/g) ?? []).filter((word) => !BETWEEN.has(word));
  const numbers = words.filter((word) => /^\d+$/.test(word));
  const names = words.filter((word) => !/^\d+$/.test(word));
  const [first = "", second = "", third = ""] = numbers;
  if (names.length === 1 && numbers.length === 2) {
    const month = monthOf(names[0] ?? "");
    if (!month) return undefined;
    return first.length === 4 ? ordered(month, second, first) : ordered(month, first, second);
  }
  if (names.length > 0) return undefined;
  if (numbers.length === 1) return packed(first);
  if (numbers.length !== 3) return undefined;
  if (first.length === 4) return ordered(second, third, first);
  return Number(first) > 12 && Number(second) <= 12 ? ordered(second, first, third) : ordered(first, second, third);
}

function ordered(month: string, day: string, year: string): Typed | undefined {
  return month.length <= 2 && day.length <= 2 && (year.length === 4 || year.length === 2) ? { month, day, year } : undefined;
}

/** Digits without anything between: MMDDYYYY, MMDDYY, or YYYYMMDD where that is no month. */
function packed(digits: string): Typed | undefined {
  if (digits.length !== 8 && digits.length !== 6) return undefined;
  if (digits.length === 8 && Number(digits.slice(0, 2)) > 12) return { year: digits.slice(0, 4), month: digits.slice(4, 6), day: digits.slice(6) };
  return { month: digits.slice(0, 2), day: digits.slice(2, 4), year: digits.slice(4) };
}

/** The same at its last key, not before: 6/3/20 may be on its way to 6/3/2026, and 1986-04-2 to the 28th. */
export function split(text: string): Typed | undefined {
  return /(\D|^\s*\d{4})\d{4}\s*$|^\s*\d{4}\D\d{1,2}\D\d{2}\s*$/.test(text) ? read(text) : undefined;
}

/** The month by its number and the year with its century, as far as they are known. */
export function complete({ month, day, year }: Typed, century: Century, today: Date): Typed {
  const [m, y] = [month.trim().toLowerCase().replace(/\.$/, ""), year.trim()];
  return { month: monthOf(m) ?? m, day: day.trim(), year: /^\d{2}$/.test(y) ? String(inCentury(Number(y), century, today)) : y };
}

function inCentury(two: number, century: Century, today: Date): number {
  const now = today.getFullYear();
  const year = now - (now % 100) + two;
  if (century === "past") return year > now ? year - 100 : year;
  return year > now + 50 ? year - 100 : year;
}

/** A day from one text, however it is written. */
export function dayOf(text: string, century: Century, today: Date): string | undefined {
  const parts = read(text);
  return parts && toDay(complete(parts, century, today));
}

/** As it is written on the forms of this country: MM/DD/YYYY; what is no day stays as it was typed. */
export function written(day: string): string {
  const found = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day);
  return found ? `${found[2]}/${found[3]}/${found[1]}` : day;
}

/** A time of day as people type it, as the API takes it: 14:30, 2:30 PM, 9 am. What is no time stays as it was typed. */
export function timeOf(text: string): string {
  const found = /^(\d{1,2})(?:[:.]?(\d{2}))?\s*(?:([ap])\.?\s?m\.?)?$/i.exec(text.trim());
  const [, hour = "", minute = "00", half] = found ?? [];
  const told = Number(hour);
  if (!found || (half && (told < 1 || told > 12)) || told > 23 || Number(minute) > 59) return text.trim();
  const hours = half ? (told % 12) + (half.toLowerCase() === "p" ? 12 : 0) : told;
  return `${String(hours).padStart(2, "0")}:${minute}`;
}
