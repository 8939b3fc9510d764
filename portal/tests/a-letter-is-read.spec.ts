// After reviewers have decided, the clinic reads the letter, sees each line beside what it asked for, and how the letter
// was delivered. By keyboard alone.

import { Keyboard } from "./hands";
import { caller, filled, office, reads, staff } from "./office";
import { signIn } from "./people";
import { accessible, expect, focused, test } from "./portal";
import { eventually } from "./stack";

const REASON = "The developmental assessment supports three hours a day; a fourth hour is not explained by its goals.";

test("a letter is read after the decision", async ({ page, context }) => {
  const at = await office();
  await reads("arkansas", at.member, "es", "large-print");
  const by = await caller(at.person);
  const key = await filled(at, by);
  const { caseId } = await by.make<{ caseId: string }>(`/cases/${key}/submission`, { disclaimerAgreed: true });
  const clerk = new Keyboard(page);
  await signIn(clerk, at.person);
  await clerk.press(page.getByRole("link", { name: caseId }));
  await expect(focused(page)).toHaveText("Case");
  await expect(page.getByText("No letter was issued yet.")).toBeVisible();
  await expect(page.getByText("Not decided yet")).toBeVisible();
  // How the member reads, as the plan's file says it.
  await expect(page.getByText("In Spanish, large print")).toBeVisible();
  await accessible(page);

  const [nurse, physician] = [await caller(staff("nurse"), "/staff"), await caller(staff("physician"), "/staff")];
  const request = `/staff/cases/${key}/requests/R01`;
  await eventually("the case on the worklist", async () => {
    const { requests } = await nurse.call<{ requests: { status: string }[] }>("GET", `/staff/cases/${key}`);
    return requests[0]?.status === "nurse-review" || undefined;
  });
  await nurse.call("POST", `${request}/claim`, {});
  await nurse.call("POST", `${request}/determination`, { decision: "refer", note: "Fewer hours than asked for seem enough." });
  await physician.call("POST", `${request}/claim`, {});
  await physician.call("POST", `${request}/determination`, {
    decision: "determine",
    lines: [{ outcome: "modified", units: 90, reason: REASON }],
    criteria: [{ title: "Day Habilitative Services manual", citation: "Section 2, 220.000", text: "Hours follow the assessed need." }],
  });
  await eventually("the letters", async () => {
    const { letters } = await by.call<{ letters: unknown[] }>("GET", `/cases/${key}`);
    return letters.length === 2 || undefined;
  });

  await page.reload();
  const lines = page.getByRole("table", { name: "Procedures of R01" });
  await expect(lines).toContainText("Duration: 30, quantity: 120");
  await expect(lines).toContainText("90 units");
  await expect(lines).toContainText(REASON);
  await expect(page.getByText("Authorization number")).toBeVisible();
  await expect(page.getByText("Section 2, 220.000")).toBeVisible();
  await expect(page.getByRole("region", { name: /^Letter to the provider, R01/ })).toContainText("By fax to");
  await expect(page.locator(".timeline")).toContainText("R01 was approved in part.");
  const letters = page.getByRole("table", { name: "Letters" });
  await expect(letters.getByRole("row", { name: /Letter to the member, R01/ })).toContainText("In Spanish, large print");
  await expect(letters.getByRole("row", { name: /Letter to the provider, R01/ })).not.toContainText("large print");
  await accessible(page);

  const asked = context.waitForEvent("request", (sent) => sent.url().includes("letters") && sent.url().includes("X-Amz-Signature"));
  await clerk.button("Open (PDF): Letter to the provider, R01");
  const answer = await fetch((await asked).url());
  expect(answer.status).toBe(200);
  expect(Buffer.from(await answer.arrayBuffer()).subarray(0, 5).toString()).toBe("%PDF-");

  const document = context.waitForEvent("request", (sent) => sent.url().includes("documents") && sent.url().includes("X-Amz-Signature"));
  await page.bringToFront();
  await clerk.button("therapy-evaluations.pdf");
  expect((await fetch((await document).url())).status).toBe(200);

  await clerk.type(page.getByRole("textbox", { name: /^Note/ }), "Thank you; the plan was changed.");
  await clerk.button("Add Note");
  await expect(page.getByRole("listitem").filter({ hasText: "the plan was changed" })).toBeVisible();

  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("button", { name: "Print this case" })).toBeHidden();
  await expect(page.locator(".header-tools")).toBeHidden();
  await expect(lines).toBeVisible();
  await page.emulateMedia({ media: null });
  await clerk.button("Español");
  await expect(page.getByText("Aprobada en parte").first()).toBeVisible();
  await accessible(page);
});
