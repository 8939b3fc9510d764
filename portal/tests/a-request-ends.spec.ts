// How a request ends without a decision: a saved one is cancelled, a submitted one withdrawn. And how far a draft is.

import { take } from "./desk";
import { BOTH, Keyboard, Mouse } from "./hands";
import { caller, draft, office, save, staff } from "./office";
import { signIn } from "./people";
import { accessible, expect, focused, test } from "./portal";
import { waiting } from "./reviewers";
import { inDays } from "./stack";

for (const Way of BOTH) {
  test(`a saved request is cancelled from the home list and from its steps, ${Way.way}`, async ({ page }) => {
    test.setTimeout(180_000);
    const at = await office();
    const by = await caller(at.person);
    await draft(at, by);
    const clerk = new Way(page);
    const who = `${at.member.first} ${at.member.last}`;
    await signIn(clerk, at.person);

    const cancel = page.getByRole("button", { name: `Cancel the request for ${who}`, exact: true });
    await clerk.press(cancel);
    const dialog = page.getByRole("dialog", { name: `Cancel the request for ${who}?` });
    await expect(dialog).toBeVisible();
    await accessible(page);
    await clerk.button("Keep It");
    await expect(dialog).toBeHidden();
    await expect(cancel).toBeFocused();
    await clerk.press(cancel);
    await clerk.button("Cancel Request");
    await expect(focused(page)).toContainText(`The request for ${who} was cancelled.`);
    await expect(page.getByText("You have no saved request that waits to be submitted.")).toBeVisible();
    await accessible(page);

    // Whoever looks for it finds it.
    await clerk.select(page.getByLabel("Status"), "Cancelled");
    await clerk.link("Cancelled");
    await expect(focused(page)).toHaveText("Case");
    await expect(page.getByText("This request was cancelled before it was submitted")).toBeVisible();
    await expect(page.getByText("The case was cancelled before it was submitted.")).toBeVisible();
    await accessible(page);

    const second = await draft(at, by);
    await page.goto(`/cases/${second}`);
    await expect(focused(page)).toHaveText("Providers");
    await clerk.button("Cancel This Request");
    await clerk.button("Cancel Request");
    await expect(page.getByText("This request was cancelled before it was submitted")).toBeVisible();
    await expect(page).toHaveURL(new RegExp(`/cases/${second}$`));
  });

  test(`a submitted request is withdrawn with a reason, ${Way.way}`, async ({ page }) => {
    test.setTimeout(180_000);
    const { office: at, caseId } = await waiting();
    const clerk = new Way(page);
    await signIn(clerk, at.person);
    await clerk.link(caseId);
    await expect(focused(page)).toHaveText("Case");

    await clerk.button("Withdraw R01");
    const dialog = page.getByRole("dialog", { name: "Withdraw R01?" });
    await expect(dialog).toBeVisible();
    await accessible(page);
    await clerk.press(dialog.getByRole("button", { name: "Withdraw R01" }));
    await expect(page.getByRole("link", { name: "Reason is required." })).toBeVisible();
    await accessible(page);
    await clerk.type(dialog.getByLabel("Reason"), "It was asked for in another case.");
    await clerk.press(dialog.getByRole("button", { name: "Withdraw R01" }));
    await expect(dialog).toBeHidden();
    await expect(page.getByText("R01 was withdrawn.").first()).toBeVisible();
    await expect(page.getByText("It was asked for in another case.")).toBeVisible();
    await expect(page.getByRole("main").locator(".usa-tag")).toHaveText("Withdrawn");
    await expect(page.getByText("Ended without a decision")).toBeVisible();
    await expect(page.getByRole("button", { name: "Withdraw R01" })).toBeHidden();
    await accessible(page);
  });
}

test("a reviewer whose request is withdrawn is told, and what was typed stays until it is left", async ({ page }) => {
  test.setTimeout(180_000);
  const { office: at, key, caseId } = await waiting();
  const nurse = new Mouse(page);
  await take(nurse, staff("nurse"), "Nurse worklist", caseId);
  await nurse.button("Refer to a physician");
  const note = page.getByLabel("Why should a physician look at it?");
  await nurse.type(note, "Half of the hours may do.");
  const clerk = await caller(at.person);
  await clerk.call("PUT", `/cases/${key}/requests/R01/withdrawal`, { reason: "Not needed." });
  await nurse.button("Refer");
  await expect(page.getByText("The request is withdrawn; this cannot be done now.")).toBeVisible();
  await expect(page.getByText("The provider withdrew this request, so no decision is due.")).toBeVisible();
  await expect(note).toHaveValue("Half of the hours may do.");
  await expect(page.getByText("Not needed.")).toBeVisible();
  await accessible(page);
});

// REQ: CASE-19
test("the steps say what is missing and what nothing requires, and one jumps past that, by keyboard alone", async ({ page }) => {
  test.setTimeout(180_000);
  const at = await office("colorado");
  const by = await caller(at.person);
  const key = await draft(at, by);
  await save(by, key, "service", { serviceType: "durable-medical-equipment", placeOfService: "12" });
  await save(by, key, "diagnoses", { diagnoses: ["G82.20"] });
  const hands = new Keyboard(page);
  await signIn(hands, at.person);
  await page.goto(`/cases/${key}/procedures`);
  await expect(focused(page)).toHaveText("Procedures");
  const steps = page.getByRole("navigation", { name: "Steps of the case" });
  await expect(steps.getByRole("link", { name: "Attachments" })).toContainText("not required");
  await expect(steps.getByRole("link", { name: "Communications" })).toContainText("not required");
  await page.goto(`/cases/${key}/request`);
  await expect(focused(page)).toHaveText("Request Type");
  await expect(page.getByRole("button", { name: "Go to Procedures" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Jump to Submit" })).toBeHidden();

  const line = { code: "K0001", modifiers: [], from: inDays(1), to: inDays(1), duration: 1, quantity: 1 };
  await save(by, key, "procedures", { lines: [line] });
  await page.goto(`/cases/${key}/procedures`);
  await expect(focused(page)).toHaveText("Procedures");
  await expect(page.getByRole("button", { name: "Jump to Submit" })).toBeVisible();
  await accessible(page);
  await hands.button("Jump to Submit");
  await expect(focused(page)).toHaveText("Submit");
  await expect(page.getByText("Something is missing here.")).toBeHidden();
});
