// A reviewer's day: claimed and referred by a nurse, decided in part by a physician, until the letters are there.

import { readFileSync } from "node:fs";
import type { Download } from "@playwright/test";
import { signIn } from "./people";
import { caller, staff } from "./office";
import { accessible, expect, focused, test, type Page } from "./portal";
import { hired, referred, waiting } from "./reviewers";

/** Chosen by its label: what is seen of it. */
function choose(page: Page, line: number, outcome: string) {
  return page.getByRole("group", { name: new RegExp(`^Line ${line}:`) }).locator(".usa-radio__label", { hasText: new RegExp(`^${outcome}`) }).first().click();
}

async function find(page: Page, caseId: string): Promise<void> {
  await page.getByRole("link", { name: "Home" }).click();
  await page.getByRole("textbox", { name: /^Case ID/ }).fill(caseId);
  await page.getByRole("button", { name: "Open case" }).click();
  await expect(focused(page)).toHaveText("Case");
}

/** Opens a letter by the keyboard: the PDF itself, marked as not issued. */
async function seen(page: Page, what: string): Promise<void> {
  const link = page.getByRole("dialog").getByRole("button", { name: new RegExp(`^See ${what} \\(PDF, \\d`) });
  const file = new Promise<Download>((resolve) => {
    page.once("download", resolve);
    page.context().once("page", (tab) => tab.once("download", resolve));
  });
  await link.focus();
  await page.keyboard.press("Enter");
  // This browser shows no PDF and saves it instead.
  const pdf = readFileSync(await (await file).path(), "latin1");
  expect(pdf).toMatch(/^%PDF-[^]*Not issued: /);
  await expect(page.getByRole("dialog")).toBeVisible();
}

test("a nurse claims, reads a document, and refers", async ({ page }) => {
  const { key, caseId, office } = await waiting();
  await signIn(page, staff("nurse"), "/staff/sign-in");
  await expect(focused(page)).toHaveText("Home");
  await accessible(page);
  await page.getByRole("button", { name: "Open case" }).click();
  await expect(page.getByRole("link", { name: "Case ID is required." })).toBeVisible();
  await page.getByRole("textbox", { name: /^Case ID/ }).fill("999999999");
  await page.getByRole("button", { name: "Open case" }).click();
  await expect(page.getByRole("alert")).toContainText("What you asked for does not exist");
  await accessible(page);

  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Nurse worklist" }).click();
  await expect(focused(page)).toHaveText("Nurse worklist");
  await expect(page.getByRole("table")).toBeVisible();
  const row = page.getByRole("row", { name: new RegExp(caseId) });
  const more = page.getByRole("button", { name: "Show more" });
  // What is due last stands on the last page.
  await expect
    .poll(async () => {
      if (await row.isVisible()) return true;
      if (await more.isVisible()) await more.click();
      return false;
    }, { timeout: 60_000 })
    .toBe(true);
  await expect(row).toContainText("Nobody");
  await accessible(page);
  await row.getByRole("link", { name: caseId }).click();

  await expect(focused(page)).toHaveText("Case");
  await expect(page).toHaveURL(`/staff/cases/${key}`);
  await expect(page.getByText(`${office.member.first} ${office.member.last}`)).toBeVisible();
  await expect(page.getByRole("table", { name: "Procedure lines" }).getByRole("row")).toHaveCount(3);
  await accessible(page);
  const download = new Promise<string>((resolve) => {
    page.once("download", (file) => resolve(file.suggestedFilename()));
    page.context().once("page", (tab) => tab.once("download", (file) => resolve(file.suggestedFilename())));
  });
  await page.getByRole("button", { name: "Open therapy-evaluations.pdf" }).click();
  expect(await download).toBe("therapy-evaluations.pdf");

  await page.getByRole("button", { name: "Claim" }).click();
  await expect(focused(page)).toContainText("You have claimed this request.");
  await expect(page.getByText("Until then nobody else can take it.")).toBeVisible();
  await expect(page.getByRole("region", { name: "Timeline" })).toContainText("A nurse reviewer took R01.");
  await accessible(page);

  await page.getByRole("button", { name: "Decide" }).click();
  await expect(focused(page)).toHaveText("Decide");
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(focused(page)).toHaveText("Request R01");
  await page.getByRole("button", { name: "Decide" }).click();
  await choose(page, 1, "Approved");
  await choose(page, 2, "Denied");
  await page.getByLabel("Specific reason").fill("The assessment names no goal for the second month.");
  await page.getByLabel("Title").fill("Arkansas Medicaid Manual");
  await page.getByLabel("Citation").fill("Section 220.000");
  await page.getByLabel("What it says of this request").fill("Each month needs a goal of its own.");
  await accessible(page);
  await page.getByRole("button", { name: "Look at what the letters will say" }).click();
  await expect(page.getByRole("alert")).toContainText("Only a physician reviewer may deny");
  await expect(page.getByRole("dialog")).toBeHidden();
  await accessible(page);

  await page.getByRole("button", { name: "Refer to a physician" }).click();
  await page.getByRole("button", { name: "Refer", exact: true }).click();
  await expect(page.getByRole("link", { name: "Please answer: Why should a physician look at it?" })).toBeVisible();
  await accessible(page);
  await page.getByLabel("Why should a physician look at it?").fill("The second month has no goal.");
  await page.getByRole("button", { name: "Refer", exact: true }).click();
  await expect(page.getByText("The request is on the physician worklist.")).toBeVisible();
  await expect(page.getByText("In physician review")).toBeVisible();
  await expect(page.getByRole("button", { name: "Decide" })).toBeHidden();
});

test("a physician decides in part, and the letters appear", async ({ page }) => {
  const { caseId } = await referred("The second month has no goal.");
  await signIn(page, staff("physician"), "/staff/sign-in");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Physician worklist" }).click();
  await expect(focused(page)).toHaveText("Physician worklist");
  await accessible(page);
  await find(page, caseId);
  await expect(page.getByText("The second month has no goal.")).toBeVisible();
  await page.getByRole("button", { name: "Claim" }).click();
  await page.getByRole("button", { name: "Decide" }).click();
  await page.getByRole("button", { name: "Look at what the letters will say" }).click();
  await expect(page.getByRole("link", { name: "Outcome is required." })).toHaveCount(2);
  await expect(focused(page)).toHaveRole("alert");
  await accessible(page);

  await choose(page, 1, "Approved");
  await choose(page, 2, "Approved in part");
  await page.getByLabel("Authorized units").fill("ninety");
  await page.getByLabel("Specific reason").fill("Too short.");
  await page.getByLabel("Title").fill("Arkansas Medicaid Manual");
  await page.getByLabel("Citation").fill("Section 220.000");
  await page.getByLabel("What it says of this request").fill("Each month needs a goal of its own.");
  await page.getByRole("button", { name: "Look at what the letters will say" }).click();
  await expect(page.getByRole("link", { name: "Write a whole number." })).toBeVisible();
  await page.getByLabel("Authorized units").fill("90");

  // Nothing typed is lost on the way to another page and back.
  await page.getByRole("link", { name: "Home" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Home");
  await page.goBack();
  await expect(page.getByLabel("Authorized units")).toHaveValue("90");
  await expect(page.getByLabel("Citation")).toHaveValue("Section 220.000");

  await page.getByRole("button", { name: "Look at what the letters will say" }).click();
  const preview = page.getByRole("dialog", { name: "What the letters will rest on" });
  await expect(page.getByRole("link", { name: /A specific reason of at least 20 characters/ })).toBeVisible();
  await expect(focused(page)).toHaveRole("alert");
  await accessible(page);
  await page.getByRole("link", { name: /A specific reason of at least 20 characters/ }).click();
  await expect(focused(page)).toHaveAttribute("id", "lines-1-reason");
  await page.getByLabel("Specific reason").fill("Three hours a day meet the goals of the second month.");
  await page.getByRole("button", { name: "Look at what the letters will say" }).click();
  await expect(preview).toContainText("90 units");
  await expect(preview).toContainText("MD, Pediatrics");
  await accessible(page);
  await seen(page, "Letter to the provider");
  await seen(page, "Letter to the member");
  await preview.getByRole("button", { name: "Back to the form" }).click();
  await expect(page.getByLabel("Specific reason")).toHaveValue("Three hours a day meet the goals of the second month.");
  await page.getByRole("button", { name: "Look at what the letters will say" }).click();
  await preview.getByRole("button", { name: "Issue the determination" }).click();

  await expect(focused(page)).toContainText("The determination is issued: Approved in part.");
  await expect(page.getByRole("table", { name: "Procedure lines" })).toContainText("90 units");
  await expect(page.getByText("Authorization number")).toBeVisible();
  await expect(page.getByRole("button", { name: "Open Letter to the provider, request R01" })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole("button", { name: "Open Letter to the member, request R01" })).toBeVisible({ timeout: 60_000 });
  await accessible(page);
  const letter = page.context().waitForEvent("page");
  await page.getByRole("button", { name: "Open Letter to the provider, request R01" }).click();
  await (await letter).close();
  await page.getByRole("button", { name: "Español" }).click();
  await expect(page.getByText("Aprobada en parte").first()).toBeVisible();
  await accessible(page);
});

test("what is typed of a decision comes back after a reload, and in another session", async ({ page, browser }) => {
  const { key, caseId } = await referred("The second month has no goal.");
  await signIn(page, staff("physician"), "/staff/sign-in");
  await find(page, caseId);
  await page.getByRole("button", { name: "Claim" }).click();
  await page.getByRole("button", { name: "Decide" }).click();
  const kept = page.getByRole("status").filter({ hasText: "What you type is kept" });
  await expect(kept).toBeVisible();
  await choose(page, 2, "Approved in part");
  await page.getByLabel("Authorized units").fill("ninety");
  await page.getByLabel("Specific reason").fill("Three hours a day");
  await page.getByLabel("Citation").fill("Section 220.000");
  await expect(page.getByText("What you typed is not kept yet.")).toBeVisible();
  await expect(kept).toBeVisible();
  await accessible(page);

  await page.reload();
  await expect(page.getByLabel("Authorized units")).toHaveValue("ninety");
  await expect(page.getByLabel("Specific reason")).toHaveValue("Three hours a day");
  await expect(page.getByLabel("Citation")).toHaveValue("Section 220.000");

  // Another session has it, and goes on; this one is told before it overwrites anything.
  const elsewhere = await (await browser.newContext()).newPage();
  await signIn(elsewhere, staff("physician"), "/staff/sign-in");
  await elsewhere.goto(page.url());
  await expect(elsewhere.getByLabel("Specific reason")).toHaveValue("Three hours a day");
  await elsewhere.getByLabel("Specific reason").fill("Three hours a day are enough.");
  await expect(elsewhere.getByText("What you typed is not kept yet.")).toBeVisible();
  await expect(elsewhere.getByRole("status").filter({ hasText: "What you type is kept" })).toBeVisible();
  await elsewhere.context().close();
  await page.getByLabel("Authorized units").fill("90");
  await expect(page.getByRole("row", { name: /Specific reason/ })).toContainText("Three hours a day are enough.");
  await accessible(page);
  await page.getByRole("button", { name: "Keep what I typed" }).click();
  await expect(kept).toBeVisible();
  await expect(page.getByLabel("Specific reason")).toHaveValue("Three hours a day");

  // Given back, it is gone.
  await page.getByRole("button", { name: "Release" }).click();
  await expect(page.getByText("The request is back on its worklist.")).toBeVisible();
  const physician = await caller(staff("physician"), "/staff");
  await physician.call("POST", `/staff/cases/${key}/requests/R01/claim`);
  const { version } = await physician.call<{ version: number }>("GET", `/staff/cases/${key}/requests/R01/worksheet`);
  expect(version).toBe(0);
});

test("two reviewers at one request are told of each other", async ({ page }) => {
  const { key, caseId } = await waiting();
  const other = await hired("nurse");
  await signIn(page, staff("nurse"), "/staff/sign-in");
  await find(page, caseId);
  await expect(page.getByRole("button", { name: "Claim" })).toBeVisible();
  const theirs = await caller(other, "/staff");
  await theirs.call("POST", `/staff/cases/${key}/requests/R01/claim`);
  await page.getByRole("button", { name: "Claim" }).click();
  await expect(page.getByRole("alert")).toContainText("Another reviewer is working on this request");
  await expect(page.getByText(`${other.username} is working on this request.`)).toBeVisible();
  await expect(page.getByRole("button", { name: "Decide" })).toBeHidden();
  await accessible(page);

  await theirs.call("DELETE", `/staff/cases/${key}/requests/R01/claim`);
  await page.reload();
  await page.getByRole("button", { name: "Claim" }).click();
  await expect(page.getByText("You have claimed this request.")).toBeVisible();
  await page.getByRole("button", { name: "Release" }).click();
  await expect(page.getByText("The request is back on its worklist.")).toBeVisible();
  await expect(page.getByText("Nobody has claimed this request.")).toBeVisible();
});
