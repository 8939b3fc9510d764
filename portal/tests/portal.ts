// What every story has: a page on which nothing may go wrong unseen, and `accessible`.

import { AxeBuilder } from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";

export { expect, type Page } from "@playwright/test";

/** Every test fails when the page logs an error of its own or breaks the content policy. */
export const test = base.extend<{ gatewayRefuses: boolean }>({
  // What the gateway refuses before our code is asked has no CORS headers, and the browser notes it as blocked.
  gatewayRefuses: [false, { option: true }],
  page: async ({ page, gatewayRefuses }, use) => {
    const wrong: string[] = [];
    watch(page, wrong);
    await use(page);
    const blocked = /blocked by CORS policy: No 'Access-Control-Allow-Origin'/;
    expect(wrong.filter((text) => !(gatewayRefuses && blocked.test(text)))).toEqual([]);
  },
});

/** The same for a further page of the same browser. */
export function watch(page: Page, wrong: string[]): void {
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("console", (message) => {
    // A refused call is an answer: the browser itself notes it, with the address and nothing of the page.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) wrong.push(message.text());
  });
}

/** No finding of axe, nothing beyond the sides at 360 px, and a focus that can be seen. */
export async function accessible(page: Page): Promise<void> {
  const found = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
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
