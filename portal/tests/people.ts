// What a person does to come in, for stories that begin after it.

import { expect, type Page } from "@playwright/test";
import { link, totp, type Clinic } from "./stack";

/** It keeps every rule. */
export const PASSWORD = "River-Stone-2026!";

export interface Person {
  username: string;
  secret: string;
}

/** Fills in the registration of a clinic, up to the mailed link. */
export async function register(page: Page, clinic: Clinic): Promise<void> {
  await page.goto("/sign-in");
  await page.getByRole("link", { name: "Register here" }).click();
  await page.getByLabel("NPI").fill(clinic.npi);
  await page.getByLabel("Provider Registration Code").fill(clinic.code);
  await page.getByRole("button", { name: "Next" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Account information");
  await fillAccount(page, clinic);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Check your e-mail");
}

export async function fillAccount(page: Page, clinic: Clinic): Promise<void> {
  const values = {
    "Username": clinic.username, "First name": "Dana", "Last name": "Rivers", "Address 1": "12 Elm Street", "City": "Little Rock", "State": "AR",
    "Zip code": "72201", "E-mail": clinic.email, "Confirm e-mail": clinic.email, "Phone": clinic.phone, "Fax": "501-555-0142",
  };
  for (const [label, value] of Object.entries(values)) await page.getByRole("textbox", { name: new RegExp(`^${label}`) }).fill(value);
  await page.getByText("I have read the Terms of Use").click();
}

/** Follows the mailed link: password and authenticator app. */
export async function enrol(page: Page, email: string): Promise<string> {
  await page.goto(await link(email, "Set up your account"));
  await page.getByLabel("New password").fill(PASSWORD);
  await page.getByLabel("Confirm password").fill(PASSWORD);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Connect your authenticator app");
  const secret = await page.locator(".copy-text strong").innerText();
  await page.getByRole("textbox", { name: /^Code/ }).fill(totp(secret));
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByText("Your account is ready")).toBeVisible();
  return secret;
}

/** Logs in with the authenticator app. */
export async function signIn(page: Page, { username, secret }: Person, door: "/sign-in" | "/staff/sign-in" = "/sign-in"): Promise<void> {
  if (new URL(page.url(), "http://localhost").pathname !== door) await page.goto(door);
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Login", exact: true }).click();
  await page.getByRole("textbox", { name: /^Code/ }).fill(totp(secret));
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
}

/** A registered clinic's Group Admin, signed in. */
export async function groupAdmin(page: Page, clinic: Clinic): Promise<Person> {
  await register(page, clinic);
  const person = { username: clinic.username, secret: await enrol(page, clinic.email) };
  await signIn(page, person);
  return person;
}
