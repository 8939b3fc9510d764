// The training of Health First Colorado, step by step, under its names and in its order.

import { randomUUID } from "node:crypto";
import { follow, heading, press } from "./guide";
import { Mouse } from "./hands";
import { member, office, pdf } from "./office";
import { enrol, fillAccount, signIn } from "./people";
import { accessible, expect, focused, test, type Page } from "./portal";
import { deniedInPart, family } from "./reviewers";
import { clinic, inDays } from "./stack";
import { parameters } from "./wizard";


export function training(): void {
  test("the training: from Register here to the Case ID, and what is submitted after it", async ({ page }) => {
    test.setTimeout(300_000);
    const [place, servicing, adult] = await Promise.all([clinic("colorado"), clinic("colorado"), member("colorado", "1971-03-08")]);
    await page.goto("/sign-in");
    await heading(page, "Login: Customer/Provider");
    await page.getByRole("link", { name: "register here" }).click();
    await page.getByLabel("NPI").fill(place.npi);
    await page.getByLabel("Provider Registration Code").fill(place.code);
    await press(page, "Next");
    await heading(page, "Account information");
    for (const part of ["Organizational Information", "Contact information", "Terms of Use"]) await expect(page.getByRole("heading", { name: part })).toBeVisible();
    await expect(page.getByRole("checkbox", { name: /^Acknowledgement/ })).toBeVisible();
    await fillAccount(page, place);
    await press(page, "Continue");
    const secret = await enrol(page, place.email);
    await signIn(page, { username: place.username, secret });

    await expect(page.getByRole("heading", { name: "Request Saved But Not Submitted" })).toBeVisible();
    await page.getByRole("main").getByRole("link", { name: "Create Case" }).click();
    await expect(page.getByRole("heading", { name: "Case Parameters" })).toBeVisible();
    await expect(page.getByLabel("Case Type").locator("option:checked")).toHaveText("UM");
    await expect(page.getByLabel("Case Contract")).toHaveValue("Health First Colorado");
    await new Mouse(page).choose(page.getByRole("group", { name: "Request Type" }).getByRole("radio", { name: "Outpatient" }));
    await accessible(page);
    await press(page, "Go to Consumer Information");

    await heading(page, "Consumer Search");
    await page.getByLabel("Consumer ID").fill(adult.number);
    await press(page, "Search");
    await press(page, `Choose ${adult.first} ${adult.last}`);
    await heading(page, "Consumer Cases");
    for (const list of ["Submitted Requests", "Servicing Requests"]) await expect(page.getByRole("heading", { name: list })).toBeVisible();
    await expect(page.getByText("Once you click “Create Case”")).toBeVisible();
    await press(page, "Create Case");

    const steps = page.getByRole("navigation", { name: "Steps of the case" }).getByRole("link");
    await heading(page, "Providers");
    await expect(steps).toHaveText([/Providers/, /Service Details/, /Diagnosis/, /Request Type/, /Procedures/, /Questionnaires/, /Attachments/, /Communications/, /Submit/]);
    await press(page, "Update: Servicing provider");
    await expect(focused(page)).toHaveRole("combobox");
    await page.getByRole("group", { name: "Search for new provider" }).getByRole("combobox", { name: "Name" }).fill(servicing.name);
    await page.getByRole("option", { name: /Choose$/ }).click();
    await expect(page.getByText(servicing.name)).toBeVisible();
    await page.getByRole("group", { name: "Add Attending Physician" }).getByRole("combobox", { name: "Name" }).fill("Haddad");
    await page.getByRole("option", { name: /^Noor Haddad.*Choose$/ }).click();
    await expect(page.getByLabel("Fax Number")).toHaveValue(place.fax);
    await accessible(page);
    await press(page, "Go to Service Details");

    await heading(page, "Service Details");
    await page.getByLabel("Service type").selectOption("durable-medical-equipment");
    await page.getByLabel("Place of service").selectOption("12");
    await press(page, "Go to Diagnosis");
    await diagnoses(page);
    await press(page, "Go to Requests");

    await heading(page, "Request Type");
    await page.getByLabel("Request type").selectOption("initial");
    await new Mouse(page).choose(page.getByRole("radio", { name: /^Standard/ }));
    await press(page, "Go to Procedures");
    await heading(page, "Procedures");
    const type = page.getByLabel("Code Type");
    await expect(type.locator("option:checked")).toHaveText("HCPCS");
    await type.selectOption("CPT");
    await expect(page.getByRole("combobox", { name: "Find a HCPCS code" })).toBeHidden();
    await type.selectOption("HCPCS");
    await page.getByRole("combobox", { name: "Find a HCPCS code" }).fill("K0823");
    await page.getByRole("option", { name: /^K0823/ }).click();
    await expect(page.getByLabel("Procedure code")).toHaveValue("K0823");
    await expect(page.getByLabel("Modifiers")).toBeVisible();
    for (const day of ["First day", "Last day"]) await page.getByLabel(day).fill(inDays(1));
    for (const amount of ["Requested Duration", "Requested Quantity"]) await page.getByLabel(amount).fill("1");
    await accessible(page);
    await press(page, "Go to Questionnaires");

    await questionnaire(page);
    await follow(page, "Go to Attachments");
    await heading(page, "Attachments");
    await expect(page.getByRole("heading", { name: "Upload a Document" })).toBeVisible();
    await page.getByLabel("Document Type").selectOption({ index: 1 });
    await expect(page.getByText("Drag and drop or")).toBeVisible();
    await page.getByLabel("File", { exact: true }).setInputFiles(pdf("order.pdf"));
    await expect(page.getByText("Chosen, and not uploaded yet")).toBeVisible();
    await accessible(page);
    await press(page, "Upload");
    await expect(page.getByRole("row", { name: /order\.pdf.*Attached/ })).toBeVisible();
    await follow(page, "Go to Communications");
    await expect(page.getByRole("heading", { name: "Add a Note" })).toBeVisible();
    await page.getByRole("textbox", { name: /^Note/ }).fill("Wheelchair needed for hospital discharge");
    await press(page, "Add Note");
    await expect(page.getByRole("listitem").filter({ hasText: "Wheelchair needed" })).toBeVisible();
    await follow(page, "Go to Submit");

    await heading(page, "Submit");
    await follow(page, "Update Service Details");
    await heading(page, "Service Details");
    await steps.filter({ hasText: "Submit" }).click();
    await heading(page, "Submit");
    await press(page, "Submit");
    await expect(page.getByRole("dialog", { name: "Disclaimer" })).toBeVisible();
    await press(page, "Agree");
    await expect(page.locator(".case-id")).toContainText(/Case ID: \d{9}/);

    await selected(page, "Additional Clinical Information");
    const form = page.getByRole("form", { name: "Add information to R01" });
    await form.getByLabel("Note").fill("The member goes home on Friday.");
    await form.getByLabel("Document Type").selectOption({ index: 1 });
    await form.getByLabel("File").setInputFiles(pdf("discharge.pdf"));
    await form.getByRole("button", { name: "Submit" }).click();
    const row = page.getByRole("table", { name: "Documents" }).getByRole("row", { name: /discharge\.pdf.*Attached/ });
    await expect(row.getByRole("cell").first()).toHaveText("R01");
    for (const column of ["Request", "File Name", "Document Type", "Uploaded On"]) {
      await expect(page.getByRole("table", { name: "Documents" }).getByRole("columnheader", { name: column, exact: true })).toBeVisible();
    }
    await expect(page.getByRole("listitem").filter({ hasText: "The member goes home on Friday." })).toContainText(/^R01.*Note type: Additional information/s);
    await accessible(page);
  });

  /** Two of them, of which the second is dragged to the top. */

  test("the training: a temporary consumer", async ({ page }) => {
    const { person } = await office("colorado");
    const last = family(randomUUID().slice(0, 8));
    await signIn(page, person);
    await parameters(new Mouse(page), "Outpatient");
    await page.getByLabel("Last name").fill(last);
    await page.getByLabel("Month", { exact: true }).fill("1996-04-12");
    await press(page, "Search");
    await expect(page.getByText("No records found", { exact: true })).toBeVisible();
    await follow(page, "Add Temporary Consumer");
    await heading(page, "Add Temporary Consumer");
    for (const part of ["Consumer Details", "Contact Information"]) await expect(page.getByRole("heading", { name: part })).toBeVisible();
    for (const field of ["Prefix", "Middle name", "Suffix", "Language", "Address line 2", "Phone number", "E-mail"]) await expect(page.getByLabel(field)).toBeVisible();
    await page.getByLabel("First name").fill("Ryan");
    await new Mouse(page).choose(page.getByRole("radio", { name: "Male", exact: true }));
    const values = { "Address line 1": "999 99th Ave", "City": "Boulder", "State/Province": "CO", "County": "Boulder", "Postal code": "80302" };
    for (const [label, value] of Object.entries(values)) await page.getByLabel(label).fill(value);
    await press(page, "Create Temporary Consumer");
    await heading(page, "Consumer Cases");
    await expect(page.getByText("Your providers have asked for nothing for this member yet.")).toBeVisible();
    await accessible(page);
    await press(page, "Create Case");
    await heading(page, "Providers");
    await expect(page.getByText(`Ryan ${last}, 04/12/1996`)).toBeVisible();
  });

  test("the training: reconsideration, authorization revision and peer-to-peer review of a decided request", async ({ page }) => {
    test.setTimeout(240_000);
    const found = await deniedInPart();
    await signIn(page, found.office.person);
    await page.goto(`/cases/${found.key}`);
    await heading(page, "Case");

    await selected(page, "Peer-to-Peer Review");
    const talk = page.getByRole("dialog", { name: "Ask for peer-to-peer about R01" });
    await talk.getByLabel("Ordering provider").fill("Dr. Doe");
    await talk.getByLabel("Phone to call").fill("501-555-0144");
    for (const [place, time] of ["12 pm", "8 am", "3 pm"].entries()) {
      await talk.getByLabel(`Date ${place + 1}`).fill(inDays(place + 2));
      await talk.getByLabel(`Time ${place + 1}`).fill(time);
    }
    await talk.getByLabel("Note").fill("Dr. Doe is requesting a peer-to-peer review.");
    await talk.getByLabel("Document Type").selectOption({ index: 1 });
    await talk.getByLabel("File").setInputFiles(pdf("letter of Dr. Doe.pdf"));
    await accessible(page);
    await talk.getByRole("button", { name: "Submit" }).click();
    await expect(page.getByText("Peer-to-peer about R01: asked for")).toBeVisible();
    await expect(page.getByRole("row", { name: /^R01 letter of Dr\. Doe\.pdf.*Attached/ })).toBeVisible();
    await expect(page.getByRole("listitem").filter({ hasText: "Dr. Doe is requesting" })).toContainText(/^R01.*Note type: Peer-to-peer review/s);

    await selected(page, "Authorization Revision");
    await heading(page, "Revise R01");
    const revision = page.getByRole("form", { name: "Revise R01" });
    await expect(revision.getByLabel("Document Type")).toBeVisible();
    await revision.getByLabel("Requested Quantity").first().fill("100");
    await revision.getByLabel("Note").fill("Fewer units are needed.");
    await revision.getByRole("button", { name: "Submit" }).click();
    await expect(page.getByText("R02 was submitted.")).toBeVisible();
    await expect(page.getByRole("listitem").filter({ hasText: "Fewer units are needed." })).toContainText(/^R02.*Note type: Revision/s);

    await selected(page, "Reconsideration");
    await heading(page, "Ask for a reconsideration of R01");
    const again = page.getByRole("form", { name: "Ask for a reconsideration of R01" });
    await again.getByLabel("Note").fill("The goal of the second month stands in the plan.");
    await again.getByLabel("Document Type").selectOption({ index: 1 });
    await again.getByLabel("File").setInputFiles(pdf("plan.pdf"));
    await again.getByRole("button", { name: "Submit" }).click();
    await expect(page.getByText("R03 was submitted.")).toBeVisible();
    await expect(page.getByRole("row", { name: /^R03 plan\.pdf.*Attached/ })).toBeVisible();
    await accessible(page);
  });
}

async function diagnoses(page: Page): Promise<void> {
  await heading(page, "Diagnosis");
  await expect(page.getByLabel("Code Type").locator("option:checked")).toHaveText("ICD-10-CM");
  for (const code of ["M54.50", "G82.20"]) {
    await page.getByRole("combobox", { name: "Diagnosis code or description" }).fill(code);
    await page.getByRole("option", { name: code }).first().click();
    await expect(page.locator(".code-list li", { hasText: code })).toBeVisible();
  }
  // A hand that slipped takes it once more.
  const codes = page.locator(".code-list li");
  await expect(async () => {
    if (!/G82\.20/.test((await codes.first().textContent()) ?? "")) await codes.nth(1).dragTo(codes.first());
    await expect(codes).toHaveText([/G82\.20.*Primary/, /M54\.50/], { timeout: 5000 });
  }).toPass({ timeout: 30_000 });
  await accessible(page);
}

async function questionnaire(page: Page): Promise<void> {
  await heading(page, "Questionnaires");
  const asks = page.getByRole("region", { name: "Power wheelchair" });
  await asks.getByRole("button", { name: /^Close/ }).click();
  await asks.getByRole("button", { name: /^Open/ }).click();
  await asks.getByLabel(/^On which day/).fill(inDays(-5));
  const choose = (group: RegExp, answer: string) => new Mouse(page).choose(asks.getByRole("group", { name: group }).getByLabel(answer, { exact: true }));
  await choose(/^How far can/, "Across a room");
  await choose(/^Which aids/, "None");
  await asks.getByLabel(/^Body weight/).first().fill("80");
  await choose(/^Can the chair/, "Yes");
  await choose(/^Can the member/, "Yes");
  await accessible(page);
  await press(page, "Mark as Complete");
  await expect(asks.getByText("complete", { exact: true })).toBeVisible();
}

/** Actions, the option, Selecting Request, Next. */
async function selected(page: Page, action: string): Promise<void> {
  const actions = page.getByRole("button", { name: "Actions", exact: true });
  if ((await actions.getAttribute("aria-expanded")) === "false") await actions.click();
  await accessible(page);
  await press(page, action);
  const dialog = page.getByRole("dialog", { name: `${action}: Selecting Request` });
  await expect(dialog.getByRole("radio", { name: /^R01/ })).toBeChecked();
  await accessible(page);
  await dialog.getByRole("button", { name: "Next" }).click();
  await expect(dialog).toBeHidden();
}
