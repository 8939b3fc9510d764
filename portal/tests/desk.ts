// A reviewer's way through a request, from the worklist to the determination.

import { expect, focused } from "./portal";
import type { Hands } from "./hands";
import { signIn, type Person } from "./people";

type Queue = "Nurse worklist" | "Physician worklist";

/** Logs in, opens the case where it waits, and claims it. */
export async function take(reviewer: Hands, person: Person, queue: Queue, caseId: string): Promise<void> {
  const { page } = reviewer;
  await signIn(reviewer, person, "/staff/sign-in");
  await reviewer.press(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: queue }));
  await expect(focused(page)).toHaveText(queue);
  await expect(page.getByRole("table")).toBeVisible();
  const row = page.getByRole("link", { name: caseId });
  const more = page.getByRole("button", { name: "Show more" });
  // What is due last stands on the last page.
  await expect
    .poll(async () => {
      if (await row.isVisible()) return true;
      if (await more.isVisible()) await reviewer.press(more);
      return false;
    }, { timeout: 60_000 })
    .toBe(true);
  await reviewer.press(row);
  await expect(focused(page)).toHaveText("Case");
  await reviewer.button("Claim");
  await expect(focused(page)).toContainText("You have claimed this request.");
}

export async function refer(reviewer: Hands, note: string): Promise<void> {
  const { page } = reviewer;
  await reviewer.button("Refer to a physician");
  await reviewer.type(page.getByLabel("Why should a physician look at it?"), note);
  await reviewer.button("Refer");
  await expect(page.getByText("The request is on the physician worklist.")).toBeVisible();
}

export interface Decision {
  outcome: "Approved" | "Approved in part" | "Denied";
  units?: number;
  reason: string;
}

/** Opens the form and decides, line by line. */
export async function decide(reviewer: Hands, ...lines: Decision[]): Promise<void> {
  const { page } = reviewer;
  await reviewer.button("Decide");
  await expect(focused(page)).toHaveText("Decide");
  for (const [place, { outcome, units, reason }] of lines.entries()) {
    const line = page.getByRole("group", { name: new RegExp(`^Line ${place + 1}:`) });
    await reviewer.choose(line.getByRole("radio", { name: new RegExp(`^${outcome}(?! in part)`) }));
    if (units !== undefined) await reviewer.type(line.getByLabel("Authorized units"), String(units));
    await reviewer.type(line.getByLabel("Specific reason"), reason);
  }
}

export async function criterion(reviewer: Hands, title: string, citation: string, text: string): Promise<void> {
  const { page } = reviewer;
  await reviewer.type(page.getByLabel("Title"), title);
  await reviewer.type(page.getByLabel("Citation"), citation);
  await reviewer.type(page.getByLabel("What it says of this request"), text);
}

/** Looks at what the letters will say, and issues it. */
export async function issue(reviewer: Hands): Promise<void> {
  await look(reviewer);
  await expect(reviewer.page.getByRole("dialog")).toBeVisible();
  await reviewer.button("Issue the determination");
}

/** What may not be decided so is refused here already. */
export function look(reviewer: Hands): Promise<void> {
  return reviewer.button("Look at what the letters will say");
}
