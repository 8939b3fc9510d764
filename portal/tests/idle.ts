// Nobody does anything until the session has ended.

import { expect, type Page } from "./portal";

const MINUTE = 60_000;

/** For a page on which somebody is signed in: its clock can be put forward from now on. */
export async function clocked(page: Page, address = "/"): Promise<void> {
  await page.context().clock.install();
  await page.goto(address);
}

/** Past the warning, to the page that says so. */
export async function idle(page: Page): Promise<void> {
  const { clock } = page.context();
  await clock.fastForward(28 * MINUTE + 1000);
  await expect(page.getByRole("alertdialog", { name: "Are you still there?" })).toBeVisible();
  await clock.fastForward(2 * MINUTE);
  await expect(page.getByText("You were signed out because nothing was done for a while")).toBeVisible();
  await clock.resume();
}
