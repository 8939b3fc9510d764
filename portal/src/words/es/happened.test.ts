import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { happened } from "./happened";

const source = readFileSync(join(import.meta.dirname, "../../../../shared/api/src/cases/timeline.rs"), "utf8");

/** What may stand at a place of a sentence, so that it is one that the API says. */
const EXAMPLES: Record<string, string> = { "request": "R01", "case_id": "261270001", "call": "2", "after_minutes": "15", "pages": "3", "reason": "busy", "of": "261270002", "documents": "2", "days": "2", "review": "reconsideration" };

/** Each sentence of the function `sentence`, with examples at its places. */
function sentences(): string[] {
  const body = ["sentence", "added"].map((name) => new RegExp(`fn ${name}\\([\\s\\S]*?\\n\\}\\n`).exec(source)?.[0] ?? "").join("");
  const plain = [...body.matchAll(/"((?:[^"\\]|\\.)*\.)"/g)].map((found) => found[1] ?? "");
  const suffixed = [...body.matchAll(/"([^"]*\.\{why\})"/g)].map((found) => (found[1] ?? "").replace("{why}", ""));
  const positional = (text: string) =>
    text
      .replace(/(went|back) to the \{\}/, "$1 to the nurse reviewers")
      .replace(/letter to the \{\}/, "letter to the provider")
      .replace(/end of \{\}/, "end of 12/05/2026")
      .replace(/^\{\} saved/, "The providers were saved")
      .replace(/^\{\}/, "letter.pdf");
  return [...plain, ...suffixed].map((text) => positional(text).replaceAll(/\{(\w+)\}/g, (_, place: string) => EXAMPLES[place] ?? place));
}

it("the API's sentences are found in its source", () => expect(sentences().length).toBeGreaterThan(25));

it.each(sentences())("“%s” is said in Spanish", (sentence) => {
  const said = happened(sentence);
  expect(said).toBeDefined();
  expect(said).not.toBe(sentence);
  expect(said).not.toMatch(/undefined/);
});

it("each step that is saved has its words", () => {
  const steps = [...(/fn step_saved[\s\S]*?\n\}\n/.exec(source)?.[0] ?? "").matchAll(/=> "([^"]+)"/g)].map((found) => found[1]);
  expect(steps.length).toBeGreaterThan(6);
  const said = steps.map((step) => happened(`${step} saved.`));
  expect(new Set(said).size).toBe(steps.length);
});

it("each reason why a person has to look has its words", () => {
  const why = readFileSync(join(import.meta.dirname, "../../../../shared/domain/src/events/why.rs"), "utf8");
  const said = /fn in_words\(&self[\s\S]*?\n    \}\n/.exec(why)?.[0] ?? "";
  const lacks = [...(/fn in_words\(self[\s\S]*?\n    \}\n/.exec(why)?.[0] ?? "").matchAll(/"([^"]+)"/g)].map((found) => found[1] ?? "");
  expect(lacks.length).toBeGreaterThan(5);
  const reasons = [...said.matchAll(/"([^"]+\.)"/g)].map((found) => (found[1] ?? "").replace("{of}", "261270002").replace("{rule}", "cpap").replace("{}", lacks.join(", ")));
  expect(reasons.length).toBeGreaterThan(5);
  for (const reason of reasons) {
    const spoken = happened(`R01 went to the physician reviewers. ${reason}`);
    expect(spoken, reason).not.toContain(reason);
    for (const lack of lacks) expect(spoken, lack).not.toContain(lack);
  }
});

it("keeps names and numbers", () => {
  expect(happened("The case was submitted as 261270001.")).toBe("El caso se envió con el número 261270001.");
  expect(happened("plan de cuidado.pdf was checked and attached.")).toBe("plan de cuidado.pdf se verificó y se adjuntó.");
  expect(happened("R01 was approved in part.")).toBe("R01 se aprobó en parte.");
  expect(happened("Something new happened.")).toBeUndefined();
});
