// What every story has: pages on which nothing may go wrong unseen, and `accessible`.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test as base, expect, type Page } from "@playwright/test";
import type { AxeResults, RunOptions } from "axe-core";

export { expect, type Page } from "@playwright/test";

interface Fixtures {
  gatewayRefuses: boolean;
  /** A page in a browser of their own, for somebody else. */
  another: () => Promise<Page>;
}

/** Every test fails when a page logs an error of its own or breaks the content policy. */
export const test = base.extend<Fixtures & { wrong: string[] }>({
  // What the gateway refuses before our code is asked has no CORS headers, and the browser notes it as blocked.
  gatewayRefuses: [false, { option: true }],
  wrong: async ({ gatewayRefuses }, use) => {
    const wrong: string[] = [];
    await use(wrong);
    const blocked = /blocked by CORS policy: No 'Access-Control-Allow-Origin'/;
    expect(wrong.filter((text) => !(gatewayRefuses && blocked.test(text)))).toEqual([]);
  },
  context: async ({ context, wrong }, use) => {
    context.on("page", (page) => watch(page, wrong));
    await use(context);
  },
  another: async ({ browser, wrong }, use) => {
    const opened: Page[] = [];
    await use(async () => {
      const context = await browser.newContext();
      context.on("page", (page) => watch(page, wrong));
      const page = await context.newPage();
      opened.push(page);
      return page;
    });
    for (const page of opened) await page.context().close();
  },
});

function watch(page: Page, wrong: string[]): void {
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("console", (message) => {
    // A refused call is an answer: the browser itself notes it, with the address and nothing of the page.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) wrong.push(message.text());
  });
}

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES: RunOptions = {
  runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
  // What is in order is not listed element by element.
  resultTypes: ["violations"],
};

/** No finding of axe, nothing beyond the sides at 360 px, and a focus that can be seen. */
export async function accessible(page: Page): Promise<void> {
  const there = await page.evaluate(() => "axe" in window);
  if (!there) await page.evaluate(AXE);
  const found = await page.evaluate((rules) => (window as unknown as { axe: { run: (rules: RunOptions) => Promise<AxeResults> } }).axe.run(rules), RULES);
  const told = found.violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(" | ")}`);
  expect(told, `axe at ${new URL(page.url()).pathname}`).toEqual([]);
  const size = page.viewportSize() ?? { width: 1280, height: 720 };
  await page.setViewportSize({ width: 360, height: 740 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide, "pixels beyond a screen of 360").toBeLessThanOrEqual(0);
  await page.setViewportSize(size);
}

/** Where the focus is. */
export function focused(page: Page) {
  return page.locator(":focus");
}
