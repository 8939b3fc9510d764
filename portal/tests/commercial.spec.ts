// A commercial plan: an elective stay. Due in business days; no denial without criteria; the fax fails as often as the plan
// tries, and the letter goes by mail.

import { criterion, decide, issue, refer, take } from "./desk";
import { BOTH, type Hands } from "./hands";
import { delivered, readLetter } from "./letters";
import { member, staff, type Member } from "./office";
import { enrol, register, signIn } from "./people";
import { expect, focused, test } from "./portal";
import { clinic, faxesBecome, faxesTo, mail } from "./stack";
import { begin, diagnose, initial, line, onTo, parameters, service, submit } from "./wizard";

const REASON = "The records show no trial of physical therapy before an operation on the knee.";
const FAILURES = ["no-answer", "busy", "line-error"];

for (const Way of BOTH) {
  test(`Commercial plan: an elective stay, denied, ${Way.way}`, async ({ page, another }) => {
    test.setTimeout(300_000);
    const [place, patient] = await Promise.all([clinic("commercial"), member("commercial", "1958-11-21")]);
    await faxesBecome(place.fax, FAILURES);
    const clerk = new Way(page);
    await register(clerk, place);
    const secret = await enrol(clerk, place.email);
    await signIn(clerk, { username: place.username, secret });
    const caseId = await ask(clerk, patient);

    const nurse = new Way(await another());
    await take(nurse, staff("nurse"), "Nurse worklist", caseId);
    await refer(nurse, "No trial of therapy in the records.");
    await deny(new Way(await another()), caseId);

    await page.reload();
    await readLetter(clerk, "provider");
    await readLetter(clerk, "member");
    const lines = page.getByRole("table", { name: "Procedures of R01" });
    await expect(lines.getByText("Denied", { exact: true })).toHaveCount(2);
    await expect(lines).toContainText(REASON);
    await expect(page.getByText("Copper Birch medical policy 12.3")).toBeVisible();
    await expect(page.getByText("Authorization number")).toBeHidden();
    await delivered(clerk, "provider", "mailed", FAILURES.map((why) => new RegExp(String.raw`failed \(${why}\)$`)), "because the fax failed");
    expect(await faxesTo(place.fax)).toBe(FAILURES.length);
    const { BodyText } = await mail(place.email, "could not be faxed");
    expect(BodyText).not.toMatch(new RegExp(`denied|${patient.last}|${patient.number}`, "i"));
  });
}

async function ask(clerk: Hands, patient: Member): Promise<string> {
  const { page } = clerk;
  await parameters(clerk, "Inpatient");
  await begin(clerk, patient);
  await clerk.find(page.getByRole("group", { name: "Add Attending Physician" }).getByRole("combobox", { name: "Name" }), "Thomas", page.getByRole("option", { name: /Thomas/ }).first());
  await onTo(clerk, "Service Details");
  await service(clerk, "Elective", "Inpatient hospital");
  await clerk.button("Go to Diagnosis");
  await expect(page.getByRole("link", { name: "Kind of admission is required." })).toBeVisible();
  await expect(focused(page)).toHaveRole("alert");
  await clerk.choose(page.getByRole("radio", { name: "Elective" }));
  await clerk.date(page.getByLabel("Admission date"), 14);
  await clerk.date(page.getByLabel("Discharge date"), 10);
  await clerk.button("Go to Diagnosis");
  await expect(page.getByLabel("Discharge date")).toHaveAttribute("aria-invalid", "true");
  await expect(focused(page)).toHaveRole("alert");
  await clerk.date(page.getByLabel("Discharge date"), 17);
  await onTo(clerk, "Diagnosis");
  await diagnose(clerk, ["M17.11", "M17.11"]);
  await onTo(clerk, "Request Type");
  await initial(clerk);
  await onTo(clerk, "Procedures");
  await line(clerk, 1, { code: "27447", from: 14, days: 1, units: 1 });
  await line(clerk, 2, { code: "0120", from: 14, days: 3, units: 3 });
  await onTo(clerk, "Questionnaires");
  await onTo(clerk, "Attachments");
  await onTo(clerk, "Communications");
  await onTo(clerk, "Submit");
  await expect(page.getByRole("region", { name: "Service Details" })).toContainText("Elective");
  const caseId = await submit(clerk);
  await expect(page.getByText("2 business days", { exact: true })).toBeVisible();
  await expect(page.getByText("Attending physician")).toBeVisible();
  return caseId;
}

async function deny(physician: Hands, caseId: string): Promise<void> {
  const { page } = physician;
  await take(physician, staff("physician"), "Physician worklist", caseId);
  await expect(page.getByText("No trial of therapy in the records.")).toBeVisible();
  await decide(physician, { outcome: "Denied", reason: REASON }, { outcome: "Denied", reason: REASON });
  await physician.button("Look at what the letters will say");
  for (const field of ["Title", "Citation", "What it says of this request"]) {
    await expect(page.getByRole("link", { name: `${field} is required.` })).toBeVisible();
  }
  await expect(page.getByText("No letter is issued.")).toBeVisible();
  await criterion(physician, "Total knee replacement", "Copper Birch medical policy 12.3", "An operation follows at least three months of physical therapy without success.");
  await issue(physician);
  await expect(focused(page)).toContainText("The determination is issued: Denied.");
}
