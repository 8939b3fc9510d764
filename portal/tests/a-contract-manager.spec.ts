// A Contract Manager's day: staff who come, change their post and leave; imports with what was rejected.

import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { signIn } from "./people";
import { enrolled, staff } from "./office";
import { accessible, expect, focused, test } from "./portal";
import { family } from "./reviewers";
import { drop } from "./stack";

test("staff who come, change their post and leave", async ({ page }) => {
  const tag = randomUUID().slice(0, 8);
  const [username, last] = [`ann.${tag}`, family(tag)];
  const email = `${username}@staff.example`;
  await signIn(page, staff("contractManager"), "/staff/sign-in");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Staff" }).click();
  await expect(focused(page)).toHaveText("Staff");
  await expect(page.getByRole("table")).toBeVisible();
  await accessible(page);

  await page.getByRole("link", { name: "Add staff" }).click();
  await page.getByRole("textbox", { name: /^Username/ }).fill(username);
  await page.getByRole("combobox", { name: "Role" }).selectOption("nurse");
  const arkansas = page.locator('label[for="post-contracts-arkansas"]');
  if (!(await page.locator("#post-contracts-arkansas").isChecked())) await arkansas.click();
  const values = {
    "First name": "Ann", "Last name": last, "Address 1": "1 Review Plaza", "City": "Little Rock", "State \\*": "AR", "Zip code": "72201",
    "E-mail": email, "Confirm e-mail": email, "Fax": "501-555-0190",
  };
  for (const [label, value] of Object.entries(values)) await page.getByRole("textbox", { name: new RegExp(`^${label}`) }).fill(value);
  await page.getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("link", { name: /A Nurse Reviewer needs a credential/ })).toBeVisible();
  await expect(page.getByRole("link", { name: /A Nurse Reviewer needs a license/ })).toBeVisible();
  await accessible(page);
  await page.getByRole("textbox", { name: /^Credential/ }).fill("RN");
  await page.getByRole("textbox", { name: /^State of the license/ }).fill("AR");
  await page.getByRole("textbox", { name: /^Number of the license/ }).fill("R-900010");
  await page.getByRole("button", { name: "Create" }).click();
  await expect(page.getByText(`Ann ${last} is added.`)).toBeVisible();
  await accessible(page);
  await enrolled(email);

  await page.getByRole("link", { name: "To the list of staff" }).click();
  await page.getByRole("combobox", { name: "Role" }).selectOption("nurse");
  await page.getByLabel("Status").selectOption("active");
  const link = page.getByRole("link", { name: `Ann ${last}` });
  const more = page.getByRole("button", { name: "Show more" });
  await expect
    .poll(async () => {
      if (await link.isVisible()) return true;
      if (await more.isVisible()) await more.click();
      return false;
    })
    .toBe(true);
  await link.click();
  await expect(focused(page)).toHaveText("Edit staff");
  expect(page.url()).not.toContain(username);
  await accessible(page);
  await page.getByRole("combobox", { name: "Role" }).selectOption("physician");
  await page.getByRole("button", { name: "Save post" }).click();
  await expect(page.getByRole("link", { name: "A Physician Reviewer needs a specialty." })).toBeVisible();
  await accessible(page);
  await page.getByRole("textbox", { name: /^Specialty/ }).fill("Pediatrics");
  await page.getByRole("textbox", { name: /^Credential/ }).fill("MD");
  await page.getByRole("button", { name: "Save post" }).click();
  await expect(page.getByText("Saved. The person was told by e-mail.")).toBeVisible();

  const dialog = page.getByRole("dialog");
  await page.getByRole("button", { name: "Deactivate" }).click();
  await accessible(page);
  await dialog.getByRole("button", { name: "Deactivate" }).click();
  await expect(focused(page)).toContainText(`Ann ${last} is deactivated.`);
  await page.getByRole("button", { name: "Bring back" }).click();
  await dialog.getByRole("button", { name: "Bring back" }).click();
  await expect(page.getByText(`Ann ${last} is brought back.`)).toBeVisible();
  await page.getByRole("button", { name: "Reset Registration" }).click();
  await dialog.getByRole("button", { name: "Reset Registration" }).click();
  await expect(page.getByText(`The registration of Ann ${last} is reset.`)).toBeVisible();
  await accessible(page);
});

test("imports, and the rows that were rejected", async ({ page }) => {
  const header = "contract,member_number,first,last,birth_date,gender,address1,address2,city,state,zip";
  const [good, bad] = ["2022-05-14", "2022-13-14"].map((born) => `arkansas,8${Math.floor(Math.random() * 1_000_000_000)},Ada,Quill,${born},female,45 Pecan Lane,,Little Rock,AR,72204`);
  const whole = await drop("members", "arkansas", `${header}\n${good}\n`);
  const file = await drop("members", "arkansas", `${header}\n${bad}\n`, 1);
  await signIn(page, staff("contractManager"), "/staff/sign-in");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Imports" }).click();
  await expect(focused(page)).toHaveText("Imports");
  const row = page.getByRole("row", { name: new RegExp(file) });
  await expect(row).toContainText("1 rejected");
  await expect(row).toContainText("Members");
  await expect(page.getByRole("row", { name: new RegExp(whole) })).toContainText("1 read");
  await expect(page.getByRole("row", { name: new RegExp(whole) }).getByRole("link", { name: "Download rejects" })).toHaveCount(0);
  await accessible(page);
  const download = page.waitForEvent("download");
  await row.getByRole("link", { name: `Download rejects of ${file}` }).click();
  expect(await readFile(await (await download).path(), "utf8")).toContain("birth_date");
  await page.getByRole("button", { name: "Español" }).click();
  await expect(row).toContainText("1 rechazadas");
  await accessible(page);
});
