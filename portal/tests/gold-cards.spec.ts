// A Contract Manager looks at what people decided of a provider's requests, takes a gold card away with a reason and gives it back.

import { BOTH } from "./hands";
import { caller, staff } from "./office";
import { signIn } from "./people";
import { accessible, expect, focused, test } from "./portal";
import { waiting } from "./reviewers";
import { eventually } from "./stack";

const REASON = "Findings of the audit of May.";

for (const Way of BOTH) {
  test(`a gold card is looked at, taken away and given back, ${Way.way}`, async ({ page }) => {
    const hands = new Way(page);
    const { key, office: at } = await waiting();
    const nurse = await caller(staff("nurse"), "/staff");
    const request = `/staff/cases/${key}/requests/R01`;
    await nurse.call("POST", `${request}/claim`);
    await nurse.call("POST", `${request}/determination`, { decision: "determine", lines: [{ outcome: "approved" }, { outcome: "approved" }] });
    // It is counted from the events, a moment later.
    const manager = await caller(staff("contractManager"), "/staff");
    await eventually("the decision to be counted", async () => {
      const { cards } = await manager.call<{ cards: unknown[] }>("GET", `/staff/contracts/arkansas/gold-cards?npi=${at.place.npi}`);
      return cards.length > 0 || undefined;
    });

    await signIn(hands, staff("contractManager"), "/staff/sign-in");
    await hands.press(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Gold cards" }));
    await expect(focused(page)).toHaveText("Gold cards");
    await hands.button("Show");
    await expect(page.getByRole("link", { name: "Contract is required." })).toBeVisible();
    await accessible(page);

    // What a card takes, of a contract that knows them; of a provider of whom nothing is known.
    await hands.select(page.getByRole("combobox", { name: /^Contract/ }), "Copper Birch Health Plan");
    await hands.type(page.getByLabel("NPI"), "1234567890");
    await hands.button("Show");
    await expect(page.getByRole("link", { name: /^This NPI has a typing mistake/ })).toBeVisible();
    await hands.type(page.getByLabel("NPI"), at.place.npi);
    await hands.button("Show");
    await expect(page.getByText("A card takes at least 20 decided requests within 365 days, 95% of them approved as asked. 5% of the requests go to a person all the same.")).toBeVisible();
    await expect(page.getByText("Rules of automatic review rest on a card for: G0299.")).toBeVisible();
    await expect(page.getByText("People have decided no request of this provider.")).toBeVisible();
    await accessible(page);

    // Where people decided something of theirs.
    await hands.select(page.getByRole("combobox", { name: /^Contract/ }), "Arkansas Medicaid: Day Habilitative Services");
    await hands.button("Show");
    await expect(page.getByRole("heading", { name: at.place.name })).toBeVisible();
    const row = page.getByRole("table", { name: "Gold cards by code" }).getByRole("row", { name: /^T1015/ });
    await expect(row).toContainText("No");
    await hands.press(row.getByRole("button", { name: "Take away the card for T1015" }));
    const dialog = page.getByRole("dialog");
    await expect(dialog).toHaveAccessibleName("Take away the gold card for T1015?");
    await hands.press(dialog.getByRole("button", { name: "Take away" }));
    await expect(dialog.getByRole("link", { name: "Why it is taken away is required." })).toBeVisible();
    await accessible(page);
    await hands.type(dialog.getByLabel("Why it is taken away"), REASON);
    await hands.press(dialog.getByRole("button", { name: "Take away" }));
    await expect(focused(page)).toContainText("The gold card for T1015 is taken away.");
    await expect(row).toContainText(REASON);
    await expect(row).toContainText(staff("contractManager").username);
    await accessible(page);
    // The address has whose it is.
    await page.reload();
    await expect(row).toContainText(REASON);
    await hands.press(row.getByRole("button", { name: "Give back the card for T1015" }));
    await hands.press(dialog.getByRole("button", { name: "Give back" }));
    await expect(focused(page)).toContainText("The gold card for T1015 is given back.");
    await expect(row).not.toContainText(REASON);
    await hands.button("Español");
    await expect(page.getByRole("table", { name: "Tarjetas doradas por código" })).toBeVisible();
    await accessible(page);
  });
}
