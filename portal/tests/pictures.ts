// The pictures of the documentation: what people see on a usual day, from the login page to a case that is decided.

import { criterion, decide, look } from "./desk";
import { Mouse } from "./hands";
import { caller, office, staff, written } from "./office";
import { login, PASSWORD, signIn } from "./people";
import { expect, test, type Page } from "./portal";
import { deniedInPart, referred, waiting } from "./reviewers";
import { eventually } from "./stack";
import { parameters, searched } from "./wizard";

async function taken(page: Page, name: string): Promise<void> {
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  await expect(page.getByText(/^(Loading|Cargando)…$/)).toHaveCount(0);
  await expect(page.getByRole("main").locator("time", { hasText: /^…$/ })).toHaveCount(0);
  await page.mouse.move(0, 0);
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.screenshot({ path: `../docs/portal/${name}.png`, fullPage: true });
}

/** As a phone has it. */
async function narrow(page: Page, name: string): Promise<void> {
  const size = page.viewportSize() ?? { width: 1200, height: 900 };
  await page.setViewportSize({ width: 360, height: 740 });
  await taken(page, name);
  await page.setViewportSize(size);
}

/** In Spanish, and back. */
async function spanish(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: "Español" }).click();
  await taken(page, name);
  await page.getByRole("button", { name: "English" }).click();
}

test("a clinic", async ({ page }) => {
  test.setTimeout(180_000);
  const at = await office();
  const by = await caller(at.person);
  const key = await written(at, by);
  await page.goto("/sign-in");
  await taken(page, "sign-in");
  await login(page, at.person.username, PASSWORD);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Enter your code");
  await taken(page, "sign-in-code");
  await page.goBack();
  await signIn(page, at.person);
  await expect(page.getByRole("table")).not.toHaveCount(0);
  await taken(page, "home");
  await spanish(page, "home-spanish");
  await narrow(page, "home-phone");
  await parameters(new Mouse(page), "Outpatient");
  await searched(new Mouse(page), at.member.last, at.member.birthDate);
  await expect(page.getByText("1 consumer found.")).toBeVisible();
  await taken(page, "member-search");
  await page.goto(`/cases/${key}/procedures`);
  await expect(page.getByRole("group", { name: "Procedure 1" })).toBeVisible();
  await taken(page, "procedures");
  await narrow(page, "procedures-phone");
  await page.goto(`/cases/${key}/submit`);
  await expect(page.getByRole("region", { name: "Communications" })).toBeVisible();
  await taken(page, "submit");
  await page.goto("/setup");
  await expect(page.getByRole("heading", { name: "Manage Provider Groups" })).toBeVisible();
  await taken(page, "setup");
});

test("a clinic whose case is decided", async ({ page }) => {
  test.setTimeout(180_000);
  const { office: at, key } = await deniedInPart();
  const by = await caller(at.person);
  await eventually("the letters", async () => (await by.call<{ letters: unknown[] }>("GET", `/cases/${key}`)).letters.length === 2 || undefined);
  await signIn(page, at.person);
  await page.goto(`/cases/${key}`);
  await expect(page.getByRole("heading", { name: "Letters" })).toBeVisible();
  await taken(page, "case");
  await spanish(page, "case-spanish");
});

test("a nurse", async ({ page }) => {
  test.setTimeout(180_000);
  const { caseId, key } = await waiting();
  await signIn(page, staff("nurse"), "/staff/sign-in");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Nurse worklist" }).click();
  await expect(page.getByRole("table")).toBeVisible();
  await taken(page, "worklist");
  await page.getByRole("link", { name: "Home" }).click();
  await page.getByRole("textbox", { name: /^Case ID/ }).fill(caseId);
  await taken(page, "staff-home");
  await page.goto(`/staff/cases/${key}`);
  await page.getByRole("button", { name: "Claim" }).click();
  await expect(page.getByRole("button", { name: "Decide" })).toBeVisible();
  await taken(page, "staff-case");
});

test("a physician", async ({ page }) => {
  test.setTimeout(180_000);
  const { key } = await referred("The second month has no goal.");
  await signIn(page, staff("physician"), "/staff/sign-in");
  await page.goto(`/staff/cases/${key}`);
  await page.getByRole("button", { name: "Claim" }).click();
  const hands = new Mouse(page);
  await decide(
    hands,
    { outcome: "Approved in part", units: 90, reason: "Three hours a day meet the goals of the first month." },
    { outcome: "Denied", reason: "The assessment names no goal for the second month." },
  );
  await criterion(hands, "Arkansas Medicaid Manual", "Section 220.000", "Each month needs a goal of its own.");
  await taken(page, "decision");
  await look(hands);
  await expect(page.getByRole("dialog", { name: "What the letters will rest on" })).toBeVisible();
  await taken(page, "decision-preview");
});
