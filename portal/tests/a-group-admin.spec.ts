// An administrator's day: a further provider, a user with roles who enrols, edits, a reset, and who has left.

import { signIn, enrol } from "./people";
import { Caller, caller, office } from "./office";
import { accessible, expect, focused, test, type Page } from "./portal";
import { contact } from "./reviewers";
import { clinic, link } from "./stack";

async function fillContact(page: Page, email: string): Promise<void> {
  const values = {
    "First name": "Sam", "Last name": "Reed", "Address 1": "1 Main Street", "City": "Little Rock", "State": "AR", "Zip code": "72201",
    "E-mail": email, "Confirm e-mail": email, "Fax": "501-555-0142",
  };
  for (const [label, value] of Object.entries(values)) await page.getByRole("textbox", { name: new RegExp(`^${label}`) }).fill(value);
}

test("a further provider, and a user from the first day to the last", async ({ page, another }) => {
  const at = await office();
  const further = await clinic();
  await signIn(page, at.person);
  await page.getByRole("link", { name: "Setup" }).click();
  await expect(focused(page)).toHaveText("Provider's Setup");
  await expect(page.getByRole("table")).toContainText(at.place.name);
  await accessible(page);

  await page.getByRole("link", { name: "Register New Provider" }).click();
  await expect(focused(page)).toHaveText("Register New Provider");
  await page.getByRole("textbox", { name: /^NPI/ }).fill(further.npi);
  await page.getByRole("textbox", { name: /^Provider Registration Code/ }).fill("NOT-THE-CODE");
  await page.getByRole("button", { name: "Register", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("not valid");
  await accessible(page);
  await page.getByRole("textbox", { name: /^Provider Registration Code/ }).fill(further.code);
  await page.getByRole("button", { name: "Register", exact: true }).click();
  await expect(page.getByText(`${further.name} is in the group now.`)).toBeVisible();
  await accessible(page);
  await page.getByRole("link", { name: "Provider's Setup" }).click();
  await expect(page.getByRole("table")).toContainText(further.name);

  await page.getByRole("link", { name: "Manage Users" }).click();
  await expect(focused(page)).toHaveText("Manage Users");
  await expect(page.getByRole("row", { name: /Dana Rivers/ })).toContainText("Provider Group Admin");
  await accessible(page);
  await page.getByLabel("Role").focus();
  await page.getByLabel("Role").selectOption("staff");
  await expect(page.getByText("No user is so.")).toBeVisible();
  // The choice keeps the focus.
  await expect(focused(page)).toHaveAttribute("id", "filter-role");
  await accessible(page);

  await page.getByRole("link", { name: "Add New User" }).click();
  await expect(focused(page)).toHaveText("Add New User");
  await page.getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("link", { name: "Username is required." })).toBeVisible();
  await accessible(page);
  const name = at.place.username.replace("dana", "sam");
  const email = `${name}@people.example`;
  await page.getByRole("textbox", { name: /^Username/ }).fill(at.place.username);
  await fillContact(page, email);
  await page.getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("link", { name: "Choose at least one provider for the user." })).toBeVisible();
  await page.getByLabel(at.place.name).selectOption("staff");
  await page.getByLabel(further.name).selectOption("provider-admin");
  await page.getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("link", { name: /This username is taken/ })).toBeVisible();
  await page.getByRole("textbox", { name: /^Username/ }).fill(name);
  await page.getByRole("button", { name: "Create" }).click();
  await expect(page.getByText("Sam Reed is added.")).toBeVisible();
  await accessible(page);

  // The user enrols in a browser of their own.
  const theirs = await another();
  const secret = await enrol(theirs, email);
  await signIn(theirs, { username: name, secret });
  await theirs.getByRole("link", { name: "Setup" }).click();
  await expect(theirs.getByRole("table")).toContainText("Provider Staff Account");

  await page.getByRole("link", { name: "To the list of users" }).click();
  await page.getByRole("link", { name: "Sam Reed" }).click();
  await expect(focused(page)).toHaveText("Edit user");
  expect(page.url()).not.toContain(name);
  await expect(page.getByRole("textbox", { name: /^Address 1/ })).toHaveValue("1 Main Street");
  await accessible(page);
  await page.getByLabel(at.place.name).selectOption("provider-admin");
  await page.getByLabel(further.name).selectOption("No role here");
  await page.getByRole("button", { name: "Save roles" }).click();
  await expect(page.getByText("Saved. The person was told by e-mail.")).toBeVisible();
  await expect(page.getByRole("textbox", { name: /^Fax/ })).toBeHidden();
  await page.getByRole("textbox", { name: /^Zip/ }).fill("12");
  await page.getByRole("button", { name: "Save contact information" }).click();
  await expect(page.getByRole("alert").getByRole("link")).toHaveCount(1);
  await accessible(page);
  await page.getByRole("textbox", { name: /^Zip/ }).fill("72205");
  await page.getByRole("button", { name: "Save contact information" }).click();
  await expect(page.getByRole("form", { name: "Contact information" }).getByRole("alert")).toBeHidden();
  await expect(page.getByText("Saved. The person was told by e-mail.")).toHaveCount(2);

  await page.getByRole("button", { name: "Reset Registration" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("Reset the registration of Sam Reed?");
  await accessible(page);
  await page.goBack();
  await expect(dialog).toBeHidden();
  await page.getByRole("button", { name: "Reset Registration" }).click();
  await dialog.getByRole("button", { name: "Reset Registration" }).click();
  await expect(page.getByText("The registration of Sam Reed is reset.")).toBeVisible();
  await expect(page.getByText("Invited", { exact: true })).toBeVisible();
  await link(email, "Set up your account");

  await page.getByRole("button", { name: "Deactivate" }).click();
  await expect(dialog).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await page.getByRole("button", { name: "Deactivate" }).click();
  await dialog.getByRole("button", { name: "Deactivate" }).click();
  await expect(focused(page)).toContainText("Sam Reed is deactivated.");
  await accessible(page);
  await page.getByRole("link", { name: "To the list of users" }).click();
  await page.getByLabel("Status").selectOption("deactivated");
  await expect(page.getByRole("row", { name: /Sam Reed/ })).toBeVisible();
  await page.getByRole("link", { name: "Sam Reed" }).click();
  await page.getByRole("button", { name: "Bring back" }).click();
  await dialog.getByRole("button", { name: "Bring back" }).click();
  await expect(page.getByText("Sam Reed is brought back.")).toBeVisible();
});

test("two administrators at one user are told of each other; whoever has to log in once more goes on", async ({ page }) => {
  const at = await office();
  const admin = await caller(at.person);
  const { roles } = await admin.call<{ roles: { provider: string; group: string }[] }>("GET", "/me");
  const [role] = roles;
  const username = at.place.username.replace("dana", "sam");
  const part = { provider: role?.provider, role: "staff" };
  const added = await admin.make<{ user: { version: number } }>(`/groups/${role?.group}/users`, { username, roles: [part], contact: contact("Sam", "Reed", `${username}@people.example`) });
  await signIn(page, at.person);
  await page.getByRole("link", { name: "Setup" }).click();
  await page.getByRole("link", { name: "Manage Users" }).click();
  await page.getByRole("link", { name: "Sam Reed" }).click();
  await page.getByRole("textbox", { name: /^Fax/ }).fill("501-555-0177");

  await other(admin, username, added.user.version);
  await page.getByRole("button", { name: "Save contact information" }).click();
  await expect(page.getByText("Somebody changed this in the meantime")).toBeVisible();
  await expect(page.getByRole("cell", { name: "501-555-0166" })).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: "Keep what I typed" }).click();

  // As the API answers a sign-in that is too long ago, which a story cannot wait for.
  const problem = {
    type: "https://portico.example/problems/proof-required", title: "Sign in once more", status: 403, detail: "Sign in once more to do this.",
  };
  await page.route("**/users/*", (route) => route.fulfill({ status: 403, contentType: "application/problem+json", headers: { "access-control-allow-origin": "*" }, body: JSON.stringify(problem) }), { times: 1 });
  await page.getByRole("button", { name: "Save contact information" }).click();
  await page.getByRole("link", { name: "Log in once more" }).click();
  await expect(focused(page)).toHaveText(/^Login/);
  await accessible(page);
  await signIn(page, at.person);
  await expect(focused(page)).toHaveAttribute("id", "contact-fax");
  await expect(page.getByRole("textbox", { name: /^Fax/ })).toHaveValue("501-555-0177");
  await page.getByRole("button", { name: "Save contact information" }).click();
  await expect(page.getByText("Saved. The person was told by e-mail.")).toBeVisible();
});

/** What another administrator changes meanwhile. */
function other(by: Caller, username: string, version: number): Promise<unknown> {
  return by.call("PATCH", `/users/${username}`, { contact: { fax: "501-555-0166" } }, { "if-match": `"${version}"` });
}
