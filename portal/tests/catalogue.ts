// What a page says, held to the catalogue: each text is the portal's own, in the reader's language, or something that the API
// told, which has a language of its own.

import { en as everywhere } from "../src/words/en/all";
import { inside } from "../src/words/en/inside";
import { es } from "../src/words/es/all";
import type { Language } from "../src/words/words";
import type { Page } from "./portal";
import { stack } from "./stack";

const WORDS = { en: { ...everywhere, ...inside }, es } as const;

/** Stands where a text has a value. */
const HOLE = "\u0001";
const letters = (text: string) => text.match(/\p{L}{2,}/gu) ?? [];

interface Told {
  /** All of it. */
  words: ReadonlySet<string>;
  /** Whole texts, for telling one language from the other. */
  texts: ReadonlySet<string>;
  /** What makes a text of the API's own, as a sentence of the timeline. */
  makers: readonly ((text: string) => unknown)[];
}

/** What it makes of a value; nothing of a number where it takes texts alone. */
function told(make: (...values: unknown[]) => unknown, value: string | number): unknown {
  try {
    return make(...Array.from({ length: make.length }, () => value));
  } catch (error) {
    if (typeof value === "number" && error instanceof TypeError) return undefined;
    throw error;
  }
}

function read(words: unknown, language: Language): Told {
  const all = new Set<string>();
  const texts = new Set<string>();
  const makers: ((text: string) => unknown)[] = [];
  const take = (one: unknown): void => {
    if (typeof one === "string") {
      texts.add(one);
      for (const word of letters(one)) all.add(word.toLowerCase());
    } else if (typeof one === "function") {
      const make = one as (...values: unknown[]) => unknown;
      // Where a value is a number, one and many are said in other words; where it is a text, a question is.
      const ways = [HOLE, `${HOLE}?`, 0, 1, 2].map((value) => told(make, value));
      if (ways[0] === undefined || ways[0] === HOLE) makers.push(make);
      for (const text of ways) if (typeof text === "string") for (const word of letters(text)) all.add(word.toLowerCase());
    } else if (one && typeof one === "object") Object.values(one).forEach(take);
  };
  take(words);
  // Days of the calendar stand among other words too.
  for (let month = 0; month < 12; month++) {
    for (const word of letters(new Date(Date.UTC(2026, month, 15)).toLocaleDateString(language, { month: "short" }))) all.add(word.toLowerCase());
  }
  return { words: all, texts, makers };
}

const TOLD = { en: read(WORDS.en, "en"), es: read(WORDS.es, "es") };

/** Names under which the API gives text of its own in English, or of the contract, whose language is English too. */
const ENGLISH = /^(label|description|detail|disclaimer|hint|limit|reason|title|text|display)$|Label$/;

/** As the API names things to programs: on a page it stands in the reader's words. */
const RAW = /^[a-z]+(-[a-z0-9]+)*$/;

interface Data {
  all: Set<string>;
  /** What may be shown as it is though it looks like a name for programs: names of users and of keys, ids of contracts, endings of file names. */
  named: Set<string>;
  english: Set<string>;
}

/** Everything that the API tells a page, from now on, beside what is known already. */
export function listen(page: Page, known: readonly string[]): Data {
  const data: Data = { all: new Set(known), named: new Set(known), english: new Set() };
  const take = (one: unknown, name = ""): void => {
    if (typeof one === "string") {
      data.all.add(one.trim());
      if (ENGLISH.test(name)) data.english.add(one.trim());
      if (["contract", "username", "fileTypes", "kid"].includes(name)) data.named.add(one);
    } else if (one && typeof one === "object") for (const [key, value] of Object.entries(one)) take(value, Array.isArray(one) ? name : key);
  };
  page.on("response", async (response) => {
    if (!response.url().startsWith(stack.apiUrl) && !response.url().endsWith("/config.json")) return;
    // One that was left while it came has no body.
    take(await response.json().catch(() => undefined));
  });
  return data;
}

interface Said {
  text: string;
  lang: string;
}

/** What can be read or heard, each with its language; moments are looked at for themselves. */
function said(page: Page): Promise<Said[]> {
  return page.evaluate(() => {
    const langOf = (element: Element) => element.closest("[lang]")?.getAttribute("lang") ?? "";
    const found: { text: string; lang: string }[] = [{ text: document.title, lang: document.documentElement.lang }];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node instanceof Element) {
        for (const name of ["aria-label", "alt", "title", "placeholder", "data-label"]) {
          const text = node.getAttribute(name);
          if (text) found.push({ text, lang: langOf(node) });
        }
      } else if (node.parentElement && !node.parentElement.closest("time, script, noscript, style, svg") && node.textContent?.trim()) {
        found.push({ text: node.textContent.trim(), lang: langOf(node.parentElement) });
      }
    }
    return found;
  });
}

/** What a page in a language says that stands in no catalogue of it, or without its language; nothing, as it should be. */
export async function foreign(page: Page, language: Language, data: Data): Promise<string[]> {
  const { words, makers } = TOLD[language];
  const other = TOLD[language === "es" ? "en" : "es"];
  const own = TOLD[language].texts;
  const made = new Set(makers.flatMap((make) => [...data.all].flatMap((text) => [make(text)].filter((one): one is string => typeof one === "string" && one !== text))));
  const longest = (texts: readonly string[]) => texts.filter((text) => text.length > 1).toSorted((one, two) => two.length - one.length);
  const known = longest([...data.all, ...made]);
  const shown = known.filter((text) => !RAW.test(text) || data.named.has(text));
  const wrong = new Set<string>();
  for (const { text, lang } of await said(page)) {
    if (letters(text).length === 0 || made.has(text) || (lang === language && own.has(text))) continue;
    if (lang !== language) {
      // The way to the other language is in that language. Whatever else is in another one is the API's.
      if (!["English", "Español"].includes(text) && letters(without(text, known)).length > 0) wrong.add(`${lang}: “${text}” is in no answer of the API`);
      continue;
    }
    if (language === "es" && data.english.has(text)) wrong.add(`“${text}” is the API's, in English, and not marked so`);
    if (other.texts.has(text) && !shown.includes(text)) wrong.add(`“${text}” is of the other catalogue`);
    const strange = letters(without(text, shown)).filter((word) => !words.has(word.toLowerCase()));
    if (strange.length > 0) wrong.add(`“${text}” is in no catalogue: ${strange.join(", ")}`);
  }
  return [...wrong];
}

/** What is left of a text when what the API told is taken out of it. */
function without(text: string, known: readonly string[]): string {
  return known.reduce((left, part) => (left.includes(part) ? left.replaceAll(new RegExp(`(?<![\\p{L}\\d])${escaped(part)}(?![\\p{L}\\d])`, "gu"), " ") : left), text);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
}

/** Moments that are not told in one of these zones, with its name. */
export async function mistold(page: Page, language: Language, zones: readonly string[]): Promise<string[]> {
  const moments = await page.locator("main time").evaluateAll((all) => all.map((one) => [one.getAttribute("datetime") ?? "", one.textContent]));
  const tag = language === "es" ? "es-US" : "en-US";
  return moments.flatMap(([at = "", text = ""]) => {
    // One whose zone is still asked for is not told yet.
    if (!at.includes("T") || text === "…") return [];
    const right = zones.some((timeZone) => {
      const parts = new Intl.DateTimeFormat(tag, { timeZone, hour: "numeric", minute: "2-digit", timeZoneName: "short" }).formatToParts(new Date(at));
      const of = (type: string) => parts.find((part) => part.type === type)?.value ?? "?";
      return text.includes(`${of("hour")}:${of("minute")}`) && text.endsWith(of("timeZoneName"));
    });
    return right ? [] : [`${at}: ${text}`];
  });
}
