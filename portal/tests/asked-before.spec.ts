// What was asked for before: shown before a new case is begun, found when its number is not at hand, and not asked for twice
// unknowingly. By keyboard alone.

import { Keyboard, type Hands } from "./hands";
import { caller, filled, office, staff, type Caller } from "./office";
import { signIn } from "./people";
import { accessible, expect, focused, test } from "./portal";
import { eventually, stack } from "./stack";
import { parameters, searched } from "./wizard";

/** A physician approves a part of it, and both letters go out. */
async function decided(key: string, by: Caller): Promise<void> {
  const [nurse, physician] = [await caller(staff("nurse"), "/staff"), await caller(staff("physician"), "/staff")];
  const request = `/staff/cases/${key}/requests/R01`;
  await eventually("the case on the worklist", async () => {
    const { requests } = await nurse.call<{ requests: { status: string }[] }>("GET", `/staff/cases/${key}`);
    return requests[0]?.status === "nurse-review" || undefined;
  });
  await nurse.call("POST", `${request}/claim`, {});
  await nurse.call("POST", `${request}/determination`, { decision: "refer", note: "Fewer hours than asked for seem enough." });
  await physician.call("POST", `${request}/claim`, {});
  await physician.call("POST", `${request}/determination`, {
    decision: "determine",
    lines: [{ outcome: "modified", units: 90, reason: "The developmental assessment supports three hours a day, and its goals explain no fourth." }],
    criteria: [{ title: "Day Habilitative Services manual", citation: "Section 2, 220.000", text: "Hours follow the assessed need." }],
  });
  await eventually("the letters", async () => {
    const { letters } = await by.call<{ letters: unknown[] }>("GET", `/cases/${key}`);
    return letters.length === 2 || undefined;
  });
}

/** The page while it waits, and when the server refuses; then as it is. */
async function waitsAndIsRefused(clerk: Hands, open: () => Promise<void>): Promise<void> {
  const { page } = clerk;
  const calls = `${stack.apiUrl}/members/*/requests*`;
  const headers = { "access-control-allow-origin": "*" };
  let go = () => {};
  const asked = new Promise<void>((resolve) => {
    go = resolve;
  });
  const problem = { type: "https://portico.example/problems/forbidden", title: "This is not yours to see", status: 403, detail: "Ask your administrator." };
  await page.route(calls, async (route) => {
    await asked;
    return route.fulfill({ status: 403, contentType: "application/problem+json", headers, body: JSON.stringify(problem) });
  });
  await open();
  await expect(page.getByText("Loading…").first()).toBeVisible();
  await accessible(page);
  go();
  await expect(page.getByRole("alert").first()).toContainText("Ask your administrator.");
  await accessible(page);
  await page.unroute(calls);
  const again = page.getByRole("button", { name: "Try again" });
  await expect(async () => {
    if (await again.count()) await clerk.press(again.first());
    await expect(page.getByRole("alert")).toBeHidden({ timeout: 1000 });
  }).toPass();
}

test("a member's earlier requests are seen before a new case, and none is repeated unknowingly", async ({ page, context, another }) => {
  test.setTimeout(300_000);
  const at = await office();
  const by = await caller(at.person);
  const first = await filled(at, by);
  const { caseId } = await by.make<{ caseId: string }>(`/cases/${first}/submission`, { disclaimerAgreed: true });
  await decided(first, by);
  const second = await filled(at, by);

  const clerk = new Keyboard(page);
  await signIn(clerk, at.person);
  await parameters(clerk, "Outpatient");
  await searched(clerk, at.member.last, at.member.birthDate);
  await waitsAndIsRefused(clerk, () => clerk.button(`Choose ${at.member.first} ${at.member.last}`));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Consumer Cases");
  const own = page.getByRole("table", { name: "Submitted Requests" });
  const row = own.getByRole("row", { name: new RegExp(caseId) });
  for (const text of [`${caseId}, R01`, "Approved in part", "Outpatient", "Day Habilitative Services", "T1015 U6 UB"]) await expect(row).toContainText(text);
  await expect(own.getByRole("row", { name: /Saved, not submitted/ })).toBeVisible();
  await expect(page.getByText("No other provider has named one of yours")).toBeVisible();
  await accessible(page);
  expect(`${page.url()} ${await page.title()}`).not.toContain(at.member.last);
  // In another order.
  const rows = own.getByRole("rowheader");
  await expect(rows.first()).toContainText(caseId);
  await clerk.select(page.getByLabel("Sort by"), "Status");
  await expect(rows.first()).toContainText("Saved, not submitted");
  await clerk.select(page.getByLabel("Order", { exact: true }), "Ascending");
  await expect(rows.first()).toContainText(caseId);
  // A letter opens from the list.
  const asked = context.waitForEvent("request", (sent) => sent.url().includes("letters") && sent.url().includes("X-Amz-Signature"));
  await clerk.press(row.getByRole("button", { name: /^Open \(PDF\): Letter to the provider/ }));
  expect((await fetch((await asked).url())).status).toBe(200);
  await page.bringToFront();
  // A new one like it: what still holds is filled in, and said; days and procedures are not.
  await clerk.press(row.getByRole("button", { name: `Begin like this ${caseId}, R01` }));
  await expect(focused(page)).toHaveText("Providers");
  await expect(page.getByText("Filled in from the earlier request")).toBeVisible();
  await expect(page.getByText("Providers, Service Details, Diagnosis. Please check them.")).toBeVisible();
  await accessible(page);
  await clerk.press(page.getByRole("navigation", { name: "Steps of the case" }).getByRole("link", { name: /^Service Details/ }));
  await expect(page.getByLabel("Service type").locator("option:checked")).toHaveText("Day Habilitative Services");
  await clerk.press(page.getByRole("navigation", { name: "Steps of the case" }).getByRole("link", { name: /^Diagnosis/ }));
  await expect(page.getByText(/F84\.0/).first()).toBeVisible();
  await clerk.press(page.getByRole("navigation", { name: "Steps of the case" }).getByRole("link", { name: /^Procedures/ }));
  await expect(page.getByText(/T1015/)).toHaveCount(0);

  // The same once more: which request, which procedure and days, and who performs it.
  await page.goto(`/cases/${second}/submit`);
  await expect(page.getByText("This may have been asked for before")).toBeVisible();
  const told = page.getByRole("listitem").filter({ hasText: `Case ${caseId}, R01` });
  for (const text of ["Approved in part", `Performed by ${at.place.name}.`, "T1015 U6 UB", "Look there first what was decided"]) await expect(told).toContainText(text);
  await accessible(page);
  await clerk.button("Submit");
  await expect(page.getByRole("link", { name: "Please answer: Why do you ask again?" })).toBeVisible();
  await accessible(page);
  await clerk.type(page.getByLabel("Why do you ask again?"), "The first month was spent in hospital.");
  await clerk.button("Submit");
  await clerk.button("Agree");
  await expect(page.getByText("The case was submitted", { exact: true })).toBeVisible();
  await expect(page.getByText("The first month was spent in hospital.")).toBeVisible();
  await accessible(page);

  // Whoever reviews it reads why.
  const reviewer = await another();
  await signIn(reviewer, staff("nurse"), "/staff/sign-in");
  await reviewer.goto(`/staff/cases/${second}`);
  await expect(reviewer.getByText(`Asked for before: ${caseId}, R01`)).toBeVisible();
  await expect(reviewer.getByText("The first month was spent in hospital.")).toBeVisible();
  await accessible(reviewer);
});

test("a request is found by member, provider and dates", async ({ page }) => {
  const at = await office();
  const by = await caller(at.person);
  const key = await filled(at, by);
  const { caseId } = await by.make<{ caseId: string }>(`/cases/${key}/submission`, { disclaimerAgreed: true });
  const clerk = new Keyboard(page);
  await signIn(clerk, at.person);
  const found = page.getByRole("table", { name: "Requests", exact: true }).getByRole("link", { name: caseId });
  const nothing = page.getByText("No request is like that.");
  const search = page.getByRole("button", { name: "Search" });
  await expect(found).toBeVisible();
  await clerk.press(page.getByText("By member, provider or dates"));
  await accessible(page);
  // Half of a member is told at its field.
  await clerk.type(page.getByLabel("Last name"), at.member.last);
  await clerk.press(search);
  await expect(page.getByRole("alert")).toContainText("Please correct the marked fields");
  await accessible(page);
  await clerk.type(page.getByLabel("Month", { exact: true }), at.member.birthDate);
  await clerk.press(search);
  await expect(page.getByRole("alert")).toBeHidden();
  await expect(found).toBeVisible();
  await clerk.type(page.getByLabel("Provider", { exact: true }), "Nobody Atall");
  await clerk.press(search);
  await expect(nothing).toBeVisible();
  await accessible(page);
  await clerk.type(page.getByLabel("Provider", { exact: true }), at.place.npi);
  await clerk.press(search);
  await expect(found).toBeVisible();
  await clerk.type(page.getByLabel("Services to"), "2020-01-01");
  await clerk.press(search);
  await expect(nothing).toBeVisible();
  await clerk.type(page.getByLabel("Services to"), "");
  await clerk.type(page.getByLabel("Submitted from"), "2020-01-01");
  await clerk.press(search);
  await expect(found).toBeVisible();
  // Whoever opens a case while a search is under way stays there when its answer comes.
  let go = () => {};
  const waits = new Promise<void>((resolve) => {
    go = resolve;
  });
  await page.route(`${stack.apiUrl}/cases/search`, async (route) => {
    await waits;
    await route.continue();
  });
  await clerk.type(page.getByLabel("Submitted from"), "2020-02-01");
  await clerk.press(search);
  await clerk.press(found);
  await expect(focused(page)).toHaveText("Case");
  const answered = page.waitForResponse((response) => response.url().endsWith("/cases/search") && response.request().method() === "POST");
  go();
  await answered;
  await expect(page.getByText(caseId).first()).toBeVisible();
  await page.unroute(`${stack.apiUrl}/cases/search`);
  await page.goBack();
  await expect(page.getByLabel("Submitted from")).toHaveValue(/2020/);
  await expect(found).toBeVisible();
  await expect(page).toHaveURL(/^[^/]+\/\/[^/]+\/\?search=/);
  // What was searched for is in no address.
  expect(page.url()).not.toContain(at.member.last);
  await clerk.button("Español");
  await expect(page.getByText("Por miembro, proveedor o fechas")).toBeVisible();
  await accessible(page);
});
