// What follows a decision: an approved request is extended under its number, a denied one is looked at again by another reviewer.

import { take } from "./desk";
import { BOTH, Mouse, type Hands } from "./hands";
import { LINE, caller, filled, pdf, staff } from "./office";
import { signIn } from "./people";
import { accessible, expect, focused, test } from "./portal";
import { hired, waiting, type Waiting } from "./reviewers";
import type { Person } from "./people";
import { drop, eventually, inDays } from "./stack";

const WHY = "The child was ill for two weeks and missed the sessions.";
const NEW = "The new assessment of April shows what was missing.";
const APPROVED = { decision: "determine", lines: [{ outcome: "approved" }, { outcome: "approved" }] };
const DENIED = {
  decision: "determine",
  lines: [1, 2].map(() => ({ outcome: "denied", reason: "The developmental assessment explains no need for these hours." })),
  criteria: [{ title: "Day Habilitative Services manual", citation: "Section 2, 220.000", text: "Hours follow the assessed need." }],
};

/** A reviewer decides a request over the API. */
async function decided({ key }: Waiting, person: Person, number: string, decision: unknown): Promise<void> {
  const by = await caller(person, "/staff");
  const request = `/staff/cases/${key}/requests/${number}`;
  await by.call("POST", `${request}/claim`, {});
  await by.call("POST", `${request}/determination`, decision);
}

async function open(clerk: Hands, { caseId }: Waiting): Promise<void> {
  await clerk.link("Home");
  await clerk.press(clerk.page.getByRole("link", { name: caseId }));
  await expect(focused(clerk.page)).toHaveText("Case");
}

/** A further request, as it waits with the nurses. */
async function routed({ office, key }: Waiting, number: string): Promise<void> {
  const by = await caller(office.person);
  await eventually(`${number} with the nurses`, async () => {
    const { requests } = await by.call<{ requests: { number: string; status: string }[] }>("GET", `/cases/${key}`);
    return requests.some((request) => request.number === number && request.status === "nurse-review") || undefined;
  });
}

for (const Way of BOTH) {
  test(`an approved request is extended and keeps its number, ${Way.way}`, async ({ page, another }) => {
    test.setTimeout(300_000);
    const found = await waiting();
    await decided(found, staff("nurse"), "R01", APPROVED);
    const clerk = new Way(page);
    await signIn(clerk, found.office.person);
    await open(clerk, found);
    const after = page.getByRole("region", { name: "After the decision on R01" });
    await expect(after.getByRole("button", { name: "Revise R01" })).toBeVisible();
    await expect(after.getByRole("button", { name: "Ask for a reconsideration of R01" })).toBeHidden();
    await clerk.press(after.getByText("What cannot be asked for now, and why"));
    await expect(after).toContainText("All that was asked for was approved: there is nothing to look at again.");
    await accessible(page);

    await clerk.button("Extend R01");
    await expect(focused(page)).toHaveText("Extend R01");
    await accessible(page);
    const form = page.getByRole("form", { name: "Extend R01" });
    await clerk.press(form.getByRole("button", { name: "Submit" }));
    await expect(page.getByRole("link", { name: "New last day is required." })).toBeVisible();
    await accessible(page);
    await clerk.date(form.getByLabel("New last day"), 66);
    await clerk.type(form.getByLabel("Note"), WHY);
    await clerk.press(form.getByRole("button", { name: "Submit" }));
    await expect(page.getByRole("alert")).toContainText("The authorization lasts until");
    await expect(form.getByLabel("Note")).toHaveValue(WHY);
    await accessible(page);
    await clerk.date(form.getByLabel("New last day"), 80);
    await clerk.press(form.getByRole("button", { name: "Submit" }));
    await expect(focused(page)).toContainText("R02 was submitted.");
    await expect(page.getByRole("heading", { name: "R02: extension" })).toBeVisible();
    await accessible(page);

    // The reviewer sees what it follows, and what was decided there.
    await routed(found, "R02");
    const nurse = new Way(await another());
    await take(nurse, staff("nurse"), "Nurse worklist", found.caseId);
    await expect(nurse.page.getByText("This follows R01")).toBeVisible();
    await expect(nurse.page.getByText("R01 was decided")).toBeVisible();
    await expect(nurse.page.getByText(WHY).first()).toBeVisible();
    await accessible(nurse.page);
    await decided(found, staff("nurse"), "R02", APPROVED);

    await open(clerk, found);
    await expect(page.getByText("Given or changed by R01, R02")).toBeVisible();
    await expect(page.getByRole("region", { name: "After the decision on R01" })).toContainText("What cannot be asked for now, and why");
    await expect(page.getByRole("button", { name: "Extend R02" })).toBeVisible();
    await expect(page.getByText("R02 was asked for: extension of R01.")).toBeVisible();
    await accessible(page);
  });

  test(`a denied request is looked at again by another reviewer, ${Way.way}`, async ({ page, another }) => {
    test.setTimeout(300_000);
    const found = await waiting();
    const other = await hired("nurse");
    await decided(found, staff("physician"), "R01", DENIED);
    const clerk = new Way(page);
    await signIn(clerk, found.office.person);
    await open(clerk, found);
    await clerk.button("Ask for a reconsideration of R01");
    await expect(focused(page)).toHaveText("Ask for a reconsideration of R01");
    const form = page.getByRole("form", { name: "Ask for a reconsideration of R01" });
    await clerk.press(form.getByRole("button", { name: "Submit" }));
    await expect(page.getByRole("link", { name: "Note is required." })).toBeVisible();
    await accessible(page);
    await clerk.type(form.getByLabel("Note"), NEW);
    await clerk.select(form.getByLabel("Document type"), "Developmental");
    await clerk.attach(form.getByLabel("File"), pdf("assessment.pdf"));
    await clerk.press(form.getByRole("button", { name: "Submit" }));
    await expect(focused(page)).toContainText("R02 was submitted.");
    await expect(page.getByRole("row", { name: /assessment\.pdf.*Attached/ })).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText("R02 was asked for: reconsideration of R01.")).toBeVisible();
    await accessible(page);

    // Whoever decided is told that another one does.
    await routed(found, "R02");
    const physician = new Way(await another());
    await signIn(physician, staff("physician"), "/staff/sign-in");
    await physician.page.goto(`/staff/cases/${found.key}`);
    await expect(physician.page.getByText("You had a part in the decision that this request is about.")).toBeVisible();
    await expect(physician.page.getByRole("button", { name: "Claim" })).toBeHidden();
    await accessible(physician.page);

    const nurse = new Way(await another());
    await take(nurse, other, "Nurse worklist", found.caseId);
    await expect(nurse.page.getByText("This follows R01")).toBeVisible();
    await decided(found, other, "R02", APPROVED);
    await open(clerk, found);
    await expect(page.getByText("Given or changed by R02")).toBeVisible();
    await expect(page.getByRole("main").locator(".usa-tag").first()).toHaveText("Approved");
    await accessible(page);
  });
}

for (const Way of BOTH) {
  test(`what was billed is told, and a revision takes nothing of it, ${Way.way}`, async ({ page }) => {
    test.setTimeout(240_000);
    const found = await waiting([{ ...LINE, from: inDays(-2), to: inDays(27) }]);
    await decided(found, staff("nurse"), "R01", { decision: "determine", lines: [{ outcome: "approved" }] });
    const by = await caller(found.office.person);
    const { authorizations } = await by.call<{ authorizations: { number: string }[] }>("GET", `/cases/${found.key}`);
    const number = authorizations.map((one) => one.number).join();
    const header = "contract,claim_number,claim_line,authorization_number,code,modifiers,service_date,units";
    await drop("claims", "arkansas", `${header}\narkansas,CL-${number},1,${number},T1015,UB U6,${inDays(-1)},40\n`);

    const clerk = new Way(page);
    await signIn(clerk, found.office.person);
    await open(clerk, found);
    await expect(page.getByText("40 units billed so far")).toBeVisible();
    await expect(page.getByText("Claims were made under the authorization of R01.")).toBeVisible();
    await accessible(page);
    await clerk.button("Revise R01");
    await expect(focused(page)).toHaveText("Revise R01");
    const form = page.getByRole("form", { name: "Revise R01" });
    await expect(form).toContainText("It was billed already: its provider and modifiers cannot change");
    await clerk.type(form.getByLabel("Requested Quantity"), "30");
    await clerk.type(form.getByLabel("Note"), WHY);
    await clerk.press(form.getByRole("button", { name: "Submit" }));
    await expect(page.getByRole("link", { name: "Units that were billed already cannot be removed." })).toBeVisible();
    await accessible(page);
    await clerk.type(form.getByLabel("Requested Quantity"), "60");
    await clerk.press(form.getByRole("button", { name: "Submit" }));
    await expect(focused(page)).toContainText("R02 was submitted.");
    await accessible(page);
  });
}

test("whoever asks again is led to extend what is authorized", async ({ page }) => {
  test.setTimeout(240_000);
  const found = await waiting();
  await decided(found, staff("nurse"), "R01", APPROVED);
  const by = await caller(found.office.person);
  const draft = await filled(found.office, by);
  const clerk = new Mouse(page);
  await signIn(clerk, found.office.person);
  await page.goto(`/cases/${draft}/submit`);
  await expect(page.getByText("Instead of asking again, change what is authorized there:")).toBeVisible();
  await accessible(page);
  await clerk.link(`Extend ${found.caseId}, R01`);
  await expect(page.getByRole("form", { name: "Extend R01" })).toBeVisible();
  await accessible(page);
});
