// A draft: colleagues see who edits it, take it over and hand it over, and whoever gets it is told.

import { BOTH } from "./hands";
import { colleague } from "./help";
import { caller, draft, office } from "./office";
import { signIn } from "./people";
import { accessible, expect, focused, test } from "./portal";

for (const Way of BOTH) {
  test(`a draft is taken over by a colleague and handed back, ${Way.way}`, async ({ page, another }) => {
    test.setTimeout(240_000);
    const at = await office();
    const dana = await caller(at.person);
    const name = `sam.${at.place.username}`.slice(0, 40);
    const sam = await colleague(dana, name, `sam.${at.place.username}@people.example`);
    const key = await draft(at, dana);

    const hers = new Way(page);
    await signIn(hers, at.person);
    await page.goto(`/cases/${key}/service`);
    await expect(page.getByText("This request is yours.")).toBeVisible();

    // Sam sees that Dana works on it, and goes on in her place.
    const his = new Way(await another());
    await signIn(his, sam);
    await his.page.goto(`/cases/${key}/service`);
    await expect(his.page.getByText(`${at.person.username} is working on this request`)).toBeVisible();
    await expect(his.page.getByText(`This request is with ${at.person.username}.`)).toBeVisible();
    await accessible(his.page);
    await his.button("Take Over");
    const dialog = his.page.getByRole("dialog");
    await expect(dialog).toContainText(`Take this request over from ${at.person.username}?`);
    await accessible(his.page);
    await his.press(dialog.getByRole("button", { name: "Take Over" }));
    await expect(his.page.getByText("This request is yours now.")).toBeVisible();
    await expect(his.page.getByText("This request is yours.")).toBeVisible();
    await expect(his.page.getByText("is working on this request")).toBeHidden();

    // Dana sees it when she comes back.
    await page.reload();
    await expect(page.getByText(`${sam.username} is working on this request`)).toBeVisible();
    await expect(page.getByText(`This request is with ${sam.username}.`)).toBeVisible();

    // He hands it back to her, and she is told.
    await his.button("Hand Over");
    await expect(focused(his.page)).toHaveText("Hand this request over");
    await accessible(his.page);
    await his.select(his.page.getByLabel("Colleague"), "Dana Rivers");
    await his.press(his.page.getByRole("form", { name: "Hand this request over" }).getByRole("button", { name: "Hand Over" }));
    await expect(his.page.getByText("This request is with Dana Rivers", { exact: false }).first()).toBeVisible();
    await expect(his.page.getByText(`This request is with ${at.person.username}.`)).toBeVisible();
    await expect
      .poll(async () => {
        await page.goto("/alerts");
        const told = page.getByRole("link", { name: "A request that is saved but not submitted is yours now" });
        return told.waitFor({ timeout: 5000 }).then(() => true, () => false);
      }, { timeout: 60_000 })
      .toBe(true);
    await accessible(page);
    await hers.press(page.getByRole("link", { name: "A request that is saved but not submitted is yours now" }));
    await expect(page).toHaveURL(new RegExp(key));
  });
}
