// A member whom the plan's file does not cover on all days: the clerk is told at the line and submits all the same, the request
// waits for the file, and goes on by itself or is closed by a nurse.

import type { Locator } from "@playwright/test";
import { BOTH, type Hands } from "./hands";
import { brought, caller, filled, office, staff, type Office } from "./office";
import { signIn } from "./people";
import { accessible, expect, focused, test } from "./portal";
import { inDays } from "./stack";
import { onTo, submit } from "./wizard";

// The first ten days of the line are not covered.
const LATER = { from: inDays(17), to: "" };
const FOUND = "The county confirmed by phone that coverage begins later.";

for (const Way of BOTH) {
  test(`days outside the coverage are told, and the request waits for the file, ${Way.way}`, async ({ page }) => {
    test.setTimeout(240_000);
    const at = await office("arkansas", LATER);
    const clerk = new Way(page);
    const { key } = await submitted(clerk, at);
    // The file brings the coverage: the request goes on by itself.
    await brought("arkansas", at.member, { from: inDays(0), to: "" });
    await shown(page.getByText("In nurse review").first());
    expect(page.url()).toContain(key);
    await expect(page.getByText("R01 goes on: the plan's file covers the member on all days that are asked for.")).toBeVisible();
    await expect(page.getByText("Outside the member's coverage:")).toBeHidden();
    await accessible(page);
  });

  test(`a nurse closes a request of a member who is not eligible, ${Way.way}`, async ({ page, another }) => {
    test.setTimeout(240_000);
    const at = await office("arkansas", LATER);
    const [clerk, nurse] = [new Way(page), new Way(await another())];
    const { caseId } = await submitted(clerk, at);
    await closed(nurse, caseId);
    await page.reload();
    await expect(page.getByText("Closed without a decision: not eligible")).toBeVisible();
    await expect(page.getByText(FOUND)).toBeVisible();
    await shown(page.getByText("Letter to the provider: closed without a decision").first());
    await accessible(page);
  });
}

/** The line says which days are outside, on its way and before it is submitted; the request waits then. */
async function submitted(clerk: Hands, at: Office): Promise<{ key: string; caseId: string }> {
  const { page } = clerk;
  const key = await filled(at, await caller(at.person));
  await signIn(clerk, at.person);
  await page.goto(`/cases/${key}/procedures`);
  const outside = page.getByText("Outside the member's coverage:");
  await expect(outside).toBeVisible();
  await expect(page.getByText("You can submit all the same")).toBeVisible();
  await accessible(page);
  const line = page.getByRole("group", { name: "Procedure 1" });
  await clerk.date(line.getByLabel("First day"), 20);
  await expect(outside).toBeHidden();
  await clerk.date(line.getByLabel("First day"), 7);
  await expect(outside).toBeVisible();
  await onTo(clerk, "Questionnaires");
  await onTo(clerk, "Attachments");
  await clerk.press(page.getByRole("link", { name: /^Submit/ }));
  await expect(page.getByRole("region", { name: "Procedures" })).toContainText("Outside the member's coverage:");
  await accessible(page);
  const caseId = await submit(clerk);
  await shown(page.getByText("Waiting for eligibility").first());
  await expect(page.getByText("R01 waits for the member's eligibility")).toBeVisible();
  await expect(page.getByText("Outside the member's coverage:")).toBeVisible();
  await accessible(page);
  return { key, caseId };
}

/** Looks at the page again until it shows what comes by itself. */
async function shown(text: Locator): Promise<void> {
  await expect(async () => {
    await text.page().reload();
    await expect(text).toBeVisible({ timeout: 2000 });
  }).toPass({ timeout: 90_000 });
}

/** Opens the case by its Case ID, for it is on no worklist, and sees the letters before it is closed. */
async function closed(nurse: Hands, caseId: string): Promise<void> {
  const { page } = nurse;
  await signIn(nurse, staff("nurse"), "/staff/sign-in");
  await nurse.type(page.getByLabel("Case ID"), caseId);
  await nurse.button("Open case");
  await expect(focused(page)).toHaveText("Case");
  await expect(page.getByText("Outside the member's coverage:").first()).toBeVisible();
  await nurse.button("Close without a decision");
  await expect(focused(page)).toHaveText("Close without a decision");
  await expect(page.getByRole("radio", { name: /^The member is not eligible/ })).toBeChecked();
  await accessible(page);
  await nurse.button("See the letters");
  await expect(page.getByLabel("What was found")).toHaveAttribute("aria-invalid", "true");
  await nurse.type(page.getByLabel("What was found"), FOUND);
  await nurse.button("See the letters");
  const dialog = page.getByRole("dialog", { name: "Close the request without a decision" });
  await expect(dialog).toBeVisible();
  await accessible(page);
  await nurse.press(dialog.getByRole("button", { name: "Close the request" }));
  await expect(page.getByText("The request is closed. The letters follow by themselves.")).toBeVisible();
  await expect(page.getByText("Closed without a decision", { exact: true }).first()).toBeVisible();
  await accessible(page);
}
