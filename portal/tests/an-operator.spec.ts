// An operator's day: what waits and what is due, a dead letter that is sent back and done once, a queue that is paused and goes on.

import { randomUUID } from "node:crypto";
import { BOTH, type Hands } from "./hands";
import { admin, staff } from "./office";
import { signIn } from "./people";
import { accessible, expect, focused, test, type Page } from "./portal";
import { clinic, eventually, givenUp, mailsWith } from "./stack";

const FACTOR = "A further second sign-in step was set up.";

async function queues(hands: Hands): Promise<void> {
  const { page } = hands;
  await signIn(hands, staff("operations"), "/staff/sign-in");
  await hands.press(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Queues" }));
  await expect(focused(page)).toHaveText("Queues");
  await expect(queue(page, "Automatic review")).toBeVisible();
}

const queue = (page: Page, name: string) => page.getByRole("row", { name: new RegExp(`^${name}`) });

for (const Way of BOTH) {
  test(`a dead letter is read, sent back and done once, ${Way.way}`, async ({ page }) => {
    const place = await clinic("arkansas");
    const { username } = await admin(place);
    const event = `evt_${randomUUID().replaceAll("-", "")}`;
    await givenUp("notices", { event, task: "accountNotice", user: username, news: "factorAdded" });
    const hands = new Way(page);
    await queues(hands);
    await expect(page.getByText("Events that have not reached their queues").first()).toBeVisible();
    await expect(page.getByRole("table", { name: "Requests of your contracts" }).getByRole("row")).toHaveCount(3);
    await accessible(page);
    const meaning = page.getByText("What each figure means, and what to do");
    await hands.press(meaning);
    await expect(page.getByText("Open them by their count, mend the cause, and send them back.")).toBeVisible();
    await accessible(page);

    await hands.press(queue(page, "E-mail notices").getByRole("link"));
    await expect(focused(page)).toHaveText("Dead letters: E-mail notices");
    const letter = page.getByRole("row").filter({ hasText: event });
    // Somebody else may look at it just now.
    await eventually("the dead letter", async () => {
      if (await letter.isVisible()) return true;
      await hands.button("Read again");
      await expect(page.getByRole("main").locator("table, [data-empty]").first()).toBeVisible();
      return undefined;
    });
    await expect(letter).toContainText("Tell of a change of an account");
    await expect(letter).toContainText("All that it had");
    const shown = await page.getByRole("main").innerText();
    for (const hidden of [username, place.email, place.name]) expect(shown).not.toContain(hidden);
    await accessible(page);
    expect(await mailsWith(place.email, FACTOR)).toBe(0);

    await hands.press(letter.getByRole("button", { name: /^Send back: / }));
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("A task is done once, however often it comes.");
    await accessible(page);
    await hands.press(dialog.getByRole("button", { name: "Send back" }));
    await expect(focused(page)).toContainText("1 went back to its queue.");
    await expect(letter).toHaveCount(0);
    await accessible(page);
    await eventually("the mail", async () => ((await mailsWith(place.email, FACTOR)) === 1 ? true : undefined));

    // An event that nobody's is, or that waits nowhere, is told at its field.
    await hands.link("Back to the queues");
    await hands.button("Send an event's tasks again");
    await hands.press(dialog.getByRole("button", { name: "Send again" }));
    await expect(dialog.getByRole("link", { name: "Event is required." })).toBeVisible();
    await hands.type(dialog.getByRole("textbox", { name: /^Event/ }), event);
    await hands.press(dialog.getByRole("button", { name: "Send again" }));
    await expect(dialog.getByRole("link", { name: /say of which case, user or fax it is/ })).toBeVisible();
    await hands.type(dialog.getByRole("textbox", { name: /^Case ID, username or fax/ }), username);
    await hands.press(dialog.getByRole("button", { name: "Send again" }));
    await expect(dialog.getByRole("link", { name: "There is no such event." })).toBeVisible();
    await accessible(page);
    await hands.press(dialog.getByRole("button", { name: "Cancel" }));
    await expect(dialog).toHaveCount(0);
    await hands.button("Español");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Colas");
    await accessible(page);
    expect(await mailsWith(place.email, FACTOR)).toBe(1);
  });
}

// One queue for all: each way by itself.
test.describe.serial("a pause", () => {
  for (const Way of BOTH) {
    test(`begins and ends, ${Way.way}`, async ({ page }) => {
      const hands = new Way(page);
      const dialog = page.getByRole("dialog");
      await queues(hands);
      const mail = queue(page, "Letters by mail");
      await expect(queue(page, "Spoken PINs").getByRole("button")).toHaveCount(0);
      await hands.press(mail.getByRole("button", { name: "Pause: Letters by mail" }));
      await expect(dialog).toContainText("Nothing of it is sent until somebody lets it go on.");
      await accessible(page);
      // Who leaves it has changed nothing.
      await hands.press(dialog.getByRole("button", { name: "Cancel" }));
      await expect(mail).not.toContainText("since");
      await hands.press(mail.getByRole("button", { name: "Pause: Letters by mail" }));
      await hands.press(dialog.getByRole("button", { name: "Pause" }));
      await expect(focused(page)).toContainText("Paused: Letters by mail.");
      await expect(mail).toContainText(`By ${staff("operations").username} since`);
      await accessible(page);

      await hands.button("Read again");
      await expect(mail).toContainText("since");
      await hands.press(mail.getByRole("button", { name: "Let it go on: Letters by mail" }));
      await expect(dialog).toContainText("all of it within a quarter of an hour");
      await accessible(page);
      await hands.press(dialog.getByRole("button", { name: "Let it go on" }));
      await expect(focused(page)).toContainText("It goes on: Letters by mail.");
      await expect(mail).not.toContainText("since");
      await accessible(page);
    });
  }
});

test("queues are there for operations alone", async ({ page }) => {
  await signIn(page, staff("contractManager"), "/staff/sign-in");
  await expect(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Queues" })).toHaveCount(0);
  for (const address of ["/staff/queues", "/staff/queues/fax"]) {
    await page.goto(address);
    await expect(page.getByRole("main").getByRole("alert")).toContainText("What you asked for does not exist");
    await accessible(page);
  }
});

test("a Contract Manager sees who operates, and neither makes nor changes an operator", async ({ page }) => {
  await signIn(page, staff("contractManager"), "/staff/sign-in");
  await page.goto("/staff/people?role=operations");
  await page.locator("tbody a").first().click();
  await expect(focused(page)).toHaveText("Edit staff");
  await expect(page.getByRole("main")).toContainText("Whoever operates the service gives and takes it");
  await expect(page.getByRole("main").getByRole("button")).toHaveCount(0);
  await accessible(page);
  await page.goto("/staff/people/new");
  await expect(page.getByRole("combobox", { name: "Role" }).getByRole("option", { name: "Operations" })).toHaveCount(0);
  await expect(page.getByRole("combobox", { name: "Role" }).getByRole("option", { name: "Contract Manager" })).toBeAttached();
});
