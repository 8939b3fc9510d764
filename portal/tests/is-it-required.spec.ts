// "Is authorization required?": asked before a case is typed, printed, and looked up by its number at both doors.

import { BOTH } from "./hands";
import { clocked, idle } from "./idle";
import { groupAdmin, member, staff } from "./office";
import { signIn } from "./people";
import { accessible, expect, focused, test } from "./portal";
import { clinic, inDays } from "./stack";

for (const Way of BOTH) {
  // REQ: CASE-16
  test(`a clerk asks whether authorization is required, and a nurse looks the answer up: ${Way.way}`, async ({ page, another }) => {
    const place = await clinic("arkansas");
    const child = await member("arkansas");
    const clerk = new Way(page);
    await groupAdmin(page, place);
    await clerk.link("Check a code");
    await expect(focused(page)).toHaveText("Is authorization required?");
    await accessible(page);
    await clerk.button("Ask");
    for (const missing of ["Procedure code is required.", "Setting is required.", "Date of service is required."]) {
      await expect(page.getByRole("link", { name: missing })).toBeVisible();
    }
    await accessible(page);

    // What the API says stands at its field.
    await clerk.type(page.getByLabel("Procedure code"), "W1");
    await clerk.type(page.getByLabel("Modifiers"), "U6, UB");
    await clerk.choose(page.getByRole("radio", { name: "Outpatient" }));
    const [year = "", month = "", day = ""] = inDays(7).split("-");
    await clerk.type(page.getByRole("group", { name: /Date of service/ }).getByLabel("Month"), `${month}/${day}/${year}`);
    await clerk.button("Ask");
    await expect(page.getByLabel("Procedure code")).toHaveAttribute("aria-invalid", "true");

    await clerk.type(page.getByLabel("Procedure code"), "T1015");
    await clerk.select(page.getByLabel("Service type"), "Day");
    await clerk.type(page.getByLabel("Member number"), child.number);
    await clerk.button("Ask");
    await expect(focused(page)).toHaveText("Answer: is authorization required?");
    await expect(page.getByText("Authorization is required.")).toBeVisible();
    await expect(page.getByText("At most 5 units a day may be asked for (1 unit = 1 hour).")).toBeVisible();
    await expect(page.getByText(child.last).first()).toBeVisible();
    await accessible(page);
    const number = /CK\d{9,}/.exec(await page.locator(".case-id").innerText())?.[0] ?? "";
    expect(page.url().endsWith(`/checks/${number}`)).toBe(true);
    await page.emulateMedia({ media: "print" });
    await expect(page.getByText("Authorization is required.")).toBeVisible();
    await expect(page.getByText(number)).toBeVisible();
    await expect(page.getByRole("button", { name: "Print" })).toBeHidden();
    await page.emulateMedia({ media: "screen" });

    await clerk.link("Ask about something else");
    await clerk.type(page.getByLabel("Answer number"), "CK263320000");
    await clerk.button("Show the answer");
    await expect(page.getByRole("alert").first()).toBeVisible();
    await accessible(page);

    const review = await another();
    const nurse = new Way(review);
    await signIn(review, staff("nurse"), "/staff/sign-in");
    await nurse.link("Answers on authorization");
    await nurse.type(review.getByLabel("Answer number"), number.toLowerCase());
    await nurse.button("Show the answer");
    await expect(review.getByText("Authorization is required.")).toBeVisible();
    await accessible(review);
  });
}

for (const Way of BOTH) {
  test(`a question that is being typed outlives the session: ${Way.way}`, async ({ page }) => {
    test.setTimeout(180_000);
    const child = await member("arkansas");
    const clerk = new Way(page);
    const me = await groupAdmin(clerk, await clinic("arkansas"));
    await clocked(page, "/checks");
    const code = page.getByLabel("Procedure code");
    await clerk.choose(page.getByRole("radio", { name: "Outpatient" }));
    await clerk.select(page.getByLabel("Service type"), "Day");
    await clerk.type(page.getByRole("group", { name: /Date of service/ }).getByLabel("Month"), inDays(7));
    await clerk.type(page.getByLabel("Member number"), child.number);
    await clerk.type(code, "T1015");
    await idle(page);
    await signIn(clerk, me);
    await expect(page).toHaveURL("/checks");
    await expect(focused(page)).toHaveAttribute("id", "code");
    await expect(code).toHaveValue("T1015");
    await expect(page.getByRole("radio", { name: "Outpatient" })).toBeChecked();
    await expect(page.getByLabel("Service type").locator("option:checked")).toHaveText(/^Day/);
    await expect(page.getByLabel("Year", { exact: true })).toHaveValue(inDays(7).slice(0, 4));
    await expect(page.getByLabel("Member number")).toHaveValue(child.number);
    await clerk.type(page.getByLabel("Modifiers"), "U6, UB");
    await clerk.button("Ask");
    await expect(page.getByText("Authorization is required.")).toBeVisible();
    // It was asked: the next question begins anew.
    await clerk.link("Ask about something else");
    await expect(code).toHaveValue("");
  });
}
