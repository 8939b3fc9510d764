// A lead of nurses: made one by the Contract Manager, sees who has what, and gives a request to another, who has it at once.

import { take } from "./desk";
import { BOTH, type Hands } from "./hands";
import { staff } from "./office";
import { signIn } from "./people";
import { accessible, expect, focused, test } from "./portal";
import { hired, waiting, type Hired, type Waiting } from "./reviewers";

for (const Way of BOTH) {
  test(`a lead gives what a nurse has to another nurse, and both see it, ${Way.way}`, async ({ page, another }) => {
    test.setTimeout(300_000);
    const found = await waiting();
    const [lead, holder, other] = [await hired("nurse"), await hired("nurse"), await hired("nurse")];
    await named(new Way(page), lead);
    const theirs = new Way(await another());
    await take(theirs, holder, "Nurse worklist", found.caseId);
    await theirs.button("Refer to a physician");
    await theirs.type(theirs.page.getByLabel("Why should a physician look at it?"), "The second month has no goal.");
    await expect(theirs.page.getByRole("button", { name: "Give to…" })).toBeHidden();

    await gives(new Way(await another()), found, { lead, holder, other });
    await expect(theirs.page.getByText("This request is not yours any more. What you had typed went with it.")).toBeVisible({ timeout: 90_000 });
    await expect(theirs.page.getByText(`${other.username} is working on this request.`)).toBeVisible();
    await expect(theirs.page.getByRole("button", { name: "Refer", exact: true })).toBeHidden();
    await accessible(theirs.page);
  });
}

/** The Contract Manager makes a nurse the lead of the others. */
async function named(manager: Hands, { first, last }: Hired): Promise<void> {
  const { page } = manager;
  await signIn(manager, staff("contractManager"), "/staff/sign-in");
  await manager.press(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Staff" }));
  await manager.select(page.getByLabel("Role"), "Nurse");
  const link = page.getByRole("link", { name: `${first} ${last}` });
  const more = page.getByRole("button", { name: "Show more" });
  await expect
    .poll(async () => {
      if (await link.isVisible()) return true;
      if (await more.isVisible()) await manager.press(more);
      return false;
    }, { timeout: 60_000 })
    .toBe(true);
  await manager.press(link);
  await expect(focused(page)).toHaveText("Edit staff");
  const leads = page.getByLabel("Leads the others of this role");
  await manager.choose(leads);
  await accessible(page);
  await manager.button("Save post");
  await expect(page.getByText("Saved. The person was told by e-mail.")).toBeVisible();
  await manager.link("To the list of staff");
  await expect(focused(page)).toHaveText("Staff");
}

async function gives(leading: Hands, { caseId }: Waiting, { lead, holder, other }: { [who in "lead" | "holder" | "other"]: Hired }): Promise<void> {
  const { page } = leading;
  await signIn(leading, lead, "/staff/sign-in");
  await leading.press(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Nurse worklist" }));
  await expect(focused(page)).toHaveText("Nurse worklist");
  const by = page.getByLabel("Held by");
  await expect(by.locator("option", { hasText: holder.username })).toHaveText(`${holder.username}, ${holder.first} ${holder.last}: has 1`);
  await leading.select(by, holder.username);
  const row = page.getByRole("row", { name: new RegExp(caseId) });
  await expect(row).toContainText(holder.username);
  await expect(page.getByRole("table").getByRole("row")).toHaveCount(2);
  await expect(page).toHaveURL(/\?claimedBy=[0-9a-f-]{36}$/);
  expect(page.url()).not.toContain(holder.username);
  await accessible(page);

  await leading.press(row.getByRole("link", { name: /^Give to…/ }));
  await expect(focused(page)).toHaveText("Case");
  const form = page.getByRole("form", { name: "Give to a reviewer" });
  await expect(form.getByLabel("Reviewer")).toBeVisible();
  await accessible(page);
  await leading.press(form.getByRole("button", { name: "Cancel" }));
  await expect(focused(page)).toHaveText("Request R01");
  await leading.button("Give to…");
  await expect(focused(page)).toHaveText("Give to a reviewer");
  await leading.press(form.getByRole("button", { name: "Give", exact: true }));
  await expect(page.getByRole("link", { name: "Reviewer is required." })).toBeVisible();
  await accessible(page);
  await leading.select(form.getByLabel("Reviewer"), other.username);
  await leading.press(form.getByRole("button", { name: "Give", exact: true }));
  await expect(focused(page)).toContainText(`The request is given to ${other.first} ${other.last}.`);
  await expect(page.getByText(`${other.username} is working on this request.`)).toBeVisible();
  await expect(page.getByRole("region", { name: "Timeline" })).toContainText(`R01 was given to ${other.username}.`);
  await accessible(page);
  await leading.button("Español");
  await expect(page.getByRole("button", { name: "Asignar a…" })).toBeVisible();
  await accessible(page);
}
