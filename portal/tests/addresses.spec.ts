// Addresses: the back button through the wizard, bookmarks, and what they say of nobody.

import { Mouse } from "./hands";
import { caller, draft, filled, office } from "./office";
import { signIn } from "./people";
import { expect, focused, test } from "./portal";
import { begin, onTo, parameters, service, submit } from "./wizard";

test("back and forward lead through the wizard, and nothing typed is lost", async ({ page }) => {
  const { person, member } = await office();
  const clerk = new Mouse(page);
  await signIn(page, person);
  await parameters(clerk, "Outpatient");
  await page.goBack();
  await expect(focused(page)).toHaveText("Create Case");
  await expect(page.getByRole("radio", { name: "Outpatient" })).toBeChecked();
  await page.goForward();
  await expect(focused(page)).toHaveText("Consumer Search");
  await begin(clerk, member);
  await onTo(clerk, "Service Details");
  await service(clerk, "Day Hab", "Office");
  // Before the save has begun.
  await page.goBack();
  await expect(focused(page)).toHaveText("Providers");
  await page.goForward();
  await expect(focused(page)).toHaveText("Service Details");
  await expect(page.getByLabel("Place of service")).toHaveValue("11");
  await onTo(clerk, "Diagnosis");
  await page.goBack();
  await expect(page.getByLabel("Service type")).toHaveValue("day-habilitative");
  // Back beyond the beginning of the case: the member is not asked for by an address.
  await page.goBack();
  await page.goBack();
  await expect(page).toHaveURL("/cases/new");
  await expect(focused(page)).toHaveText("Create Case");
});

test("a bookmark opens its step, after signing in too; one that is no step opens the case", async ({ page }) => {
  const at = await office();
  const by = await caller(at.person);
  const key = await draft(at, by);
  await page.goto(`/cases/${key}/procedures`);
  await expect(page).toHaveURL("/sign-in");
  await signIn(page, at.person);
  await expect(page).toHaveURL(`/cases/${key}/procedures`);
  await expect(focused(page)).toHaveText("Procedures");
  await page.reload();
  await expect(focused(page)).toHaveText("Procedures");
  for (const [address, opened] of [[`/cases/${key}`, "providers"], [`/cases/${key}/no-such-step`, "providers"]] as const) {
    await page.goto(address);
    await expect(page).toHaveURL(`/cases/${key}/${opened}`);
    await expect(focused(page)).toHaveText("Providers");
  }
  // What began elsewhere cannot go on in a bookmark: its first question is asked again.
  for (const address of ["/cases/new/member", "/cases/new/temporary-member"]) {
    await page.goto(address);
    await expect(page).toHaveURL("/cases/new");
    await expect(focused(page)).toHaveText("Create Case");
  }
});

test("a step of a submitted case opens the case, and back does not submit again", async ({ page }) => {
  const at = await office();
  const by = await caller(at.person);
  const key = await filled(at, by);
  await signIn(page, at.person);
  await page.goto(`/cases/${key}/submit`);
  await submit(new Mouse(page));
  await page.goBack();
  await expect(page).toHaveURL(`/cases/${key}`);
  await expect(focused(page)).toHaveText("Case");
  await expect(page.getByRole("button", { name: "Submit" })).toBeHidden();
  await page.goto(`/cases/${key}/diagnoses`);
  await expect(page).toHaveURL(`/cases/${key}`);
  await expect(page.getByText("Decision due")).toBeVisible();
});
