// Colorado: a CPAP device for an adult with sleep apnea, approved at once by a rule of automatic review.

import { BOTH } from "./hands";
import { delivered, readLetter } from "./letters";
import { member } from "./office";
import { enrol, fillAccount, pair, signIn } from "./people";
import { expect, focused, test } from "./portal";
import { clinic, faxesTo } from "./stack";
import { begin, diagnose, initial, line, onTo, parameters, service, submit } from "./wizard";

for (const Way of BOTH) {
  test(`Colorado: a CPAP device, approved at once by a rule, ${Way.way}`, async ({ page }) => {
    test.setTimeout(300_000);
    const [place, adult] = await Promise.all([clinic("colorado"), member("colorado", "1971-03-08")]);
    const clerk = new Way(page);
    await page.goto("/register");
    await clerk.select(page.getByLabel("Program"), "Health First Colorado");
    await expect(page.getByLabel("Provider Registration Code (Medicaid ID)")).toBeVisible();
    await pair(clerk, place);
    await expect(focused(page)).toHaveText("Account information");
    await expect(page.getByText(`Provider Registration Code (Medicaid ID): ${place.code}`)).toBeVisible();
    await fillAccount(clerk, place);
    await clerk.button("Continue");
    await expect(focused(page)).toHaveText("Check your e-mail");
    const secret = await enrol(clerk, place.email);
    await signIn(clerk, { username: place.username, secret });

    await parameters(clerk, "Outpatient");
    await begin(clerk, adult);
    await onTo(clerk, "Service Details");
    await service(clerk, "Durable", "Home");
    await onTo(clerk, "Diagnosis");
    await diagnose(clerk, ["obstructive sleep apnea", "G47.33"]);
    await onTo(clerk, "Request Type");
    await initial(clerk);
    await onTo(clerk, "Procedures");
    await line(clerk, 1, { code: "E0601", from: 1, days: 1, units: 1 });
    await onTo(clerk, "Questionnaires");
    await onTo(clerk, "Attachments");
    await expect(page.getByText("No document is required for this request.")).toBeVisible();
    await onTo(clerk, "Communications");
    await onTo(clerk, "Submit");
    await submit(clerk);

    // By itself, and seen without asking again.
    await expect(page.getByText("Authorization number")).toBeVisible({ timeout: 60_000 });
    await expect(page.locator(".usa-tag", { hasText: "Approved" })).toBeVisible();
    await expect(page.getByText(/Rule cpap-adult-sleep-apnea/).first()).toBeVisible();
    await expect(page.getByText("Decided in time").first()).toBeVisible();
    await expect(page.locator(".timeline")).not.toContainText("reviewer");
    await readLetter(clerk, "provider");
    await readLetter(clerk, "member");
    await delivered(clerk, "provider", "delivered by fax", [/arrived, \d pages?$/], `By fax to ${place.fax}:`);
    expect(await faxesTo(place.fax)).toBe(1);
  });
}
