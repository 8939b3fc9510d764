// A contract asks about the service: the questions that are asked follow the answers, nothing that is typed is lost, what lacks
// is told at its field, and a reviewer reads it all in words.

import { take } from "./desk";
import { BOTH, type Hands } from "./hands";
import { caller, draft, office, save, saved, staff } from "./office";
import { signIn } from "./people";
import { accessible, expect, focused, test, type Page } from "./portal";
import { inDays, stack } from "./stack";
import { submit } from "./wizard";

const TITLE = "Need for care at home";

for (const Way of BOTH) {
  test(`a questionnaire is answered, marked complete and read by a reviewer, ${Way.way}`, async ({ page, another }) => {
    test.setTimeout(240_000);
    const { at, key } = await asking();
    const clerk = new Way(page);
    await signIn(clerk, at.person);
    await page.goto(`/cases/${key}/procedures`);
    await expect(focused(page)).toHaveText("Procedures");
    await expect(page.getByRole("button", { name: "Jump to Submit" })).toBeHidden();
    await clerk.button("Go to Questionnaires");
    await expect(focused(page)).toHaveText("Questionnaires");
    await expect(page.getByRole("region", { name: TITLE })).toContainText("not begun");
    await accessible(page);

    await answer(clerk);
    await marked(clerk);
    await changed(clerk);

    await clerk.link("Jump to Submit");
    await expect(focused(page)).toHaveText("Submit");
    const card = page.getByRole("region", { name: "Questionnaires" });
    await expect(card.getByText("complete", { exact: true })).toBeVisible();
    await expect(card).toContainText("When the wound is closed.");
    await clerk.link("Update Questionnaires");
    await expect(focused(page)).toHaveText("Questionnaires");
    await page.goto(`/cases/${key}/submit`);
    await expect(focused(page)).toHaveText("Submit");
    const caseId = await submit(clerk);
    await expect(page.getByRole("region", { name: TITLE })).toContainText("When the wound is closed.");

    await read(new Way(await another()), caseId);
  });
}

test("a new version of a questionnaire takes over what was typed into the one before", async ({ page }) => {
  const { at, by, key } = await asking();
  const parts = { contracts: `${stack.apiUrl}/contracts/commercial`, cases: `${stack.apiUrl}/cases/${key}` };
  // The page has both as they were before the new version, until the API refuses what was answered to it.
  const before = new Set(Object.values(parts));
  for (const part of before) {
    await page.route(part, async (route) => {
      const response = await route.fetch();
      const json = (await response.json()) as { questionnaires: { version: string }[] };
      const earlier = json.questionnaires.map((one) => ({ ...one, version: "before" }));
      return route.fulfill({ response, json: before.has(part) ? { ...json, questionnaires: earlier } : json });
    });
  }
  await page.route(`${parts.cases}/steps/questionnaires`, async (route) => {
    const response = await route.fetch();
    if (response.status() === 422) before.clear();
    return route.fulfill({ response });
  });
  await signIn(page, at.person);
  await page.goto(`/cases/${key}/questionnaires`);
  await page.getByLabel("When will the care be finished").fill("When the wound is closed.");
  await expect.poll(() => before.size).toBe(0);
  await saved(page).toBeVisible();
  await expect(page.getByLabel("When will the care be finished")).toHaveValue("When the wound is closed.");
  await accessible(page);
  const { questionnaires } = await by.call<{ questionnaires: unknown[] }>("GET", `/cases/${key}`);
  expect(JSON.stringify(questionnaires)).toContain("When the wound is closed.");

  // A page that has the contract as it was reads it again, before anything is typed.
  before.add(parts.contracts);
  await page.reload();
  await expect(page.getByRole("region", { name: TITLE })).toContainText("begun");
  await expect(page.getByLabel("When will the care be finished")).toBeHidden();
  before.clear();
  await expect(page.getByLabel("When will the care be finished")).toHaveValue("When the wound is closed.");
});

/** A draft about whose service the contract asks. */
async function asking() {
  const at = await office("commercial");
  const by = await caller(at.person);
  const key = await draft(at, by);
  await save(by, key, "service", { serviceType: "home-health", placeOfService: "12" });
  await save(by, key, "diagnoses", { diagnoses: ["I50.9"] });
  await save(by, key, "procedures", { lines: [{ code: "G0299", modifiers: [], from: inDays(1), to: inDays(7), duration: 7, quantity: 7 }] });
  return { at, by, key };
}

/** What is asked follows the answers at once, and is still there when one comes back. */
async function answer(clerk: Hands): Promise<void> {
  const { page } = clerk;
  const one = page.getByRole("region", { name: TITLE });
  await clerk.choose(group(page, "Is leaving home a great effort").getByRole("radio", { name: "No" }));
  await expect(one.getByLabel("Why can the care not be given in an office or clinic?")).toBeVisible();
  await clerk.choose(group(page, "Is leaving home a great effort").getByRole("radio", { name: "Yes" }));
  await expect(one.getByLabel("Why can the care not be given in an office or clinic?")).toBeHidden();
  await clerk.choose(group(page, "What shall be done at home?").getByRole("checkbox", { name: "Care of a wound" }));
  await clerk.type(page.getByLabel("Where on the body?"), "Left heel");
  await clerk.type(page.getByLabel("When will the care be finished"), "When the wound is closed.");
  await saved(page).toBeVisible();
  await page.reload();
  await expect(focused(page)).toHaveText("Questionnaires");
  await expect(page.getByLabel("Where on the body?")).toHaveValue("Left heel");
  await expect(page.getByLabel("When will the care be finished")).toHaveValue("When the wound is closed.");
  await expect(one).toContainText("begun, not marked complete");
}

/** All that lacks is told, each a way to its field. */
async function marked(clerk: Hands): Promise<void> {
  const { page } = clerk;
  await clerk.button("Mark as Complete");
  await expect(focused(page)).toHaveRole("alert");
  await expect(page.getByRole("link", { name: "Length is required." })).toBeVisible();
  await accessible(page);
  await clerk.press(page.getByRole("link", { name: /^Please answer: Was the member discharged/ }));
  await clerk.choose(group(page, "Was the member discharged").getByRole("radio", { name: "No" }));
  await clerk.choose(group(page, "Does the member live alone?").getByRole("radio", { name: "Yes" }));
  await clerk.date(page.getByLabel("On which day did the ordering practitioner"), -3);
  await clerk.type(page.getByLabel("Length"), "2.5");
  await clerk.button("Add another: Wounds");
  await clerk.type(page.getByRole("group", { name: "Wounds 2" }).getByLabel("Where on the body?"), "Right heel");
  await clerk.type(page.getByRole("group", { name: "Wounds 2" }).getByLabel("Length"), "1");
  await clerk.button("Mark as Complete");
  await expect(focused(page)).toContainText(`Marked complete: ${TITLE}`);
  await expect(page.getByRole("region", { name: TITLE }).getByText("complete", { exact: true })).toBeVisible();
}

/** Whoever changes an answer marks it again. */
async function changed(clerk: Hands): Promise<void> {
  const { page } = clerk;
  await clerk.button(`Open: ${TITLE}`);
  await expect(page.getByText("It is marked complete. Whoever changes an answer marks it again.")).toBeVisible();
  await clerk.button("Remove: Wounds 2");
  await expect(page.getByText("begun, not marked complete")).toBeVisible();
  await expect(page.getByRole("link", { name: "Jump to Submit" })).toBeVisible();
  await clerk.button("Mark as Complete");
  await expect(focused(page)).toContainText(`Marked complete: ${TITLE}`);
}

/** A reviewer reads question and answer. */
async function read(nurse: Hands, caseId: string): Promise<void> {
  const { page } = nurse;
  await take(nurse, staff("nurse"), "Nurse worklist", caseId);
  const one = page.getByRole("region", { name: TITLE });
  await expect(one).toContainText("When will the care be finished, and how will that be seen?");
  await expect(one).toContainText("When the wound is closed.");
  await expect(one).toContainText("2.5 centimeters");
  await expect(one.getByRole("textbox")).toBeHidden();
  await accessible(page);
}

function group(page: Page, name: string) {
  return page.getByRole("group", { name });
}
