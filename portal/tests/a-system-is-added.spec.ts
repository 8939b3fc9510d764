// A Contract Manager adds a system that asks by FHIR, gives it another key, and ends it.

import { randomUUID } from "node:crypto";
import { signIn } from "./people";
import { staff } from "./office";
import { accessible, expect, focused, test } from "./portal";
import { keys } from "./systems";

test("a system is added, changed and ended", async ({ page }) => {
  const name = `River EHR ${randomUUID().slice(0, 8)}`;
  await signIn(page, staff("contractManager"), "/staff/sign-in");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Systems" }).click();
  await expect(focused(page)).toHaveText("Systems");
  await page.getByRole("link", { name: "Add a system" }).click();
  await expect(focused(page)).toHaveText("Add a system");
  await page.getByRole("textbox", { name: /^Name/ }).fill(name);
  if (!(await page.locator("#contracts-arkansas").isChecked())) await page.locator('label[for="contracts-arkansas"]').click();
  await page.getByRole("textbox", { name: /^E-mail/ }).fill("ehr@clinics.example");
  await page.getByRole("textbox", { name: /^NPI 1/ }).fill("1234567890");
  await page.locator('label[for="scopes-system/Claim.rs"]').click();
  await page.getByRole("textbox", { name: /^Public keys/ }).fill("not JSON");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByRole("link", { name: /This NPI has a typing mistake/ })).toBeVisible();
  await expect(page.getByRole("link", { name: /Send a set of public keys/ })).toBeVisible();
  await accessible(page);
  await page.getByRole("textbox", { name: /^NPI 1/ }).fill("1234567893");
  await page.getByRole("textbox", { name: /^Public keys/ }).fill(JSON.stringify(keys("first")));
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByText(`${name} is added.`)).toBeVisible();
  await expect(page.getByText(/^cli_[0-9a-f]{32}$/)).toBeVisible();
  await accessible(page);

  await page.getByRole("link", { name: "To the list of systems" }).click();
  await page.getByRole("link", { name }).click();
  await expect(focused(page)).toHaveText("System");
  await expect(page.getByText("first (ES384)")).toBeVisible();
  await page.getByRole("textbox", { name: /^Public keys/ }).fill(JSON.stringify(keys("second")));
  await page.getByRole("button", { name: "Replace the keys" }).click();
  await expect(focused(page)).toContainText("The keys are replaced.");
  await expect(page.getByText("second (ES384)")).toBeVisible();
  await page.getByRole("button", { name: "Another provider" }).click();
  await page.getByRole("textbox", { name: /^NPI 2/ }).fill("1245319599");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(focused(page)).toContainText("Saved.");
  await accessible(page);

  await page.getByRole("button", { name: "End the system" }).click();
  await accessible(page);
  await page.getByRole("dialog").getByRole("button", { name: "End the system" }).click();
  await expect(focused(page)).toContainText(`${name} is ended.`);
  await expect(page.getByRole("button", { name: "End the system" })).toBeHidden();
  await accessible(page);
});
