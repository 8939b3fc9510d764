// A clinic's case from Create Case to its Case ID: by mouse, with every state of every step.

import { office, pdf, pretender, saved } from "./office";
import { signIn } from "./people";
import { accessible, expect, focused, test, type Page } from "./portal";
import { inDays } from "./stack";

test("a clinic submits a case", async ({ page }) => {
  test.setTimeout(300_000);
  const { place, person, member } = await office();
  await signIn(page, person);
  await expect(page.getByText("You have no saved request that waits to be submitted.")).toBeVisible();
  await expect(page.getByText("Your providers have no requests yet.")).toBeVisible();
  await accessible(page);
  await page.getByRole("main").getByRole("link", { name: "Create Case" }).click();

  await expect(focused(page)).toHaveText("Create Case");
  await page.getByRole("button", { name: "Go to Consumer Information" }).click();
  await expect(page.getByRole("link", { name: "Request type is required." })).toBeVisible();
  await accessible(page);
  await expect(page.getByLabel("Requesting provider")).toContainText(place.name);
  await page.getByText("Outpatient").click();
  await page.getByRole("button", { name: "Go to Consumer Information" }).click();

  await expect(focused(page)).toHaveText("Consumer Search");
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await accessible(page);
  await page.getByLabel("Last name").fill("Nobodyatall");
  for (const [part, value] of [["Month", "5"], ["Day", "14"], ["Year", "2022"]] as const) await page.getByLabel(part, { exact: true }).fill(value);
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await expect(page.getByText("This contract takes no temporary consumers.")).toBeVisible();
  await expect(page.getByRole("link", { name: "888-660-3831" })).toBeVisible();
  await accessible(page);
  await page.getByLabel("Consumer ID").fill(member.number);
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await expect(page.getByText("1 consumer found.")).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: `Choose ${member.first} ${member.last}` }).click();
  await expect(focused(page)).toHaveText("Consumer Cases");
  await page.getByRole("button", { name: "Create Case" }).click();

  await expect(focused(page)).toHaveText("Providers");
  await expect(page).toHaveURL(/\/cases\/\w+\/providers$/);
  await expect(page).toHaveTitle("Providers");
  await expect(page.getByRole("navigation", { name: "Steps of the case" }).getByRole("listitem")).toHaveCount(9);
  // The requesting provider is proposed.
  await page.getByRole("button", { name: "Remove: Servicing provider" }).click();
  await page.getByRole("button", { name: "Go to Service Details" }).click();
  await expect(page.getByRole("link", { name: "Servicing provider is required." })).toBeVisible();
  await accessible(page);
  await page.getByRole("group", { name: "Search for new provider" }).getByRole("combobox", { name: "Name" }).fill(place.name);
  await page.getByRole("option", { name: place.name }).click();
  await saved(page).toBeVisible();
  await expect(page.getByLabel("Fax number")).toHaveValue(place.fax);
  await accessible(page);
  await page.getByRole("button", { name: "Go to Service Details" }).click();

  await expect(focused(page)).toHaveText("Service Details");
  await page.getByLabel("Service type").selectOption("Day Habilitative Services");
  await page.getByLabel("Place of service").selectOption("Office (11)");
  await saved(page).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: "Go to Diagnosis" }).click();

  await expect(focused(page)).toHaveText("Diagnosis");
  await accessible(page);
  await page.getByRole("combobox", { name: "Diagnosis code or description" }).fill("autistic disorder");
  await expect(page.getByRole("option", { name: /^F84\.0/ })).toBeVisible();
  await accessible(page);
  await page.getByRole("option", { name: /^F84\.0/ }).click();
  await code(page, "R62.50");
  await code(page, "F80.2");
  const list = page.locator(".code-list li");
  await expect(list).toHaveText([/F84\.0.*Primary/, /R62\.50/, /F80\.2/]);
  // A list that is being saved may move under the pointer.
  await saved(page).toBeVisible();
  await list.nth(2).dragTo(list.nth(0));
  await expect(list).toHaveText([/F80\.2.*Primary/, /F84\.0/, /R62\.50/]);
  await page.getByRole("button", { name: "Move up F84.0" }).click();
  await expect(list.first()).toHaveText(/F84\.0.*Primary/);
  await expect(page.getByText("F84.0 is now number 1 of 3: primary.")).toBeAttached();
  await expect(focused(page)).toHaveAccessibleName("Move down F84.0");
  await page.getByRole("button", { name: "Remove R62.50" }).click();
  await expect(list).toHaveCount(2);
  await saved(page).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: "Go to Requests" }).click();

  await expect(focused(page)).toHaveText("Request Type");
  await page.getByLabel("Request type").selectOption("initial");
  await page.getByText("Decided within the usual time of the contract.").click();
  await saved(page).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: "Go to Procedures" }).click();

  await expect(focused(page)).toHaveText("Procedures");
  await expect(page.getByText("30 days (duration) and 12 visits (quantity)")).toBeVisible();
  await page.getByRole("combobox", { name: "Find a HCPCS code" }).fill("T1015");
  await page.getByRole("option", { name: /^T1015/ }).click();
  await expect(page.getByLabel("Procedure code")).toHaveValue("T1015");
  await page.getByLabel("Modifiers").fill("u6 ub");
  await page.getByLabel("First day").fill(inDays(7));
  await page.getByLabel("Last day").fill(inDays(36));
  await expect(page.getByText("The dates are 30 days.")).toBeVisible();
  await page.getByLabel("Requested Duration").fill("30");
  await page.getByLabel("Requested Quantity").fill("180");
  await page.getByRole("button", { name: "Go to Questionnaires" }).click();
  await expect(page.getByRole("alert")).toContainText("At most 5 units a day");
  await accessible(page);
  await page.getByLabel("Requested Quantity").fill("120");
  await saved(page).toBeVisible();
  await page.getByRole("button", { name: "Go to Questionnaires" }).click();

  await expect(focused(page)).toHaveText("Questionnaires");
  await expect(page.getByText("No questionnaire is required for this request.")).toBeVisible();
  await accessible(page);
  await page.getByRole("link", { name: "Go to Attachments" }).click();

  await expect(focused(page)).toHaveText("Attachments");
  await expect(page.locator(".rules li")).toHaveText([/missing$/, /missing$/, /missing$/, /missing$/]);
  await accessible(page);
  await page.getByLabel("File", { exact: true }).setInputFiles(pdf("early.pdf"));
  await expect(page.getByText("Choose the document type first")).toBeVisible();
  await accessible(page);
  await attachments(page);
  await page.getByRole("link", { name: "Go to Communications" }).click();

  await expect(focused(page)).toHaveText("Communications");
  await page.getByRole("button", { name: "Add Note" }).click();
  await expect(page.getByRole("link", { name: "Note is required." })).toBeVisible();
  await accessible(page);
  await page.getByRole("textbox", { name: /^Note/ }).fill("Two siblings are in the same program.");
  await page.getByRole("button", { name: "Add Note" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "Two siblings" })).toBeVisible();
  await accessible(page);
  await page.getByRole("link", { name: "Go to Submit" }).click();

  await expect(focused(page)).toHaveText("Submit");
  const cards = page.getByRole("region");
  await expect(cards.filter({ hasText: "Providers" }).first()).toContainText(place.name);
  await expect(page.getByRole("region", { name: "Procedures" })).toContainText("T1015 U6 UB");
  await accessible(page);
  await page.getByRole("link", { name: "Update Service Details" }).click();
  await expect(page.getByLabel("Service type")).toHaveValue("day-habilitative");
  await page.goBack();
  await expect(focused(page)).toHaveText("Submit");
  await page.getByRole("button", { name: "Submit" }).click();
  await expect(page.getByRole("dialog", { name: "Disclaimer" })).toContainText("not a guarantee of payment");
  await accessible(page);
  await page.getByRole("button", { name: "Agree" }).click();

  await expect(page.getByText("The case was submitted", { exact: true })).toBeVisible();
  const caseId = await page.locator(".case-id").filter({ hasText: "Case ID" }).locator("strong").innerText();
  expect(caseId).toMatch(/^\d{9}$/);
  await page.getByRole("button", { name: "Copy Case ID" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(caseId);
  await expect(page.getByText("Decision due")).toBeVisible();
  await page.getByText("Why this date").click();
  await expect(page.locator("details")).toContainText("Started");
  await expect(page.locator(".timeline")).toContainText(`The case was submitted as ${caseId}.`);
  await accessible(page);
  // Neither the address nor the title tells whose case it is.
  expect(`${page.url()} ${await page.title()}`).not.toMatch(new RegExp(`${member.last}|${member.number}|${caseId}`));

  await page.getByRole("link", { name: "Home" }).click();
  await page.getByLabel("Case ID").fill(caseId);
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page.getByRole("link", { name: caseId })).toBeVisible();
  await page.getByLabel("Status").selectOption("Denied");
  await expect(page.getByText("No request is like that.")).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: "Español" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Inicio");
  await accessible(page);
});

async function code(page: Page, text: string): Promise<void> {
  await page.getByRole("combobox", { name: "Diagnosis code or description" }).fill(text);
  await page.getByRole("option", { name: new RegExp(`^${text}`) }).click();
}

/** The four that are required, one taken out and brought again, and one that is refused. */
async function attachments(page: Page): Promise<void> {
  const type = page.getByLabel("Document type");
  const labels = (await type.locator("option").allInnerTexts()).slice(1, 5);
  for (const [place, label] of labels.entries()) {
    await type.selectOption(label);
    await page.getByLabel("File", { exact: true }).setInputFiles(pdf(`document ${place + 1}.pdf`));
    await page.getByRole("button", { name: "Upload", exact: true }).click();
    await expect(page.getByRole("row", { name: `document ${place + 1}.pdf` })).toContainText("Attached");
  }
  await expect(page.locator(".rules li")).toHaveText([/attached$/, /attached$/, /attached$/, /attached$/]);
  await type.selectOption("Other");
  await page.getByLabel("File", { exact: true }).setInputFiles(pretender("treatment plan.pdf"));
  await page.getByRole("button", { name: "Upload", exact: true }).click();
  await expect(page.getByRole("row", { name: "treatment plan.pdf" })).toContainText("Refused");
  await page.getByLabel("File", { exact: true }).setInputFiles({ name: "notes.exe", mimeType: "application/octet-stream", buffer: Buffer.from("MZ") });
  await page.getByRole("button", { name: "Upload", exact: true }).click();
  await expect(page.getByRole("button", { name: "Remove notes.exe" })).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: "Remove notes.exe" }).click();
  await page.getByRole("button", { name: "Remove document 4.pdf" }).click();
  await expect(page.getByRole("row", { name: "document 4.pdf" })).toBeHidden();
  await expect(page.locator(".rules li").filter({ hasText: "missing" })).toHaveCount(1);
  await type.selectOption(labels[3] ?? "");
  await page.getByLabel("File", { exact: true }).setInputFiles(pdf("once more.pdf"));
  await page.getByRole("button", { name: "Upload", exact: true }).click();
  await expect(page.locator(".rules li").filter({ hasText: "missing" })).toHaveCount(0);
}
