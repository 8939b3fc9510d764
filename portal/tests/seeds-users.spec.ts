// What the overview of registration and the help for users teach, under their names and in their order; how one registers stands in
// `seeds.spec.ts`.

import { office } from "./office";
import { signIn } from "./people";
import { accessible, expect, focused, test, type Page } from "./portal";
import { clinic, link } from "./stack";

test.use({ actionTimeout: 20_000 });

const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
const follow = (page: Page, name: string) => page.getByRole("link", { name, exact: true }).click();
const heading = (page: Page, text: string) => expect(focused(page)).toHaveText(text);

test("the overview of registration and the help: users, providers, the own profile, Contact Us", async ({ page }) => {
  test.setTimeout(180_000);
  const [{ place, person }, further] = await Promise.all([office(), clinic()]);
  await page.goto("/sign-in");
  await follow(page, "Contact Us");
  await expect(page.getByRole("heading", { name: "Health First Colorado" })).toBeVisible();
  await expect(page.getByRole("main").getByRole("link", { name: "888-660-3831" }).first()).toHaveAttribute("href", "tel:888-660-3831");
  await accessible(page);
  await follow(page, "To the login page");
  for (const way of ["Login with phone", "Login with email"]) await expect(page.getByRole("button", { name: way })).toBeVisible();
  await follow(page, "Forgot your password?");
  await expect(page.getByRole("heading", { level: 1, name: "Forgot your password?" })).toBeVisible();
  await follow(page, "To the login page");
  await heading(page, "Login: Customer/Provider");
  await signIn(page, person);

  await follow(page, "Setup");
  await expect(page.getByRole("heading", { name: "Manage Provider Groups" })).toBeVisible();
  await follow(page, "Add New User");
  await heading(page, "Add New User");
  await expect(page.getByLabel(place.name).locator("option:checked")).toHaveText("Provider Staff Account");
  const [username, email] = [place.username.replace("dana", "sam"), `sam.${place.username}@people.example`];
  const values = { "Username": username, "First name": "Sam", "Last name": "Reed", "Address 1": "1 Main Street", "City": "Little Rock", "State": "AR", "Zip code": "72201", "E-mail": email, "Confirm e-mail": email, "Fax": "501-555-0142" };
  for (const [label, value] of Object.entries(values)) await page.getByRole("textbox", { name: new RegExp(`^${label}`) }).fill(value);
  await press(page, "Create");
  await expect(page.getByText("Sam Reed is added.")).toBeVisible();
  expect(await link(email, "Set up your account")).toContain("/enrol");

  await follow(page, "Setup");
  await follow(page, "Manage Users");
  await follow(page, "Sam Reed");
  await page.getByLabel(place.name).selectOption({ label: "Provider Admin" });
  await press(page, "Save roles");
  await expect(page.getByText("Saved. The person was told by e-mail.")).toBeVisible();
  for (const [action, done] of [["Reset Registration", "The registration of Sam Reed is reset."], ["Deactivate", "Sam Reed is deactivated."]] as const) {
    await press(page, action);
    await page.getByRole("dialog").getByRole("button", { name: action }).click();
    await expect(page.getByText(done)).toBeVisible();
  }

  await follow(page, "Setup");
  await follow(page, "Register New Provider");
  await page.getByLabel("NPI").fill(further.npi);
  await page.getByLabel("Provider Registration Code").fill(further.code);
  await press(page, "Register");
  await expect(page.getByText(`${further.name} is in the group now.`)).toBeVisible();

  await follow(page, "My profile");
  await heading(page, "Edit User Profile");
  await follow(page, "Contact Us");
  await heading(page, "Contact Us");
  await expect(page.getByRole("main").getByRole("link", { name: "888-660-3831" })).toBeVisible();
  await accessible(page);
});
