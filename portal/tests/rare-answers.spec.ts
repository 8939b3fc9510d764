// Answers that a running stack seldom gives, or not on this machine: they are put in the place of the API's.

import { groupAdmin } from "./office";
import { signIn } from "./people";
import { accessible, expect, focused, test, type Page } from "./portal";
import { clinic, stack } from "./stack";

interface Given {
  status: number;
  body: unknown;
  headers?: { [name: string]: string };
}

/** The next calls of an action get this answer. */
async function answer(page: Page, method: string, path: string, { status, body, headers }: Given): Promise<void> {
  const cors = { "access-control-allow-origin": new URL(page.url()).origin, "access-control-expose-headers": "Retry-After" };
  await page.route(`${stack.apiUrl}${path}`, async (route) => {
    if (route.request().method() !== method) return route.fallback();
    return route.fulfill({ status, json: body, headers: { ...cors, ...headers } });
  });
}

function problem(status: number, kind: string, title: string, detail: string): Given {
  return { status, body: { type: `https://portico.example/problems/${kind}`, title, status, detail } };
}

test("a proof is asked for: log in once more, back to the same field, nothing lost", async ({ page }) => {
  const me = await groupAdmin(page, await clinic());
  await page.getByRole("link", { name: "My profile" }).click();
  await page.getByRole("textbox", { name: /^Fax/ }).fill("501-555-0177");
  await answer(page, "PATCH", "/me", problem(403, "proof-required", "Please sign in once more", "You signed in a while ago."));
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("You signed in a while ago.");
  await accessible(page);
  await page.unroute(`${stack.apiUrl}/me`);
  await page.getByRole("link", { name: "Log in once more" }).click();
  await expect(page.getByText("prove once more that it is you")).toBeVisible();
  await accessible(page);
  await signIn(page, me);
  await expect(page).toHaveURL("/profile");
  await expect(focused(page)).toHaveAttribute("id", "contact-fax");
  await expect(focused(page)).toHaveValue("501-555-0177");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
});

test("alerts of two contracts are each told in its own zone", async ({ page }) => {
  await groupAdmin(page, await clinic());
  const alert = (contract: string) => ({ id: contract, case: "cas_0", caseId: contract, contract, request: "R01", news: "message", read: true, at: "2026-05-07T17:00:00Z" });
  await answer(page, "GET", "/alerts", { status: 200, body: { alerts: ["arkansas", "colorado"].map(alert), unread: 0 } });
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Alerts" }).click();
  await expect(page.getByRole("row", { name: "arkansas" })).toContainText("05/07/2026, 12:00 PM CDT");
  await expect(page.getByRole("row", { name: "colorado" })).toContainText("05/07/2026, 11:00 AM MDT");
  await accessible(page);
});

test("too many tries: how long to wait", async ({ page }) => {
  await page.goto("/sign-in");
  await answer(page, "POST", "/sessions", { ...problem(429, "throttled", "Too many tries", "Wait before the next try."), headers: { "retry-after": "60" } });
  await page.getByLabel("Username").fill("somebody");
  await page.getByLabel("Password").fill("Some-Password-1");
  await page.getByRole("button", { name: "Login", exact: true }).click();
  await expect(page.getByRole("alert")).toHaveText("Too many triesWait 60 seconds, then try again.");
  await accessible(page);
});

test("the server is away: what was typed is still there", async ({ page }) => {
  await page.goto("/sign-in");
  await answer(page, "POST", "/sessions", { status: 502, body: { message: "Bad Gateway" } });
  await page.getByLabel("Username").fill("somebody");
  await page.getByLabel("Password").fill("Some-Password-1");
  await page.getByRole("button", { name: "Login", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("The server does not answer just now.");
  await expect(page.getByLabel("Username")).toHaveValue("somebody");
  await accessible(page);
});

// The local user pools send no PIN by e-mail or text.
for (const [button, factor, told] of [
  ["Login with email", "email", "We e-mailed a PIN to d***@clinic.example."],
  ["Login with text", "text", "We sent a PIN by text message to (***) ***-0123."],
] as const) {
  test(`${button}`, async ({ page }) => {
    await page.goto("/sign-in");
    const sentTo = factor === "email" ? "d***@clinic.example" : "(***) ***-0123";
    await answer(page, "POST", "/sessions", { status: 200, body: { handle: "a-handle", factor, sentTo } });
    await answer(page, "POST", "/sessions/pins", { status: 200, body: { handle: "another", factor, sentTo } });
    await page.getByLabel("Username").fill("somebody");
    await page.getByLabel("Password").fill("Some-Password-1");
    const asked = page.waitForRequest(`${stack.apiUrl}/sessions`);
    await page.getByRole("button", { name: button }).click();
    expect((await asked).postDataJSON()).toEqual({ username: "somebody", password: "Some-Password-1", with: factor });
    await expect(page.getByText(told)).toBeVisible();
    await expect(focused(page)).toHaveText("Enter your code");
    const again = page.waitForRequest(`${stack.apiUrl}/sessions/pins`);
    await page.getByRole("button", { name: "Send the PIN again" }).click();
    // A PIN by e-mail or text is given for the password only.
    expect((await again).postDataJSON()).toEqual({ handle: "a-handle", password: "Some-Password-1" });
    await expect(page.getByText("Another PIN is on its way")).toBeVisible();
    await accessible(page);
    await page.getByRole("button", { name: "Use another way" }).click();
    await expect(focused(page)).toHaveText(/^Login/);
  });
}
