// The first load of the sign-in page, as bytes on the wire: what its entry loads, compressed.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";

const DIST = join(import.meta.dirname, "../dist");

interface Chunk {
  file: string;
  isEntry?: boolean;
  imports?: string[];
  css?: string[];
}

function read(name: string): Buffer {
  const file = join(DIST, name);
  if (!existsSync(file)) throw new Error(`${name} is missing: build the portal first`);
  return readFileSync(file);
}

/** Script and styles that are loaded before anything is shown. */
function first(): { script: string[]; style: string[] } {
  const manifest = JSON.parse(read(".vite/manifest.json").toString()) as { [key: string]: Chunk };
  const entry = Object.keys(manifest).find((key) => manifest[key]?.isEntry);
  const seen = new Set<string>();
  const walk = (key: string): void => {
    if (seen.has(key)) return;
    seen.add(key);
    manifest[key]?.imports?.forEach(walk);
  };
  if (entry) walk(entry);
  const chunks = [...seen].flatMap((key) => manifest[key] ?? []);
  return { script: chunks.map(({ file }) => file), style: chunks.flatMap(({ css }) => css ?? []) };
}

const size = (files: string[], compress: (bytes: Buffer) => Buffer) => files.reduce((sum, file) => sum + compress(read(file)).length, 0) / 1024;

describe("the first load", () => {
  it("has at most 150 KB of compressed script, also where only gzip is spoken", () => {
    const { script } = first();
    expect(script).not.toEqual([]);
    expect(size(script, gzipSync)).toBeLessThanOrEqual(150);
    expect(size(script, brotliCompressSync)).toBeLessThanOrEqual(130);
  });

  it("has at most 10 KB of compressed styles", () => {
    const { style } = first();
    expect(style).not.toEqual([]);
    expect(size(style, brotliCompressSync)).toBeLessThanOrEqual(10);
  });

  it("is a page without inline script or style", () => {
    const page = read("index.html").toString();
    expect(page).not.toMatch(/<script(?![^>]*\ssrc=)/);
    expect(page).not.toMatch(/<style|\sstyle=/);
  });
});
