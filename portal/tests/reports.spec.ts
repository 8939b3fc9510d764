// A Contract Manager reads reports, takes one as a file for a spreadsheet, and looks at the requests behind a yearly figure.

import { readFile } from "node:fs/promises";
import { BOTH } from "./hands";
import { caller, staff } from "./office";
import { signIn } from "./people";
import { accessible, expect, focused, test } from "./portal";
import { waiting } from "./reviewers";
import { eventually } from "./stack";

interface Cases {
  items: { case: string }[];
  next?: string;
}

/** A request that a nurse approved, once the yearly metrics count it. */
async function approved(): Promise<string> {
  const { key, caseId } = await waiting();
  const nurse = await caller(staff("nurse"), "/staff");
  const request = `/staff/cases/${key}/requests/R01`;
  await nurse.call("POST", `${request}/claim`);
  await nurse.call("POST", `${request}/determination`, { decision: "determine", lines: [{ outcome: "approved" }, { outcome: "approved" }] });
  const manager = await caller(staff("contractManager"), "/staff");
  const list = `/staff/metrics/standard-approved?contract=arkansas&year=${new Date().getFullYear()}&limit=250`;
  await eventually("the request in the metrics", async () => {
    let cursor = "";
    for (;;) {
      const page = await manager.call<Cases>("GET", list + cursor);
      if (page.items.some((item) => item.case === caseId)) return true;
      if (!page.next) return undefined;
      cursor = `&cursor=${page.next}`;
    }
  });
  return caseId;
}

for (const Way of BOTH) {
  test(`reports, their files and the metrics of a year, ${Way.way}`, async ({ page }) => {
    test.setTimeout(300_000);
    const caseId = await approved();
    const manager = new Way(page);
    await signIn(manager, staff("contractManager"), "/staff/sign-in");
    await manager.press(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Reports" }));
    await expect(focused(page)).toHaveText("Reports");
    await accessible(page);

    await manager.select(page.getByRole("combobox", { name: /^Contract/ }), "Arkansas");
    await manager.select(page.getByRole("combobox", { name: /^Report/ }), "Outcomes");
    await manager.date(page.getByRole("textbox", { name: /^First day/ }), 2);
    await manager.date(page.getByRole("textbox", { name: /^Last day/ }), 1);
    await manager.button("Show");
    await expect(page.getByRole("link", { name: /last day/i })).toBeVisible();
    await accessible(page);
    await manager.date(page.getByRole("textbox", { name: /^First day/ }), -1);
    await manager.button("Show");
    await expect(focused(page)).toHaveText(/^Outcomes: /);
    const table = page.getByRole("table", { name: /^Outcomes/ });
    await expect(table.getByRole("row", { name: /^Approved A person [1-9]/ })).toBeVisible();
    await expect(page.getByText("America/Chicago")).toBeVisible();
    await accessible(page);

    const begun = page.waitForEvent("download");
    await manager.button("Download for a spreadsheet (CSV)");
    const file = await begun;
    expect(file.suggestedFilename()).toMatch(/^arkansas-outcomes-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.csv$/);
    expect(await readFile((await file.path()) ?? "", "utf8")).toContain("outcome,by,requests,share (percent)\r\n");

    await manager.select(page.getByRole("combobox", { name: /^Report/ }), "Volumes");
    await manager.select(page.getByRole("combobox", { name: /^Counted by/ }), "Day");
    await manager.button("Show");
    await expect(page.getByRole("table", { name: /^Volumes/ }).getByRole("row", { name: /^All [1-9]/ })).toBeVisible();
    await accessible(page);

    await manager.link("Yearly metrics (CMS-0057-F)");
    await expect(focused(page)).toHaveText("Yearly metrics (CMS-0057-F)");
    await manager.select(page.getByRole("combobox", { name: "Contract" }), "Arkansas");
    await manager.select(page.getByRole("combobox", { name: "Year" }), String(new Date().getFullYear()));
    const figures = page.getByRole("table", { name: /^Prior authorization metrics/ });
    await expect(figures.getByRole("row")).toHaveCount(14);
    await accessible(page);
    await manager.press(page.getByRole("button", { name: "Standard requests approved: Requests" }));
    const behind = page.getByRole("region", { name: "Standard requests approved: Requests" });
    await expect(focused(page)).toHaveText("Standard requests approved: Requests");
    const more = behind.getByRole("button", { name: "Show more" });
    await expect(behind.getByRole("table")).toBeVisible();
    await expect
      .poll(async () => {
        if (await behind.getByText(`${caseId} R01`).isVisible()) return true;
        if (await more.isVisible()) await manager.press(more);
        return false;
      }, { timeout: 60_000 })
      .toBe(true);
    await accessible(page);
  });
}

test("who has no reports is told so, and is shown no way there", async ({ page }) => {
  await signIn(page, staff("nurse"), "/staff/sign-in");
  await expect(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Reports" })).toBeHidden();
  await page.goto("/staff/reports");
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page.getByRole("alert").first()).toContainText("your role does not allow");
  await accessible(page);
});
