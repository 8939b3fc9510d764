// What a reviewer sets right: a decision that was wrong is corrected in the contract's words, and a request that repeats another is closed.

import { BOTH, type Hands } from "./hands";
import { LINE, caller, filled, office, save, staff, type Office } from "./office";
import { signIn } from "./people";
import { accessible, expect, focused, test } from "./portal";
import { deniedInPart } from "./reviewers";
import { eventually } from "./stack";

const WHY = "The goal of the second month stands in the therapy notes.";
const REASON = "The records show a need for 3 hours a day and for no more: the notes name two goals. The hours that are approved meet the goals of the plan of care.";

for (const Way of BOTH) {
  test(`a physician corrects a decision, and the clinic sees what took whose place, ${Way.way}`, async ({ page, another }) => {
    test.setTimeout(240_000);
    const { caseId, key, office: at } = await deniedInPart();
    const [physician, clerk] = [new Way(page), new Way(await another())];
    await opened(physician, "physician", caseId);
    await physician.button("Correct the decision");
    await expect(focused(page)).toHaveText("Correct the decision");
    await accessible(page);
    await physician.button("Look at what the letters will say");
    await expect(page.getByLabel("Why is the decision corrected?")).toHaveAttribute("aria-invalid", "true");
    await physician.type(page.getByLabel("Why is the decision corrected?"), WHY);
    const line = page.getByRole("group", { name: /^Line 2:/ });
    await physician.choose(line.getByRole("radio", { name: /^Approved in part/ }));
    await physician.type(line.getByLabel("Authorized units"), "90");
    await physician.select(line.getByLabel("Reason of the contract"), "The records show a need for");
    await expect(line.getByLabel("Specific reason")).toHaveValue(/^The records show a need for \[how many\] hours/);
    await physician.button("Look at what the letters will say");
    await expect(page.getByRole("link", { name: /Complete what stands in square brackets/ })).toBeVisible();
    await accessible(page);
    await physician.type(line.getByLabel("Specific reason"), REASON);
    await physician.select(page.getByLabel("Criterion of the contract"), "Habilitative Services Aged 0-6: units");
    await expect(page.getByLabel("Citation")).toHaveValue("Overview of Day Habilitative Services, T1015-U6-UB");
    await physician.button("Look at what the letters will say");
    const preview = page.getByRole("dialog", { name: "What the letters will rest on" });
    await expect(preview).toContainText("90 units");
    await expect(preview.getByRole("button", { name: /^See Letter to the member/ })).toBeVisible();
    await accessible(page);
    await physician.press(preview.getByRole("button", { name: "Issue the corrected determination" }));
    await expect(focused(page)).toContainText("The decision is corrected: Approved in part.");
    await expect(page.getByText("Corrects decision 1:")).toBeVisible();
    await accessible(page);

    await signIn(clerk, at.person);
    const { page: seen } = clerk;
    await seen.goto(`/cases/${key}`);
    await expect(seen.getByText("Corrects decision 1:")).toBeVisible();
    await expect(seen.getByText(WHY).first()).toBeVisible();
    await clerk.press(seen.getByText("Earlier decisions"));
    await expect(seen.getByText(/^Decision 1/).first()).toBeVisible();
    await expect(seen.getByText("The assessment names no goal for the second month.")).toBeVisible();
    await expect(seen.getByText("The decision on R01 was corrected: it is approved in part.")).toBeVisible();
    await accessible(seen);
  });

  test(`a nurse closes a request that repeats another one, ${Way.way}`, async ({ page, another }) => {
    test.setTimeout(240_000);
    const at = await office();
    const first = await submitted(at);
    const again = await submitted(at);
    const [nurse, clerk] = [new Way(page), new Way(await another())];
    await opened(nurse, "nurse", again.caseId);
    await nurse.button("Claim");
    await nurse.button("Close without a decision");
    await expect(focused(page)).toHaveText("Close without a decision");
    await nurse.choose(page.getByRole("radio", { name: /^Another request asks for the same/ }));
    await nurse.type(page.getByLabel("Case ID of the other request"), again.caseId);
    await nurse.type(page.getByLabel("Number of the other request"), "R01");
    await nurse.button("See the letters");
    await expect(page.getByRole("link", { name: /no other case of this number/ })).toBeVisible();
    await accessible(page);
    await nurse.type(page.getByLabel("Case ID of the other request"), first.caseId);
    await nurse.button("See the letters");
    const dialog = page.getByRole("dialog", { name: "Close the request without a decision" });
    await expect(dialog).toBeVisible();
    await accessible(page);
    await nurse.press(dialog.getByRole("button", { name: "Close the request" }));
    await expect(page.getByText("The request is closed. The letters follow by themselves.")).toBeVisible();
    await expect(page.getByText(`It repeats request R01 of case ${first.caseId}.`)).toBeVisible();
    await accessible(page);

    await signIn(clerk, at.person);
    await clerk.page.goto(`/cases/${again.key}`);
    await expect(clerk.page.getByText("Closed without a decision: duplicate")).toBeVisible();
    await expect(clerk.page.getByText(`It repeats request R01 of case ${first.caseId}.`)).toBeVisible();
    await accessible(clerk.page);
  });
}

/** A case of one line on the nurse worklist, whatever was asked for before. */
async function submitted(at: Office): Promise<{ key: string; caseId: string }> {
  const clerk = await caller(at.person);
  const key = await filled(at, clerk);
  await save(clerk, key, "procedures", { lines: [LINE] });
  const agreed = { disclaimerAgreed: true, duplicateReason: "It was sent twice by mistake." };
  const { caseId } = await clerk.make<{ caseId: string }>(`/cases/${key}/submission`, agreed);
  await eventually("the nurse worklist", async () => {
    const { status } = await clerk.call<{ status: string }>("GET", `/cases/${key}`);
    return status === "nurse-review" || undefined;
  });
  return { key, caseId };
}

/** Opens a case by its Case ID. */
async function opened(hands: Hands, as: "nurse" | "physician", caseId: string): Promise<void> {
  const { page } = hands;
  await signIn(hands, staff(as), "/staff/sign-in");
  await hands.type(page.getByRole("textbox", { name: /^Case ID/ }), caseId);
  await hands.button("Open case");
  await expect(focused(page)).toHaveText("Case");
}
