import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Config } from "../api/config";
import { contrast, readable, themeOf } from "./theme";

const PUBLIC = join(import.meta.dirname, "../../public");
const shipped = JSON.parse(readFileSync(join(PUBLIC, "config.json"), "utf8")) as Config;

describe("the colour behind white text", () => {
  it("is measured as WCAG does", () => {
    expect(contrast("#000000")).toBeCloseTo(21);
    expect(contrast("#ffffff")).toBeCloseTo(1);
    expect(contrast("#767676")).toBeCloseTo(4.54, 2);
  });

  it("stays as it is where it can be read", () => {
    expect(readable("#162E51")).toBe("#162e51");
    expect(readable("#767676")).toBe("#767676");
  });

  it.each(["#777777", "#ffffff", "#ffd100", "#00a3e0", "#ff0000", "#7fff00"])("%s is made darker until it can be read", (colour) => {
    const darker = readable(colour) ?? "";
    expect(contrast(colour)).toBeLessThan(4.5);
    expect(contrast(darker)).toBeGreaterThanOrEqual(4.5);
    // No darker than it has to be.
    expect(contrast(darker)).toBeLessThan(5);
  });

  it.each(["", "red", "#12", "#12345g", "rgb(0,0,0)", "#162e51; background: url(//elsewhere)"])("“%s” is none", (text) => expect(readable(text)).toBeUndefined());
});

describe("the theme", () => {
  const config: Config = { api: "", name: "Portal", colour: "#123456", contracts: { arkansas: { colour: "#7d1f2f", seal: "/seals/arkansas.svg" }, plain: {} } };
  const arkansas = { id: "arkansas", name: "Arkansas Medicaid" };

  it("is the contract's for whoever has one", () => {
    expect(themeOf(config, [arkansas])).toEqual({ name: "Arkansas Medicaid", seal: "/seals/arkansas.svg", colour: "#7d1f2f" });
  });

  it("is the portal's before sign-in, and for whoever has several", () => {
    const own = { name: "Portal", seal: "/seal.svg", colour: "#123456" };
    expect(themeOf(config, [])).toEqual(own);
    expect(themeOf(config, [arkansas, { id: "plain", name: "Plain" }])).toEqual(own);
  });

  it("is that of the open case's contract for whoever has several, one of which it is", () => {
    const both = [{ id: "plain", name: "Plain" }, arkansas];
    expect(themeOf(config, both, "arkansas")).toEqual({ name: "Arkansas Medicaid", seal: "/seals/arkansas.svg", colour: "#7d1f2f" });
    expect(themeOf(config, both, "plain").name).toBe("Plain");
    expect(themeOf(config, both, "elsewhere").name).toBe("Portal");
  });

  it("takes from the portal what the contract does not say, or says so that it cannot be shown", () => {
    expect(themeOf(config, [{ id: "plain", name: "Plain" }])).toEqual({ name: "Plain", seal: "/seal.svg", colour: "#123456" });
    for (const seal of ["https://elsewhere.example/seal.svg", "//elsewhere.example/seal.svg", "javascript:alert(1)", "/seal.html"]) {
      expect(themeOf({ ...config, contracts: { plain: { seal } } }, [{ id: "plain", name: "Plain" }]).seal).toBe("/seal.svg");
    }
    expect(themeOf({ api: "", name: "Portal", contracts: {} }, [])).toEqual({ name: "Portal", seal: "/seal.svg", colour: "#162e51" });
  });

  it("that is shipped can be read as it stands, and its seals are there", () => {
    for (const { colour, seal } of [shipped, ...Object.values(shipped.contracts)]) {
      expect(readable(colour)).toBe(colour);
      expect(existsSync(join(PUBLIC, seal ?? ""))).toBe(true);
    }
  });
});
