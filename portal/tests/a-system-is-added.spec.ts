// A Contract Manager adds a system that asks by FHIR, gives it another key, and ends it.

import { BOTH } from "./hands";
import { randomUUID } from "node:crypto";
import { clocked, idle } from "./idle";
import { signIn } from "./people";
import { caller, staff } from "./office";
import { accessible, expect, focused, test } from "./portal";
import { keys, system } from "./systems";

for (const Way of BOTH) {
  test(`a system is added, changed and ended, ${Way.way}`, async ({ page }) => {
    const hands = new Way(page);
    const name = `River EHR ${randomUUID().slice(0, 8)}`;
    await signIn(hands, staff("contractManager"), "/staff/sign-in");
    await hands.press(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Systems" }));
    await expect(focused(page)).toHaveText("Systems");
    await hands.link("Add a system");
    await expect(focused(page)).toHaveText("Add a system");
    await hands.type(page.getByRole("textbox", { name: /^Name/ }), name);
    const arkansas = page.locator("#contracts-arkansas");
    if (!(await arkansas.isChecked())) await hands.choose(arkansas);
    await hands.type(page.getByRole("textbox", { name: /^E-mail/ }), "ehr@clinics.example");
    await hands.type(page.getByRole("textbox", { name: /^NPI 1/ }), "1234567890");
    await hands.choose(page.locator('[id="scopes-system/Claim.rs"]'));
    await hands.type(page.getByRole("textbox", { name: /^Public keys/ }), "not JSON");
    await hands.button("Add");
    await expect(page.getByRole("link", { name: /This NPI has a typing mistake/ })).toBeVisible();
    await expect(page.getByRole("link", { name: /Send a set of public keys/ })).toBeVisible();
    await accessible(page);
    await hands.type(page.getByRole("textbox", { name: /^NPI 1/ }), "1234567893");
    await hands.type(page.getByRole("textbox", { name: /^Public keys/ }), JSON.stringify(keys("first")));
    await hands.button("Add");
    await expect(page.getByText(`${name} is added.`)).toBeVisible();
    await expect(page.getByText(/^cli_[0-9a-f]{32}$/)).toBeVisible();
    await accessible(page);

    await hands.link("To the list of systems");
    await hands.press(page.getByRole("link", { name }));
    await expect(focused(page)).toHaveText("System");
    await expect(page.getByText("first (ES384)")).toBeVisible();
    await hands.type(page.getByRole("textbox", { name: /^Public keys/ }), JSON.stringify(keys("second")));
    await hands.button("Replace the keys");
    await expect(focused(page)).toContainText("The keys are replaced.");
    await expect(page.getByText("second (ES384)")).toBeVisible();
    await hands.button("Another provider");
    await hands.type(page.getByRole("textbox", { name: /^NPI 2/ }), "1245319599");
    await hands.button("Save");
    await expect(focused(page)).toContainText("Saved.");
    await accessible(page);

    await hands.button("End the system");
    await accessible(page);
    await hands.press(page.getByRole("dialog").getByRole("button", { name: "End the system" }));
    await expect(focused(page)).toContainText(`${name} is ended.`);
    await expect(page.getByRole("button", { name: "End the system" })).toBeHidden();
    await accessible(page);
  });
}

for (const Way of BOTH) {
  test(`what is typed of a system outlives the session, ${Way.way}`, async ({ page }) => {
    test.setTimeout(180_000);
    const id = await system(await caller(staff("contractManager"), "/staff"), "arkansas");
    const hands = new Way(page);
    await signIn(hands, staff("contractManager"), "/staff/sign-in");
    await clocked(page, `/staff/systems/${id}`);
    await hands.button("Another provider");
    await hands.type(page.getByRole("textbox", { name: /^NPI 2/ }), "1245319599");
    await hands.type(page.getByRole("textbox", { name: /^E-mail/ }), "desk@clinics.example");
    await idle(page);
    await signIn(hands, staff("contractManager"), "/staff/sign-in");
    await expect(page).toHaveURL(`/staff/systems/${id}`);
    const email = page.getByRole("textbox", { name: /^E-mail/ });
    await expect(email).toBeFocused();
    await expect(email).toHaveValue("desk@clinics.example");
    await expect(page.getByRole("textbox", { name: /^NPI 2/ })).toHaveValue("1245319599");
    await accessible(page);
    await hands.button("Save");
    await expect(focused(page)).toContainText("Saved.");
    // What is saved is kept no more.
    await hands.link("To the list of systems");
    await expect(focused(page)).toHaveText("Systems");
    await page.goBack();
    await expect(page.getByRole("textbox", { name: /^NPI 2/ })).toHaveValue("1245319599");
    await expect(page.getByRole("textbox", { name: /^E-mail/ })).toHaveValue("desk@clinics.example");
  });
}
