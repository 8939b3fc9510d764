// A file on its way: refused, cut off, left alone, and overtaken by the end of a session.

import { caller, draft, infected, office, pdf } from "./office";
import { signIn } from "./people";
import { accessible, expect, focused, test, type Page } from "./portal";
import { stack } from "./stack";

const target = `${stack.endpoint}/${stack.documentsBucket}*`;

async function open(page: Page): Promise<{ key: string; person: Awaited<ReturnType<typeof office>>["person"] }> {
  const at = await office();
  const key = await draft(at, await caller(at.person));
  await signIn(page, at.person);
  await page.goto(`/cases/${key}/attachments`);
  await expect(focused(page)).toHaveText("Attachments");
  return { key, person: at.person };
}

async function attach(page: Page, file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
  await page.getByLabel("Document type").selectOption("Other");
  await page.getByLabel("File", { exact: true }).setInputFiles(file);
  await page.getByRole("button", { name: "Upload", exact: true }).click();
}

test("one that is too large is refused before it is sent, one that is cut off is sent once more", async ({ page }) => {
  const { key } = await open(page);
  let sent = 0;
  await page.route(target, (route) => {
    sent += 1;
    return route.abort();
  });
  await attach(page, { name: "scan.pdf", mimeType: "application/pdf", buffer: Buffer.alloc(25_000_001, 32) });
  await expect(page.getByRole("main")).toContainText("25 MB");
  const remove = page.getByRole("button", { name: "Remove scan.pdf" });
  await expect(remove).toBeVisible();
  await expect(page.getByRole("button", { name: "Try again" })).toBeHidden();
  await accessible(page);
  expect(sent).toBe(0);
  await remove.click();
  await expect(remove).toBeHidden();

  const keys: (string | undefined)[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url() === `${stack.apiUrl}/cases/${key}/documents`) keys.push(request.headers()["idempotency-key"]);
  });
  await attach(page, pdf("order.pdf"));
  await expect(page.getByRole("alert")).toContainText("cannot reach the server");
  await accessible(page);
  await page.unroute(target);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("row", { name: "order.pdf" }).filter({ hasText: "Attached" })).toHaveCount(1);
  await expect(page.getByRole("row", { name: "order.pdf" })).toHaveCount(1);
  await expect(page.getByRole("alert")).toBeHidden();
  // Each try had a form of its own, for one document.
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(1);
});

test("one that carries something harmful is refused, and says why in the reader's language", async ({ page }) => {
  await open(page);
  await attach(page, infected("order.pdf"));
  const row = page.getByRole("row", { name: "order.pdf" });
  await expect(row).toContainText("Refused");
  await expect(row).toContainText("A virus or other harmful content was found in this file.");
  // There is nothing to open.
  await expect(row.getByRole("button", { name: "order.pdf", exact: true })).toBeHidden();
  await accessible(page);
  await page.getByRole("button", { name: "Español" }).click();
  await expect(row).toContainText("En este archivo se encontró un virus u otro contenido dañino.");
  await accessible(page);
});

test("what is chosen and not uploaded waits while another step is looked at, and the submit says so", async ({ page }) => {
  const { key } = await open(page);
  await page.getByRole("button", { name: "Upload", exact: true }).click();
  await expect(page.getByText("Browse for a file first, or drag one here.")).toBeVisible();
  await expect(page.getByLabel("File", { exact: true })).toBeFocused();
  await accessible(page);
  await page.getByLabel("Document type").selectOption("Other");
  for (const name of ["order.pdf", "unwanted.pdf"]) await page.getByLabel("File", { exact: true }).setInputFiles(pdf(name));
  await page.getByRole("button", { name: "Remove unwanted.pdf" }).click();
  await page.getByRole("link", { name: /^Submit/ }).click();
  await expect(page.getByText("What you typed in these steps is not saved")).toBeVisible();
  await accessible(page);
  await page.getByRole("main").getByRole("link", { name: "Attachments", exact: true }).first().click();
  await expect(page).toHaveURL(`/cases/${key}/attachments`);
  await expect(page.getByText("Chosen, and not uploaded yet")).toBeVisible();
  await expect(page.getByText("unwanted.pdf")).toBeHidden();
  await page.getByRole("button", { name: "Upload", exact: true }).click();
  await expect(page.getByRole("row", { name: "order.pdf" })).toContainText("Attached");
  await expect(page.getByText("Chosen, and not uploaded yet")).toBeHidden();
  await accessible(page);
});

test("one goes on while another step is looked at", async ({ page }) => {
  await open(page);
  let go = () => {};
  const asked = new Promise<void>((resolve) => {
    go = resolve;
  });
  await page.route(target, async (route) => {
    await asked;
    return route.continue();
  });
  await attach(page, pdf("order.pdf"));
  await expect(page.getByRole("progressbar", { name: "order.pdf" })).toBeVisible();
  await accessible(page);
  await page.getByRole("link", { name: /^Communications/ }).click();
  await expect(focused(page)).toHaveText("Communications");
  await page.goBack();
  await expect(page.getByRole("progressbar", { name: "order.pdf" })).toBeVisible();
  go();
  await expect(page.getByRole("row", { name: "order.pdf" })).toContainText("Attached");
  await expect(page.getByRole("progressbar")).toBeHidden();
});

test.describe("signed out elsewhere", () => {
  test.use({ gatewayRefuses: true });

  test("a session that ends while a file is sent: it is there after signing in", async ({ page }) => {
    const { key, person } = await open(page);
    const authorization = await token(page);
    await page.route(target, async (route) => {
      const answer = await fetch(`${stack.apiUrl}/sessions`, { method: "DELETE", headers: { authorization } });
      expect(answer.status).toBe(204);
      return route.continue();
    });
    await attach(page, pdf("order.pdf"));
    await expect(page.getByText("Your session has ended.")).toBeVisible();
    await accessible(page);
    await signIn(page, person);
    await expect(page).toHaveURL(`/cases/${key}/attachments`);
    await expect(page.getByRole("row", { name: "order.pdf" })).toContainText("Attached");
  });

  test("a session that had ended before: the file waits, and goes after signing in", async ({ page }) => {
    const { key, person } = await open(page);
    const authorization = await token(page);
    expect((await fetch(`${stack.apiUrl}/sessions`, { method: "DELETE", headers: { authorization } })).status).toBe(204);
    await attach(page, pdf("order.pdf"));
    await expect(page.getByText("Your session has ended.")).toBeVisible();
    await signIn(page, person);
    await expect(page).toHaveURL(`/cases/${key}/attachments`);
    await expect(page.getByRole("row", { name: "order.pdf" }).filter({ hasText: "Attached" })).toHaveCount(1);
  });
});

/** What the page itself sends. */
async function token(page: Page): Promise<string> {
  const asked = page.waitForRequest((request) => request.url().startsWith(stack.apiUrl) && request.headers()["authorization"] !== undefined);
  await page.reload();
  const { authorization = "" } = (await asked).headers();
  await expect(page.getByLabel("Document type")).toBeVisible();
  // What the page calls by itself is answered: the next call is the clerk's.
  await page.waitForLoadState("networkidle");
  return authorization;
}
