// Work without a mouse.

import { expect, type Page } from "./portal";

/** Moves by keyboard to what has this name, which must be seen to have the focus; then presses a key. */
export async function to(page: Page, name: string, key: string, step = "Tab"): Promise<void> {
  for (let moves = 0; moves < 60; moves++) {
    await page.keyboard.press(step);
    const here = await page.evaluate(() => {
      const now = document.activeElement;
      const field = now instanceof HTMLInputElement || now instanceof HTMLSelectElement || now instanceof HTMLTextAreaElement;
      const label = field ? (now.labels?.[0]?.firstChild?.textContent ?? "") : (now?.textContent ?? "");
      return { label: label.replace(" *", "").trim(), outline: now ? getComputedStyle(now).outlineStyle : "none" };
    });
    if (here.label !== name) continue;
    if (!["Space"].includes(key)) expect(here.outline, `the focus on ${name} is seen`).not.toBe("none");
    await page.keyboard.press(key);
    return;
  }
  throw new Error(`${name} is not reached by keyboard`);
}

export async function type(page: Page, label: string, value: string): Promise<void> {
  await to(page, label, "End");
  await page.keyboard.type(value);
}
