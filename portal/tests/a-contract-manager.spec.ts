// A Contract Manager's day: staff who come, change their post and leave; imports with what was rejected.

import { BOTH } from "./hands";
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { signIn } from "./people";
import { enrolled, staff } from "./office";
import { accessible, expect, focused, test } from "./portal";
import { family } from "./reviewers";
import { drop } from "./stack";

for (const Way of BOTH) {
  test(`staff who come, change their post and leave, ${Way.way}`, async ({ page }) => {
    const hands = new Way(page);
    const tag = randomUUID().slice(0, 8);
    const [username, last] = [`ann.${tag}`, family(tag)];
    const email = `${username}@staff.example`;
    await signIn(hands, staff("contractManager"), "/staff/sign-in");
    await hands.press(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Staff" }));
    await expect(focused(page)).toHaveText("Staff");
    await expect(page.getByRole("table")).toBeVisible();
    await accessible(page);

    await hands.link("Add staff");
    await hands.type(page.getByRole("textbox", { name: /^Username/ }), username);
    await hands.select(page.getByRole("combobox", { name: "Role" }), "Nurse Reviewer");
    const arkansas = page.locator("#post-contracts-arkansas");
    if (!(await arkansas.isChecked())) await hands.choose(arkansas);
    const values = {
      "First name": "Ann", "Last name": last, "Address 1": "1 Review Plaza", "City": "Little Rock", "State \\*": "AR", "Zip code": "72201",
      "E-mail": email, "Confirm e-mail": email, "Fax": "501-555-0190",
    };
    for (const [label, value] of Object.entries(values)) await hands.type(page.getByRole("textbox", { name: new RegExp(`^${label}`) }), value);
    await hands.button("Create");
    await expect(page.getByRole("link", { name: /A Nurse Reviewer needs a credential/ })).toBeVisible();
    await expect(page.getByRole("link", { name: /A Nurse Reviewer needs a license/ })).toBeVisible();
    await accessible(page);
    await hands.type(page.getByRole("textbox", { name: /^Credential/ }), "RN");
    await hands.type(page.getByRole("textbox", { name: /^State of the license/ }), "AR");
    await hands.type(page.getByRole("textbox", { name: /^Number of the license/ }), "R-900010");
    await hands.button("Create");
    await expect(page.getByText(`Ann ${last} is added.`)).toBeVisible();
    await accessible(page);
    await enrolled(email);

    await hands.link("To the list of staff");
    await hands.select(page.getByRole("combobox", { name: "Role" }), "Nurse Reviewer");
    await hands.select(page.getByLabel("Status"), "Active");
    const link = page.getByRole("link", { name: `Ann ${last}` });
    const more = page.getByRole("button", { name: "Show more" });
    await expect
      .poll(async () => {
        if (await link.isVisible()) return true;
        if (await more.isVisible()) await hands.press(more);
        return false;
      })
      .toBe(true);
    await hands.press(link);
    await expect(focused(page)).toHaveText("Edit staff");
    expect(page.url()).not.toContain(username);
    await accessible(page);
    await hands.select(page.getByRole("combobox", { name: "Role" }), "Physician Reviewer");
    await hands.button("Save post");
    await expect(page.getByRole("link", { name: "A Physician Reviewer needs a specialty." })).toBeVisible();
    await accessible(page);
    await hands.type(page.getByRole("textbox", { name: /^Specialty/ }), "Pediatrics");
    await hands.type(page.getByRole("textbox", { name: /^Credential/ }), "MD");
    await hands.button("Save post");
    await expect(page.getByText("Saved. The person was told by e-mail.")).toBeVisible();

    const dialog = page.getByRole("dialog");
    await hands.button("Deactivate");
    await accessible(page);
    await hands.press(dialog.getByRole("button", { name: "Deactivate" }));
    await expect(focused(page)).toContainText(`Ann ${last} is deactivated.`);
    await hands.button("Bring back");
    await hands.press(dialog.getByRole("button", { name: "Bring back" }));
    await expect(page.getByText(`Ann ${last} is brought back.`)).toBeVisible();
    await hands.button("Reset Registration");
    await hands.press(dialog.getByRole("button", { name: "Reset Registration" }));
    await expect(page.getByText(`The registration of Ann ${last} is reset.`)).toBeVisible();
    await accessible(page);
  });
}

for (const Way of BOTH) {
  test(`imports, and the rows that were rejected, ${Way.way}`, async ({ page }) => {
    const hands = new Way(page);
    const header = "contract,member_number,first,last,birth_date,gender,address1,address2,city,state,zip";
    const [good, bad] = ["2022-05-14", "2022-13-14"].map((born) => `arkansas,8${Math.floor(Math.random() * 1_000_000_000)},Ada,Quill,${born},female,45 Pecan Lane,,Little Rock,AR,72204`);
    const whole = await drop("members", "arkansas", `${header}\n${good}\n`);
    const file = await drop("members", "arkansas", `${header}\n${bad}\n`, 1);
    await signIn(hands, staff("contractManager"), "/staff/sign-in");
    await hands.press(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Imports" }));
    await expect(focused(page)).toHaveText("Imports");
    const row = page.getByRole("row", { name: new RegExp(file) });
    await expect(row).toContainText("1 rejected");
    await expect(row).toContainText("Members");
    await expect(page.getByRole("row", { name: new RegExp(whole) })).toContainText("1 read");
    await expect(page.getByRole("row", { name: new RegExp(whole) }).getByRole("link", { name: "Download rejects" })).toHaveCount(0);
    await accessible(page);
    const download = page.waitForEvent("download");
    await hands.press(row.getByRole("link", { name: `Download rejects of ${file}` }));
    expect(await readFile(await (await download).path(), "utf8")).toContain("birth_date");
    await hands.button("Español");
    await expect(row).toContainText("1 rechazadas");
    await accessible(page);
  });
}
