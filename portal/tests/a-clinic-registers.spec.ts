// From nothing to the signed-in home: once by mouse, once by keyboard alone.

import { to, type } from "./keyboard";
import { PASSWORD, enrol, fillAccount, register, signIn } from "./people";
import { accessible, expect, focused, test } from "./portal";
import { clinic, link, totp } from "./stack";

test("by mouse, with every state of every page", async ({ page }) => {
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

  await page.goto(await link(place.email, "Set up your account"));
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
  await expect(page.getByText("Request saved but not submitted").or(page.getByText("You have no saved request"))).toBeVisible();
  await expect(page).toHaveURL("/");
  await accessible(page);
});

test("by keyboard alone", async ({ page }) => {
  const place = await clinic();
  await page.goto("/");
  await expect(focused(page)).toHaveText(/^Login/);
  await to(page, "Register here", "Enter");
  await type(page, "NPI", place.npi);
  await type(page, "Provider Registration Code", place.code);
  await page.keyboard.press("Enter");
  await expect(focused(page)).toHaveText("Account information");
  for (const [label, value] of [
    ["Username", place.username], ["First name", "Dana"], ["Last name", "Rivers"], ["Address 1", "12 Elm Street"], ["City", "Little Rock"],
    ["State", "AR"], ["Zip code", "72201"], ["E-mail", place.email], ["Confirm e-mail", place.email], ["Fax", "501-555-0142"],
  ] as const) {
    await type(page, label, value);
  }
  await to(page, "I have read the Terms of Use and agree to them.", "Space");
  await to(page, "Continue", "Enter");
  await expect(focused(page)).toHaveText("Check your e-mail");

  await page.goto(await link(place.email, "Set up your account"));
  await expect(focused(page)).toHaveText("Set up your account");
  await type(page, "New password", PASSWORD);
  await type(page, "Confirm password", PASSWORD);
  await to(page, "Continue", "Enter");
  await expect(focused(page)).toHaveText("Connect your authenticator app");
  const secret = await page.locator(".copy-text strong").innerText();
  await type(page, "Code", totp(secret));
  await page.keyboard.press("Enter");
  await expect(focused(page)).toHaveText(/^Login/);
  await type(page, "Username", place.username);
  await type(page, "Password", PASSWORD);
  await page.keyboard.press("Enter");
  await expect(focused(page)).toHaveText("Enter your code");
  await type(page, "Code", totp(secret));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
  await expect(focused(page)).toHaveText("Home");
  await to(page, "Sign out", "Enter", "Shift+Tab");
  await expect(page.getByText("You are signed out.")).toBeVisible();
});

test("a link that was used opens nothing more", async ({ page }) => {
  const place = await clinic();
  await register(page, place);
  const address = await link(place.email, "Set up your account");
  const secret = await enrol(page, place.email);
  await signIn(page, { username: place.username, secret });
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
