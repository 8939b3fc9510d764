// A letter that lacks an address waits for repair. A nurse has it written again, too early; then the plan's file brings the address, and the
// letter is issued.

import { BOTH } from "./hands";
import { held, lettersOf, refused } from "./held";
import { brought, caller, staff } from "./office";
import { signIn } from "./people";
import { accessible, expect, focused, test } from "./portal";

for (const Way of BOTH) {
  test(`a letter is repaired, ${Way.way}`, async ({ page }) => {
    test.setTimeout(240_000);
    const { office, caseId, key } = await held();
    const hands = new Way(page);
    await signIn(hands, staff("nurse"), "/staff/sign-in");
    await hands.press(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Letters to repair" }));
    await expect(focused(page)).toHaveText("Letters to repair");
    const again = page.getByRole("button", { name: `Write it again: Letter to the member, ${caseId}, R01` });
    await expect(async () => {
      const more = page.getByRole("button", { name: "Show more" });
      if ((await again.count()) === 0 && (await more.isVisible())) await more.click();
      await expect(again).toBeVisible({ timeout: 1000 });
    }).toPass({ timeout: 30_000 });
    const row = page.getByRole("row").filter({ has: again });
    await expect(row).toContainText("addressee");
    await expect(row).toContainText("Not yet");
    await accessible(page);

    await hands.press(again);
    const still = page.getByRole("status").filter({ hasText: `Letter to the member, ${caseId}, R01: it is not issued. It still lacks:` });
    await expect(still).toContainText("addressee", { timeout: 60_000 });
    await expect(row).not.toContainText("Not yet");
    await accessible(page);

    // At the case there is the same button.
    await hands.press(row.getByRole("link", { name: caseId }));
    await expect(page).toHaveURL(new RegExp(`/staff/cases/${key}$`));
    const here = page.getByRole("button", { name: "Write it again: Letter to the member, R01" });
    await expect(here).toBeVisible();
    await accessible(page);
    await page.goBack();
    await expect(again).toBeVisible();

    await brought(office.place.contract, office.member);
    await hands.press(again);
    await expect(focused(page)).toHaveText(`Letter to the member, ${caseId}, R01: it is issued and on its way.`, { timeout: 60_000 });
    await expect(again).toHaveCount(0);
    await accessible(page);
    const { letters, held: left } = await lettersOf(await caller(staff("nurse"), "/staff"), key);
    expect(letters.map(({ audience }) => audience).toSorted()).toEqual(["member", "provider"]);
    expect(left).toBeUndefined();
  });
}

test("a letter is repaired at its case, and a manager sees the list without its cases", async ({ page, another }) => {
  test.setTimeout(240_000);
  const { office, caseId, key } = await held();
  const manager = await another();
  await signIn(manager, staff("contractManager"), "/staff/sign-in");
  await manager.goto("/staff/held-letters");
  const row = manager.getByRole("row").filter({ hasText: caseId });
  await expect(row).toContainText("addressee");
  await expect(row.getByRole("link")).toHaveCount(0);
  await accessible(manager);

  await brought(office.place.contract, office.member);
  await signIn(page, staff("nurse"), "/staff/sign-in");
  await page.goto(`/staff/cases/${key}`);
  await page.getByRole("button", { name: "Write it again: Letter to the member, R01" }).click();
  await expect(focused(page)).toHaveText("Letter to the member, R01: it is issued and on its way.", { timeout: 60_000 });
  await manager.getByRole("button", { name: "Read again" }).click();
  await expect(row).toHaveCount(0);
});

for (const Way of BOTH) {
  test(`a letter that the mail carrier refused is written again to another address, ${Way.way}`, async ({ page }) => {
    test.setTimeout(240_000);
    const { office, caseId, key } = await refused();
    const hands = new Way(page);
    await signIn(hands, staff("nurse"), "/staff/sign-in");
    await page.goto(`/staff/cases/${key}`);
    await expect(page.getByText("Refused by the mail carrier")).toBeVisible();
    await accessible(page);
    await hands.press(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Letters to repair" }));
    await expect(focused(page)).toHaveText("Letters to repair");
    const again = page.getByRole("button", { name: `Write it again: Letter to the member, ${caseId}, R01` });
    await expect(async () => {
      const more = page.getByRole("button", { name: "Show more" });
      if ((await again.count()) === 0 && (await more.isVisible())) await more.click();
      await expect(again).toBeVisible({ timeout: 1000 });
    }).toPass({ timeout: 30_000 });
    const row = page.getByRole("row").filter({ has: again });
    await expect(row).toContainText("An address that the mail carrier takes: it refused this one (status 422).");
    await accessible(page);

    await brought(office.place.contract, office.member);
    await hands.press(again);
    await expect(focused(page)).toHaveText(`Letter to the member, ${caseId}, R01: it is issued and on its way.`, { timeout: 60_000 });
    await expect(again).toHaveCount(0);
    const { letters, held: left } = await lettersOf(await caller(staff("nurse"), "/staff"), key);
    expect(letters.map(({ audience }) => audience).toSorted()).toEqual(["member", "member", "provider"]);
    expect(left).toBeUndefined();
    await expect(async () => {
      await page.goto(`/staff/cases/${key}`);
      await expect(page.getByText("Handed to the mail")).toBeVisible({ timeout: 2000 });
    }).toPass({ timeout: 60_000 });
  });
}
