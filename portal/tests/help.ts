// The overview of registration, the help for users, and the questions that are asked in a training, step by step, under their names.

import { follow, heading, press } from "./guide";
import { Mouse } from "./hands";
import { admin, caller, enrolled, member, office, pdf, staff, type Caller } from "./office";
import { fillAccount, newPassword, PASSWORD, pair, signIn } from "./people";
import { accessible, expect, test, type Page } from "./portal";
import { contact } from "./reviewers";
import { clinic, eventually, inDays, link, spokenPin } from "./stack";
import { begin, diagnose, line, onTo, parameters, service, submit } from "./wizard";

const ANOTHER = "Meadow-Cloud-2027?";

export function help(): void {
  test("the overview of registration and the help: users, providers, the own profile, Contact Us", async ({ page }) => {
    test.setTimeout(180_000);
    const [{ place, person }, further] = await Promise.all([office(), clinic()]);
    await page.goto("/sign-in");
    await follow(page, "Contact Us");
    await expect(page.getByRole("heading", { name: "Health First Colorado" })).toBeVisible();
    await expect(page.getByRole("main").getByRole("link", { name: "888-660-3831" }).first()).toHaveAttribute("href", "tel:888-660-3831");
    await accessible(page);
    await follow(page, "To the login page");
    for (const way of ["Login with phone", "Login with email"]) await expect(page.getByRole("button", { name: way })).toBeVisible();
    await follow(page, "Forgot your password?");
    await expect(page.getByRole("heading", { level: 1, name: "Forgot your password?" })).toBeVisible();
    await follow(page, "To the login page");
    await heading(page, "Login: Customer/Provider");
    await signIn(page, person);

    await follow(page, "Setup");
    await expect(page.getByRole("heading", { name: "Manage Provider Groups" })).toBeVisible();
    await follow(page, "Add New User");
    await heading(page, "Add New User");
    await expect(page.getByLabel(place.name).locator("option:checked")).toHaveText("Provider Staff Account");
    const [username, email] = [place.username.replace("dana", "sam"), `sam.${place.username}@people.example`];
    const values = { "Username": username, "First name": "Sam", "Last name": "Reed", "Address 1": "1 Main Street", "City": "Little Rock", "State": "AR", "Zip code": "72201", "E-mail": email, "Confirm e-mail": email, "Fax": "501-555-0142" };
    for (const [label, value] of Object.entries(values)) await page.getByRole("textbox", { name: new RegExp(`^${label}`) }).fill(value);
    await press(page, "Create");
    await expect(page.getByText("Sam Reed is added.")).toBeVisible();
    expect(await link(email, "Set up your account")).toContain("/enrol");

    await follow(page, "Setup");
    await follow(page, "Manage Users");
    await follow(page, "Sam Reed");
    await page.getByLabel(place.name).selectOption({ label: "Provider Admin" });
    await press(page, "Save roles");
    await expect(page.getByText("Saved. The person was told by e-mail.")).toBeVisible();
    for (const [action, done] of [["Reset Registration", "The registration of Sam Reed is reset."], ["Deactivate", "Sam Reed is deactivated."]] as const) {
      await press(page, action);
      await page.getByRole("dialog").getByRole("button", { name: action }).click();
      await expect(page.getByText(done)).toBeVisible();
    }

    await follow(page, "Setup");
    await follow(page, "Register New Provider");
    await page.getByLabel("NPI").fill(further.npi);
    await page.getByLabel("Provider Registration Code").fill(further.code);
    await press(page, "Register");
    await expect(page.getByText(`${further.name} is in the group now.`)).toBeVisible();

    await follow(page, "My profile");
    await heading(page, "Edit User Profile");
    await follow(page, "Contact Us");
    await heading(page, "Contact Us");
    await expect(page.getByRole("main").getByRole("link", { name: "888-660-3831" })).toBeVisible();
    await accessible(page);
  });

  test("the help: login with phone, a forgotten password, one's own data, an account that is locked, a saved request", async ({ page, another }) => {
    test.setTimeout(240_000);
    const [place, known] = await Promise.all([clinic(), member("arkansas")]);
    const number = `+1${place.phone.replaceAll("-", "")}`;
    let call = 0;
    const login = async (password: string, way = "Login with phone") => {
      await page.getByLabel("Username").fill(place.username);
      await page.getByLabel("Password").fill(password);
      await press(page, way);
    };
    const answered = async (name: string) => {
      call += 1;
      await page.getByRole("textbox", { name: /^PIN/ }).fill(await spokenPin(number, call));
      await press(page, name);
    };
    await page.goto("/sign-in");
    await page.getByRole("link", { name: "register here" }).click();
    await pair(page, place);
    await heading(page, "Account information");
    await fillAccount(page, place);
    await press(page, "Continue");
    await heading(page, "Check your e-mail");

    // The link in the mail begins the second factor: a verification call.
    await page.goto(await link(place.email, "Set up your account"));
    await new Mouse(page).choose(page.getByRole("radio", { name: /^Phone call/ }));
    await newPassword(page, PASSWORD);
    await heading(page, "Confirm your second factor");
    await answered("Confirm");
    await expect(page.getByText("Your account is ready")).toBeVisible();
    await login(PASSWORD);
    await answered("Log in");
    await expect(page.getByRole("heading", { name: "Request Saved But Not Submitted" })).toBeVisible();

    // The profile.
    await follow(page, "My profile");
    await heading(page, "Edit User Profile");
    await page.getByRole("textbox", { name: /^Address 1/ }).fill("40 Oak Street");
    await press(page, "Save");
    await expect(page.getByText("Saved.")).toBeVisible();
    await page.reload();
    await expect(page.getByRole("textbox", { name: /^Address 1/ })).toHaveValue("40 Oak Street");

    // A saved request that was asked for in another case already.
    await follow(page, "Home");
    await parameters(new Mouse(page), "Outpatient");
    await begin(new Mouse(page), known);
    await follow(page, "Home");
    const saved = page.getByRole("table", { name: "Request Saved But Not Submitted" });
    await expect(saved.getByRole("row", { name: new RegExp(known.last) })).toBeVisible();
    await saved.getByRole("button", { name: /^Cancel/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: /^Cancel/ }).first().click();
    await expect(saved).toBeHidden();
    await press(page, "Sign out");

    // Forgot your Password?
    await follow(page, "Forgot your password?");
    // The page before has a field of that name too, and a link that says the same.
    await expect(page.getByRole("heading", { level: 1, name: "Forgot your password?" })).toBeVisible();
    await page.getByLabel("Username").fill(place.username);
    await press(page, "Mail me a link");
    await heading(page, "Check your e-mail");
    await page.goto(await link(place.email, "Set a new password"));
    await page.getByLabel("New password").fill(ANOTHER);
    await page.getByLabel("Confirm password").fill(ANOTHER);
    await press(page, "Set password");
    await expect(page.getByText("Your new password is set")).toBeVisible();
    await follow(page, "Customers and providers log in here");
    for (let tries = 0; tries < 3; tries++) {
      await login(PASSWORD);
      await expect(page.getByRole("alert")).toContainText("Sign-in failed");
    }
    await login(ANOTHER);
    await expect(page.getByRole("alert")).toContainText("Sign-in failed");
    await accessible(page);
    await follow(page, "Contact Us");
    await expect(page.getByRole("main").getByRole("link", { name: "888-660-3831" }).first()).toBeVisible();

    // Support takes the call.
    const support = await another();
    await signIn(support, staff("support"), "/staff/sign-in");
    await follow(support, "Support");
    await support.getByRole("textbox", { name: /^Username/ }).fill(place.username);
    await press(support, "Find");
    await press(support, "Unlock");
    await support.getByRole("dialog").getByRole("button", { name: "Unlock" }).click();
    await expect(support.getByText(`${place.username} may be used again.`)).toBeVisible();
    await follow(page, "To the login page");
    await login(ANOTHER);
    await answered("Log in");
    await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
  });

  test("the questions of the training: two nurses at one request, several documents, a look-up without a number, an extension", async ({ page, another }) => {
    test.setTimeout(300_000);
    const [at, other] = await Promise.all([office("commercial", undefined, "1990-02-11"), clinic("commercial")]);
    const clerk = await caller(at.person);
    const email = `sam.${at.place.username}@people.example`;
    const sam = await colleague(clerk, `sam.${at.place.username}`.slice(0, 40), email);

    // Is authorization required for maternity stays?
    await signIn(page, at.person);
    await follow(page, "Check a code");
    await page.getByLabel("Procedure code").fill("0122");
    await new Mouse(page).choose(page.getByRole("radio", { name: "Inpatient" }));
    await page.getByRole("group", { name: /Date of service/ }).getByLabel("Month").fill(inDays(3));
    await page.getByLabel("Service type").selectOption({ label: "Maternity" });
    await press(page, "Ask");
    await expect(page.getByText("Authorization is not required.")).toBeVisible();

    // One nurse begins, for days that are over.
    await follow(page, "Home");
    await parameters(new Mouse(page), "Inpatient");
    await begin(new Mouse(page), at.member);
    await page.getByRole("button", { name: "Update: Servicing provider" }).click();
    await page.getByRole("group", { name: "Search for new provider" }).getByRole("combobox", { name: "Name" }).fill(other.name);
    await page.getByRole("option", { name: /Choose$/ }).click();
    await expect(page.getByText(other.name)).toBeVisible();
    await onTo(new Mouse(page), "Service Details");
    await service(new Mouse(page), "Residential Treatment Facility", "Psychiatric residential");
    await new Mouse(page).choose(page.getByRole("radio", { name: "Elective" }));
    await page.getByLabel("Admission date").fill(inDays(-30));
    await page.getByLabel("Discharge date").fill(inDays(-21));
    await onTo(new Mouse(page), "Diagnosis");

    // Another one completes it.
    const second = await another();
    const nurse = new Mouse(second);
    await signIn(second, sam);
    await second.getByRole("table", { name: "Request Saved But Not Submitted" }).getByRole("link").first().click();
    await second.getByRole("navigation", { name: "Steps of the case" }).getByRole("link", { name: /Diagnosis/ }).click();
    await diagnose(nurse, ["F33.2", "F33.2"]);
    await onTo(nurse, "Request Type");
    await nurse.select(second.getByLabel("Request type"), "Retrospective");
    await nurse.choose(second.getByRole("radio", { name: /^Standard/ }));
    await onTo(nurse, "Procedures");
    await line(nurse, 1, { code: "1001", from: -30, days: 10, units: 10 });
    await onTo(nurse, "Questionnaires");
    await onTo(nurse, "Attachments");
    for (const name of ["records of the first week.pdf", "records of the second week.pdf"]) {
      await second.getByLabel("Document Type").selectOption({ index: 1 });
      await second.getByLabel("File", { exact: true }).setInputFiles(pdf(name));
      await press(second, "Upload");
      await expect(second.getByRole("row", { name: new RegExp(`${name}.*Attached`) })).toBeVisible();
    }
    await onTo(nurse, "Communications");
    await onTo(nurse, "Submit");
    const caseId = await submit(nurse);
    await expect(second.getByText("30 calendar days", { exact: true })).toBeVisible();
    await second.getByRole("textbox", { name: /^Note/ }).fill("The discharge summary follows.");
    await press(second, "Add Note");
    await expect(second.getByRole("listitem").filter({ hasText: "The discharge summary follows." })).toBeVisible();

    // The plan decides; whoever performs it sees the number, found by the member alone.
    const key = second.url().split("/").at(-1) ?? "";
    await decided(key, clerk);
    const servicing = await another();
    await signIn(servicing, await admin(other));
    await servicing.getByText("By member, provider or dates").click();
    await servicing.getByLabel("Last name").fill(at.member.last);
    await servicing.getByLabel("Month", { exact: true }).fill(at.member.birthDate);
    await press(servicing, "Search");
    await servicing.getByRole("table", { name: "Requests", exact: true }).getByRole("link", { name: caseId }).click();
    await heading(servicing, "Case");
    const given = (of: Page) => of.locator("dt", { hasText: "Authorization number" }).locator("+ dd").first().innerText();
    const authorization = await given(servicing);
    expect(authorization).toMatch(/^A\d+$/);

    // Extended under the same number, though its last day is over.
    await second.reload();
    await press(second, "Extend R01");
    const form = second.getByRole("form", { name: "Extend R01" });
    await form.getByLabel("New last day").fill(inDays(-10));
    await form.getByLabel("Note").fill("The member stayed for eleven days more.");
    await form.getByRole("button", { name: "Submit" }).click();
    await expect(second.getByText("R02 was submitted.")).toBeVisible();
    expect(await given(second)).toBe(authorization);
  });
}

/** A nurse of the plan approves it. */
async function decided(key: string, by: Caller): Promise<void> {
  await eventually("the nurse worklist", async () => (await by.call<{ status: string }>("GET", `/cases/${key}`)).status === "nurse-review" || undefined);
  const nurse = await caller(staff("nurse"), "/staff");
  await nurse.call("POST", `/staff/cases/${key}/requests/R01/claim`, {});
  await nurse.call("POST", `/staff/cases/${key}/requests/R01/determination`, { decision: "determine", lines: [{ outcome: "approved" }] });
}

/** A further user of the clinic, who has followed the mailed link. */
export async function colleague(by: Caller, username: string, email: string) {
  const { roles } = await by.call<{ roles: { group: string; provider: string }[] }>("GET", "/me");
  await by.make(`/groups/${roles[0]?.group}/users`, { username, roles: [{ provider: roles[0]?.provider, role: "staff" }], contact: contact("Sam", "Reed", email) });
  return { username, secret: await enrolled(email) };
}
