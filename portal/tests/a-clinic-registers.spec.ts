// From nothing to the signed-in home, with every state of every page.

import { BOTH } from "./hands";
import { admin } from "./office";
import { PASSWORD, fillAccount, login, newPassword, pair } from "./people";
import { accessible, expect, focused, test } from "./portal";
import { clinic, link, totp } from "./stack";

test("a clinic registers", async ({ page }) => {
  const place = await clinic();
  await page.goto("/");
  await expect(page).toHaveURL("/sign-in");
  await expect(page).toHaveTitle("Login: Customer/Provider");
  await expect(focused(page)).toHaveText("Login: Customer/Provider");
  await accessible(page);

  await page.getByRole("link", { name: "Register here" }).click();
  await expect(focused(page)).toHaveText("Register");
  await page.getByRole("button", { name: "Next" }).click();
  await expect(page.getByRole("link", { name: "NPI is required." })).toBeVisible();
  await expect(focused(page)).toHaveRole("alert");
  await accessible(page);
  await page.getByRole("link", { name: "NPI is required." }).click();
  await expect(focused(page)).toHaveAttribute("id", "npi");

  // Each program says what its code is, and where to find it.
  await page.getByLabel("Program").selectOption("colorado");
  await expect(page.getByLabel("Provider Registration Code (Medicaid ID)")).toBeVisible();
  await accessible(page);
  await page.getByLabel("Program").selectOption("arkansas");
  await page.getByLabel("NPI").fill(place.npi);
  await page.getByLabel("Provider Registration Code").fill("NOT-THE-CODE");
  await page.getByRole("button", { name: "Next" }).click();
  await expect(page.getByRole("alert")).toContainText("not valid");
  await accessible(page);

  await page.getByLabel("Provider Registration Code").fill(place.code);
  await page.getByRole("button", { name: "Next" }).click();
  await expect(focused(page)).toHaveText("Account information");
  await expect(page.getByText(place.name)).toBeVisible();
  await page.getByRole("textbox", { name: /^Username/ }).pressSequentially("a b");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("link", { name: "Read the Terms of Use and check the box." })).toBeVisible();
  await accessible(page);
  await fillAccount(page, place);
  await expect(page.getByText(`${place.username} is free.`)).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(focused(page)).toHaveText("Check your e-mail");
  await expect(page.getByText(place.email)).toBeHidden();
  await accessible(page);

  const address = await link(place.email, "Set up your account");
  await page.goto(address);
  // Neither history nor a bookmark keeps the link.
  await expect(page).toHaveURL("/enrol");
  await page.getByLabel("New password").fill("riverstone");
  await expect(page.locator(".rules [data-kept=true]")).toHaveText(["a lower case letter, kept"]);
  await page.getByLabel("Confirm password").fill("riverstone");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("alert").getByRole("link")).not.toHaveCount(0);
  await accessible(page);
  await page.getByLabel("New password").fill(PASSWORD);
  await expect(page.locator(".rules [data-kept=true]")).toHaveCount(5);
  await page.getByLabel("Confirm password").fill(PASSWORD);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("img", { name: "QR code" })).toBeVisible();
  await accessible(page);
  const secret = await page.locator(".copy-text strong").innerText();
  await page.getByRole("button", { name: "Copy secret" }).click();
  await expect(page.getByText("Copied")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret);
  await page.getByRole("textbox", { name: /^Code/ }).fill(totp(secret));
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByText("Your account is ready")).toBeVisible();
  await accessible(page);

  await page.getByLabel("Username").fill(place.username);
  await page.getByLabel("Password").fill("Not-The-Password-1");
  await page.getByRole("button", { name: "Login", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("Sign-in failed");
  await accessible(page);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Login", exact: true }).click();
  await expect(focused(page)).toHaveText("Enter your code");
  await accessible(page);
  await page.getByRole("textbox", { name: /^Code/ }).fill(totp(secret));
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByText("You have no saved request")).toBeVisible();
  await expect(page).toHaveURL("/");
  await accessible(page);

  // A link that was used opens nothing more.
  await page.goto(address);
  await page.getByLabel("New password").fill(PASSWORD);
  await page.getByLabel("Confirm password").fill(PASSWORD);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await accessible(page);
  await page.goto("/enrol");
  await expect(page.getByText("This page is opened by the link")).toBeVisible();
  await accessible(page);
});

for (const Way of BOTH) {
  test(`back and forward lead through the registration, and nothing typed is lost, ${Way.way}`, async ({ page }) => {
    const place = await clinic();
    const hands = new Way(page);
    const username = page.getByRole("textbox", { name: /^Username/ });
    await page.goto("/sign-in");
    await hands.link("Register here");
    await pair(hands, place);
    await expect(focused(page)).toHaveText("Account information");
    await hands.type(username, place.username);
    await hands.type(page.getByRole("textbox", { name: /^City/ }), "Little Rock");
    await page.goBack();
    await expect(page).toHaveURL("/register");
    await expect(focused(page)).toHaveText("Register");
    await expect(page.getByLabel("NPI")).toHaveValue(place.npi);
    await accessible(page);
    await page.goForward();
    await expect(focused(page)).toHaveText("Account information");
    await expect(username).toHaveValue(place.username);

    // Out of the page, and in again: for who proves the same location.
    await page.goBack();
    await expect(focused(page)).toHaveText("Register");
    await page.goBack();
    await expect(page).toHaveURL("/sign-in");
    await page.goForward();
    await expect(focused(page)).toHaveText("Register");
    await expect(page.getByLabel("NPI")).toHaveValue("");
    await pair(hands, place);
    await expect(focused(page)).toHaveText("Account information");
    await expect(username).toHaveValue(place.username);
    await expect(page.getByRole("textbox", { name: /^City/ })).toHaveValue("Little Rock");
    await fillAccount(hands, place);
    await hands.button("Continue");
    await expect(focused(page)).toHaveText("Check your e-mail");
    await page.goBack();
    await expect(focused(page)).toHaveText("Register");
    await expect(page.getByLabel("NPI")).toHaveValue("");

    await page.goto(await link(place.email, "Set up your account"));
    await newPassword(hands, PASSWORD);
    await expect(focused(page)).toHaveText("Connect your authenticator app");
    await page.goBack();
    await expect(page).toHaveURL("/enrol");
    await expect(focused(page)).toHaveText("Set up your account");
    await expect(page.getByLabel("New password")).toHaveValue(PASSWORD);
    await accessible(page);
    await page.goForward();
    await expect(focused(page)).toHaveText("Connect your authenticator app");
    const secret = await page.locator(".copy-text strong").innerText();
    await hands.type(page.getByRole("textbox", { name: /^Code/ }), totp(secret));
    await hands.button("Confirm");
    await expect(page.getByText("Your account is ready")).toBeVisible();
  });

  test(`back leads from the second step of a login to the first, and from the portal past both, ${Way.way}`, async ({ page }) => {
    const person = await admin(await clinic());
    const hands = new Way(page);
    await page.goto("/sign-in/contact");
    await hands.link("To the login page");
    await expect(focused(page)).toHaveText(/^Login/);
    await login(hands, person.username, PASSWORD);
    await expect(focused(page)).toHaveText("Enter your code");
    await page.goBack();
    await expect(page).toHaveURL("/sign-in");
    await expect(focused(page)).toHaveText(/^Login/);
    await expect(page.getByLabel("Username")).toHaveValue(person.username);
    await page.goForward();
    await expect(focused(page)).toHaveText("Enter your code");
    await hands.button("Use another way");
    await expect(focused(page)).toHaveText(/^Login/);
    await hands.button("Login");
    await expect(focused(page)).toHaveText("Enter your code");
    await hands.type(page.getByRole("textbox", { name: /^Code/ }), totp(person.secret));
    await hands.button("Log in");
    await expect(focused(page)).toHaveText("Home");
    await page.goBack();
    await expect(focused(page)).toHaveText("Contact Us");
    await page.goForward();
    await expect(focused(page)).toHaveText("Home");
    await accessible(page);
  });
}

test("after a reload nobody knows what was entered before a second step: the first one is there", async ({ page }) => {
  const person = await admin(await clinic());
  await page.goto("/sign-in");
  for (const way of ["at once", "once more"]) {
    await login(page, person.username, PASSWORD);
    await expect(focused(page), way).toHaveText("Enter your code");
    if (way === "at once") await page.reload();
    else await page.goBack();
    await expect(page.getByRole("heading", { level: 1 }), way).toHaveText(/^Login/);
  }
});
