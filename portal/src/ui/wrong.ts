// What is wrong with a field, in the reader's language: by the API's code where our words have it, else in the API's own words.

import type { Language, Words } from "../words/words";

/** An error at a field, as the API tells it. */
export interface FieldProblem {
  pointer: string;
  code: string;
  /** The API's own sentence, in English. */
  detail: string;
  /** What the sentence names. */
  values?: Readonly<Record<string, number | string>>;
}

/** A sentence, and the language that it is in. */
export interface Told {
  text: string;
  lang: Language;
}

export function tell({ code, detail, values = {} }: FieldProblem, words: Words, language: Language): Told {
  const pattern = Object.hasOwn(words.wrong, code) ? words.wrong[code] : undefined;
  const names = [...(pattern?.matchAll(/\{(\w+)\}/g) ?? [])].map(([, name]) => name ?? "");
  // A sentence with a gap says less than one in English.
  if (pattern === undefined || !names.every((name) => Object.hasOwn(values, name))) return { text: detail, lang: "en" };
  return { text: pattern.replaceAll(/\{(\w+)\}/g, (gap, name: string) => shown(values[name] ?? gap, language)), lang: language };
}

/** All that is wrong with one field, in one language. */
export function tellAll(errors: readonly FieldProblem[], words: Words, language: Language): Told {
  const told = errors.map((error) => tell(error, words, language));
  const english = told.some(({ lang }) => lang === "en");
  const lines = english ? errors.map(({ detail }) => detail) : told.map(({ text }) => text);
  return { text: lines.join("\n"), lang: english ? "en" : language };
}

function shown(value: number | string, language: Language): string {
  const locale = language === "es" ? "es-US" : "en-US";
  if (typeof value === "number") return new Intl.NumberFormat(locale).format(value);
  const isDay = /^\d{4}-\d\d-\d\d$/.test(value);
  return isDay ? new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" }).format(new Date(value)) : value;
}
