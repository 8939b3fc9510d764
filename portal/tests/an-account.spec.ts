// An account after its first day: the telephone as second factor, a forgotten password, the profile, two people at once.

import { BOTH } from "./hands";
import { groupAdmin } from "./office";
import { PASSWORD, register, signIn, type Person } from "./people";
import { accessible, expect, focused, test, type Page } from "./portal";
import { clinic, link, mail, spokenPin, totp } from "./stack";

const ANOTHER = "Meadow-Cloud-2027?";

for (const Way of BOTH) {
  test(`login with phone, ${Way.way}`, async ({ page }) => {
    const hands = new Way(page);
    const place = await clinic();
    const number = `+1${place.phone.replaceAll("-", "")}`;
    await register(hands, place);
    await page.goto(await link(place.email, "Set up your account"));
    await hands.type(page.getByLabel("New password"), PASSWORD);
    await hands.type(page.getByLabel("Confirm password"), PASSWORD);
    await hands.choose(page.getByRole("radio", { name: /^Phone call/ }));
    await hands.button("Continue");
    await expect(focused(page)).toHaveText("Confirm your second factor");
    await accessible(page);
    await hands.type(page.getByRole("textbox", { name: /^PIN/ }), await spokenPin(number, 1));
    await hands.button("Confirm");
    await expect(page.getByText("Your account is ready")).toBeVisible();

    await hands.type(page.getByLabel("Username"), place.username);
    await hands.type(page.getByLabel("Password"), PASSWORD);
    await hands.button("Login with phone");
    await expect(page.getByText(`***-${place.phone.slice(-4)}`)).toBeVisible();
    await spokenPin(number, 2);
    await hands.button("Call me again");
    await expect(page.getByText("Another PIN is on its way")).toBeVisible();
    await accessible(page);
    const pin = await spokenPin(number, 3);
    await hands.type(page.getByRole("textbox", { name: /^PIN/ }), pin === "000000" ? "111111" : "000000");
    await hands.button("Log in");
    await expect(page.getByRole("alert")).toContainText("Sign-in failed");
    await hands.type(page.getByRole("textbox", { name: /^PIN/ }), pin);
    await hands.button("Log in");
    await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
  });
}

for (const Way of BOTH) {
  test(`a forgotten password, ${Way.way}`, async ({ page }) => {
    const hands = new Way(page);
    const place = await clinic();
    const me = await groupAdmin(hands, place);
    await hands.button("Sign out");
    await hands.link("Forgot your password?");
    await expect(focused(page)).toHaveText("Forgot your password?");
    await accessible(page);
    await hands.type(page.getByLabel("Username"), me.username);
    await hands.button("Mail me a link");
    await expect(focused(page)).toHaveText("Check your e-mail");
    await accessible(page);
    await page.goto(await link(place.email, "Set a new password"));
    await expect(page).toHaveURL("/reset");
    await hands.type(page.getByLabel("New password"), PASSWORD);
    await hands.type(page.getByLabel("Confirm password"), PASSWORD);
    await hands.button("Set password");
    await expect(page.getByRole("alert")).toContainText("one of your last");
    await accessible(page);
    await hands.type(page.getByLabel("New password"), ANOTHER);
    await hands.type(page.getByLabel("Confirm password"), ANOTHER);
    await hands.button("Set password");
    await expect(page.getByText("Your new password is set")).toBeVisible();
    await accessible(page);
    await hands.link("Customers and providers log in here");
    await hands.type(page.getByLabel("Username"), me.username);
    await hands.type(page.getByLabel("Password"), ANOTHER);
    await hands.button("Login");
    await hands.type(page.getByRole("textbox", { name: /^Code/ }), totp(me.secret));
    await hands.button("Log in");
    await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
  });
}

for (const Way of BOTH) {
  test(`the profile: contact, a new address with its PIN, a further second factor, ${Way.way}`, async ({ page }) => {
    const hands = new Way(page);
    const place = await clinic();
    const me = await groupAdmin(hands, place);
    await hands.link("My profile");
    await expect(focused(page)).toHaveText("Edit User Profile");
    await expect(page.getByText(me.username, { exact: true })).toBeVisible();
    await expect(page.getByText(place.name)).toBeVisible();
    await accessible(page);
    await hands.type(page.getByRole("textbox", { name: /^Zip code/ }), "7");
    await hands.button("Save");
    await expect(page.getByRole("alert").getByRole("link")).toHaveCount(1);
    await expect(page.locator("#contact-zip")).toHaveAttribute("aria-invalid", "true");
    await accessible(page);
    await hands.type(page.getByRole("textbox", { name: /^Zip code/ }), "72202");
    const address = `new.${place.email}`;
    await hands.type(page.getByRole("textbox", { name: /^E-mail/ }), address);
    await hands.type(page.getByRole("textbox", { name: /^Confirm e-mail/ }), address);
    await hands.button("Save");
    await expect(page.getByText("Until you enter it, your old address holds.")).toBeVisible();
    await accessible(page);
    const { BodyText } = await mail(address, "PIN");
    await hands.type(page.getByRole("textbox", { name: "PIN from the e-mail" }), /\b\d{6}\b/.exec(BodyText)?.[0] ?? "");
    await hands.button("Confirm");
    await expect(page.getByRole("textbox", { name: /^E-mail/ })).toHaveValue(address);

    await hands.choose(page.getByRole("radio", { name: /A call speaks a PIN/ }));
    await hands.button("Add");
    await hands.type(page.getByRole("textbox", { name: /^PIN/ }), await spokenPin(`+1${place.phone.replaceAll("-", "")}`, 1));
    await accessible(page);
    await hands.button("Confirm");
    await expect(page.getByText("The second factor is set up.")).toBeVisible();
  });
}

for (const Way of BOTH) {
  test(`an old e-mail address takes the change back, ${Way.way}`, async ({ page, another }) => {
    const hands = new Way(page);
    const place = await clinic();
    const me = await groupAdmin(hands, place);
    await hands.link("My profile");
    const address = `thief.${place.email}`;
    await hands.type(page.getByRole("textbox", { name: /^E-mail/ }), address);
    await hands.type(page.getByRole("textbox", { name: /^Confirm e-mail/ }), address);
    await hands.button("Save");
    await expect(page.getByText("Until you enter it, your old address holds.")).toBeVisible();
    const { BodyText } = await mail(address, "PIN");
    await hands.type(page.getByRole("textbox", { name: "PIN from the e-mail" }), /\b\d{6}\b/.exec(BodyText)?.[0] ?? "");
    await hands.button("Confirm");
    await expect(page.getByRole("textbox", { name: /^E-mail/ })).toHaveValue(address);

    // Whoever reads the old address, in a browser of their own.
    const theirs = new Way(await another());
    const owner = theirs.page;
    await owner.goto(await link(place.email, "Your e-mail address was changed"));
    await expect(owner).toHaveURL("/undo");
    await expect(focused(owner)).toHaveText("Put your e-mail address back");
    await accessible(owner);
    await theirs.type(owner.getByLabel("New password"), ANOTHER);
    await theirs.type(owner.getByLabel("Confirm password"), ANOTHER);
    await theirs.button("Put the address back");
    await expect(owner.getByText("Your old e-mail address is back")).toBeVisible();
    await accessible(owner);
    await theirs.link("Customers and providers log in here");
    await theirs.type(owner.getByLabel("Username"), me.username);
    await theirs.type(owner.getByLabel("Password"), ANOTHER);
    await theirs.button("Login");
    await theirs.type(owner.getByRole("textbox", { name: /^Code/ }), totp(me.secret));
    await theirs.button("Log in");
    await theirs.link("My profile");
    await expect(owner.getByRole("textbox", { name: /^E-mail/ })).toHaveValue(place.email);
    // The session that made the change has ended.
    await page.reload();
    await expect(page.getByRole("button", { name: "Sign out" })).toBeHidden();
    await expect(page.getByLabel("Username")).toBeVisible();
  });
}

for (const Way of BOTH) {
  test(`two people on one profile are told of each other, ${Way.way}`, async ({ page, context }) => {
    const hands = new Way(page);
    await groupAdmin(hands, await clinic());
    await hands.link("My profile");
    const there = new Way(await context.newPage());
    const other = there.page;
    await other.goto("/profile");
    await there.type(other.getByRole("textbox", { name: /^City/ }), "Conway");
    await there.button("Save");
    await expect(other.getByText("Saved.")).toBeVisible();

    await hands.type(page.getByRole("textbox", { name: /^City/ }), "Fayetteville");
    await hands.button("Save");
    const told = page.getByRole("row", { name: "City" });
    await expect(told).toContainText("Conway");
    await expect(told).toContainText("Fayetteville");
    await accessible(page);
    await hands.button("Keep what I typed");
    await hands.button("Save");
    await expect(page.getByText("Saved.")).toBeVisible();
    await other.reload();
    await expect(other.getByRole("textbox", { name: /^City/ })).toHaveValue("Fayetteville");
  });
}

test("what is locked says whom to ask, and no more", async ({ page }) => {
  const me = await groupAdmin(page, await clinic());
  await page.getByRole("button", { name: "Sign out" }).click();
  for (let tries = 0; tries < 3; tries++) {
    await page.getByLabel("Username").fill(me.username);
    await page.getByLabel("Password").fill("Wrong-Password-2026!");
    await page.getByRole("button", { name: "Login", exact: true }).click();
    await expect(page.getByRole("alert")).toContainText("Sign-in failed");
  }
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Login", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("Sign-in failed");
  await expect(page).toHaveURL("/sign-in");
});

test("the doors are apart", async ({ page }) => {
  const me = await groupAdmin(page, await clinic());
  await page.goto("/staff");
  await expect(page).toHaveURL("/staff/sign-in");
  await accessible(page);
  await page.getByLabel("Username").fill(me.username);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Login", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("Sign-in failed");
  // The door that was open stays so.
  await page.goto("/");
  await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
  await signInAgain(page, me);
});

/** Proving once more that it is oneself leads back. */
async function signInAgain(page: Page, me: Person): Promise<void> {
  await page.goto("/sign-in?again");
  await expect(page.getByText("prove once more that it is you")).toBeVisible();
  await signIn(page, me);
  await expect(page).toHaveURL("/");
}
