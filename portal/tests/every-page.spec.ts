// Every page of the portal, as its router knows them: in every state, in both languages, at any size, by keyboard alone.

import { Caller, LINE, admin, caller, draft, filled, office, save, staff, temporary } from "./office";
import { arrives } from "./faxes";
import { held } from "./held";
import { signIn, type Person } from "./people";
import { PLACES, type Stage, type Who } from "./places";
import { expect, test, type Page } from "./portal";
import { contact, deniedInPart, waiting } from "./reviewers";
import { ADDRESSES } from "./routes";
import { clinic, eventually, inDays } from "./stack";
import { system } from "./systems";
import { Visitor, type Frame } from "./visit";

const NOTHING: Stage = { draft: "", asked: "", decided: "", claimed: "", group: "", answer: "", member: "", username: "", system: "", fax: "", temporary: "" };
const PORTAL = { name: "Provider Portal", colour: "rgb(22, 46, 81)" };
const OF: { [contract: string]: Frame } = {
  arkansas: { name: "Arkansas Medicaid: Day Habilitative Services", colour: "rgb(125, 31, 47)", zones: ["America/Chicago"] },
  colorado: { name: "Health First Colorado", colour: "rgb(31, 75, 63)", zones: ["America/Denver"] },
};

/** A case shows its own contract, whoever reads it; all of these are of one. */
const OF_CASE = /\/cases\/:/;

// The reader sits far from the payer, and reads another language.
test.use({ timezoneId: "Pacific/Auckland", actionTimeout: 15_000 });

/** All places of somebody, and what they were made for. */
async function walk(page: Page, who: Who, stage: Partial<Stage>, frame: Frame): Promise<void> {
  const all = Object.entries(PLACES).flatMap(([address, places]) => places.map((place) => ({ address, way: place({ ...NOTHING, ...stage }) })));
  const ways = all.filter(({ way }) => way.who === who);
  expect(ways).not.toEqual([]);
  const visitor = await Visitor.at(page, frame, Object.values(stage));
  for (const { address, way } of ways) await test.step(address, () => visitor.visit(way, address, OF_CASE.test(address) ? OF["arkansas"] : frame));
}

// REQ: UI-02, UI-03, UI-06
test.describe("every page", () => {
  test.describe.configure({ timeout: 420_000 });

  test("is visited", () => {
    expect(ADDRESSES.length).toBeGreaterThan(30);
    expect(Object.keys(PLACES).toSorted()).toEqual(ADDRESSES.toSorted());
  });

  test("of nobody in particular", async ({ page }) => {
    await page.goto("/sign-in");
    await walk(page, "nobody", {}, { ...PORTAL, zones: [] });
  });

  test("of a clerk", async ({ page }) => {
    const { office: at, key: decided } = await deniedInPart();
    const clerk = await caller(at.person);
    await letters(clerk, decided);
    // The first page has a case that waits to be submitted too.
    await draft(at, clerk);
    await signIn(page, at.person);
    await walk(page, "clerk", { decided, member: at.member.number }, OF["arkansas"] as Frame);
  });

  test("of a clerk who writes a case", async ({ page }) => {
    // Of a child of two years the contract asks more.
    const at = await office("arkansas", undefined, inDays(-800));
    const by = await caller(at.person);
    const complete = await filled(at, by);
    await answered(by, complete, true);
    const asked = await draft(at, by);
    await save(by, asked, "service", { serviceType: "day-habilitative", placeOfService: "11" });
    await save(by, asked, "procedures", { lines: [LINE] });
    await answered(by, asked, false);
    await signIn(page, at.person);
    await walk(page, "writer", { draft: complete, asked }, OF["arkansas"] as Frame);
  });

  test("of a Group Admin", async ({ page }) => {
    const at = await office();
    const by = await caller(at.person);
    const { roles } = await by.call<{ roles: { provider: string; group: string }[] }>("GET", "/me");
    const { group = "", provider } = roles[0] ?? {};
    const username = at.place.username.replace("dana", "sam");
    await by.make(`/groups/${group}/users`, { username, roles: [{ provider, role: "staff" }], contact: contact("Sam", "Reed", `${username}@people.example`) });
    await signIn(page, at.person);
    await walk(page, "administrator", { group, answer: await answer(by) }, OF["arkansas"] as Frame);
  });

  test("of a clerk of another contract", async ({ page }) => {
    await signIn(page, await admin(await clinic("colorado")));
    await walk(page, "colorado", {}, OF["colorado"] as Frame);
  });

  test("of a nurse and a physician", async ({ page, another }) => {
    const [{ key: claimed, office: at }, { key: decided }] = await Promise.all([waiting(), deniedInPart()]);
    await (await caller(staff("nurse"), "/staff")).call("POST", `/staff/cases/${claimed}/requests/R01/claim`);
    await letters(await caller(staff("physician"), "/staff"), decided, "/staff");
    await held();
    const made = { claimed, decided, answer: await answer(await caller(at.person)) };
    await signIn(page, staff("nurse"), "/staff/sign-in");
    await walk(page, "nurse", made, await frameOf(staff("nurse")));
    const second = await another();
    await signIn(second, staff("physician"), "/staff/sign-in");
    await walk(second, "physician", made, await frameOf(staff("physician")));
  });

  test("of intake", async ({ page }) => {
    const [fax, at] = await Promise.all([arrives(await caller(staff("intake"), "/staff")), office("colorado")]);
    const entered = await temporary(at, await caller(at.person), { first: "Ada", last: at.member.last, birthDate: "1991-02-03" });
    await signIn(page, staff("intake"), "/staff/sign-in");
    await walk(page, "intake", { fax, temporary: entered }, await frameOf(staff("intake")));
  });

  test("of the others of the payer", async ({ page, another }) => {
    const [{ person }, { key: claimed }] = await Promise.all([office(), waiting()]);
    const added = await system(await caller(staff("contractManager"), "/staff"), "arkansas");
    await held();
    for (const [place, who] of (["support", "contractManager", "operations"] as const).entries()) {
      const own = place === 0 ? page : await another();
      await signIn(own, staff(who), "/staff/sign-in");
      await walk(own, who, { username: person.username, system: added, claimed }, await frameOf(staff(who)));
    }
  });
});

/** Staff of one contract see its look, those of several the portal's own, but in a case. */
async function frameOf(person: Person): Promise<Frame> {
  const { contracts } = await (await caller(person, "/staff")).call<{ contracts: { id: string }[] }>("GET", "/staff/me");
  const nobody = new Caller();
  const all = await Promise.all(contracts.map(({ id }) => nobody.call<{ timeZone: string }>("GET", `/contracts/${id}`)));
  const zones = all.map(({ timeZone }) => timeZone);
  const [only, more] = contracts;
  return { ...(only && !more ? (OF[only.id] as Frame) : PORTAL), zones };
}

async function letters(by: Caller, key: string, door: "" | "/staff" = ""): Promise<void> {
  await eventually("the letters", async () => {
    const found = await by.call<{ letters: unknown[] }>("GET", `${door}/cases/${key}`);
    return found.letters.length === 2 || undefined;
  });
}

/** Answers to what is asked of a young child, with every kind of answer that it takes. */
async function answered(by: Caller, key: string, complete: boolean): Promise<void> {
  const { questionnaires } = await by.call<{ questionnaires: { questionnaire: string; version: string }[] }>("GET", `/cases/${key}`);
  const [{ questionnaire, version } = { questionnaire: "none", version: "" }] = questionnaires;
  const code = (linkId: string, ...codes: string[]) => ({ linkId, answer: codes.map((one) => ({ valueCoding: { code: one } })) });
  const item = [
    code("areas", "movement", "speech"),
    code("measured", "bdi-2"),
    { linkId: "measured-on", answer: [{ valueDate: inDays(-10) }] },
    { linkId: "lowest", answer: [{ valueDecimal: -2.1 }] },
    { linkId: "early", answer: [{ valueBoolean: false }] },
    { linkId: "now", item: [code("service", "speech"), { linkId: "hours", answer: [{ valueDecimal: 1.5 }] }] },
    { linkId: "goals", answer: [{ valueString: "123" }] },
  ];
  await save(by, key, "questionnaires", { questionnaire, version, item, complete });
}

/** Whether authorization is required, as a clinic asked. */
async function answer(by: Caller): Promise<string> {
  const asked = { code: "T1015", modifiers: ["U6", "UB"], setting: "outpatient", on: inDays(7) };
  return (await by.make<{ number: string }>("/contracts/arkansas/checks", asked)).number;
}
