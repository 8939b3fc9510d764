// What comes after submit: a clinic adds a note and a file, a nurse sees what is new and asks for more, and the answer brings
// the request back.

import { take } from "./desk";
import { BOTH, type Hands } from "./hands";
import { pdf, staff } from "./office";
import { signIn } from "./people";
import { accessible, expect, focused, test } from "./portal";
import { waiting, type Waiting } from "./reviewers";

const NOTE = "The child walks ten steps with a walker since March.";
const NEEDED = "Progress notes of the last three months";

for (const Way of BOTH) {
  test(`a clinic adds to what it submitted, and answers what the reviewer asks, ${Way.way}`, async ({ page, another }) => {
    test.setTimeout(240_000);
    const found = await waiting();
    const [clerk, nurse] = [new Way(page), new Way(await another())];
    await signIn(clerk, found.office.person);
    await open(clerk, found);
    await add(clerk);
    await look(nurse, found);
    await ask(nurse);
    await answer(clerk, found);
    await back(nurse, found);
  });
}

async function open(clerk: Hands, { caseId }: Waiting): Promise<void> {
  await clerk.link("Home");
  await clerk.press(clerk.page.getByRole("link", { name: caseId }));
  await expect(focused(clerk.page)).toHaveText("Case");
}

async function add(clerk: Hands): Promise<void> {
  const { page } = clerk;
  await clerk.button("Add information to R01");
  await expect(focused(page)).toHaveText("Additional clinical information");
  await accessible(page);
  const form = page.getByRole("form", { name: "Add information to R01" });
  await clerk.press(form.getByRole("button", { name: "Submit" }));
  await expect(focused(page)).toContainText("Please correct the marked fields");
  await expect(form.getByLabel("Note")).toHaveAttribute("aria-invalid", "true");
  await accessible(page);
  await clerk.type(form.getByLabel("Note"), NOTE);
  // The type is chosen first, as with the documents before submit.
  await clerk.attach(form.getByLabel("File"), pdf("progress.pdf"));
  await expect(form.getByText("Choose the document type first, then the file.")).toBeVisible();
  await clerk.select(form.getByLabel("Document type"), "Therapy");
  await clerk.attach(form.getByLabel("File"), pdf("progress.pdf"));
  await clerk.attach(form.getByLabel("File"), pdf("unwanted.pdf"));
  await clerk.press(form.getByRole("button", { name: "Remove unwanted.pdf" }));
  await expect(form.getByText("unwanted.pdf")).toBeHidden();
  await clerk.press(form.getByRole("button", { name: "Submit" }));
  await expect(focused(page)).toContainText("It was added. The reviewer is told.");
  // The status is what it was; it stands in the lists of documents and notes, and in the timeline.
  await expect(page.getByText("In nurse review").first()).toBeVisible();
  await expect(page.getByRole("table", { name: "Documents" }).getByRole("row", { name: /progress\.pdf.*Attached/ })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(NOTE)).toBeVisible();
  await expect(page.getByText("A note and a document were added to R01.")).toBeVisible();
  await accessible(page);
}

/** The worklist says that there is news; whoever takes the request sees what it is. */
async function look(nurse: Hands, { caseId }: Waiting): Promise<void> {
  const { page } = nurse;
  await take(nurse, staff("nurse"), "Nurse worklist", caseId);
  const added = page.getByRole("region", { name: "Added to R01 after submit" });
  await expect(added).toContainText("New");
  await expect(added).toContainText(NOTE);
  await expect(added).toContainText("progress.pdf");
  await expect(page.getByText("A reviewer has seen what was added to R01.")).toBeVisible();
  await accessible(page);
}

async function ask(nurse: Hands): Promise<void> {
  const { page } = nurse;
  await nurse.button("Ask for information");
  await expect(focused(page)).toHaveText("Ask for information");
  await accessible(page);
  await nurse.button("Ask the provider");
  await expect(page.getByRole("link", { name: "Needed 1 is required." })).toBeVisible();
  await nurse.type(page.getByLabel("Needed 1"), NEEDED);
  await nurse.button("Add a further thing");
  await nurse.type(page.getByLabel("Needed 2"), "The plan of care");
  await nurse.date(page.getByLabel("To be answered by"), 60);
  await nurse.button("Ask the provider");
  await expect(page.getByRole("alert")).toContainText("The answer has to be due by");
  await accessible(page);
  await nurse.date(page.getByLabel("To be answered by"), 3);
  await nurse.button("Ask the provider");
  await expect(page.getByText("The provider is asked. The letters follow by themselves.")).toBeVisible();
  await expect(page.getByText("Information was requested: waiting for the provider")).toBeVisible();
  await expect(page.getByRole("button", { name: "Decide" })).toBeHidden();
  await expect(page.getByText("Request for information to the provider, request R01")).toBeVisible({ timeout: 60_000 });
  await accessible(page);
}

async function answer(clerk: Hands, found: Waiting): Promise<void> {
  const { page } = clerk;
  await open(clerk, found);
  const banner = page.getByRole("status").filter({ hasText: "Information is needed about R01" });
  await expect(banner).toContainText(NEEDED);
  await expect(banner).toContainText("The plan of care");
  await expect(banner).toContainText("Send it by");
  await accessible(page);
  await clerk.press(banner.getByRole("button", { name: "Answer" }));
  await expect(focused(page)).toHaveText("Answer the request for information");
  await expect(page.getByLabel("This answers the request for information")).toBeChecked();
  await accessible(page);
  const form = page.getByRole("form", { name: "Add information to R01" });
  await clerk.type(form.getByLabel("Note"), "The notes and the plan are attached.");
  await clerk.select(form.getByLabel("Document type"), "Therapy");
  await clerk.attach(form.getByLabel("File"), pdf("notes-and-plan.pdf"));
  await clerk.press(form.getByRole("button", { name: "Submit" }));
  await expect(focused(page)).toContainText("Your answer was sent: the request is back with its reviewer.");
  await expect(page.getByText("In nurse review").first()).toBeVisible();
  await expect(page.getByText(/Information was requested on .*: answered/)).toBeVisible();
  await expect(page.getByRole("row", { name: /notes-and-plan\.pdf.*Attached/ })).toBeVisible({ timeout: 60_000 });
  await accessible(page);
}

async function back(nurse: Hands, { caseId }: Waiting): Promise<void> {
  const { page } = nurse;
  await nurse.press(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Nurse worklist" }));
  await expect(focused(page)).toHaveText("Nurse worklist");
  await nurse.button("Read again");
  const row = page.getByRole("row", { name: new RegExp(caseId) });
  const more = page.getByRole("button", { name: "Show more" });
  await expect
    .poll(async () => {
      if (await row.isVisible()) return true;
      if (await more.isVisible()) await nurse.press(more);
      return false;
    }, { timeout: 60_000 })
    .toBe(true);
  await expect(row).toContainText("New information");
  await expect(row).toContainText("You");
  await accessible(page);
  await nurse.press(row.getByRole("link", { name: caseId }));
  const added = page.getByRole("region", { name: "Added to R01 after submit" });
  await expect(added).toContainText("answers the request for information");
  await expect(page.getByText("Information was requested: answered")).toBeVisible();
  await expect(page.getByRole("button", { name: "Decide" })).toBeVisible();
  await accessible(page);
}
