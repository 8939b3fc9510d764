// Arkansas: day services for a child. A clinic registers; a sixth hour a day is refused; required documents are asked for by
// name; nurse and physician; fewer hours are approved; the fax line is busy once.

import { criterion, decide, issue, look, refer, take } from "./desk";
import { BOTH, type Hands } from "./hands";
import { delivered, readLetter } from "./letters";
import { member, pdf, pretender, saved, staff, type Member } from "./office";
import { PASSWORD, enrol, fillAccount, login, newPassword, pair, signIn } from "./people";
import { expect, focused, test, type Page } from "./portal";
import { clinic, faxesBecome, faxesTo, link, mail, type Clinic } from "./stack";
import { follow, tellsNobody } from "./trail";
import { agree, begin, diagnose, initial, line, onTo, parameters, searched, service, submit } from "./wizard";

const DAYS = 30;
const REASON = "The developmental assessment supports four hours a day; a fifth hour is not explained by its goals.";
const CRITERION = ["Day Habilitative Services under EPSDT", "Arkansas Medicaid, T1015-U6-UB", "Hours must be explained by the goals of the assessment."] as const;

for (const Way of BOTH) {
  // REQ: UI-07
  test(`Arkansas: day services for a child, approved in part, ${Way.way}`, async ({ page, another }) => {
    test.setTimeout(300_000);
    const [place, child] = await Promise.all([clinic("arkansas"), member("arkansas")]);
    await faxesBecome(place.fax, ["busy", "delivered"], { duplicateCallbacks: true, outOfOrder: true });
    const trail = await follow(page);
    const clerk = new Way(page);
    await join(clerk, place, await another());
    await write(clerk, place, child);
    const caseId = await attachAndSubmit(clerk);
    await nurse(new Way(await another()), caseId);
    await physician(new Way(await another()), caseId);
    await read(clerk, place, child);
    await tellsNobody(trail, page, [child.last, child.number, child.birthDate, "Pecan Lane", caseId, REASON]);
  });
}

async function join(clerk: Hands, place: Clinic, elsewhere: Page): Promise<void> {
  const { page } = clerk;
  await page.goto("/");
  await expect(focused(page)).toHaveText("Login: Customer/Provider");
  await clerk.link("Register here");
  await expect(focused(page)).toHaveText("Register");
  await pair(clerk, { npi: place.npi, code: "WRONG-1" });
  await expect(page.getByRole("alert")).toContainText("not valid");
  await pair(clerk, place);
  await expect(focused(page)).toHaveText("Account information");
  await expect(page.getByText(place.name)).toBeVisible();
  await expect(page.getByText(`Provider Registration Code: ${place.code}`)).toBeVisible();
  await expect(page.getByRole("region", { name: "Terms of Use" })).toContainText("You may use this portal only for the providers you are assigned to");
  await clerk.button("Continue");
  await expect(page.getByRole("link", { name: "Read the Terms of Use and check the box." })).toBeVisible();
  await fillAccount(clerk, place);
  await expect(page.getByText(`${place.username} is free.`)).toBeVisible();
  await clerk.type(page.getByLabel("Confirm e-mail"), "other@clinic.example");
  await clerk.button("Continue");
  await expect(page.getByRole("alert").getByRole("link")).toHaveCount(1);
  await expect(page.getByLabel("Confirm e-mail")).toHaveAttribute("aria-invalid", "true");
  await clerk.type(page.getByLabel("Confirm e-mail"), place.email);
  await clerk.button("Continue");
  await expect(focused(page)).toHaveText("Check your e-mail");
  // Who comes second is told whom to ask.
  await elsewhere.goto("/register");
  await pair(elsewhere, place);
  await expect(elsewhere.getByRole("alert")).toContainText("Dana Rivers");

  const address = await link(place.email, "Set up your account");
  await page.goto(address);
  await expect(focused(page)).toHaveText("Set up your account");
  await newPassword(clerk, "riverstone");
  for (const rule of ["14 characters", "upper case", "number", "special character"]) await expect(page.getByRole("alert")).toContainText(rule);
  const secret = await enrol(clerk, place.email);
  await page.goto(address);
  await newPassword(clerk, PASSWORD);
  await expect(page.getByRole("alert")).toBeVisible();

  await page.goto("/sign-in");
  await login(clerk, place.username, "Not-The-Password-1");
  await expect(page.getByRole("alert")).toContainText("Sign-in failed");
  await clerk.link("Payer staff log in here");
  await expect(focused(page)).toHaveText("Login: Payer staff");
  await login(clerk, place.username, PASSWORD);
  await expect(page.getByRole("alert")).toContainText("Sign-in failed");
  await clerk.link("Customers and providers log in here");
  await expect(focused(page)).toHaveText("Login: Customer/Provider");
  await signIn(clerk, { username: place.username, secret });
  await expect(focused(page)).toHaveText("Home");
}

async function write(clerk: Hands, place: Clinic, child: Member): Promise<void> {
  const { page } = clerk;
  await parameters(clerk, "Outpatient");
  await searched(clerk, child.last, child.birthDate);
  await expect(page.getByText("1 consumer found.")).toBeVisible();
  await clerk.type(page.getByLabel("Consumer ID"), child.number);
  await begin(clerk, child);
  // Saved at once, and listed so.
  await clerk.link("Home");
  await clerk.press(page.getByRole("table", { name: "Request saved but not submitted" }).getByRole("link", { name: child.last }));
  await expect(focused(page)).toHaveText("Providers");
  await expect(page.getByLabel("Fax number")).toHaveValue(place.fax);
  await clerk.button("Remove: Servicing provider");
  await clerk.find(page.getByRole("group", { name: "Search for new provider" }).getByRole("combobox", { name: "NPI" }), place.npi, page.getByRole("option", { name: place.name }));
  await saved(page).toBeVisible();
  await onTo(clerk, "Service Details");
  await service(clerk, "Day Hab", "Office");
  await onTo(clerk, "Diagnosis");
  await diagnose(clerk, ["F80.2", "F80.2"], ["autistic disorder", "F84.0"]);
  const list = page.locator(".code-list li");
  await expect(list).toHaveText([/F80\.2.*Primary/, /F84\.0/]);
  await clerk.button("Move up F84.0");
  await expect(list).toHaveText([/F84\.0.*Primary/, /F80\.2/]);
  await expect(page.getByText("F84.0 is now number 1 of 2: primary.")).toBeAttached();
  await expect(focused(page)).toHaveAccessibleName("Move down F84.0");
  await onTo(clerk, "Request Type");
  await initial(clerk);
  await onTo(clerk, "Procedures");
  await line(clerk, 1, { code: "T1015", modifiers: "U6 UB", from: 7, days: DAYS, units: 6 * DAYS });
  await expect(page.getByText("The dates are 30 days.")).toBeVisible();
  await clerk.button("Go to Questionnaires");
  await expect(page.getByRole("alert")).toContainText("At most 5 units a day (1 unit = 1 hour)");
  await expect(focused(page)).toHaveRole("alert");
  await clerk.type(page.getByLabel("Requested Quantity"), String(5 * DAYS));
  await onTo(clerk, "Questionnaires");
  await onTo(clerk, "Attachments");
}

async function attachAndSubmit(clerk: Hands): Promise<string> {
  const { page } = clerk;
  const kind = page.getByLabel("Document type");
  const labels = (await kind.locator("option").allInnerTexts()).slice(1, 5);
  await clerk.press(page.getByRole("link", { name: /^Submit/ }));
  await expect(focused(page)).toHaveText("Submit");
  await agree(clerk);
  for (const label of labels) await expect(page.getByRole("alert")).toContainText(label);
  await clerk.press(page.getByRole("alert").getByRole("link", { name: "Attachments" }).first());
  await expect(focused(page)).toHaveText("Attachments");

  const file = page.getByLabel("File", { exact: true });
  for (const [place, label] of labels.entries()) {
    await clerk.select(kind, label);
    await clerk.attach(file, pdf(`document ${place + 1}.pdf`));
    await clerk.button("Upload");
    await expect(page.getByRole("row", { name: `document ${place + 1}.pdf` })).toContainText("Attached");
  }
  await clerk.select(kind, "Other");
  await clerk.attach(file, pretender("treatment plan.pdf"));
  await clerk.button("Upload");
  await expect(page.getByRole("row", { name: "treatment plan.pdf" })).toContainText(/Refused.*PDF/);
  await expect(page.locator(".rules li")).toHaveText([/attached$/, /attached$/, /attached$/, /attached$/]);
  await onTo(clerk, "Communications");
  await onTo(clerk, "Submit");
  const caseId = await submit(clerk);
  await expect(page.getByText("9 calendar days", { exact: true })).toBeVisible();
  const at = await page.locator(".timeline li", { hasText: `The case was submitted as ${caseId}.` }).getByRole("time").getAttribute("datetime");
  await expect(page.getByText(`${ninthDayAfter(at ?? "")}, 11:59 PM`)).toBeVisible();
  return caseId;
}

/** Counted by hand, by the calendar of the payer. */
function ninthDayAfter(at: string): string {
  const day = new Intl.DateTimeFormat("en-CA", { timeZone: "America/Chicago" }).format(new Date(at));
  const due = new Date(Date.parse(day) + 9 * 86_400_000).toISOString();
  return `${due.slice(5, 7)}/${due.slice(8, 10)}/${due.slice(0, 4)}`;
}

async function nurse(hands: Hands, caseId: string): Promise<void> {
  const { page } = hands;
  await take(hands, staff("nurse"), "Nurse worklist", caseId);
  await decide(hands, { outcome: "Denied", reason: REASON });
  await criterion(hands, ...CRITERION);
  await look(hands);
  await expect(page.getByRole("alert")).toContainText("Only a physician reviewer may deny");
  await refer(hands, "Five hours a day; the assessment explains four.");
  await expect(page.getByText("In physician review")).toBeVisible();
}

async function physician(hands: Hands, caseId: string): Promise<void> {
  const { page } = hands;
  await take(hands, staff("physician"), "Physician worklist", caseId);
  await expect(page.getByText("Five hours a day; the assessment explains four.")).toBeVisible();
  await decide(hands, { outcome: "Approved in part", units: 4 * DAYS, reason: "Too many." });
  await criterion(hands, ...CRITERION);
  await look(hands);
  await expect(page.getByRole("link", { name: /A specific reason of at least 20 characters/ })).toBeVisible();
  await expect(focused(page)).toHaveRole("alert");
  await hands.type(page.getByLabel("Specific reason"), REASON);
  await issue(hands);
  await expect(focused(page)).toContainText("The determination is issued: Approved in part.");
}

async function read(clerk: Hands, place: Clinic, child: Member): Promise<void> {
  const { page } = clerk;
  await page.reload();
  await readLetter(clerk, "provider");
  await readLetter(clerk, "member");
  const lines = page.getByRole("table", { name: "Procedures of R01" });
  await expect(lines).toContainText("120 units");
  await expect(lines).toContainText(REASON);
  await expect(page.getByText("Authorization number")).toBeVisible();
  await delivered(clerk, "provider", "delivered by fax", [/failed \(busy\)$/, /arrived, \d pages$/], `By fax to ${place.fax}:`);
  expect(await faxesTo(place.fax)).toBe(2);
  await delivered(clerk, "member", "mailed", [], "handed over to be mailed");
  // The notice says that there is news, and nothing of what was decided.
  const { BodyText } = await mail(place.email, "News on a case");
  expect(BodyText).not.toMatch(new RegExp(`approved|denied|${child.last}|${child.number}`, "i"));
  await clerk.button("Sign out");
  await expect(page.getByText("You are signed out.")).toBeVisible();
}
