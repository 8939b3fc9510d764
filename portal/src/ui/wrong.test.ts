import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { en as everywhere } from "../words/en/all";
import { inside } from "../words/en/inside";
import { es } from "../words/es/all";
import { tell, tellAll } from "./wrong";

const en = { ...everywhere, ...inside };

interface Document {
  components: { schemas: { FieldProblem: { properties: { code: { enum: string[]; description: string } } } } };
}

const { code } = (JSON.parse(readFileSync(join(import.meta.dirname, "../../../shared/api/openapi.json"), "utf8")) as Document).components.schemas.FieldProblem.properties;

/** What comes with each code, as the API's document lists it. */
const values = new Map(
  [...code.description.matchAll(/^- `([a-z-]+)`:.*?(?: Values: ([\w, ]+)\.)?$/gm)].map(([, name, list]) => [name, list ? list.split(", ") : []]),
);

describe("the Spanish of field errors", () => {
  it("has a sentence for every code of the API's document, and for no other", () => {
    expect(code.enum.length).toBeGreaterThan(80);
    expect(Object.keys(es.wrong).toSorted()).toEqual(code.enum.toSorted());
  });

  it("names only what comes with the code", () => {
    expect([...values.keys()]).toEqual(code.enum);
    const made = Object.entries(es.wrong).flatMap(([name, sentence]) =>
      [...sentence.matchAll(/\{([^}]*)\}/g)].map(([, value]) => value ?? "").filter((value) => !values.get(name)?.includes(value)).map((value) => `${name}: ${value}`),
    );
    expect(made).toEqual([]);
  });

  it("names what the clerk has to know", () => {
    for (const name of ["too-long", "too-short", "out-of-range", "document-missing", "not-reviewed", "file-too-large"]) {
      for (const value of values.get(name) ?? []) expect(es.wrong[name], name).toContain(`{${value}}`);
    }
  });
});

describe("a field error", () => {
  const long = { pointer: "/code", code: "too-long", detail: "A registration code has at most 1,200 characters.", values: { most: 1200 } };
  const unknown = { pointer: "/code", code: "of-tomorrow", detail: "Something new." };

  it("is the API's own sentence in English", () => {
    expect(tell(long, en, "en")).toEqual({ text: long.detail, lang: "en" });
  });

  it("is said in Spanish by its code, numbers and days as they are written", () => {
    expect(tell(long, es, "es")).toEqual({ text: "Escriba como máximo 1,200 caracteres.", lang: "es" });
    const early = tell({ pointer: "/birthDate", code: "too-early", detail: "Early.", values: { earliest: "1900-01-01" } }, es, "es");
    expect(early).toEqual({ text: "Esta fecha es anterior al 1 de enero de 1900. Revise el año.", lang: "es" });
  });

  it("is the API's own sentence where the code is not known, or a value is missing", () => {
    expect(tell(unknown, es, "es")).toEqual({ text: "Something new.", lang: "en" });
    expect(tell({ ...unknown, code: "constructor" }, es, "es").lang).toBe("en");
    expect(tell({ ...long, values: {} }, es, "es")).toEqual({ text: long.detail, lang: "en" });
  });

  it("is in one language with all others of its field", () => {
    expect(tellAll([long, unknown], es, "es")).toEqual({ text: `${long.detail}\nSomething new.`, lang: "en" });
    expect(tellAll([long, long], es, "es").text.split("\n")).toHaveLength(2);
  });
});
