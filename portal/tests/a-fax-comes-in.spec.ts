// A fax without bars waits with intake: a clerk looks at its pages, files it to a case, begins one with it, or closes it.

import { BOTH, type Hands } from "./hands";
import { arrives } from "./faxes";
import { clocked, idle } from "./idle";
import { caller, office, staff } from "./office";
import { signIn } from "./people";
import { accessible, expect, focused, test } from "./portal";
import { waiting } from "./reviewers";

for (const Way of BOTH) {
  test(`intake files a fax to a case, and closes another one, ${Way.way}`, async ({ page }) => {
    test.setTimeout(240_000);
    const { caseId, key } = await waiting();
    const clerk = await caller(staff("intake"), "/staff");
    const [fax, other] = [await arrives(clerk), await arrives(clerk)];
    const hands = new Way(page);
    await signIn(hands, staff("intake"), "/staff/sign-in");
    await hands.press(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Faxes" }));
    await expect(focused(page)).toHaveText("Faxes that came in");
    await expect(page.getByRole("table").getByRole("row").nth(1)).toBeVisible();
    await accessible(page);

    await page.goto(`/staff/faxes/${fax}`);
    await shown(hands);
    await hands.button("Take this fax");
    await expect(focused(page)).toHaveText("You have taken the fax.");
    await accessible(page);
    await hands.button("File it to a case");
    await expect(focused(page)).toHaveText("File it to a case");
    await hands.type(page.getByRole("textbox", { name: /^Case ID/ }), "991230001");
    await hands.button("File the fax");
    await expect(page.getByRole("link", { name: "This contract has no case of this number." })).toBeVisible();
    await accessible(page);
    await hands.type(page.getByRole("textbox", { name: /^Case ID/ }), caseId);
    await hands.button("File the fax");
    await expect(focused(page)).toHaveText("The fax is filed.");
    await accessible(page);
    await hands.link("Open the case");
    await expect(page).toHaveURL(new RegExp(`/staff/cases/${key}$`));
    await expect(page.getByText(/^fax-.*\.tiff/).first()).toBeVisible();

    await page.goto(`/staff/faxes/${other}`);
    await hands.button("Take this fax");
    await expect(focused(page)).toHaveText("You have taken the fax.");
    await hands.button("Open a case from it");
    await expect(focused(page)).toHaveText("Open a case from it");
    await accessible(page);
    await hands.button("Cancel");
    await hands.button("Close without a case");
    await expect(focused(page)).toHaveText("Close without a case");
    await hands.choose(page.getByRole("radio", { name: "It was meant for somebody else" }));
    await accessible(page);
    await hands.button("Close the fax");
    await expect(focused(page)).toHaveText("The fax is closed.");
    await expect(page.getByText("Closed without a case")).toBeVisible();
  });
}

for (const Way of BOTH) {
  test(`what intake types of a fax outlives the session, and back closes its form, ${Way.way}`, async ({ page }) => {
    test.setTimeout(240_000);
    const { place, member } = await office();
    const fax = await arrives(await caller(staff("intake"), "/staff"));
    const hands = new Way(page);
    await signIn(hands, staff("intake"), "/staff/sign-in");
    await clocked(page, `/staff/faxes/${fax}`);
    await hands.button("Take this fax");
    await expect(focused(page)).toHaveText("You have taken the fax.");
    await hands.button("File it to a case");
    await expect(focused(page)).toHaveText("File it to a case");
    await page.goBack();
    await expect(page.getByRole("form")).toBeHidden();
    await expect(page).toHaveURL(`/staff/faxes/${fax}`);

    await hands.button("Open a case from it");
    await expect(focused(page)).toHaveText("Open a case from it");
    await hands.type(page.getByLabel("NPI of the requesting provider"), place.npi);
    await hands.button("Find the provider");
    const provider = page.getByRole("radio", { name: new RegExp(`^${place.name}`) });
    await expect(provider).toBeChecked();
    await hands.type(page.getByLabel("Month", { exact: true }), member.birthDate);
    await hands.type(page.getByLabel("Member number"), member.number);
    await idle(page);
    await signIn(hands, staff("intake"), "/staff/sign-in");
    await expect(page).toHaveURL(`/staff/faxes/${fax}?ask=open`);
    await expect(focused(page)).toHaveAttribute("id", "memberNumber");
    await expect(focused(page)).toHaveJSProperty("value", member.number);
    await expect(page.getByLabel("NPI of the requesting provider")).toHaveValue(place.npi);
    await expect(page.getByLabel("Year", { exact: true })).toHaveValue(member.birthDate.slice(0, 4));
    await expect(provider).toBeChecked();
    await accessible(page);
    await hands.choose(page.getByRole("radio", { name: "Outpatient" }));
    await hands.button("Open the case");
    await expect(focused(page)).toHaveText("The draft is with the provider.");
    await expect(page).toHaveURL(`/staff/faxes/${fax}`);
  });
}

/** The page is drawn, and can be turned. */
async function shown(hands: Hands): Promise<void> {
  const sheet = hands.page.getByRole("img", { name: "Picture of page 1 of 1" });
  await expect(sheet).toHaveAttribute("aria-busy", "false");
  const black = () => sheet.evaluate((canvas) => (canvas as HTMLCanvasElement).getContext("2d")?.getImageData(400, 60, 1, 1).data[0]);
  expect(await black()).toBe(0);
  await hands.button("Turn upside down");
  expect(await black()).toBe(255);
}
