// Whoever comes to the terms of another contract acknowledges them: who registers a location there, and who is given a part.

import { BOTH, Mouse } from "./hands";
import { Caller, caller, enrolled, office } from "./office";
import { PASSWORD, fillAccount, login, pair, signIn } from "./people";
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

test("terms that changed while one registers are shown, and agreed to anew", async ({ page }) => {
  const place = await clinic();
  await page.goto("/register");
  await pair(page, place);
  await fillAccount(page, place);
  // As the API answers when a pack with other terms began to hold meanwhile.
  const wrong = { pointer: "/termsVersion", code: "terms-changed", detail: "The terms of use have changed. Read and acknowledge them again." };
  const problem = { type: "https://portico.example/problems/invalid", title: "Please correct the marked fields", status: 422, detail: "One field is wrong.", errors: [wrong] };
  await page.route("**/registrations", (route) => route.fulfill({ status: 422, contentType: "application/problem+json", headers: { "access-control-allow-origin": "*" }, body: JSON.stringify(problem) }), { times: 1 });
  const verified = page.waitForResponse((answer) => answer.url().endsWith("/registrations/verify"));
  await page.getByRole("button", { name: "Continue" }).click();
  expect((await verified).status()).toBe(200);
  await expect(page.getByRole("alert")).toContainText("terms of use have changed");
  const acknowledge = page.getByRole("checkbox", { name: /^Acknowledgement/ });
  await expect(acknowledge).not.toBeChecked();
  await accessible(page);
  await new Mouse(page).choose(acknowledge);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(focused(page)).toHaveText("Check your e-mail");
});

/** Parts at both places, once the account is active. */
function given(by: Caller, username: string, roles: unknown[], version: number): Promise<unknown> {
  return by.call("PATCH", `/users/${username}`, { roles }, { "if-match": `"${version}"` });
}
