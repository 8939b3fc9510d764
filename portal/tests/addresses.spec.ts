// Addresses: the back button through the wizard, bookmarks, and what they say of nobody.

import { BOTH, Mouse } from "./hands";
import { clocked, idle } from "./idle";
import { caller, draft, filled, office } from "./office";
import { signIn } from "./people";
import { accessible, expect, focused, test } from "./portal";
import { waiting } from "./reviewers";
import { begin, onTo, parameters, searched, service, submit } from "./wizard";

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

for (const Way of BOTH) {
  // Its story of support is in `support-helps.spec.ts`.
  test(`back from a case, what was searched for is there still, ${Way.way}`, async ({ page }) => {
    test.setTimeout(180_000);
    const { office: at, caseId } = await waiting();
    const { last, birthDate } = at.member;
    const clerk = new Way(page);
    await signIn(clerk, at.person);
    const list = page.getByRole("table", { name: "Requests", exact: true });
    await expect(list.getByRole("link", { name: caseId })).toBeVisible();
    await clerk.press(page.getByText("By member, provider or dates"));
    await clerk.type(page.getByLabel("Last name"), last);
    await clerk.type(page.getByLabel("Month", { exact: true }), birthDate);
    await clerk.button("Search");
    await expect(page).toHaveURL(/\/\?search=[0-9a-f-]{36}$/);
    await clerk.select(page.getByLabel("Status"), "In nurse review");
    await expect(page).toHaveURL(/status=nurse-review/);
    const address = page.url();
    expect(address).not.toMatch(new RegExp(`${last}|${birthDate}`));
    await accessible(page);
    await clerk.press(list.getByRole("link", { name: caseId }));
    await expect(focused(page)).toHaveText("Case");

    await page.goBack();
    await expect(page).toHaveURL(address);
    await expect(focused(page)).toHaveText("Home");
    await expect(page.getByLabel("Last name")).toBeVisible();
    await expect(page.getByLabel("Last name")).toHaveValue(last);
    await expect(page.getByLabel("Day", { exact: true })).not.toHaveValue("");
    await expect(page.getByLabel("Status")).toHaveValue("nurse-review");
    await expect(list.getByRole("link", { name: caseId })).toBeVisible();
    await clerk.select(page.getByLabel("Status"), "Denied");
    await expect(page.getByText("No request is like that.")).toBeVisible();

    // Before it was searched, all were listed.
    await page.goBack();
    await expect(page).toHaveURL("/");
    await expect(page.getByLabel("Status")).toHaveValue("");
    await expect(page.getByLabel("Last name")).toHaveValue("");
    await expect(list.getByRole("link", { name: caseId })).toBeVisible();

    // On the way to a new case, too.
    await parameters(clerk, "Outpatient");
    await searched(clerk, last, birthDate);
    await clerk.button(`Choose ${at.member.first} ${last}`);
    await expect(focused(page)).toHaveText("Consumer Cases");
    await page.goBack();
    await expect(focused(page)).toHaveText("Consumer Search");
    await expect(page.getByLabel("Last name")).toHaveValue(last);
    await expect(page.getByRole("button", { name: `Choose ${at.member.first} ${last}` })).toBeVisible();
    await accessible(page);
  });

  test(`a search is nobody else's, ${Way.way}`, async ({ page }) => {
    test.setTimeout(180_000);
    const [first, second] = [await waiting(), await office()];
    const clerk = new Way(page);
    await signIn(clerk, first.office.person);
    await clocked(page);
    await clerk.type(page.getByLabel("Case ID"), first.caseId);
    await clerk.button("Search");
    await expect(page).toHaveURL(/search=/);
    await idle(page);
    // Another one signs in where the first one was.
    await signIn(clerk, second.person);
    await expect(page.getByText("Your providers have no requests yet.")).toBeVisible();
    await expect(page.getByLabel("Case ID")).toHaveValue("");
  });
}
