// What a reviewer has themselves: chosen on the worklist, by an address that names nobody.

import { take } from "./desk";
import { BOTH } from "./hands";
import { accessible, expect, focused, test } from "./portal";
import { hired, waiting } from "./reviewers";

for (const Way of BOTH) {
  test(`a nurse sees what is theirs, ${Way.way}`, async ({ page }) => {
    test.setTimeout(240_000);
    const { caseId } = await waiting();
    const nurse = await hired("nurse");
    const hands = new Way(page);
    await take(hands, nurse, "Nurse worklist", caseId);
    await hands.press(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Nurse worklist" }));
    await expect(focused(page)).toHaveText("Nurse worklist");
    const rows = page.getByRole("table").getByRole("row");
    await hands.select(page.getByLabel("Held by"), "Mine");
    await expect(rows).toHaveCount(2);
    await expect(page.getByRole("row", { name: new RegExp(caseId) })).toContainText("You");
    await expect(page).toHaveURL("/staff/worklists/nurse?claimedBy=mine");
    await accessible(page);

    // Narrowed to what others may take, it is not there; nor among what is late, or fast.
    for (const [label, choice] of [["Held by", "Nobody"], ["Due", "Overdue"], ["Urgency", "Expedited"], ["Kind of request", "Appeal"]] as const) {
      await page.goto("/staff/worklists/nurse?claimedBy=mine");
      await expect(rows).toHaveCount(2);
      await hands.select(page.getByLabel(label, { exact: true }), choice);
      await expect(page.getByRole("row", { name: new RegExp(caseId) })).toHaveCount(0);
      if (label !== "Held by") await expect(page.getByText("You have claimed no request of this kind.")).toBeVisible();
    }
    await page.goto("/staff/worklists/nurse?claimedBy=mine");
    await expect(rows).toHaveCount(2);
    await expect(page.getByText(/\d+ waits?, \d+ overdue, \d+ due in the next 24 hours/)).toBeVisible();
    await expect(page.getByRole("row", { name: new RegExp(caseId) })).toContainText("Came less than a day ago");

    await hands.link(caseId);
    await expect(focused(page)).toHaveText("Case");
    await page.goBack();
    await expect(focused(page)).toHaveText("Nurse worklist");
    await expect(page.getByLabel("Held by")).toHaveValue("mine");
    await expect(rows).toHaveCount(2);

    await hands.link(caseId);
    await hands.button("Release");
    await expect(page.getByRole("button", { name: "Claim" })).toBeVisible();
    await page.goto("/staff/worklists/nurse?claimedBy=mine");
    await expect(page.getByText("You have claimed no request on this list.")).toBeVisible();
    await accessible(page);
  });
}
