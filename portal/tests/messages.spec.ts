// A clinic and the review team write to each other about a case; each is told, and says what was read and of what mail is wanted. The
// clinic sees who has viewed the case.

import { BOTH, type Hands } from "./hands";
import { caller, staff } from "./office";
import { signIn } from "./people";
import { accessible, expect, focused, test, type Page } from "./portal";
import { waiting, type Waiting } from "./reviewers";

const ASKED = "The therapist changes next month. Is a new evaluation needed?";
const ANSWER = "No. Please send the new therapist's license.";

for (const Way of BOTH) {
  test(`a clinic and the review team write to each other, ${Way.way}`, async ({ page, another }) => {
    test.setTimeout(240_000);
    const found = await waiting();
    const nurse = await caller(staff("nurse"), "/staff");
    await nurse.call("POST", `/staff/cases/${found.key}/requests/R01/claim`);
    const [clerk, reviewer] = [new Way(page), new Way(await another())];
    await writes(clerk, found);
    await answers(reviewer, found);
    await isTold(clerk, found);
    await nurse.make(`/staff/cases/${found.key}/messages`, { text: "Thank you, it is here." });
    await readsAll(clerk);
    await seesWho(clerk, found);
    await chooses(clerk);
  });
}

function alertsLink(page: Page) {
  return page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: /^Alerts/ });
}

async function write(hands: Hands, text: string): Promise<void> {
  const { page } = hands;
  await hands.button("Send");
  await expect(page.getByRole("link", { name: "Message is required." })).toBeVisible();
  await accessible(page);
  await hands.type(page.getByRole("textbox", { name: "Message" }), text);
  await hands.button("Send");
  await expect(focused(page)).toContainText("The message is sent.");
  await expect(page.getByRole("listitem").filter({ hasText: text })).toContainText("You");
  await expect(page.getByRole("textbox", { name: "Message" })).toHaveValue("");
  await accessible(page);
}

async function writes(clerk: Hands, { office, caseId }: Waiting): Promise<void> {
  const { page } = clerk;
  await signIn(clerk, office.person);
  await clerk.link("Home");
  await clerk.press(page.getByRole("link", { name: caseId }));
  await expect(focused(page)).toHaveText("Case");
  await clerk.link("Messages");
  await expect(focused(page)).toHaveText("Messages");
  await expect(page.getByText("Nobody has written a message yet.")).toBeVisible();
  await accessible(page);
  await write(clerk, ASKED);
}

async function answers(reviewer: Hands, { caseId }: Waiting): Promise<void> {
  const { page } = reviewer;
  await signIn(reviewer, staff("nurse"), "/staff/sign-in");
  await reviewer.press(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Nurse worklist" }));
  await expect(page.getByRole("table")).toBeVisible();
  const row = page.getByRole("row", { name: new RegExp(caseId) });
  const more = page.getByRole("button", { name: "Show more" });
  await expect
    .poll(async () => {
      if (await row.isVisible()) return true;
      if (await more.isVisible()) await reviewer.press(more);
      return false;
    }, { timeout: 60_000 })
    .toBe(true);
  await expect(row).toContainText("New message");
  await reviewer.press(row.getByRole("link", { name: caseId }));
  await expect(focused(page)).toHaveText("Case");
  await expect(page.getByText("New message since")).toBeVisible();
  await expect(page.getByText("1 new message")).toBeVisible();
  await accessible(page);
  await reviewer.link("Messages");
  const asked = page.getByRole("listitem").filter({ hasText: ASKED });
  await expect(asked).toContainText("New");
  await accessible(page);
  await write(reviewer, ANSWER);
  // Whoever has the request was told of it too.
  await expect(async () => {
    await page.reload();
    await expect(alertsLink(page)).toContainText("unread", { timeout: 2000 });
  }).toPass({ timeout: 60_000 });
  await reviewer.press(page.getByRole("link", { name: `Back to case ${caseId}` }));
  await expect(focused(page)).toHaveText("Case");
  await expect(page.getByText("New message since")).toBeHidden();
}

async function isTold(clerk: Hands, { caseId }: Waiting): Promise<void> {
  const { page } = clerk;
  await clerk.link("Home");
  await countIs(page, "1");
  await clerk.press(alertsLink(page));
  await expect(focused(page)).toHaveText("Alerts");
  const row = page.getByRole("row").filter({ hasText: "There is a new message" });
  await expect(row).toContainText(caseId);
  await expect(row).toContainText("New");
  await accessible(page);
  await clerk.press(row.getByRole("link"));
  await expect(focused(page)).toHaveText("Messages");
  const answer = page.getByRole("listitem").filter({ hasText: ANSWER });
  await expect(answer).toContainText("Review team");
  await expect(answer).toContainText("New");
  await expect(alertsLink(page)).not.toContainText("unread");
  await accessible(page);
}

async function readsAll(clerk: Hands): Promise<void> {
  const { page } = clerk;
  await countIs(page, "1");
  await clerk.press(alertsLink(page));
  await expect(page.getByRole("row").filter({ hasText: "There is a new message" })).toHaveCount(2);
  await clerk.button("Mark all as read");
  await expect(focused(page)).toContainText("All alerts are marked as read.");
  await expect(alertsLink(page)).not.toContainText("unread");
  await expect(page.getByRole("button", { name: "Mark all as read" })).toBeHidden();
  await accessible(page);
  await clerk.button("Español");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Avisos");
  await expect(page.getByText("Hay un mensaje nuevo").first()).toBeVisible();
  await accessible(page);
  await clerk.button("English");
}

async function seesWho(clerk: Hands, { caseId }: Waiting): Promise<void> {
  const { page } = clerk;
  await clerk.link("Home");
  await clerk.press(page.getByRole("link", { name: caseId, exact: true }));
  await expect(focused(page)).toHaveText("Case");
  await clerk.link("Who has viewed this case");
  await expect(focused(page)).toHaveText("Who Has Viewed This Case");
  await expect(page.getByRole("row", { name: "Review team" }).filter({ hasText: "Read messages" }).first()).toBeVisible();
  await expect(page.getByRole("row").filter({ hasText: "Changed the case" }).first()).toContainText("Yes");
  await expect(page.getByRole("columnheader", { name: "Network address" })).toBeHidden();
  await accessible(page);
  await clerk.button("Español");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Quién ha visto este caso");
  await accessible(page);
  await clerk.button("English");
  await clerk.press(page.getByRole("link", { name: `Back to case ${caseId}` }));
  await expect(focused(page)).toHaveText("Case");
}

async function chooses(clerk: Hands): Promise<void> {
  const { page } = clerk;
  await clerk.press(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "My profile" }));
  await expect(page.getByRole("radio", { name: "About what I submitted" })).toBeChecked();
  await clerk.choose(page.getByRole("radio", { name: "None" }));
  await clerk.button("Save the choice");
  await expect(focused(page)).toContainText("Your choice is saved.");
  await accessible(page);
  await page.reload();
  await expect(page.getByRole("radio", { name: "None" })).toBeChecked();
}

/** What the header says; news takes a moment to come, and is asked for page by page. */
async function countIs(page: Page, count: string): Promise<void> {
  await expect(async () => {
    await page.reload();
    await expect(alertsLink(page)).toHaveText(`Alerts${count} unread`, { timeout: 2000 });
  }).toPass({ timeout: 60_000 });
}
