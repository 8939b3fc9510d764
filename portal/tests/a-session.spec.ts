// A session: it warns before it ends, ends in all tabs at once, and goes on at the same field after signing in.

import { groupAdmin } from "./office";
import { signIn } from "./people";
import { accessible, expect, focused, test, type Page } from "./portal";
import { clinic, stack } from "./stack";

const MINUTE = 60_000;

// REQ: UI-05
test("warns two minutes before it ends, in all tabs at once", async ({ page, context }) => {
  const me = await groupAdmin(page, await clinic());
  const other = await context.newPage();
  // One clock for all tabs, as on a real machine.
  await context.clock.install();
  await page.goto("/profile");
  // The other tab shares the session: nobody signs in twice.
  await other.goto("/profile");
  await expect(other.getByRole("heading", { level: 1 })).toHaveText("My profile");
  await expect(other.getByText(me.username, { exact: true })).toBeVisible();

  await page.getByRole("textbox", { name: /^City/ }).fill("Conway");
  await context.clock.fastForward(28 * MINUTE + 1000);
  for (const tab of [page, other]) await expect(tab.getByRole("alertdialog", { name: "Are you still there?" })).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: "Stay signed in" }).click();
  for (const tab of [page, other]) await expect(tab.getByRole("alertdialog")).toBeHidden();

  await context.clock.fastForward(28 * MINUTE + 1000);
  for (const tab of [page, other]) await expect(tab.getByRole("alertdialog")).toBeVisible();
  await context.clock.fastForward(2 * MINUTE);
  for (const tab of [page, other]) await expect(tab.getByText("You were signed out because nothing was done for a while")).toBeVisible();
  await accessible(page);
  expect(await page.evaluate(() => sessionStorage.getItem("portico.session"))).toBeNull();

  await context.clock.resume();
  await signIn(page, me);
  await expect(page).toHaveURL("/profile");
  // What was typed is there, and the work goes on at its field.
  await expect(focused(page)).toHaveAttribute("id", "contact-city");
  await expect(focused(page)).toHaveValue("Conway");
});

test("that ends in the middle loses nothing", async ({ page }) => {
  const me = await groupAdmin(page, await clinic());
  await page.getByRole("link", { name: "My profile" }).click();
  await expect(page).toHaveURL("/profile");
  // Signed out everywhere, from elsewhere.
  await signOutElsewhere(page);
  await page.getByRole("textbox", { name: /^Address 1/ }).fill("480 Prairie Street");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Your session has ended.")).toBeVisible();
  await accessible(page);
  await signIn(page, me);
  await expect(page).toHaveURL("/profile");
  await expect(focused(page)).toHaveAttribute("id", "contact-address1");
  await expect(focused(page)).toHaveValue("480 Prairie Street");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  await page.reload();
  await expect(page.getByRole("textbox", { name: /^Address 1/ })).toHaveValue("480 Prairie Street");
});

test("is over everywhere when one signs out, and keeps nothing", async ({ page, context }) => {
  await groupAdmin(page, await clinic());
  const other = await context.newPage();
  await other.goto("/");
  await expect(other.getByRole("button", { name: "Sign out" })).toBeVisible();
  await page.getByRole("button", { name: "Sign out" }).click();
  for (const tab of [page, other]) {
    await expect(tab.getByText("You are signed out.")).toBeVisible();
    const kept = await tab.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));
    expect(kept).not.toContain("oken");
  }
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Login/);
});

test("is over: what was open is not read once more, as nobody", async ({ page }) => {
  await groupAdmin(page, await clinic());
  await expect(page.getByText("You have no saved request")).toBeVisible();
  // The way to sign-in takes a while, as on a busy machine.
  await page.evaluate(() => {
    const query = navigator.locks.query.bind(navigator.locks);
    navigator.locks.query = async () => {
      await new Promise((go) => setTimeout(go, 700));
      return query();
    };
  });
  const nameless: string[] = [];
  page.on("request", (request) => {
    if (request.url().startsWith(stack.apiUrl) && request.method() === "GET" && !request.headers()["authorization"]) nameless.push(request.url());
  });
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByText("You are signed out.")).toBeVisible();
  expect(nameless).toEqual([]);
});

test("without the network: says so, keeps what was typed, goes on", async ({ page }) => {
  await groupAdmin(page, await clinic());
  await page.getByRole("link", { name: "My profile" }).click();
  await page.getByRole("textbox", { name: /^City/ }).fill("Conway");
  await page.route(`${stack.apiUrl}/**`, (route) => route.abort());
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("cannot reach the server");
  await expect(focused(page)).toContainText("cannot reach the server");
  await accessible(page);
  await page.unroute(`${stack.apiUrl}/**`);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
});

/** With the token that the page itself sends. */
async function signOutElsewhere(page: Page): Promise<void> {
  const asked = page.waitForRequest((request) => request.url().startsWith(stack.apiUrl) && request.headers()["authorization"] !== undefined);
  await page.reload();
  const { authorization } = (await asked).headers();
  await expect(page.getByRole("textbox", { name: /^Address 1/ })).toBeVisible();
  const answer = await fetch(`${stack.apiUrl}/sessions`, { method: "DELETE", headers: { authorization: authorization ?? "" } });
  expect(answer.status).toBe(204);
}
