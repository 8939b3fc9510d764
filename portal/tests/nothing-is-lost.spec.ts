// What is typed into a case is never lost: saves that fail, the network away, answers that get lost, two people on one
// step, a session that ends in the middle.

import { Mouse } from "./hands";
import { LINE, caller, draft, office, pdf, save, saved, type Caller } from "./office";
import { signIn } from "./people";
import { accessible, expect, focused, test, type Page } from "./portal";
import { stack } from "./stack";
import { diagnose, line } from "./wizard";

interface Stage {
  key: string;
  by: Caller;
}

/** A draft, open at a step. */
async function open(page: Page, step: string): Promise<Stage & { person: Awaited<ReturnType<typeof office>>["person"] }> {
  const at = await office();
  const by = await caller(at.person);
  const key = await draft(at, by);
  await signIn(page, at.person);
  await page.getByRole("link", { name: at.member.last }).first().click();
  await page.getByRole("navigation", { name: "Steps of the case" }).getByRole("link", { name: step }).click();
  await expect(focused(page)).toHaveText(step);
  return { key, by, person: at.person };
}

const type = (page: Page) => page.getByLabel("Service type");
const place = (page: Page) => page.getByLabel("Place of service");
const steps = `${stack.apiUrl}/cases/*/steps/*`;

async function stored({ by, key }: Stage): Promise<string | undefined> {
  const { service } = await by.call<{ service?: { placeOfService: string } }>("GET", `/cases/${key}`);
  return service?.placeOfService;
}

test("a save that fails says so and is tried again by itself", async ({ page }) => {
  const stage = await open(page, "Service Details");
  await page.route(steps, (route) => route.fulfill({ status: 503, headers: { "access-control-allow-origin": "*" }, body: "" }));
  await type(page).selectOption("Day Habilitative Services");
  await expect(page.getByText("Not saved yet: something is missing")).toBeVisible();
  await place(page).selectOption("Office (11)");
  await expect(page.getByText("Not saved: the server does not answer.")).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: "Go to Diagnosis" }).click();
  await expect(focused(page)).toContainText("The server does not answer just now");
  await accessible(page);
  expect(await stored(stage)).toBeUndefined();
  await page.unroute(steps);
  await saved(page).toBeVisible();
  expect(await stored(stage)).toBe("11");
});

test("the network goes away and comes back", async ({ page, context }) => {
  const stage = await open(page, "Service Details");
  await context.setOffline(true);
  await type(page).selectOption("Day Habilitative Services");
  await place(page).selectOption("Home (12)");
  await expect(page.getByText("Not saved: the server does not answer.")).toBeVisible();
  // One may look at another step and come back.
  await page.getByRole("link", { name: /^Request Type/ }).click();
  await expect(focused(page)).toHaveText("Request Type");
  await page.goBack();
  await expect(focused(page)).toHaveText("Service Details");
  await expect(place(page)).toHaveValue("12");
  await page.getByRole("link", { name: /^Submit/ }).click();
  await expect(page.getByText("What you typed in these steps is not saved")).toBeVisible();
  await accessible(page);
  await page.getByRole("link", { name: "Update Service Details" }).click();
  await context.setOffline(false);
  await saved(page).toBeVisible();
  expect(await stored(stage)).toBe("12");
});

test("an answer that got lost is no conflict", async ({ page }) => {
  const stage = await open(page, "Service Details");
  let lost = 0;
  await page.route(steps, async (route) => {
    if (lost > 0) return route.continue();
    await route.fetch();
    lost += 1;
    return route.abort();
  });
  await type(page).selectOption("Day Habilitative Services");
  await place(page).selectOption("Office (11)");
  await expect(page.getByText("Not saved: the server does not answer.")).toBeVisible();
  expect(lost).toBe(1);
  expect(await stored(stage)).toBe("11");
  await saved(page).toBeVisible();
  await expect(page.getByText("Somebody changed this in the meantime")).toBeHidden();
});

test("two people on one step see both versions", async ({ page }) => {
  const stage = await open(page, "Service Details");
  await type(page).selectOption("Day Habilitative Services");
  // Another step by somebody else stands in nobody's way.
  await save(stage.by, stage.key, "diagnoses", { diagnoses: ["F84.0"] });
  await place(page).selectOption("Office (11)");
  await saved(page).toBeVisible();

  await save(stage.by, stage.key, "service", { serviceType: "day-habilitative", placeOfService: "03" });
  await place(page).selectOption("Home (12)");
  await expect(page.getByText("Somebody changed this in the meantime")).toBeVisible();
  await expect(page.getByRole("row", { name: /Place of service/ })).toHaveText(/School \(03\).*Home \(12\)/);
  await accessible(page);
  expect(await stored(stage)).toBe("03");
  await page.getByRole("button", { name: "Keep what I typed" }).click();
  // The work goes on where it was.
  await expect(place(page)).toBeFocused();
  await saved(page).toBeVisible();
  expect(await stored(stage)).toBe("12");

  await save(stage.by, stage.key, "service", { serviceType: "day-habilitative", placeOfService: "49" });
  await place(page).selectOption("Office (11)");
  await page.getByRole("button", { name: "Take what is saved" }).click();
  await expect(place(page)).toBeFocused();
  await expect(place(page)).toHaveValue("49");
  await saved(page).toBeVisible();
  expect(await stored(stage)).toBe("49");
});

test("two people on a list see both versions: diagnoses, procedures", async ({ page }) => {
  const stage = await open(page, "Diagnosis");
  const list = page.locator(".code-list li");
  const clerk = new Mouse(page);
  await diagnose(clerk, ["F84.0", "F84.0"]);
  await saved(page).toBeVisible();
  await save(stage.by, stage.key, "diagnoses", { diagnoses: ["F80.2", "F84.0"] });
  await diagnose(clerk, ["R62.50", "R62.50"]);
  await expect(page.getByText("Somebody changed this in the meantime")).toBeVisible();
  await expect(page.getByRole("row", { name: /Diagnoses/ }).getByRole("cell")).toHaveText([/1\. F80\.2[^]*2\. F84\.0/, /1\. F84\.0[^]*2\. R62\.50/]);
  await accessible(page);
  await page.getByRole("button", { name: "Take what is saved" }).click();
  await expect(list).toHaveText([/F80\.2.*Primary/, /F84\.0/]);

  await page.getByRole("link", { name: /^Procedures/ }).click();
  await line(clerk, 1, { code: "T1015", modifiers: "U6 UB", from: 7, days: 30, units: 120 });
  await saved(page).toBeVisible();
  await save(stage.by, stage.key, "procedures", { lines: [{ ...LINE, quantity: 90 }] });
  await line(clerk, 2, { code: "T1015", modifiers: "U6 UB", from: 37, days: 30, units: 60 });
  await expect(page.getByText("Somebody changed this in the meantime")).toBeVisible();
  await expect(page.getByRole("row", { name: /^Procedure 1/ }).getByRole("cell")).toHaveText([/Requested Quantity: 90/, /Requested Quantity: 120/]);
  await expect(page.getByRole("row", { name: /^Procedure 2/ }).getByRole("cell")).toHaveText(["–", /Requested Quantity: 60/]);
  await accessible(page);
  await page.getByRole("button", { name: "Keep what I typed" }).click();
  await saved(page).toBeVisible();
  const { requests } = await stage.by.call<{ requests: { lines: { quantity: number }[] }[] }>("GET", `/cases/${stage.key}`);
  expect(requests[0]?.lines.map(({ quantity }) => quantity)).toEqual([120, 60]);
});

test("two people at the documents: each has both, and what is taken out twice says so", async ({ page, another }) => {
  const stage = await open(page, "Attachments");
  const other = await another();
  await signIn(other, stage.person);
  await other.goto(`/cases/${stage.key}/attachments`);
  for (const [where, name] of [[page, "mine.pdf"], [other, "theirs.pdf"]] as const) {
    await where.getByLabel("Document type").selectOption("Other");
    await where.getByLabel("File", { exact: true }).setInputFiles(pdf(name));
    await where.getByRole("button", { name: "Upload", exact: true }).click();
    await expect(where.getByRole("row", { name })).toContainText("Attached");
  }
  await expect(other.getByRole("row", { name: "mine.pdf" })).toContainText("Attached");
  await other.getByRole("button", { name: "Remove mine.pdf" }).click();
  await expect(other.getByRole("row", { name: "mine.pdf" })).toBeHidden();
  await page.getByRole("button", { name: "Remove mine.pdf" }).click();
  await expect(page.getByRole("row", { name: "mine.pdf" })).toBeHidden();
  await expect(page.getByRole("row", { name: "theirs.pdf" })).toContainText("Attached");
  await accessible(page);
});

test.describe("signed out elsewhere", () => {
  test.use({ gatewayRefuses: true });

  // REQ: UI-04
  test("nothing typed is lost: a failed save, no network, somebody else at the step, the end of the session", async ({ page, context }) => {
    const stage = await open(page, "Service Details");
    await type(page).selectOption("Day Habilitative Services");
    await page.route(steps, (route) => route.fulfill({ status: 503, headers: { "access-control-allow-origin": "*" }, body: "" }));
    await place(page).selectOption("Office (11)");
    await expect(page.getByText("Not saved: the server does not answer.")).toBeVisible();
    await page.unroute(steps);
    await saved(page).toBeVisible();
    expect(await stored(stage)).toBe("11");

    await context.setOffline(true);
    await place(page).selectOption("Home (12)");
    await expect(page.getByText("Not saved: the server does not answer.")).toBeVisible();
    await context.setOffline(false);
    await saved(page).toBeVisible();
    expect(await stored(stage)).toBe("12");

    await save(stage.by, stage.key, "service", { serviceType: "day-habilitative", placeOfService: "03" });
    await place(page).selectOption("Independent clinic (49)");
    await expect(page.getByRole("row", { name: /Place of service/ })).toHaveText(/School \(03\).*Independent clinic \(49\)/);
    await page.getByRole("button", { name: "Keep what I typed" }).click();
    await saved(page).toBeVisible();
    expect(await stored(stage)).toBe("49");

    await page.getByRole("link", { name: /^Procedures/ }).click();
    const duration = page.getByLabel("Requested Duration");
    await page.getByLabel("Procedure code").fill("T1015");
    await duration.fill("30");
    await expect(page.getByText("Not saved yet: something is missing")).toBeVisible();
    // Signed out everywhere, from elsewhere: the next call ends it.
    // A search that is still under way would end it too soon.
    const found = page.waitForResponse((response) => response.url().startsWith(`${stack.apiUrl}/codes/`) && response.request().method() === "GET");
    await page.getByRole("combobox", { name: "Find a HCPCS code" }).fill("T10");
    const { authorization = "" } = (await found).request().headers();
    const answer = await fetch(`${stack.apiUrl}/sessions`, { method: "DELETE", headers: { authorization } });
    expect(answer.status).toBe(204);
    await duration.fill("31");
    await page.getByRole("combobox", { name: "Find a HCPCS code" }).fill("S51");
    await expect(page.getByText("Your session has ended.")).toBeVisible();
    await signIn(page, stage.person);
    await expect(page).toHaveURL(new RegExp(`/cases/${stage.key}/procedures$`));
    await expect(focused(page)).toHaveAttribute("id", "find-0");
    await expect(page.getByLabel("Procedure code")).toHaveValue("T1015");
    await expect(duration).toHaveValue("31");
  });
});

test("a case that is not there, and one that cannot be read, say so", async ({ page }) => {
  const stage = await open(page, "Providers");
  await page.goto("/cases/cas_00000000000000000000000000000000");
  await expect(page.getByRole("alert")).toBeVisible();
  await accessible(page);
  await page.route(`${stack.apiUrl}/cases/*`, (route) => route.abort());
  await page.goto(`/cases/${stage.key}/providers`);
  await expect(page.getByRole("alert")).toContainText("cannot reach the server");
  await accessible(page);
  await page.unroute(`${stack.apiUrl}/cases/*`);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByLabel("Fax number")).toBeVisible();
});
