// A reviewer's day: claimed and referred by a nurse, decided in part by a physician, until the letters are there. By keyboard alone.

import { readFileSync } from "node:fs";
import type { Download } from "@playwright/test";
import { Keyboard, type Hands } from "./hands";
import { signIn } from "./people";
import { caller, staff } from "./office";
import { accessible, expect, focused, test } from "./portal";
import { hired, referred, waiting } from "./reviewers";

function choose(hands: Hands, line: number, outcome: string) {
  return hands.choose(hands.page.getByRole("group", { name: new RegExp(`^Line ${line}:`) }).getByRole("radio", { name: new RegExp(`^${outcome}`) }).first());
}

async function find(hands: Hands, caseId: string): Promise<void> {
  const { page } = hands;
  await hands.link("Home");
  await hands.type(page.getByRole("textbox", { name: /^Case ID/ }), caseId);
  await hands.button("Open case");
  await expect(focused(page)).toHaveText("Case");
}

/** Opens a letter: the PDF itself, marked as not issued. */
async function seen(hands: Hands, what: string): Promise<void> {
  const { page } = hands;
  const link = page.getByRole("dialog").getByRole("button", { name: new RegExp(`^See ${what} \\(PDF, \\d`) });
  const file = new Promise<Download>((resolve) => {
    page.once("download", resolve);
    page.context().once("page", (tab) => tab.once("download", resolve));
  });
  await hands.press(link);
  // This browser shows no PDF and saves it instead.
  const pdf = readFileSync(await (await file).path(), "latin1");
  expect(pdf).toMatch(/^%PDF-[^]*Not issued: /);
  await expect(page.getByRole("dialog")).toBeVisible();
}

test("a nurse claims, reads a document, and refers", async ({ page }) => {
  const hands = new Keyboard(page);
  const { key, caseId, office } = await waiting();
  await signIn(hands, staff("nurse"), "/staff/sign-in");
  await expect(focused(page)).toHaveText("Home");
  await accessible(page);
  await hands.button("Open case");
  await expect(page.getByRole("link", { name: "Case ID is required." })).toBeVisible();
  await hands.type(page.getByRole("textbox", { name: /^Case ID/ }), "999999999");
  await hands.button("Open case");
  await expect(page.getByRole("alert")).toContainText("What you asked for does not exist");
  await accessible(page);

  await hands.press(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Nurse worklist" }));
  await expect(focused(page)).toHaveText("Nurse worklist");
  await expect(page.getByRole("table")).toBeVisible();
  const row = page.getByRole("row", { name: new RegExp(caseId) });
  const more = page.getByRole("button", { name: "Show more" });
  // What is due last stands on the last page.
  await expect
    .poll(async () => {
      if (await row.isVisible()) return true;
      if (await more.isVisible()) await hands.press(more);
      return false;
    }, { timeout: 60_000 })
    .toBe(true);
  await expect(row).toContainText("Nobody");
  await accessible(page);
  await hands.press(row.getByRole("link", { name: caseId }));

  await expect(focused(page)).toHaveText("Case");
  await expect(page).toHaveURL(`/staff/cases/${key}`);
  await expect(page.getByText(`${office.member.first} ${office.member.last}`)).toBeVisible();
  await expect(page.getByRole("table", { name: "Procedure lines" }).getByRole("row")).toHaveCount(3);
  await accessible(page);
  const download = new Promise<string>((resolve) => {
    page.once("download", (file) => resolve(file.suggestedFilename()));
    page.context().once("page", (tab) => tab.once("download", (file) => resolve(file.suggestedFilename())));
  });
  await hands.button("Open therapy-evaluations.pdf");
  expect(await download).toBe("therapy-evaluations.pdf");

  await hands.button("Claim");
  await expect(focused(page)).toContainText("You have claimed this request.");
  await expect(page.getByText("Until then nobody else can take it.")).toBeVisible();
  await expect(page.getByRole("region", { name: "Timeline" })).toContainText("A nurse reviewer took R01.");
  await accessible(page);

  await hands.button("Decide");
  await expect(focused(page)).toHaveText("Decide");
  await hands.button("Cancel");
  await expect(focused(page)).toHaveText("Request R01");
  await hands.button("Decide");
  await choose(hands, 1, "Approved");
  await choose(hands, 2, "Denied");
  await hands.type(page.getByLabel("Specific reason"), "The assessment names no goal for the second month.");
  await hands.type(page.getByLabel("Title"), "Arkansas Medicaid Manual");
  await hands.type(page.getByLabel("Citation"), "Section 220.000");
  await hands.type(page.getByLabel("What it says of this request"), "Each month needs a goal of its own.");
  await accessible(page);
  await hands.button("Look at what the letters will say");
  await expect(page.getByRole("alert")).toContainText("Only a physician reviewer may deny");
  await expect(page.getByRole("dialog")).toBeHidden();
  await accessible(page);

  await hands.button("Refer to a physician");
  await hands.button("Refer");
  await expect(page.getByRole("link", { name: "Please answer: Why should a physician look at it?" })).toBeVisible();
  await accessible(page);
  await hands.type(page.getByLabel("Why should a physician look at it?"), "The second month has no goal.");
  await hands.button("Refer");
  await expect(page.getByText("The request is on the physician worklist.")).toBeVisible();
  await expect(page.getByText("In physician review")).toBeVisible();
  await expect(page.getByRole("button", { name: "Decide" })).toBeHidden();
});

test("a physician decides in part, and the letters appear", async ({ page }) => {
  const hands = new Keyboard(page);
  const { caseId } = await referred("The second month has no goal.");
  await signIn(hands, staff("physician"), "/staff/sign-in");
  await hands.press(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Physician worklist" }));
  await expect(focused(page)).toHaveText("Physician worklist");
  await accessible(page);
  await find(hands, caseId);
  await expect(page.getByText("The second month has no goal.")).toBeVisible();
  await hands.button("Claim");
  await hands.button("Decide");
  await hands.button("Look at what the letters will say");
  await expect(page.getByRole("link", { name: "Outcome is required." })).toHaveCount(2);
  await expect(focused(page)).toHaveRole("alert");
  await accessible(page);

  await choose(hands, 1, "Approved");
  await choose(hands, 2, "Approved in part");
  await hands.type(page.getByLabel("Authorized units"), "ninety");
  await hands.type(page.getByLabel("Specific reason"), "Too short.");
  await hands.type(page.getByLabel("Title"), "Arkansas Medicaid Manual");
  await hands.type(page.getByLabel("Citation"), "Section 220.000");
  await hands.type(page.getByLabel("What it says of this request"), "Each month needs a goal of its own.");
  await hands.button("Look at what the letters will say");
  await expect(page.getByRole("link", { name: "Write a whole number." })).toBeVisible();
  await hands.type(page.getByLabel("Authorized units"), "90");

  // Nothing typed is lost on the way to another page and back.
  await hands.link("Home");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Home");
  await page.goBack();
  await expect(page.getByLabel("Authorized units")).toHaveValue("90");
  await expect(page.getByLabel("Citation")).toHaveValue("Section 220.000");

  await hands.button("Look at what the letters will say");
  const preview = page.getByRole("dialog", { name: "What the letters will rest on" });
  await expect(page.getByRole("link", { name: /A specific reason of at least 20 characters/ })).toBeVisible();
  await expect(focused(page)).toHaveRole("alert");
  await accessible(page);
  await hands.press(page.getByRole("link", { name: /A specific reason of at least 20 characters/ }));
  await expect(focused(page)).toHaveAttribute("id", "lines-1-reason");
  await hands.type(page.getByLabel("Specific reason"), "Three hours a day meet the goals of the second month.");
  await hands.button("Look at what the letters will say");
  await expect(preview).toContainText("90 units");
  await expect(preview).toContainText("MD, Pediatrics");
  await accessible(page);
  await seen(hands, "Letter to the provider");
  await seen(hands, "Letter to the member");
  await hands.press(preview.getByRole("button", { name: "Back to the form" }));
  await expect(page.getByLabel("Specific reason")).toHaveValue("Three hours a day meet the goals of the second month.");
  await hands.button("Look at what the letters will say");
  await hands.press(preview.getByRole("button", { name: "Issue the determination" }));

  await expect(focused(page)).toContainText("The determination is issued: Approved in part.");
  await expect(page.getByRole("table", { name: "Procedure lines" })).toContainText("90 units");
  await expect(page.getByText("Authorization number")).toBeVisible();
  await expect(page.getByRole("button", { name: "Open Letter to the provider, request R01" })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole("button", { name: "Open Letter to the member, request R01" })).toBeVisible({ timeout: 60_000 });
  await accessible(page);
  const letter = page.context().waitForEvent("page");
  await hands.button("Open Letter to the provider, request R01");
  await (await letter).close();
  await hands.button("Español");
  await expect(page.getByText("Aprobada en parte").first()).toBeVisible();
  await accessible(page);
});

test("what is typed of a decision comes back after a reload, and in another session", async ({ page, browser }) => {
  const hands = new Keyboard(page);
  const { key, caseId } = await referred("The second month has no goal.");
  await signIn(hands, staff("physician"), "/staff/sign-in");
  await find(hands, caseId);
  await hands.button("Claim");
  await hands.button("Decide");
  const kept = page.getByRole("status").filter({ hasText: "What you type is kept" });
  await expect(kept).toBeVisible();
  await choose(hands, 2, "Approved in part");
  await hands.type(page.getByLabel("Authorized units"), "ninety");
  await hands.type(page.getByLabel("Specific reason"), "Three hours a day");
  await hands.type(page.getByLabel("Citation"), "Section 220.000");
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
  await hands.type(page.getByLabel("Authorized units"), "90");
  await expect(page.getByRole("row", { name: /Specific reason/ })).toContainText("Three hours a day are enough.");
  await accessible(page);
  await hands.button("Keep what I typed");
  await expect(kept).toBeVisible();
  await expect(page.getByLabel("Specific reason")).toHaveValue("Three hours a day");

  // Given back, it is gone.
  await hands.button("Release");
  await expect(page.getByText("The request is back on its worklist.")).toBeVisible();
  const physician = await caller(staff("physician"), "/staff");
  await physician.call("POST", `/staff/cases/${key}/requests/R01/claim`);
  const { version } = await physician.call<{ version: number }>("GET", `/staff/cases/${key}/requests/R01/worksheet`);
  expect(version).toBe(0);
});

test("two reviewers at one request are told of each other", async ({ page }) => {
  const hands = new Keyboard(page);
  const { key, caseId } = await waiting();
  const other = await hired("nurse");
  await signIn(hands, staff("nurse"), "/staff/sign-in");
  await find(hands, caseId);
  await expect(page.getByRole("button", { name: "Claim" })).toBeVisible();
  const theirs = await caller(other, "/staff");
  await theirs.call("POST", `/staff/cases/${key}/requests/R01/claim`);
  await hands.button("Claim");
  await expect(page.getByRole("alert")).toContainText("Another reviewer is working on this request");
  await expect(page.getByText(`${other.username} is working on this request.`)).toBeVisible();
  await expect(page.getByRole("button", { name: "Decide" })).toBeHidden();
  await accessible(page);

  await theirs.call("DELETE", `/staff/cases/${key}/requests/R01/claim`);
  await page.reload();
  await hands.button("Claim");
  await expect(page.getByText("You have claimed this request.")).toBeVisible();
  await hands.button("Release");
  await expect(page.getByText("The request is back on its worklist.")).toBeVisible();
  await expect(page.getByText("Nobody has claimed this request.")).toBeVisible();
});
