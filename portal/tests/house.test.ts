// What holds for every file: which folder takes from which, sizes, what may not stand in the source.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const SRC = join(import.meta.dirname, "../src");
const SHARED = { ui: ["ui", "words"], words: ["words"], api: ["api"], room: ["api", "words"] };

/** Every other folder is a room. */
const ROOMS = readdirSync(SRC, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== "app" && !(entry.name in SHARED))
  .map(({ name }) => name);

interface Source {
  path: string;
  text: string;
}

const sources: Source[] = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((path) => /\.tsx?$/.test(path) && !path.endsWith("schema.gen.ts"))
  .map((path) => ({ path, text: readFileSync(join(SRC, path), "utf8") }));

/** The first folder of a path below `src`. */
const folder = (path: string) => path.split("/")[0]?.replace(/\.tsx?$/, "") ?? "";

function taken({ path, text }: Source): string[] {
  const named = [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g)].map((match) => match[1] ?? "");
  return named.map((name) => folder(relative(SRC, join(SRC, dirname(path), name))));
}

function allowed(of: string): string[] {
  if (of === "app" || of === "main") return [...ROOMS, "app", "api", "ui", "words", "room"];
  if (ROOMS.includes(of)) return [of, "api", "ui", "words", "room"];
  return SHARED[of as keyof typeof SHARED] ?? [];
}

/** Forms of which nothing is kept when their page goes, each with its reason. */
const NOT_KEPT: { readonly [path: string]: string } = {
  "accounts/code-form.tsx": "a code works for minutes, and once",
  "accounts/enrol.tsx": "a password is kept nowhere",
  "accounts/forgotten.tsx": "a username, which nobody is signed in for",
  "accounts/pin-form.tsx": "a PIN works for minutes, and once",
  "accounts/register.tsx": "its second form is kept, and given back to whoever proves by the first one that the location is theirs",
  "accounts/reset.tsx": "a password is kept nowhere",
  "accounts/sign-in.tsx": "a password is kept nowhere",
  "cases/actions.tsx": "chooses the request that a form is opened for",
  "cases/requests.tsx": "a search, which the address has by its handle",
  "contracts/look-up.tsx": "leads to what its number names",
  "contracts/new-pack.tsx": "a file is chosen, which is checked anew",
  "reports/reports.tsx": "a report, which the address has",
  "reviews/gold-cards.tsx": "its other form leads to the provider that it names",
  "reviews/home.tsx": "leads to the case that its number names",
  "staff/support.tsx": "its other form leads to the account that it names",
};

/** Forms that a page begins, and those of them that are kept: in memory until they are sent, or by the API while they are typed. */
function forms({ text }: Source): { begun: number; kept: number } {
  const calls = (name: RegExp) => [...text.matchAll(name)].length;
  return { begun: calls(/(?<!function )\buseFields[<(]/g), kept: calls(/(?<!function )\buse(?:Kept|Autosave)\(/g) };
}

describe("the house", () => {
  it("reads its files", () => expect(sources.length).toBeGreaterThan(40));

  it("has arrows in one direction: a room takes from no other room", () => {
    const wrong = sources.flatMap((source) =>
      taken(source)
        .filter((to) => !allowed(folder(source.path)).includes(to))
        .map((to) => `${source.path} takes from ${to}`),
    );
    expect(wrong).toEqual([]);
  });

  it("has every room in its list, by which it is reached", () => {
    const listed = readFileSync(join(SRC, "app/rooms.ts"), "utf8");
    expect(ROOMS.filter((room) => !listed.includes(`"../${room}/routes"`))).toEqual([]);
    expect(ROOMS.length).toBeGreaterThan(5);
  });

  it("has files under 300 lines", () => {
    const long = sources.filter(({ text }) => text.split("\n").length > 300).map(({ path }) => path);
    expect(long).toEqual([]);
  });

  it("keeps nothing in the browser but the language, the session's refresh token and the way back", () => {
    const keepers = sources.filter(({ text }) => /localStorage|sessionStorage|document\.cookie|indexedDB/.test(text)).map(({ path }) => path);
    expect(keepers.toSorted()).toEqual(["api/session.ts", "ui/back.ts", "words/words.tsx"]);
  });

  it("loses nothing that is typed: every form is kept, or stands on a short list with its reason", () => {
    const begin = sources.filter((source) => forms(source).begun > 0);
    expect(begin.length).toBeGreaterThan(30);
    const lost = begin.filter((source) => forms(source).kept < forms(source).begun).map(({ path }) => path);
    expect(lost.toSorted()).toEqual(Object.keys(NOT_KEPT).toSorted());
  });

  it("begins its forms by one function", () => {
    const wrong = sources.filter(({ path, text }) => path !== "ui/form.tsx" && /\buseForm\b/.test(text)).map(({ path }) => path);
    expect(wrong).toEqual([]);
  });

  it("makes no markup from text and writes no log", () => {
    const wrong = sources.filter(({ text }) => /dangerouslySetInnerHTML|innerHTML|document\.write|console\./.test(text)).map(({ path }) => path);
    expect(wrong).toEqual([]);
  });

  it("names whole classes only: what is put together is purged from the styles", () => {
    const wrong = sources.filter(({ text }) => /usa-[a-z_-]*\$\{/.test(text)).map(({ path }) => path);
    expect(wrong).toEqual([]);
  });
});
