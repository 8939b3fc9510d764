// The pictures of the documentation: what a clinic and a nurse see on a usual day.

import { caller, office, staff, written } from "./office";
import { signIn } from "./people";
import { expect, test, type Page } from "./portal";
import { waiting } from "./reviewers";

async function taken(page: Page, name: string): Promise<void> {
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  await expect(page.getByRole("main").locator("time", { hasText: /^…$/ })).toHaveCount(0);
  await page.mouse.move(0, 0);
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.screenshot({ path: `../docs/portal/${name}.png`, fullPage: true });
}

test("a clinic", async ({ page }) => {
  const at = await office();
  const by = await caller(at.person);
  const key = await written(at, by);
  await signIn(page, at.person);
  await expect(page.getByRole("table")).not.toHaveCount(0);
  await taken(page, "home");
  await page.goto(`/cases/${key}/procedures`);
  await expect(page.getByRole("group", { name: "Procedure 1" })).toBeVisible();
  await taken(page, "procedures");
  await page.goto(`/cases/${key}/submit`);
  await expect(page.getByRole("region", { name: "Communications" })).toBeVisible();
  await taken(page, "submit");
});

test("a nurse", async ({ page }) => {
  const { caseId } = await waiting();
  await signIn(page, staff("nurse"), "/staff/sign-in");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Nurse worklist" }).click();
  await expect(page.getByRole("table")).toBeVisible();
  await page.getByRole("link", { name: "Home" }).click();
  await page.getByRole("textbox", { name: /^Case ID/ }).fill(caseId);
  await taken(page, "staff-home");
});
