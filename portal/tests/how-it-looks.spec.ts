// How pages look beside the usual: in the contract's colours, on paper, with names that are read at any size.

import { BOTH } from "./hands";
import { caller, filled, office, staff } from "./office";
import { signIn } from "./people";
import { accessible, expect, focused, test, type Page } from "./portal";
import { waiting } from "./reviewers";

/** The colour behind the name in the header. */
function ground(page: Page): Promise<string> {
  return page.locator(".header").evaluate((header) => getComputedStyle(header).backgroundColor);
}

test("a contract has its name, seal and colour, which can be read", async ({ page }) => {
  // Yellow, on which white cannot be read.
  await page.route("**/config.json", async (route) => {
    const answer = await route.fetch();
    const own = (await answer.json()) as object;
    await route.fulfill({ json: { ...own, colour: "#162e51", contracts: { arkansas: { colour: "#ffd100", seal: "/seals/arkansas.svg" } } } });
  });
  const { person } = await office();
  await page.goto("/sign-in");
  expect(await ground(page)).toBe("rgb(22, 46, 81)");
  const name = page.getByRole("banner").getByRole("link").first();
  await expect(name).toHaveText("Provider Portal");
  await signIn(page, person);
  await expect(name).toHaveText("Arkansas Medicaid: Day Habilitative Services");
  await expect(name.locator("img")).toHaveAttribute("src", "/seals/arkansas.svg");
  await expect.poll(() => name.locator("img").evaluate((seal: HTMLImageElement) => seal.naturalWidth)).toBeGreaterThan(0);
  expect(await ground(page)).not.toBe("rgb(22, 46, 81)");
  await expect(page.getByRole("contentinfo")).toContainText("888-660-3831");
  await accessible(page);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(name).toHaveText("Provider Portal");
  expect(await ground(page)).toBe("rgb(22, 46, 81)");
});

for (const Way of BOTH) {
  test(`a case has the look of its contract for whoever works for several, and is printed, ${Way.way}`, async ({ page }) => {
    const { key, caseId, office: at } = await waiting();
    await page.addInitScript(() => {
      window.print = () => document.documentElement.setAttribute("data-printed", "");
    });
    const nurse = new Way(page);
    await signIn(nurse, staff("nurse"), "/staff/sign-in");
    const name = page.getByRole("banner").getByRole("link").first();
    const footer = page.getByRole("contentinfo");
    await expect(name).toHaveText("Provider Portal");
    await expect(footer).toContainText("Copper Birch Health Plan");
    await nurse.type(page.getByRole("textbox", { name: /^Case ID/ }), caseId);
    await nurse.button("Open case");
    await expect(focused(page)).toHaveText("Case");
    await expect(name).toHaveText("Arkansas Medicaid: Day Habilitative Services");
    await expect(name.locator("img")).toHaveAttribute("src", "/seals/arkansas.svg");
    await expect.poll(() => ground(page)).toBe("rgb(125, 31, 47)");
    await expect(footer).toContainText("888-660-3831");
    await expect(footer).not.toContainText("Copper Birch Health Plan");
    await accessible(page);

    await nurse.button("Print this case");
    await expect(page.locator("html")).toHaveAttribute("data-printed");
    await page.emulateMedia({ media: "print" });
    for (const text of [caseId, at.member.last, "therapy-evaluations.pdf"]) await expect(page.getByText(text).first()).toBeVisible();
    for (const gone of ["Print this case", "Claim", "Sign out"]) await expect(page.getByRole("button", { name: gone })).toBeHidden();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
    await page.emulateMedia({ media: "screen" });

    // Loaded by itself, and left.
    await page.goto(`/staff/cases/${key}/messages`);
    await expect(name).toHaveText("Arkansas Medicaid: Day Habilitative Services");
    await nurse.link("Home");
    await expect(name).toHaveText("Provider Portal");
    await expect.poll(() => ground(page)).toBe("rgb(22, 46, 81)");
  });
}

test("a case on paper is the case alone", async ({ page }) => {
  const at = await office();
  const by = await caller(at.person);
  const key = await filled(at, by);
  const { caseId } = await by.make<{ caseId: string }>(`/cases/${key}/submission`, { disclaimerAgreed: true });
  await signIn(page, at.person);
  await page.getByRole("link", { name: caseId }).click();
  await expect(page.getByText("Decision due")).toBeVisible();
  await page.emulateMedia({ media: "print" });
  for (const text of [caseId, at.member.last, at.member.number, "Decision due", "therapy-evaluations.pdf"]) {
    await expect(page.getByText(text).first()).toBeVisible();
  }
  await expect(page.getByRole("main").locator(".usa-tag").first()).toBeVisible();
  await expect(page.locator(".timeline")).toContainText(`The case was submitted as ${caseId}.`);
  // Folded on the screen.
  await expect(page.locator("details ol")).toBeVisible();
  for (const gone of ["navigation", "contentinfo", "textbox"] as const) await expect(page.getByRole(gone)).toHaveCount(0);
  for (const button of ["Print this case", "Copy Case ID", "Add Note", "Sign out"]) await expect(page.getByRole("button", { name: button })).toBeHidden();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide).toBeLessThanOrEqual(0);
});

test("at 200 % nothing goes beyond the side, and each step has its name", async ({ page }) => {
  const at = await office();
  const key = await filled(at, await caller(at.person));
  await page.setViewportSize({ width: 640, height: 400 });
  await signIn(page, at.person);
  for (const address of ["/", `/cases/${key}/procedures`, `/cases/${key}/attachments`, `/cases/${key}/submit`, "/setup", "/profile"]) {
    await page.goto(address);
    await expect(page.getByRole("status").filter({ hasText: "Loading" })).toHaveCount(0);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide, `pixels beyond the side of ${address}`).toBeLessThanOrEqual(0);
  }
  await page.goto(`/cases/${key}/procedures`);
  const steps = page.getByRole("navigation", { name: "Steps of the case" }).getByRole("link");
  await expect(steps).toHaveCount(9);
  for (const step of await steps.all()) await expect(step).toBeInViewport({ ratio: 1 });
});

test("what is wrong is told anew in the language that one changes to", async ({ page }) => {
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Login", exact: true }).click();
  await expect(page.getByRole("link", { name: "Username is required." })).toBeVisible();
  // What was mended is wrong no more.
  await page.getByRole("textbox", { name: /^Username/ }).fill("nobody.at.all");
  const spanish = page.getByRole("button", { name: "Español" });
  await spanish.click();
  await expect(focused(page)).toHaveText("English");
  const wrong = page.getByRole("alert").getByRole("link");
  await expect(wrong).toHaveText(["Contraseña: campo obligatorio."]);
  await expect(page.locator("#password-error")).toHaveText("Contraseña: campo obligatorio.");
  await accessible(page);
  await page.getByRole("button", { name: "English" }).click();

  // What the API refused, too.
  const { person } = await office();
  await signIn(page, person);
  await page.goto("/profile");
  await page.getByRole("textbox", { name: /^Zip/ }).fill("12");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.locator("#contact-zip-error")).toBeVisible();
  const english = await wrong.innerText();
  await spanish.click();
  await expect(focused(page)).toHaveText("English");
  await expect(wrong).not.toHaveText(english);
  await expect(page.locator("#contact-zip-error")).toHaveText(await wrong.innerText());
  await accessible(page);
});
