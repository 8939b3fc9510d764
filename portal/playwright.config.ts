import { defineConfig } from "@playwright/test";
import { browser } from "./tests/browser";

const { executablePath, env } = await browser();

export default defineConfig({
  testDir: "tests",
  testMatch: "*.spec.ts",
  outputDir: "../target/portal/results",
  // Three browsers keep two cores busy: they wait for the engine, and for one another. No story shares its people with another.
  workers: 3,
  fullyParallel: true,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  reporter: [["list"], ["json", { outputFile: "../target/portal/browser.json" }]],
  use: {
    baseURL: process.env["PORTICO_PORTAL"] ?? "http://localhost:5173",
    trace: "retain-on-failure",
    permissions: ["clipboard-read", "clipboard-write"],
    launchOptions: {
      executablePath,
      env: { ...(process.env as Record<string, string>), ...env },
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    },
  },
});
