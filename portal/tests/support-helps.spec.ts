// Support helps a locked user, by keyboard alone: unlocked, reset, reports given and taken.

import { Keyboard, Mouse } from "./hands";
import { signIn } from "./people";
import { Caller, caller, office, staff } from "./office";
import { accessible, expect, focused, test } from "./portal";

test("a locked user", async ({ page }) => {
  const at = await office();
  const { username, secret } = at.person;
  const nobody = new Caller();
  for (let tries = 0; tries < 3; tries++) {
    await nobody.call("POST", "/sessions", { username, password: "Not-The-Password-1" }).catch(() => undefined);
  }
  await expect(caller(at.person)).rejects.toThrow("401");

  const support = staff("support");
  const dialog = page.getByRole("dialog");
  await page.goto("/staff/sign-in");
  await expect(focused(page)).toHaveText(/^Login/);
  const hands = new Keyboard(page);
  await signIn(hands, support, "/staff/sign-in");
  await expect(focused(page)).toHaveText("Home");
  await hands.link("Support");
  await expect(focused(page)).toHaveText("Support");
  await accessible(page);
  await hands.button("Find");
  await expect(focused(page)).toHaveRole("alert");
  await hands.type(page.getByRole("textbox", { name: /^Username/ }), username);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("table", { name: "Roles at providers of your contracts" })).toBeVisible();
  await expect(focused(page)).toHaveText("Support");
  expect(page.url()).not.toContain(username);
  await accessible(page);

  await hands.button("Unlock");
  await expect(dialog).toHaveAccessibleName(`Unlock ${username}?`);
  await accessible(page);
  await hands.press(dialog.getByRole("button", { name: "Unlock" }));
  await expect(focused(page)).toContainText(`${username} may be used again.`);
  await caller({ username, secret });

  const reports = `reports at ${at.place.name}`;
  await hands.button(`Give ${reports}`);
  await hands.button("Give reports");
  await expect(page.getByText(`Reports at ${at.place.name} are given.`)).toBeVisible();
  await expect(page.getByRole("table")).toContainText("Provider Group Admin + Reports");
  await hands.button(`Take ${reports}`);
  await hands.button("Take reports");
  await expect(page.getByText(`Reports at ${at.place.name} are taken.`)).toBeVisible();
  await accessible(page);

  await hands.button("Reset Registration");
  await hands.press(dialog.getByRole("button", { name: "Reset Registration" }));
  await expect(page.getByText(`The registration of ${username} is reset.`)).toBeVisible();
  await hands.link("Find another user");
  await hands.type(page.getByRole("textbox", { name: /^Username/ }), "nobody.at.all");
  await page.keyboard.press("Enter");
  await expect(page.getByText("No provider user of your contracts has this name.")).toBeVisible();
  await hands.button("Unlock");
  await hands.press(dialog.getByRole("button", { name: "Unlock" }));
  await expect(dialog.getByRole("alert")).toBeVisible();
  await accessible(page);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
});

for (const Way of [Mouse, Keyboard]) {
  test(`somebody who does not know the username is found by what they say, ${Way.way}`, async ({ page }) => {
    const { place } = await office();
    const hands = new Way(page);
    await page.goto("/staff/sign-in");
    await signIn(hands, staff("support"), "/staff/sign-in");
    await hands.link("Support");
    await expect(focused(page)).toHaveText("Support");
    await hands.button("Search");
    await expect(focused(page)).toContainText("Enter the person's name, e-mail address or phone number");
    await accessible(page);
    const found = page.getByRole("table", { name: "Users found" });
    const fields = { Name: "Rivers, Da", "E-mail": place.email.toUpperCase(), Phone: place.phone, "NPI of the clinic": place.npi, Clinic: place.name };
    for (const [label, text] of Object.entries(fields)) {
      const field = page.getByLabel(label, { exact: true });
      await hands.type(field, text);
      // Many are called Dana Rivers: with the clinic there is one.
      if (label === "Name") await hands.type(page.getByLabel("NPI of the clinic"), place.npi);
      await hands.button("Search");
      await expect(found.getByRole("row")).toHaveCount(2);
      await expect(found).toContainText(place.username);
      await expect(found).not.toContainText(place.email);
      await hands.type(field, "");
      await hands.type(page.getByLabel("NPI of the clinic"), "");
    }
    await accessible(page);
    await hands.type(page.getByLabel("E-mail"), `nobody.${place.email}`);
    await hands.button("Search");
    await expect(page.getByText("No provider user of your contracts fits.")).toBeVisible();
    await accessible(page);
    await hands.type(page.getByLabel("E-mail"), place.email);
    await hands.button("Search");
    await hands.press(found.getByRole("link"));
    await expect(focused(page)).toHaveText("Support");
    await expect(page.getByRole("table", { name: "Roles at providers of your contracts" })).toBeVisible();
    expect(page.url()).not.toContain(place.username);
    // Back from the account, who was found is there still.
    await page.goBack();
    await expect(page.getByLabel("E-mail")).toHaveValue(place.email);
    await expect(found).toContainText(place.username);
    expect(page.url()).not.toMatch(new RegExp(`${place.username}|example`));
    await accessible(page);
  });
}

test("what is not theirs to do is refused in words", async ({ page }) => {
  await signIn(page, staff("support"), "/staff/sign-in");
  for (const address of ["/staff/worklists/nurse", "/staff/people", "/staff/imports"]) {
    await page.goto(address);
    await expect(page.getByRole("alert")).toBeVisible();
    await expect(page.getByRole("table")).toBeHidden();
    await accessible(page);
  }
  await page.goto("/staff/worklists/elsewhere");
  await expect(focused(page)).toHaveText("There is nothing here");
  // A handle is known in the tab that made it.
  await page.goto("/staff/support/6a1f0c1e-0000-4000-8000-000000000000");
  await expect(page).toHaveURL("/staff/support");
  await page.goto("/staff/cases/no-such-case");
  await expect(page.getByRole("alert")).toContainText("does not exist");
  await accessible(page);
});
