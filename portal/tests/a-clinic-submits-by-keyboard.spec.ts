// The same case without a mouse.

import { to, type } from "./keyboard";
import { office, pdf, saved } from "./office";
import { signIn } from "./people";
import { expect, focused, test, type Page } from "./portal";

test("a clinic submits a case by keyboard alone", async ({ page }) => {
  test.setTimeout(300_000);
  const { place, person, member } = await office();
  await signIn(page, person);
  await expect(focused(page)).toHaveText("Home");
  await to(page, "Create Case", "Enter");
  await expect(focused(page)).toHaveText("Create Case");
  await choose(page, "Request type", "Inpatient", 1);
  await to(page, "Go to Member Information", "Enter");
  await expect(focused(page)).toHaveText("Member Search");
  await type(page, "Last name", member.last);
  await type(page, "Month", "5/14/2022");
  await to(page, "Search", "Enter");
  await expect(page.getByText("1 member found.")).toBeVisible();
  await to(page, "Create Case", "Enter");

  await expect(focused(page)).toHaveText("Providers");
  await search(page, "Find the servicing provider", place.npi, place.name);
  await saved(page).toBeVisible();
  await to(page, "Go to Service Details", "Enter");
  await expect(focused(page)).toHaveText("Service Details");
  await select(page, "Service type", "Day Hab");
  await select(page, "Place of service", "Office");
  await to(page, "Go to Diagnosis", "Enter");

  await expect(focused(page)).toHaveText("Diagnosis");
  await search(page, "Diagnosis code or description", "F80.2", "F80.2");
  await search(page, "Diagnosis code or description", "F84.0", "F84.0");
  const list = page.locator(".code-list li");
  await expect(list).toHaveText([/F80\.2.*Primary/, /F84\.0/]);
  await reach(page, "Move up F84.0");
  await page.keyboard.press("Enter");
  await expect(list).toHaveText([/F84\.0.*Primary/, /F80\.2/]);
  await expect(page.getByText("F84.0 is now number 1 of 2: primary.")).toBeAttached();
  await expect(focused(page)).toHaveAccessibleName("Move down F84.0");
  await to(page, "Go to Request Type", "Enter");

  await expect(focused(page)).toHaveText("Request Type");
  await select(page, "Request type", "Initial");
  await to(page, "Standard", "Space");
  await to(page, "Go to Procedures", "Enter");

  await expect(focused(page)).toHaveText("Procedures");
  await type(page, "Procedure code", "T1015");
  await type(page, "Modifiers", "U6 UB");
  await date(page, "First day", 7);
  await date(page, "Last day", 36);
  await type(page, "Requested Duration", "30");
  await type(page, "Requested Quantity", "120");
  await to(page, "Go to Attachments", "Enter");

  await expect(focused(page)).toHaveText("Attachments");
  const labels = (await page.getByLabel("Document type").locator("option").allInnerTexts()).slice(1, 5);
  for (const [number, label] of labels.entries()) {
    await select(page, "Document type", label, number === 0 ? "Tab" : "Shift+Tab");
    await to(page, "File", "Shift");
    const asked = page.waitForEvent("filechooser");
    await page.keyboard.press("Enter");
    await (await asked).setFiles(pdf(`document ${number + 1}.pdf`));
    await expect(page.getByRole("row", { name: `document ${number + 1}.pdf` })).toContainText("Attached");
  }
  await to(page, "Go to Communications", "Enter");
  await expect(focused(page)).toHaveText("Communications");
  await to(page, "Go to Submit", "Enter");
  await expect(focused(page)).toHaveText("Submit");
  await to(page, "Submit", "Enter", "Shift+Tab");
  await expect(page.getByRole("dialog", { name: "Disclaimer" })).toBeVisible();
  await to(page, "Agree", "Enter");
  await expect(page.getByText("The case was submitted", { exact: true })).toBeVisible();
  await expect(focused(page)).toHaveText("Case");
  await to(page, "Copy Case ID", "Enter");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^\d{9}$/);
});

/** A radio button: the first of its group is reached by Tab, the others by arrows. */
async function choose(page: Page, group: string, first: string, moves: number): Promise<void> {
  await expect(page.getByRole("group", { name: group })).toBeVisible();
  await to(page, first, "Space");
  for (let move = 0; move < moves; move++) await page.keyboard.press("ArrowDown");
}

async function select(page: Page, label: string, beginning: string, step = "Tab"): Promise<void> {
  await to(page, label, "Shift", step);
  await page.keyboard.type(beginning);
  await expect(focused(page).locator("option:checked")).toContainText(beginning);
}

async function search(page: Page, label: string, text: string, found: string): Promise<void> {
  if ((await focused(page).getAttribute("id")) !== (await page.getByRole("combobox", { name: label }).getAttribute("id"))) await to(page, label, "End");
  await page.keyboard.type(text);
  await expect(page.getByRole("option", { name: found }).first()).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(focused(page)).toHaveValue("");
}

/** A date as it is typed: month, day, year. */
async function date(page: Page, label: string, days: number): Promise<void> {
  const [year = "", month = "", day = ""] = new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10).split("-");
  await to(page, label, "Shift");
  await page.keyboard.type(`${month}${day}${year}`);
  // Who leaves the field sees how it was read.
  await page.keyboard.press("Tab");
  await expect(page.getByLabel(label)).toHaveValue(`${month}/${day}/${year}`);
  await page.keyboard.press("Shift+Tab");
}

/** A button by the name that is spoken, where its text is shorter. */
async function reach(page: Page, name: string): Promise<void> {
  const wanted = page.getByRole("button", { name });
  for (let moves = 0; moves < 60; moves++) {
    await page.keyboard.press("Tab");
    if (await wanted.evaluate((button) => button === document.activeElement)) return;
  }
  throw new Error(`${name} is not reached by keyboard`);
}
