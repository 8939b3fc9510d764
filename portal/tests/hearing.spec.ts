// After a denial in part: a clinic asks for a State fair hearing for the member, the plan records when it is and how it ended, and a reversal
// becomes a further request.

import { BOTH, type Hands } from "./hands";
import { staff } from "./office";
import { signIn } from "./people";
import { accessible, expect, focused, test } from "./portal";
import { deniedInPart, type Waiting } from "./reviewers";
import { inDays, stack } from "./stack";

const REASON = "The second month continues the goals of the first.";
const recorded = `${stack.apiUrl}/staff/cases/*/requests/R01/hearing`;
const ORDER = "The plan approves the second month as it was asked for.";

for (const Way of BOTH) {
  test(`a clinic asks for a State fair hearing, and its outcome is recorded, ${Way.way}`, async ({ page, another }) => {
    test.setTimeout(240_000);
    const found = await deniedInPart();
    const [clerk, nurse] = [new Way(page), new Way(await another())];
    await asks(clerk, found);
    await records(nurse, found);
    await page.reload();
    await expect(page.getByText("State fair hearing about R01: Reversed: all of it is to be approved")).toBeVisible();
    await expect(page.getByText(ORDER)).toBeVisible();
    await expect(page.getByRole("heading", { name: /^R02:/ })).toBeVisible();
    await expect(page.getByText("This carries out a State fair hearing.")).toBeVisible();
    await expect(page.getByRole("button", { name: "Ask for a State fair hearing about R01" })).toBeHidden();
    await expect(page.getByText("The State fair hearing about R01 reversed the decision.")).toBeVisible();
    await accessible(page);
    await clerk.button("Español");
    await expect(page.getByText("Audiencia imparcial del estado sobre R01: Revocada: se debe aprobar todo")).toBeVisible();
    await expect(page.getByText("La audiencia imparcial del estado sobre R01 revocó la decisión.")).toBeVisible();
    await accessible(page);
  });
}

async function asks(clerk: Hands, { office, caseId }: Waiting): Promise<void> {
  const { page } = clerk;
  await signIn(clerk, office.person);
  await clerk.link("Home");
  await clerk.press(page.getByRole("link", { name: caseId }));
  await expect(focused(page)).toHaveText("Case");
  await expect(page.getByText("A State fair hearing may be asked for until").first()).toBeVisible();
  await clerk.button("Ask for a State fair hearing about R01");
  const form = page.getByRole("dialog");
  await expect(form).toBeVisible();
  await accessible(page);
  await clerk.press(form.getByRole("button", { name: "Record", exact: true }));
  await expect(page.getByRole("link", { name: "Why the decision is to be heard is required." })).toBeVisible();
  await accessible(page);
  await clerk.type(form.getByRole("textbox", { name: "Why the decision is to be heard" }), REASON);
  // Whoever leaves it in the middle finds it as it was.
  await clerk.press(form.getByRole("button", { name: "Cancel" }));
  await expect(form).toBeHidden();
  await clerk.button("Ask for a State fair hearing about R01");
  await expect(form.getByRole("textbox", { name: "Why the decision is to be heard" })).toHaveValue(REASON);
  await clerk.choose(form.getByRole("checkbox", { name: /^The member has agreed in writing/ }));
  await clerk.press(form.getByRole("button", { name: "Record", exact: true }));
  await expect(focused(page)).toContainText("The State fair hearing about R01 is asked for.");
  await expect(page.getByText("State fair hearing about R01: asked for")).toBeVisible();
  await accessible(page);
}

/** Today's date where the contract is, in days from that of this machine. */
function today(): number {
  const there = new Intl.DateTimeFormat("en-CA", { timeZone: "America/Chicago" }).format(new Date());
  return Math.round((Date.parse(there) - Date.parse(inDays(0))) / 86_400_000);
}

async function records(nurse: Hands, { key }: Waiting): Promise<void> {
  const { page } = nurse;
  await signIn(nurse, staff("nurse"), "/staff/sign-in");
  await page.goto(`/staff/cases/${key}`);
  await expect(page.getByText("State fair hearing about R01: asked for")).toBeVisible();
  await accessible(page);
  const form = page.getByRole("dialog");
  await nurse.button("Record when the hearing is");
  await nurse.press(form.getByRole("button", { name: "Record", exact: true }));
  await expect(page.getByRole("link", { name: "Date of the hearing is required." })).toBeVisible();
  await accessible(page);
  await nurse.date(form.getByLabel("Date of the hearing"), 14);
  await nurse.type(form.getByLabel("Time of the hearing"), "10:30");
  await nurse.press(form.getByRole("button", { name: "Record", exact: true }));
  await expect(focused(page)).toContainText("The time of the hearing is recorded.");
  await expect(page.getByText("State fair hearing about R01: scheduled")).toBeVisible();
  await nurse.button("Record how the hearing ended");
  await nurse.select(form.getByLabel("Outcome"), "Reversed: all");
  await nurse.date(form.getByLabel("Held, withdrawn or dismissed on"), today());
  await nurse.type(form.getByLabel("What was ordered, or why it was not held"), ORDER);
  await accessible(page);
  const refused = { type: "https://portico.example/problems/conflict", title: "Not now", status: 409, detail: "The hearing is being looked at.", state: "closed" };
  await page.route(recorded, (route) => route.fulfill({ status: 409, json: refused, headers: { "access-control-allow-origin": "*" } }));
  await nurse.press(form.getByRole("button", { name: "Record", exact: true }));
  await expect(form.getByRole("alert")).toBeVisible();
  await expect(form.getByLabel("What was ordered, or why it was not held")).toHaveValue(ORDER);
  await accessible(page);
  await page.unroute(recorded);
  await nurse.press(form.getByRole("button", { name: "Record", exact: true }));
  await expect(focused(page)).toContainText("The outcome of the hearing is recorded.");
  await expect(page.getByText("This carries out a State fair hearing.")).toBeVisible();
  await accessible(page);
}
