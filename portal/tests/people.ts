// What a person does to come in, for stories that begin after it.

import { expect } from "@playwright/test";
import { handsOf, type By } from "./hands";
import { link, totp, type Clinic } from "./stack";

/** It keeps every rule. */
export const PASSWORD = "River-Stone-2026!";

export interface Person {
  username: string;
  secret: string;
}

/** The registration of a clinic, up to the mailed link. */
export async function register(by: By, clinic: Clinic): Promise<void> {
  const hands = handsOf(by);
  await hands.page.goto("/sign-in");
  await hands.link("Register here");
  await pair(hands, clinic);
  await expect(hands.page.getByRole("heading", { level: 1 })).toHaveText("Account information");
  await fillAccount(hands, clinic);
  await hands.button("Continue");
  await expect(hands.page.getByRole("heading", { level: 1 })).toHaveText("Check your e-mail");
}

/** The two numbers that prove a location. */
export async function pair(by: By, { npi, code }: Pick<Clinic, "npi" | "code">): Promise<void> {
  const hands = handsOf(by);
  await hands.type(hands.page.getByLabel("NPI"), npi);
  await hands.type(hands.page.getByLabel("Provider Registration Code"), code);
  await hands.button("Next");
}

export async function fillAccount(by: By, clinic: Clinic): Promise<void> {
  const hands = handsOf(by);
  const values = {
    "Username": clinic.username, "First name": "Dana", "Last name": "Rivers", "Address 1": "12 Elm Street", "City": "Little Rock", "State": "AR",
    "Zip code": "72201", "E-mail": clinic.email, "Confirm e-mail": clinic.email, "Phone": clinic.phone, "Fax": clinic.fax,
  };
  for (const [label, value] of Object.entries(values)) await hands.type(hands.page.getByRole("textbox", { name: new RegExp(`^${label}`) }), value);
  await hands.choose(hands.page.getByRole("checkbox", { name: /^Acknowledgement/ }));
}

/** Follows the mailed link: password and authenticator app; whoever was added by somebody else acknowledges the terms. */
export async function enrol(by: By, email: string, how: "registered" | "added" = "registered"): Promise<string> {
  const hands = handsOf(by);
  const { page } = hands;
  await page.goto(await link(email, "Set up your account"));
  await newPassword(hands, PASSWORD);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Connect your authenticator app");
  const secret = await page.locator(".copy-text strong").innerText();
  await hands.type(page.getByRole("textbox", { name: /^Code/ }), totp(secret));
  const acknowledge = page.getByRole("checkbox", { name: /^Acknowledgement/ });
  if (how === "added") await hands.choose(acknowledge);
  else await expect(acknowledge).toBeHidden();
  await hands.button("Confirm");
  await expect(page.getByText("Your account is ready")).toBeVisible();
  return secret;
}

export async function newPassword(by: By, password: string): Promise<void> {
  const hands = handsOf(by);
  await hands.type(hands.page.getByLabel("New password"), password);
  await hands.type(hands.page.getByLabel("Confirm password"), password);
  await hands.button("Continue");
}

/** Logs in with the authenticator app. */
export async function signIn(by: By, { username, secret }: Person, door: "/sign-in" | "/staff/sign-in" = "/sign-in"): Promise<void> {
  const hands = handsOf(by);
  const { page } = hands;
  if (new URL(page.url(), "http://localhost").pathname !== door) await page.goto(door);
  await login(hands, username, PASSWORD);
  await expect(page.locator(":focus")).toHaveText("Enter your code");
  await hands.type(page.getByRole("textbox", { name: /^Code/ }), totp(secret));
  await hands.button("Log in");
  await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
}

/** The first step of it. */
export async function login(by: By, username: string, password: string): Promise<void> {
  const hands = handsOf(by);
  await hands.type(hands.page.getByLabel("Username"), username);
  await hands.type(hands.page.getByLabel("Password"), password);
  await hands.button("Login");
}
