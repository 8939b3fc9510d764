// An administrator's day: a further provider, a user with roles who enrols, edits, a reset, and who has left.

import { BOTH, type Hands } from "./hands";
import { signIn, enrol } from "./people";
import { Caller, caller, office } from "./office";
import { accessible, expect, focused, test } from "./portal";
import { contact } from "./reviewers";
import { clinic, link } from "./stack";

async function fillContact(hands: Hands, email: string): Promise<void> {
  const values = {
    "First name": "Sam", "Last name": "Reed", "Address 1": "1 Main Street", "City": "Little Rock", "State": "AR", "Zip code": "72201",
    "E-mail": email, "Confirm e-mail": email, "Fax": "501-555-0142",
  };
  for (const [label, value] of Object.entries(values)) await hands.type(hands.page.getByRole("textbox", { name: new RegExp(`^${label}`) }), value);
}

for (const Way of BOTH) {
  test(`a further provider, and a user from the first day to the last, ${Way.way}`, async ({ page, another }) => {
    const hands = new Way(page);
    const at = await office();
    const further = await clinic();
    await signIn(hands, at.person);
    await hands.link("Setup");
    await expect(focused(page)).toHaveText("Provider's Setup");
    await expect(page.getByRole("table")).toContainText(at.place.name);
    await accessible(page);

    await hands.link("Register New Provider");
    await expect(focused(page)).toHaveText("Register New Provider");
    await hands.type(page.getByRole("textbox", { name: /^NPI/ }), further.npi);
    await hands.type(page.getByRole("textbox", { name: /^Provider Registration Code/ }), "NOT-THE-CODE");
    await hands.button("Register");
    await expect(page.getByRole("alert")).toContainText("not valid");
    await accessible(page);
    await hands.type(page.getByRole("textbox", { name: /^Provider Registration Code/ }), further.code);
    await hands.button("Register");
    await expect(page.getByText(`${further.name} is in the group now.`)).toBeVisible();
    await accessible(page);
    await hands.link("Provider's Setup");
    await expect(page.getByRole("table")).toContainText(further.name);

    await hands.link("Manage Users");
    await expect(focused(page)).toHaveText("Manage Users");
    await expect(page.getByRole("row", { name: /Dana Rivers/ })).toContainText("Provider Group Admin");
    await accessible(page);
    await hands.select(page.getByLabel("Role"), "Provider Staff Account");
    await expect(page.getByText("No user is so.")).toBeVisible();
    // The choice keeps the focus.
    await expect(focused(page)).toHaveAttribute("id", "filter-role");
    await accessible(page);

    await hands.link("Add New User");
    await expect(focused(page)).toHaveText("Add New User");
    await hands.button("Create");
    await expect(page.getByRole("link", { name: "Username is required." })).toBeVisible();
    await accessible(page);
    const name = at.place.username.replace("dana", "sam");
    const email = `${name}@people.example`;
    await hands.type(page.getByRole("textbox", { name: /^Username/ }), at.place.username);
    await fillContact(hands, email);
    await hands.button("Create");
    await expect(page.getByRole("link", { name: "Choose at least one provider for the user." })).toBeVisible();
    await hands.select(page.getByLabel(at.place.name), "Provider Staff Account");
    await hands.select(page.getByLabel(further.name), "Provider Admin");
    await hands.button("Create");
    await expect(page.getByRole("link", { name: /This username is taken/ })).toBeVisible();
    await hands.type(page.getByRole("textbox", { name: /^Username/ }), name);
    await hands.button("Create");
    await expect(page.getByText("Sam Reed is added.")).toBeVisible();
    await accessible(page);

    // The user enrols in a browser of their own.
    const theirs = new Way(await another());
    const secret = await enrol(theirs, email, "added");
    await signIn(theirs, { username: name, secret });
    await theirs.link("Setup");
    await expect(theirs.page.getByRole("table")).toContainText("Provider Staff Account");

    await hands.link("To the list of users");
    await hands.link("Sam Reed");
    await expect(focused(page)).toHaveText("Edit user");
    expect(page.url()).not.toContain(name);
    await expect(page.getByRole("textbox", { name: /^Address 1/ })).toHaveValue("1 Main Street");
    await accessible(page);
    await hands.select(page.getByLabel(at.place.name), "Provider Admin");
    await hands.select(page.getByLabel(further.name), "No role here");
    await hands.button("Save roles");
    await expect(page.getByText("Saved. The person was told by e-mail.")).toBeVisible();
    await expect(page.getByRole("textbox", { name: /^Fax/ })).toBeHidden();
    await hands.type(page.getByRole("textbox", { name: /^Zip/ }), "12");
    await hands.button("Save contact information");
    await expect(page.getByRole("alert").getByRole("link")).toHaveCount(1);
    await accessible(page);
    await hands.type(page.getByRole("textbox", { name: /^Zip/ }), "72205");
    await hands.button("Save contact information");
    await expect(page.getByRole("form", { name: "Contact information" }).getByRole("alert")).toBeHidden();
    await expect(page.getByText("Saved. The person was told by e-mail.")).toHaveCount(2);

    await hands.button("Reset Registration");
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("Reset the registration of Sam Reed?");
    await accessible(page);
    await page.goBack();
    await expect(dialog).toBeHidden();
    await hands.button("Reset Registration");
    await hands.press(dialog.getByRole("button", { name: "Reset Registration" }));
    await expect(page.getByText("The registration of Sam Reed is reset.")).toBeVisible();
    await expect(page.getByText("Invited", { exact: true })).toBeVisible();
    await link(email, "Set up your account");

    await hands.button("Deactivate");
    await expect(dialog).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    await hands.button("Deactivate");
    await hands.press(dialog.getByRole("button", { name: "Deactivate" }));
    await expect(focused(page)).toContainText("Sam Reed is deactivated.");
    await accessible(page);
    await hands.link("To the list of users");
    await hands.select(page.getByLabel("Status"), "Deactivated");
    await expect(page.getByRole("row", { name: /Sam Reed/ })).toBeVisible();
    await hands.link("Sam Reed");
    await hands.button("Bring back");
    await hands.press(dialog.getByRole("button", { name: "Bring back" }));
    await expect(page.getByText("Sam Reed is brought back.")).toBeVisible();
  });
}

for (const Way of BOTH) {
  test(`two administrators at one user are told of each other; whoever has to log in once more goes on, ${Way.way}`, async ({ page }) => {
    const hands = new Way(page);
    const at = await office();
    const admin = await caller(at.person);
    const { roles } = await admin.call<{ roles: { provider: string; group: string }[] }>("GET", "/me");
    const [role] = roles;
    const username = at.place.username.replace("dana", "sam");
    const part = { provider: role?.provider, role: "staff" };
    const added = await admin.make<{ user: { version: number } }>(`/groups/${role?.group}/users`, { username, roles: [part], contact: contact("Sam", "Reed", `${username}@people.example`) });
    await signIn(hands, at.person);
    await hands.link("Setup");
    await hands.link("Manage Users");
    await hands.link("Sam Reed");
    await hands.type(page.getByRole("textbox", { name: /^Fax/ }), "501-555-0177");

    await other(admin, username, added.user.version);
    await hands.button("Save contact information");
    await expect(page.getByText("Somebody changed this in the meantime")).toBeVisible();
    await expect(page.getByRole("cell", { name: "501-555-0166" })).toBeVisible();
    await accessible(page);
    await hands.button("Keep what I typed");

    // As the API answers a sign-in that is too long ago, which a story cannot wait for.
    const problem = {
      type: "https://portico.example/problems/proof-required", title: "Sign in once more", status: 403, detail: "Sign in once more to do this.",
    };
    await page.route("**/users/*", (route) => route.fulfill({ status: 403, contentType: "application/problem+json", headers: { "access-control-allow-origin": "*" }, body: JSON.stringify(problem) }), { times: 1 });
    await hands.button("Save contact information");
    await hands.link("Log in once more");
    await expect(focused(page)).toHaveText(/^Login/);
    await accessible(page);
    await signIn(hands, at.person);
    await expect(focused(page)).toHaveAttribute("id", "contact-fax");
    await expect(page.getByRole("textbox", { name: /^Fax/ })).toHaveValue("501-555-0177");
    await hands.button("Save contact information");
    await expect(page.getByText("Saved. The person was told by e-mail.")).toBeVisible();
  });
}

/** What another administrator changes meanwhile. */
function other(by: Caller, username: string, version: number): Promise<unknown> {
  return by.call("PATCH", `/users/${username}`, { contact: { fax: "501-555-0166" } }, { "if-match": `"${version}"` });
}
