// A case that a system of the provider sent by FHIR is shown as such, to whoever asks and to whoever reviews. What the API says of
// such a case is held by its own tests; here it says so of one that a clerk submitted.

import type { Route } from "@playwright/test";
import { take } from "./desk";
import { BOTH } from "./hands";
import { staff } from "./office";
import { signIn } from "./people";
import { accessible, expect, focused, test, type Page } from "./portal";
import { waiting } from "./reviewers";
import { stack } from "./stack";

interface Sent {
  submission?: { by: string; system?: string };
  timeline?: { by: string }[];
}

/** Has the API name a system wherever it tells of a whole case. */
async function sentBySystem(page: Page, system: string): Promise<void> {
  for (const door of ["", "/staff"]) await page.route(`${stack.apiUrl}${door}/cases/*`, (route) => named(route, system));
}

async function named(route: Route, system: string): Promise<void> {
  if (route.request().method() !== "GET") return route.fallback();
  const answer = await route.fetch();
  const json = (await answer.json()) as Sent;
  const by = `${system} (system)`;
  if (json.submission) json.submission = { ...json.submission, by, system };
  for (const moment of json.timeline ?? []) moment.by = by;
  await route.fulfill({ response: answer, json });
}

for (const Way of BOTH) {
  test(`a case that a system sent is shown as such at both doors, ${Way.way}`, async ({ page, another }) => {
    test.setTimeout(180_000);
    const { office: at, caseId } = await waiting();
    await sentBySystem(page, "River EHR");
    const clerk = new Way(page);
    await signIn(clerk, at.person);
    await clerk.link(caseId);
    await expect(focused(page)).toHaveText("Case");
    await expect(page.getByText("by FHIR from River EHR, a system of the provider")).toBeVisible();
    await expect(page.getByText("River EHR (system)").first()).toBeVisible();
    await accessible(page);

    const desk = await another();
    await sentBySystem(desk, "River EHR");
    const nurse = new Way(desk);
    await take(nurse, staff("nurse"), "Nurse worklist", caseId);
    await expect(desk.getByText("River EHR, a system of the provider, by FHIR")).toBeVisible();
    await accessible(desk);
  });
}
