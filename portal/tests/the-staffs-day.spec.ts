// One day of the payer's staff, each at their own page: a Contract Manager adds a nurse, who decides a request; support brings a user back;
// an operator sends on what could not be told of it. What else each of them does stands in the stories that bear their names.

import { randomUUID } from "node:crypto";
import { Keyboard } from "./hands";
import { Caller, admin, caller, enrolled, staff } from "./office";
import { signIn, type Person } from "./people";
import { accessible, expect, focused, test, type Page } from "./portal";
import { contact, family, waiting } from "./reviewers";
import { clinic, eventually, givenUp, mailsWith } from "./stack";

/** Signs in, and goes where the day is done. */
async function begins(page: Page, person: Person, where: string): Promise<Keyboard> {
  const hands = new Keyboard(page);
  await signIn(hands, person, "/staff/sign-in");
  await expect(focused(page)).toHaveText("Home");
  await hands.press(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: where, exact: true }));
  await expect(focused(page)).toHaveText(where);
  await accessible(page);
  return hands;
}

// REQ: UI-08
test("reviewers, support, Contract Managers and operators do their work, by keyboard", async ({ page, another }) => {
  test.setTimeout(240_000);
  const { key, caseId, office } = await waiting();
  const tag = randomUUID().slice(0, 8);
  const [username, last] = [`ann.${tag}`, family(tag)];
  const nurse: Person = await test.step("a Contract Manager adds a nurse", async () => {
    const hands = await begins(page, staff("contractManager"), "Staff");
    await hands.link("Add staff");
    await hands.type(page.getByRole("textbox", { name: /^Username/ }), username);
    await hands.select(page.getByRole("combobox", { name: "Role" }), "Nurse Reviewer");
    const arkansas = page.locator("#post-contracts-arkansas");
    if (!(await arkansas.isChecked())) await hands.choose(arkansas);
    const email = `${username}@staff.example`;
    const of = contact("Ann", last, email);
    const values = {
      "Credential": "RN", "State of the license": "AR", "Number of the license": "R-900010", "First name": of.firstName, "Last name": of.lastName,
      "Address 1": of.address1, "City": of.city, "State \\*": of.state, "Zip code": of.zip, "E-mail": email, "Confirm e-mail": email, "Fax": of.fax,
    };
    for (const [label, value] of Object.entries(values)) await hands.type(page.getByRole("textbox", { name: new RegExp(`^${label}`) }), value);
    await hands.button("Create");
    await expect(page.getByText(`Ann ${last} is added.`)).toBeVisible();
    return { username, secret: await enrolled(email) };
  });

  await test.step("she claims the request and approves it", async () => {
    const own = await another();
    const hands = await begins(own, nurse, "Nurse worklist");
    await hands.link("Home");
    await hands.type(own.getByRole("textbox", { name: /^Case ID/ }), caseId);
    await hands.button("Open case");
    await expect(focused(own)).toHaveText("Case");
    expect(own.url()).toContain(key);
    await hands.button("Claim");
    await expect(focused(own)).toContainText("You have claimed this request.");
    await hands.button("Decide");
    for (const line of [1, 2]) {
      const of = own.getByRole("group", { name: new RegExp(`^Line ${line}:`) });
      await hands.choose(of.getByRole("radio", { name: /^Approved(?! in part)/ }));
    }
    await hands.button("Look at what the letters will say");
    await hands.press(own.getByRole("dialog").getByRole("button", { name: "Issue the determination" }));
    await expect(focused(own)).toContainText("The determination is issued: Approved.");
    await accessible(own);
    await expect(own.getByRole("button", { name: "Open Letter to the provider, request R01" })).toBeVisible({ timeout: 60_000 });
  });

  await test.step("support brings a locked user back", async () => {
    const { person } = office;
    const nobody = new Caller();
    for (let tries = 0; tries < 3; tries++) {
      await nobody.call("POST", "/sessions", { username: person.username, password: "Not-The-Password-1" }).catch(() => undefined);
    }
    const own = await another();
    const hands = await begins(own, staff("support"), "Support");
    await hands.type(own.getByRole("textbox", { name: /^Username/ }), person.username);
    await own.keyboard.press("Enter");
    await hands.button("Unlock");
    await hands.press(own.getByRole("dialog").getByRole("button", { name: "Unlock" }));
    await expect(focused(own)).toContainText(`${person.username} may be used again.`);
    await caller(person);
  });

  await test.step("an operator sends a notice on that was given up", async () => {
    const place = await clinic("arkansas");
    const told = await admin(place);
    const event = `evt_${randomUUID().replaceAll("-", "")}`;
    await givenUp("notices", { event, task: "accountNotice", user: told.username, news: "factorAdded" });
    const own = await another();
    const hands = await begins(own, staff("operations"), "Queues");
    await hands.press(own.getByRole("row", { name: /^E-mail notices/ }).getByRole("link"));
    const letter = own.getByRole("row").filter({ hasText: event });
    await eventually("the dead letter", async () => {
      if (await letter.isVisible()) return true;
      await hands.button("Read again");
      await expect(own.getByRole("main").locator("table, [data-empty]").first()).toBeVisible();
      return undefined;
    });
    await hands.press(letter.getByRole("button", { name: /^Send back: / }));
    await hands.press(own.getByRole("dialog").getByRole("button", { name: "Send back" }));
    await expect(focused(own)).toContainText("1 went back to its queue.");
    await accessible(own);
    await eventually("the mail", async () => ((await mailsWith(place.email, "A further second sign-in step was set up.")) === 1 ? true : undefined));
  });
});
