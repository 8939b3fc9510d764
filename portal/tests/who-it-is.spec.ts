// Intake says who a temporary member is: a clinic mistyped the date of birth, so that no file will ever bring them.

import { BOTH } from "./hands";
import { caller, office, staff, temporary } from "./office";
import { signIn } from "./people";
import { accessible, expect, focused, test } from "./portal";

for (const Way of BOTH) {
  test(`intake compares a temporary member with the plan's file and merges them, ${Way.way}`, async ({ page, another }) => {
    const at = await office("colorado", undefined, "1984-06-12");
    const clinic = await caller(at.person);
    const id = await temporary(at, clinic, { first: "Ada", last: at.member.last, birthDate: "1984-12-06" });
    const { roles } = await clinic.call<{ roles: { provider: string }[] }>("GET", "/me");
    const { key } = await clinic.make<{ key: string }>("/cases", { member: id, requesting: roles[0]?.provider, setting: "outpatient" });

    const hands = new Way(page);
    await signIn(hands, staff("intake"), "/staff/sign-in");
    await hands.press(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Temporary consumers" }));
    await expect(focused(page)).toHaveText("Temporary consumers");
    await expect(page.getByRole("table", { name: "Temporary consumers" }).getByRole("row").nth(1)).toBeVisible();
    await accessible(page);
    await page.goto(`/staff/temporary-members/colorado/${id}`);
    await expect(page.getByText("No member of the plan's file is like this one.")).toBeVisible();
    await hands.button("Search");
    await expect(page.getByRole("link", { name: "Consumer ID is required." })).toBeVisible();
    await accessible(page);
    await hands.type(page.getByLabel("Consumer ID"), "NOBODY-1");
    await hands.button("Search");
    await expect(page.getByText("No member of this contract has this number.")).toBeVisible();
    await hands.type(page.getByLabel("Consumer ID"), at.member.number);
    await hands.button("Search");
    const row = page.getByRole("table", { name: "Members of the plan's file" }).getByRole("row", { name: new RegExp(at.member.number) });
    await expect(row).toContainText("06/12/1984");
    await accessible(page);
    await hands.press(row.getByRole("button", { name: `Same person: Ada ${at.member.last}` }));
    const dialog = page.getByRole("dialog", { name: "Are both the same person?" });
    await expect(dialog).toContainText("12/06/1984");
    await expect(dialog).toContainText("06/12/1984");
    await accessible(page);
    await hands.press(dialog.getByRole("button", { name: "They are the same" }));
    await expect(focused(page)).toContainText("One case has the real member now.");
    await accessible(page);
    expect(`${page.url()} ${await page.title()}`).not.toContain(at.member.last);

    const clerk = new Way(await another());
    await signIn(clerk, at.person);
    await clerk.page.goto(`/cases/${key}/service`);
    await expect(clerk.page.getByText(`Ada ${at.member.last}, 06/12/1984`)).toBeVisible();
    await expect(clerk.page.getByText("temporary member")).toBeHidden();
  });
}
