// An account after its first day: the telephone as second factor, a forgotten password, the profile, two people at once.

import { groupAdmin } from "./office";
import { PASSWORD, register, signIn, type Person } from "./people";
import { accessible, expect, focused, test, type Page } from "./portal";
import { clinic, link, mail, spokenPin, totp } from "./stack";

const ANOTHER = "Meadow-Cloud-2027?";

test("login with phone", async ({ page }) => {
  const place = await clinic();
  const number = `+1${place.phone.replaceAll("-", "")}`;
  await register(page, place);
  await page.goto(await link(place.email, "Set up your account"));
  await page.getByLabel("New password").fill(PASSWORD);
  await page.getByLabel("Confirm password").fill(PASSWORD);
  await page.getByText("Phone call").click();
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(focused(page)).toHaveText("Confirm your second factor");
  await accessible(page);
  await page.getByRole("textbox", { name: /^PIN/ }).fill(await spokenPin(number, 1));
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByText("Your account is ready")).toBeVisible();

  await page.getByLabel("Username").fill(place.username);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Login with phone" }).click();
  await expect(page.getByText(`***-${place.phone.slice(-4)}`)).toBeVisible();
  await spokenPin(number, 2);
  await page.getByRole("button", { name: "Call me again" }).click();
  await expect(page.getByText("Another PIN is on its way")).toBeVisible();
  await accessible(page);
  const pin = await spokenPin(number, 3);
  await page.getByRole("textbox", { name: /^PIN/ }).fill(pin === "000000" ? "111111" : "000000");
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("alert")).toContainText("Sign-in failed");
  await page.getByRole("textbox", { name: /^PIN/ }).fill(pin);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
});

test("a forgotten password", async ({ page }) => {
  const place = await clinic();
  const me = await groupAdmin(page, place);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await expect(focused(page)).toHaveText("Forgot your password?");
  await accessible(page);
  await page.getByLabel("Username").fill(me.username);
  await page.getByRole("button", { name: "Mail me a link" }).click();
  await expect(focused(page)).toHaveText("Check your e-mail");
  await accessible(page);
  await page.goto(await link(place.email, "Set a new password"));
  await expect(page).toHaveURL("/reset");
  await page.getByLabel("New password").fill(PASSWORD);
  await page.getByLabel("Confirm password").fill(PASSWORD);
  await page.getByRole("button", { name: "Set password" }).click();
  await expect(page.getByRole("alert")).toContainText("one of your last");
  await accessible(page);
  await page.getByLabel("New password").fill(ANOTHER);
  await page.getByLabel("Confirm password").fill(ANOTHER);
  await page.getByRole("button", { name: "Set password" }).click();
  await expect(page.getByText("Your new password is set")).toBeVisible();
  await accessible(page);
  await page.getByRole("link", { name: "Customers and providers log in here" }).click();
  await page.getByLabel("Username").fill(me.username);
  await page.getByLabel("Password").fill(ANOTHER);
  await page.getByRole("button", { name: "Login", exact: true }).click();
  await page.getByRole("textbox", { name: /^Code/ }).fill(totp(me.secret));
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
});

test("the profile: contact, a new address with its PIN, a further second factor", async ({ page }) => {
  const place = await clinic();
  const me = await groupAdmin(page, place);
  await page.getByRole("link", { name: "My profile" }).click();
  await expect(focused(page)).toHaveText("My profile");
  await expect(page.getByText(me.username, { exact: true })).toBeVisible();
  await expect(page.getByText(place.name)).toBeVisible();
  await accessible(page);
  await page.getByRole("textbox", { name: /^Zip code/ }).fill("7");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("alert").getByRole("link")).toHaveCount(1);
  await expect(page.locator("#contact-zip")).toHaveAttribute("aria-invalid", "true");
  await accessible(page);
  await page.getByRole("textbox", { name: /^Zip code/ }).fill("72202");
  const address = `new.${place.email}`;
  await page.getByRole("textbox", { name: /^E-mail/ }).fill(address);
  await page.getByRole("textbox", { name: /^Confirm e-mail/ }).fill(address);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Until you enter it, your old address holds.")).toBeVisible();
  await accessible(page);
  const { BodyText } = await mail(address, "PIN");
  await page.getByRole("textbox", { name: "PIN from the e-mail" }).fill(/\b\d{6}\b/.exec(BodyText)?.[0] ?? "");
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByRole("textbox", { name: /^E-mail/ })).toHaveValue(address);

  await page.getByText("A call speaks a PIN.").click();
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("textbox", { name: /^PIN/ }).fill(await spokenPin(`+1${place.phone.replaceAll("-", "")}`, 1));
  await accessible(page);
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByText("The second factor is set up.")).toBeVisible();
});

test("an old e-mail address takes the change back", async ({ page, another }) => {
  const place = await clinic();
  const me = await groupAdmin(page, place);
  await page.getByRole("link", { name: "My profile" }).click();
  const address = `thief.${place.email}`;
  await page.getByRole("textbox", { name: /^E-mail/ }).fill(address);
  await page.getByRole("textbox", { name: /^Confirm e-mail/ }).fill(address);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Until you enter it, your old address holds.")).toBeVisible();
  const { BodyText } = await mail(address, "PIN");
  await page.getByRole("textbox", { name: "PIN from the e-mail" }).fill(/\b\d{6}\b/.exec(BodyText)?.[0] ?? "");
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByRole("textbox", { name: /^E-mail/ })).toHaveValue(address);

  // Whoever reads the old address, in a browser of their own.
  const owner = await another();
  await owner.goto(await link(place.email, "Your e-mail address was changed"));
  await expect(owner).toHaveURL("/undo");
  await expect(focused(owner)).toHaveText("Put your e-mail address back");
  await accessible(owner);
  await owner.getByLabel("New password").fill(ANOTHER);
  await owner.getByLabel("Confirm password").fill(ANOTHER);
  await owner.getByRole("button", { name: "Put the address back" }).click();
  await expect(owner.getByText("Your old e-mail address is back")).toBeVisible();
  await accessible(owner);
  await owner.getByRole("link", { name: "Customers and providers log in here" }).click();
  await owner.getByLabel("Username").fill(me.username);
  await owner.getByLabel("Password").fill(ANOTHER);
  await owner.getByRole("button", { name: "Login", exact: true }).click();
  await owner.getByRole("textbox", { name: /^Code/ }).fill(totp(me.secret));
  await owner.getByRole("button", { name: "Log in" }).click();
  await owner.getByRole("link", { name: "My profile" }).click();
  await expect(owner.getByRole("textbox", { name: /^E-mail/ })).toHaveValue(place.email);
  // The session that made the change has ended.
  await page.reload();
  await expect(page.getByRole("button", { name: "Sign out" })).toBeHidden();
  await expect(page.getByLabel("Username")).toBeVisible();
});

test("two people on one profile are told of each other", async ({ page, context }) => {
  await groupAdmin(page, await clinic());
  await page.getByRole("link", { name: "My profile" }).click();
  const other = await context.newPage();
  await other.goto("/profile");
  await other.getByRole("textbox", { name: /^City/ }).fill("Conway");
  await other.getByRole("button", { name: "Save", exact: true }).click();
  await expect(other.getByText("Saved.")).toBeVisible();

  await page.getByRole("textbox", { name: /^City/ }).fill("Fayetteville");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const told = page.getByRole("row", { name: "City" });
  await expect(told).toContainText("Conway");
  await expect(told).toContainText("Fayetteville");
  await accessible(page);
  await page.getByRole("button", { name: "Keep what I typed" }).click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  await other.reload();
  await expect(other.getByRole("textbox", { name: /^City/ })).toHaveValue("Fayetteville");
});

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
