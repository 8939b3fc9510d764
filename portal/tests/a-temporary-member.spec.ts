// A member whom the program does not know yet: added on the way to the case, which goes on for them as for any other.

import { randomUUID } from "node:crypto";
import { BOTH } from "./hands";
import { clocked, idle } from "./idle";
import { admin } from "./office";
import { signIn } from "./people";
import { accessible, expect, focused, test } from "./portal";
import { family } from "./reviewers";
import { clinic } from "./stack";
import { onTo, parameters, searched } from "./wizard";

for (const Way of BOTH) {
  test(`a temporary member is added in the wizard, ${Way.way}`, async ({ page }) => {
    const [place, last] = [await clinic("colorado"), family(randomUUID().slice(0, 8))];
    const clerk = new Way(page);
    await signIn(clerk, await admin(place));
    await parameters(clerk, "Outpatient");
    await searched(clerk, last, "3/8/1971");
    await expect(page.getByText("No records found.")).toBeVisible();
    await accessible(page);
    await clerk.link("Add Temporary Consumer");
    await expect(focused(page)).toHaveText("Add Temporary Consumer");
    // What was searched is not typed twice.
    await expect(page.getByLabel("Last name")).toHaveValue(last);
    await expect(page.getByLabel("Year", { exact: true })).toHaveValue("1971");
    await accessible(page);
    const create = "Create Temporary Consumer";
    await clerk.button(create);
    for (const field of ["First name", "Gender", "Address line 1", "City", "State/Province", "County", "Postal code"]) {
      await expect(page.getByRole("link", { name: `${field} is required.` })).toBeVisible();
    }
    await expect(focused(page)).toHaveRole("alert");
    await accessible(page);
    await clerk.type(page.getByLabel("First name"), "Marit");
    await clerk.choose(page.getByRole("radio", { name: "Unknown" }));
    for (const [label, value] of [["Address line 1", "7 Spruce Way"], ["City", "Boulder"], ["State/Province", "CO"], ["County", "Boulder"], ["Postal code", "8O302"]] as const) {
      await clerk.type(page.getByLabel(label), value);
    }
    await clerk.button(create);
    await expect(page.getByLabel("Postal code")).toHaveAttribute("aria-invalid", "true");
    await accessible(page);
    await clerk.select(page.getByRole("combobox", { name: /^Language/ }), "Spanish");
    await clerk.choose(page.getByRole("radio", { name: /^Large print/ }));
    // The clinic's address instead: a member without one is reached there.
    await clerk.choose(page.getByRole("checkbox", { name: /^Use Facility Address/ }));
    await expect(page.getByLabel("Address line 1")).toBeHidden();
    const asked = page.waitForRequest((sent) => sent.method() === "POST" && sent.url().endsWith("/members"));
    await clerk.button(create);
    expect((await asked).postDataJSON()).toMatchObject({ language: "es", format: "large-print" });

    await expect(focused(page)).toHaveText("Consumer Cases");
    await accessible(page);
    await clerk.button("Create Case");
    await expect(focused(page)).toHaveText("Providers");
    await expect(page.getByText(`Marit ${last}, 03/08/1971, temporary member`)).toBeVisible();
    await accessible(page);
    expect(`${page.url()} ${await page.title()}`).not.toContain(last);
    await onTo(clerk, "Service Details");
    await clerk.press(page.getByRole("link", { name: /^Submit/ }));
    await expect(page.getByRole("region", { name: "Providers" })).toContainText(place.name);
    await clerk.link("Home");
    await expect(page.getByRole("table", { name: "Request saved but not submitted" })).toContainText(`Marit ${last}`);
    // They are found from now on.
    await parameters(clerk, "Outpatient");
    await searched(clerk, last, "1971-03-08");
    await expect(page.getByRole("button", { name: `Choose Marit ${last}` }).first()).toBeVisible();
  });
}

for (const Way of BOTH) {
  test(`a temporary member that is being typed outlives the session, ${Way.way}`, async ({ page }) => {
    test.setTimeout(180_000);
    const [place, last] = [await clinic("colorado"), family(randomUUID().slice(0, 8))];
    const clerk = new Way(page);
    const me = await admin(place);
    await signIn(clerk, me);
    await clocked(page);
    await parameters(clerk, "Outpatient");
    await searched(clerk, last, "3/8/1971");
    await clerk.link("Add Temporary Consumer");
    await expect(focused(page)).toHaveText("Add Temporary Consumer");
    await clerk.type(page.getByLabel("First name"), "Marit");
    await clerk.choose(page.getByRole("radio", { name: "Unknown" }));
    // The date is no whole one while it is typed again.
    await clerk.type(page.getByLabel("Year", { exact: true }), "197");
    await clerk.type(page.getByLabel("Address line 1"), "7 Spruce Way");
    await clerk.type(page.getByLabel("City"), "Boulder");
    await idle(page);
    await signIn(clerk, me);

    await expect(page).toHaveURL("/cases/new/temporary-member");
    await expect(focused(page)).toHaveAttribute("id", "city");
    const typed = { "First name": "Marit", "Last name": last, "Address line 1": "7 Spruce Way", "City": "Boulder" };
    for (const [label, value] of Object.entries(typed)) await expect(page.getByLabel(label)).toHaveValue(value);
    await expect(page.getByRole("radio", { name: "Unknown" })).toBeChecked();
    for (const [part, value] of [["Month", "3"], ["Day", "8"], ["Year", "197"]] as const) await expect(page.getByLabel(part, { exact: true })).toHaveValue(value);
    await accessible(page);
    await clerk.type(page.getByLabel("Year", { exact: true }), "1972");
    for (const [label, value] of [["State/Province", "CO"], ["County", "Boulder"], ["Postal code", "80302"]] as const) await clerk.type(page.getByLabel(label), value);
    await clerk.button("Create Temporary Consumer");
    await expect(focused(page)).toHaveText("Consumer Cases");
    await expect(page.getByText(`Marit ${last}, 03/08/1972`)).toBeVisible();
    await clerk.button("Create Case");
    await expect(focused(page)).toHaveText("Providers");
    // With the case what led to it is forgotten.
    await page.goBack();
    await expect(page).toHaveURL("/cases/new");
    await expect(focused(page)).toHaveText("Create Case");
    await expect(page.getByRole("radio", { name: "Outpatient" })).not.toBeChecked();
  });
}
