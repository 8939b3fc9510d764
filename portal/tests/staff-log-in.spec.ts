// Payer staff come in by their own door, and read either language.

import { readFileSync } from "node:fs";
import { signIn, type Person } from "./people";
import { accessible, expect, focused, test } from "./portal";

/** Members of staff with accounts, by role. */
const cast = JSON.parse(readFileSync("../target/portal/cast.json", "utf8")) as { nurse: Person };

test("by their own door", async ({ page }) => {
  await page.goto("/staff/profile");
  await expect(page).toHaveURL("/staff/sign-in");
  await expect(page).toHaveTitle("Login: Payer staff");
  await accessible(page);
  await signIn(page, cast.nurse, "/staff/sign-in");
  // Where they wanted to go.
  await expect(page).toHaveURL("/staff/profile");
  await expect(page.getByRole("heading", { name: "Your post" })).toBeVisible();
  await expect(page.getByText(cast.nurse.username, { exact: true })).toBeVisible();
  await accessible(page);
  await page.goto("/");
  await expect(page).toHaveURL("/sign-in");
});

test("in Spanish, which stays", async ({ page }) => {
  await page.goto("/staff/sign-in");
  await page.getByRole("button", { name: "Español" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "es");
  await expect(focused(page)).toHaveText("English");
  await expect(page).toHaveTitle("Iniciar sesión: Personal del pagador");
  await accessible(page);
  await page.getByLabel("Nombre de usuario").fill(cast.nurse.username);
  await page.getByRole("button", { name: "Iniciar sesión", exact: true }).click();
  await expect(page.getByRole("link", { name: "Contraseña: campo obligatorio." })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Iniciar sesión: Personal del pagador");
  await page.goto("/register");
  await expect(focused(page)).toHaveText("Registro");
  await accessible(page);
  await page.getByRole("button", { name: "English" }).click();
  await expect(focused(page)).toHaveText("Español");
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
});

test("the skip link leads past the header", async ({ page }) => {
  await page.goto("/sign-in");
  await expect(focused(page)).toHaveText(/^Login/);
  await page.getByRole("link", { name: "Skip to main content" }).focus();
  await page.keyboard.press("Enter");
  await expect(focused(page)).toHaveAttribute("id", "main");
  await page.keyboard.press("Tab");
  await expect(focused(page)).toHaveAttribute("id", "username");
});

test("an address without a page says so", async ({ page }) => {
  await page.goto("/no-such-page");
  await expect(focused(page)).toHaveText("There is nothing here");
  await accessible(page);
});

test("the reader's own colours and no motion", async ({ page }) => {
  await page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Login", exact: true }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  const border = await page.getByRole("button", { name: "Login", exact: true }).evaluate((button) => getComputedStyle(button).borderTopStyle);
  expect(border).toBe("solid");
  await accessible(page);
});
