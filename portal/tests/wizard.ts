// A clerk's way through a case, from Create Case to its Case ID.

import { expect, focused } from "./portal";
import type { Hands } from "./hands";
import type { Member } from "./office";

/** Create Case, as far as the member search. */
export async function parameters(clerk: Hands, setting: "Inpatient" | "Outpatient"): Promise<void> {
  const { page } = clerk;
  await clerk.press(page.getByRole("main").getByRole("link", { name: "Create Case" }));
  await expect(focused(page)).toHaveText("Create Case");
  await clerk.choose(page.getByRole("radio", { name: setting }));
  await clerk.button("Go to Member Information");
  await expect(focused(page)).toHaveText("Member Search");
}

/** Searches by name and date of birth, sees that nothing was asked for before, then begins the case. */
export async function begin(clerk: Hands, { first, last, birthDate }: Member): Promise<void> {
  const { page } = clerk;
  await searched(clerk, last, birthDate);
  await expect(page.getByText("1 member found.")).toBeVisible();
  await clerk.button(`Choose ${first} ${last}`);
  await expect(focused(page)).toHaveText("Earlier Requests");
  await expect(page.getByText("Your providers have asked for nothing for this member yet.")).toBeVisible();
  await clerk.button("Create Case");
  await expect(focused(page)).toHaveText("Providers");
}

/** The date goes whole into its first field, as it is pasted. */
export async function searched(clerk: Hands, last: string, birthDate: string): Promise<void> {
  await clerk.type(clerk.page.getByLabel("Last name"), last);
  await clerk.type(clerk.page.getByLabel("Month", { exact: true }), birthDate);
  await clerk.button("Search");
}

/** On to the next step, where the work goes on at its heading. */
export async function onTo(clerk: Hands, step: string): Promise<void> {
  const { page } = clerk;
  const name = `Go to ${step}`;
  await clerk.press(page.getByRole("button", { name }).or(page.getByRole("link", { name })));
  await expect(focused(page)).toHaveText(step);
}

export async function service(clerk: Hands, type: string, place: string): Promise<void> {
  await clerk.select(clerk.page.getByLabel("Service type"), type);
  await clerk.select(clerk.page.getByLabel("Place of service"), place);
}

/** Each is found by a text. */
export async function diagnose(clerk: Hands, ...codes: [text: string, code: string][]): Promise<void> {
  const { page } = clerk;
  for (const [text, code] of codes) {
    await clerk.find(page.getByRole("combobox", { name: "Diagnosis code or description" }), text, page.getByRole("option", { name: code }).first());
    await expect(page.locator(".code-list li", { hasText: code })).toBeVisible();
  }
}

export async function initial(clerk: Hands): Promise<void> {
  await clerk.select(clerk.page.getByLabel("Request type"), "Initial");
  await clerk.choose(clerk.page.getByRole("radio", { name: /^Standard/ }));
}

export interface Line {
  code: string;
  modifiers?: string;
  from: number;
  days: number;
  units: number;
}

/** Fills in a procedure, by its place; the first is there already. */
export async function line(clerk: Hands, place: number, { code, modifiers, from, days, units }: Line): Promise<void> {
  const { page } = clerk;
  if (place > 1) await clerk.button("Add another procedure");
  const group = page.getByRole("group", { name: `Procedure ${place}` });
  await clerk.type(group.getByLabel("Procedure code"), code);
  if (modifiers) await clerk.type(group.getByLabel("Modifiers"), modifiers);
  await clerk.date(group.getByLabel("First day"), from);
  await clerk.date(group.getByLabel("Last day"), from + days - 1);
  await clerk.type(group.getByLabel("Requested Duration"), String(days));
  await clerk.type(group.getByLabel("Requested Quantity"), String(units));
}

/** Asks for the submit and agrees to the disclaimer. */
export async function agree(clerk: Hands): Promise<void> {
  await clerk.button("Submit");
  await expect(clerk.page.getByRole("dialog", { name: "Disclaimer" })).toBeVisible();
  await clerk.button("Agree");
}

/** The same, and the Case ID that came of it. */
export async function submit(clerk: Hands): Promise<string> {
  const { page } = clerk;
  await agree(clerk);
  await expect(page.getByText("The case was submitted", { exact: true })).toBeVisible();
  await expect(focused(page)).toHaveText("Case");
  const caseId = await page.locator(".case-id").filter({ hasText: "Case ID" }).locator("strong").innerText();
  await clerk.button("Copy Case ID");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(caseId);
  return caseId;
}
