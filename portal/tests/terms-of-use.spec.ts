// Whoever comes to the terms of another contract acknowledges them: who registers a location there, and who is given a part.

import { BOTH } from "./hands";
import { Caller, caller, enrolled, office } from "./office";
import { PASSWORD, login, signIn } from "./people";
import { accessible, expect, focused, test } from "./portal";
import { contact } from "./reviewers";
import { clinic, totp } from "./stack";

for (const Way of BOTH) {
  test(`terms of use of another contract, ${Way.way}`, async ({ page, another }) => {
    const [at, further] = [await office("arkansas"), await clinic("colorado")];
    const admin = new Way(page);
    await signIn(admin, at.person);
    await admin.link("Setup");
    await admin.link("Register New Provider");
    await admin.type(page.getByRole("textbox", { name: /^NPI/ }), further.npi);
    await admin.type(page.getByRole("textbox", { name: /^Provider Registration Code/ }), further.code);
    await admin.button("Register");
    const acknowledge = page.getByRole("checkbox", { name: /^Acknowledgement/ });
    await expect(acknowledge).toBeVisible();
    await expect(focused(page)).toHaveRole("alert");
    await expect(page.getByRole("region", { name: /^Terms of Use: .*Colorado/ })).not.toBeEmpty();
    await accessible(page);
    // By the message to the box.
    await admin.press(page.getByRole("alert").getByRole("link"));
    await admin.choose(acknowledge);
    await admin.button("Register");
    await expect(page.getByText(`${further.name} is in the group now.`)).toBeVisible();
    await admin.link("My profile");
    await expect(page.getByRole("table", { name: "Terms of Use" }).getByRole("row", { name: /Colorado/ })).toBeVisible();
    await accessible(page);

    // A clerk of the one location is given a part at the other.
    const by = await caller(at.person);
    const { roles } = await by.call<{ roles: { provider: string; group: string; contract: string }[] }>("GET", "/me");
    const parts = ["arkansas", "colorado"].map((contract) => ({ provider: roles.find((role) => role.contract === contract)?.provider, role: "staff" }));
    const username = at.place.username.replace("dana", "sam");
    const email = `${username}@people.example`;
    const added = await by.make<{ user: { version: number } }>(`/groups/${roles[0]?.group}/users`, { username, roles: parts.slice(0, 1), contact: contact("Sam", "Reed", email) });
    const secret = await enrolled(email);
    await given(by, username, parts, added.user.version + 1);
    const clerk = new Way(await another());
    await clerk.page.goto("/sign-in");
    await login(clerk, username, PASSWORD);
    await expect(focused(clerk.page)).toHaveText("Enter your code");
    await expect(clerk.page.getByRole("region", { name: /^Terms of Use: .*Colorado/ })).toBeVisible();
    await expect(clerk.page.getByRole("region", { name: /^Terms of Use: .*Arkansas/ })).toBeHidden();
    await accessible(clerk.page);
    await clerk.type(clerk.page.getByRole("textbox", { name: /^Code/ }), totp(secret));
    await clerk.button("Log in");
    await expect(clerk.page.getByRole("link", { name: "Read the Terms of Use and check the box." })).toBeVisible();
    await accessible(clerk.page);
    await clerk.choose(clerk.page.getByRole("checkbox", { name: /^Acknowledgement/ }));
    await clerk.button("Log in");
    await expect(clerk.page.getByRole("button", { name: "Sign out" })).toBeVisible();
    // Once is enough.
    await clerk.button("Sign out");
    await signIn(clerk, { username, secret });
  });
}

/** Parts at both places, once the account is active. */
function given(by: Caller, username: string, roles: unknown[], version: number): Promise<unknown> {
  return by.call("PATCH", `/users/${username}`, { roles }, { "if-match": `"${version}"` });
}
