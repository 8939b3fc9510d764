// The main pages while they wait, when there is nothing, and when the server refuses or is not reached.

import { admin, caller, staff } from "./office";
import { signIn } from "./people";
import { accessible, expect, test, type Page } from "./portal";
import { clinic, stack } from "./stack";

interface MainPage {
  address: string;
  /** Of the API, what the page lists. */
  list: string;
  /** An answer without rows. */
  nothing: unknown;
  says: string;
}

const PROVIDER: MainPage[] = [{ address: "/", list: "/cases?*", nothing: { cases: [] }, says: "You have no saved request that waits to be submitted." }];
const STAFF: { [role in "nurse" | "physician" | "contractManager"]: MainPage[] } = {
  nurse: [{ address: "/staff/worklists/nurse", list: "/staff/worklists/nurse*", nothing: { items: [] }, says: "Nothing waits here." }],
  physician: [{ address: "/staff/worklists/physician", list: "/staff/worklists/physician*", nothing: { items: [] }, says: "Nothing waits here." }],
  contractManager: [
    { address: "/staff/people", list: "/staff/users*", nothing: { staff: [] }, says: "Nobody is so." },
    { address: "/staff/imports", list: "/staff/imports*", nothing: { items: [] }, says: "No file has arrived." },
    { address: "/staff/systems", list: "/staff/clients", nothing: { clients: [] }, says: "No system asks under your contracts yet." },
  ],
};

/** All three states of a page, and the way out of the last. */
async function states(page: Page, { address, list, nothing, says }: MainPage): Promise<void> {
  const calls = stack.apiUrl + list;
  const headers = { "access-control-allow-origin": "*" };
  let go = () => {};
  const asked = new Promise<void>((resolve) => {
    go = resolve;
  });
  await page.route(calls, async (route) => {
    await asked;
    return route.fulfill({ json: nothing, headers });
  });
  await page.goto(address);
  await expect(page.getByText("Loading…").first()).toBeVisible();
  await accessible(page);
  go();
  await expect(page.getByText(says)).toBeVisible();
  await expect(page.getByText("Loading…")).toBeHidden();
  await accessible(page);
  await page.unroute(calls);

  const problem = { type: "https://portico.example/problems/forbidden", title: "This is not yours to see", status: 403, detail: "Ask your administrator." };
  await page.route(calls, (route) => route.fulfill({ status: 403, contentType: "application/problem+json", headers, body: JSON.stringify(problem) }));
  await page.goto(address);
  await expect(page.getByRole("alert").first()).toContainText("Ask your administrator.");
  await accessible(page);
  await page.unroute(calls);
  const again = page.getByRole("button", { name: "Try again" });
  await expect(async () => {
    // One call that goes well may settle what another one had asked for as well.
    if (await again.count()) await again.first().click({ timeout: 1000 });
    await expect(page.getByRole("alert")).toBeHidden({ timeout: 1000 });
  }).toPass();
  await expect(page.getByRole("table").or(page.getByText(says)).first()).toBeVisible();
}

test("of a provider", async ({ page }) => {
  const place = await clinic();
  const person = await admin(place);
  const { roles } = await (await caller(person)).call<{ roles: { group: string }[] }>("GET", "/me");
  await signIn(page, person);
  for (const one of PROVIDER) await states(page, one);
  await states(page, { address: `/setup/${roles[0]?.group}/users`, list: "/groups/*/users*", nothing: { users: [] }, says: "No user is so." });
});

for (const [role, pages] of Object.entries(STAFF) as [keyof typeof STAFF, MainPage[]][]) {
  test(`of staff: ${role}`, async ({ page }) => {
    await signIn(page, staff(role), "/staff/sign-in");
    for (const one of pages) await states(page, one);
  });
}
