// A nurse extends the time for a decision: the letters are seen before, the worklist shows it, and the clinic reads until when and why.

import { take } from "./desk";
import { BOTH, type Hands } from "./hands";
import { staff } from "./office";
import { signIn } from "./people";
import { accessible, expect, focused, test } from "./portal";
import { waiting, type Waiting } from "./reviewers";

const REASON = "The specialist's report comes next week and may show that the service is needed.";

for (const Way of BOTH) {
  test(`a nurse extends the time for a decision, ${Way.way}`, async ({ page, another }) => {
    test.setTimeout(240_000);
    const found = await waiting();
    const [nurse, clerk] = [new Way(page), new Way(await another())];
    await extend(nurse, found);
    await look(clerk, found);
  });
}

async function extend(nurse: Hands, { caseId }: Waiting): Promise<void> {
  const { page } = nurse;
  await take(nurse, staff("nurse"), "Nurse worklist", caseId);
  await expect(page.getByRole("region", { name: "Last days for R01" })).toContainText("Decision:");
  await nurse.button("Extend the time");
  await expect(focused(page)).toHaveText("Extend the time");
  await accessible(page);
  const form = page.getByRole("form", { name: "Extend the time" });
  await nurse.press(form.getByRole("button", { name: "See the letters" }));
  await expect(page.getByRole("alert")).toBeVisible();
  await nurse.type(form.getByLabel("Days"), "15");
  await nurse.select(form.getByLabel("Who asked for it"), "The provider");
  await nurse.type(form.getByLabel("Why more time is in the member's interest"), REASON);
  await nurse.press(form.getByRole("button", { name: "See the letters" }));
  await expect(form.getByLabel("Days")).toHaveAttribute("aria-invalid", "true");
  await accessible(page);
  await nurse.type(form.getByLabel("Days"), "14");
  await nurse.press(form.getByRole("button", { name: "See the letters" }));
  const seen = page.getByRole("dialog", { name: "Extend the time for the decision" });
  await expect(seen).toContainText("These letters go out when you extend the time.");
  await accessible(page);
  await nurse.press(seen.getByRole("button", { name: "Extend the time" }));
  await expect(page.getByText("The time is extended. The letters follow by themselves.")).toBeVisible();
  await expect(page.getByText("The time to decide was extended by 14 days")).toBeVisible();
  await expect(page.getByText(REASON)).toBeVisible();
  await expect(page.getByRole("button", { name: "Extend the time" })).toBeHidden();
  await expect(page.getByText("Letter to the provider: more time to decide, request R01")).toBeVisible({ timeout: 60_000 });
  await accessible(page);
}

async function look(clerk: Hands, { caseId, office }: Waiting): Promise<void> {
  const { page } = clerk;
  await signIn(clerk, office.person);
  await clerk.link("Home");
  await clerk.press(page.getByRole("link", { name: caseId }));
  await expect(focused(page)).toHaveText("Case");
  await expect(page.getByText("The time to decide was extended by 14 days")).toBeVisible();
  await expect(page.getByText("The provider asked for it.")).toBeVisible();
  await expect(page.getByText(REASON)).toBeVisible();
  await expect(page.getByRole("region", { name: "Last days for R01" })).toContainText("Extended by 14 days");
  await expect(page.getByText("The time to decide R01 was extended by 14 days.")).toBeVisible();
  await accessible(page);
}
