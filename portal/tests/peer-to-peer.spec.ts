// After a denial in part: a clinic offers three times for a conversation with a physician, the plan chooses one, and notes what
// came of it.

import { BOTH, type Hands } from "./hands";
import { staff } from "./office";
import { signIn } from "./people";
import { accessible, expect, focused, test } from "./portal";
import { deniedInPart, type Waiting } from "./reviewers";
import { changeItem } from "./stack";

const OUTCOME = "The assessment of the second month is sent with a new request.";

for (const Way of BOTH) {
  test(`a clinic asks for peer-to-peer, and the plan keeps one of its times, ${Way.way}`, async ({ page, another }) => {
    test.setTimeout(240_000);
    const found = await deniedInPart();
    const [clerk, physician] = [new Way(page), new Way(await another())];
    await asks(clerk, found);
    await keeps(physician, found);
    await page.reload();
    await expect(page.getByText("Peer-to-peer about R01: scheduled")).toBeVisible();
    await accessible(page);
    await comes(physician, found);
    await holds(physician);
    await page.reload();
    await expect(page.getByText("Peer-to-peer about R01: held")).toBeVisible();
    await expect(page.getByText(OUTCOME)).toBeVisible();
    await expect(page.getByText("Approved in part").first()).toBeVisible();
    await expect(page.getByRole("button", { name: "Ask for peer-to-peer about R01" })).toBeHidden();
    await accessible(page);
  });
}

async function asks(clerk: Hands, { office, caseId }: Waiting): Promise<void> {
  const { page } = clerk;
  await signIn(clerk, office.person);
  await clerk.link("Home");
  await clerk.press(page.getByRole("link", { name: caseId }));
  await expect(focused(page)).toHaveText("Case");
  await clerk.button("Ask for peer-to-peer about R01");
  const form = page.getByRole("dialog");
  await expect(form).toBeVisible();
  await accessible(page);
  await clerk.press(form.getByRole("button", { name: "Submit", exact: true }));
  await expect(page.getByRole("link", { name: "Date 1 is required." })).toBeVisible();
  await accessible(page);
  await clerk.type(form.getByLabel("Ordering provider"), "Dr. Ona Reyes, MD");
  await clerk.type(form.getByLabel("Phone to call"), "501-555-0144");
  // Whoever leaves it in the middle finds it as it was.
  await clerk.press(form.getByRole("button", { name: "Cancel" }));
  await expect(form).toBeHidden();
  await clerk.button("Ask for peer-to-peer about R01");
  await expect(form.getByLabel("Ordering provider")).toHaveValue("Dr. Ona Reyes, MD");
  for (const [place, time] of ["10:30", "noon", "2:30 PM"].entries()) {
    await clerk.date(form.getByLabel(`Date ${place + 1}`), place + 2);
    await clerk.type(form.getByLabel(`Time ${place + 1}`), time);
  }
  await clerk.press(form.getByRole("button", { name: "Submit", exact: true }));
  await expect(form.getByLabel("Time 2")).toHaveAttribute("aria-invalid", "true");
  await accessible(page);
  await clerk.type(form.getByLabel("Time 2"), "9 am");
  await clerk.press(form.getByRole("button", { name: "Submit", exact: true }));
  await expect(focused(page)).toContainText("Peer-to-peer about R01 is asked for.");
  await expect(page.getByText("Peer-to-peer about R01: asked for")).toBeVisible();
  await accessible(page);
}

async function keeps(physician: Hands, { caseId }: Waiting): Promise<void> {
  const { page } = physician;
  await signIn(physician, staff("physician"), "/staff/sign-in");
  await physician.press(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Physician worklist" }));
  await expect(page.getByRole("table")).toBeVisible();
  const row = page.getByRole("row", { name: new RegExp(caseId) });
  const more = page.getByRole("button", { name: "Show more" });
  await expect
    .poll(async () => {
      if (await row.isVisible()) return true;
      if (await more.isVisible()) await physician.press(more);
      return false;
    }, { timeout: 60_000 })
    .toBe(true);
  await expect(row).toContainText("Peer-to-peer");
  await physician.press(row.getByRole("link", { name: caseId }));
  await expect(focused(page)).toHaveText("Case");
  await expect(page.getByText("Dr. Ona Reyes, MD")).toBeVisible();
  await accessible(page);
  await physician.button("Schedule");
  await expect(page.getByRole("link", { name: "Time to call is required." })).toBeVisible();
  const time = page.getByLabel("Time to call");
  const second = await time.locator("option").nth(2).innerText();
  await physician.select(time, second.slice(0, 10));
  await physician.button("Schedule");
  await expect(focused(page)).toContainText("The time is chosen.");
  await expect(page.getByText("Peer-to-peer about R01: scheduled")).toBeVisible();
  await accessible(page);
}

/** What comes of it is not noted before it is held. */
async function comes(physician: Hands, { key }: Waiting): Promise<void> {
  const { page } = physician;
  await physician.type(page.getByLabel("What came of it"), OUTCOME);
  await physician.button("Note as held");
  await expect(page.getByRole("alert").filter({ hasText: "This conversation is still to come." })).toBeVisible();
  await expect(page.getByText("Peer-to-peer about R01: scheduled")).toBeVisible();
  await accessible(page);
  await physician.type(page.getByLabel("What came of it"), "");
  const before = new Date(Date.now() - 60_000).toISOString();
  await changeItem({ pk: `CASE#${key}`, sk: "CASE" }, ["body", "requests", 0, "talks", 0, "stage", "time"], before);
}

async function holds(physician: Hands): Promise<void> {
  const { page } = physician;
  await physician.button("Note as held");
  await expect(page.getByRole("link", { name: "What came of it is required." })).toBeVisible();
  await physician.type(page.getByLabel("What came of it"), OUTCOME);
  const address = page.url();
  await physician.press(page.getByRole("banner").getByRole("link").first());
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Home");
  await page.goBack();
  await expect(page).toHaveURL(address);
  await expect(page.getByLabel("What came of it")).toHaveValue(OUTCOME);
  await physician.button("Note as held");
  await expect(focused(page)).toContainText("The conversation is noted as held.");
  await expect(page.getByText("Peer-to-peer about R01: held")).toBeVisible();
  await accessible(page);
  await physician.button("Español");
  await expect(page.getByText("Conversación entre médicos sobre R01: realizada")).toBeVisible();
  await accessible(page);
}
