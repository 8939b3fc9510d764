// How one comes to each address of the portal, and as whom. The addresses themselves are the router's: `every-page.spec.ts` fails
// for one that stands here and not there, or there and not here.

import { expect, type Page } from "./portal";
import { STEPS } from "../src/cases/steps";
import type { Way } from "./visit";

/** What a test made before, that addresses name. */
export interface Stage {
  /** A case that is being written, and lacks nothing. */
  draft: string;
  /** One whose questionnaire is being answered. */
  asked: string;
  /** One that was decided, in part against what was asked. */
  decided: string;
  /** One that the nurse has claimed. */
  claimed: string;
  group: string;
  /** Of an answer whether authorization is required. */
  answer: string;
  /** A member of the plan. */
  member: string;
  /** A user of a clinic. */
  username: string;
  /** A system that asks by FHIR. */
  system: string;
  /** A fax that waits with intake. */
  fax: string;
  /** A temporary member, of Colorado. */
  temporary: string;
}

export type Who = "nobody" | "clerk" | "writer" | "administrator" | "colorado" | "intake" | "nurse" | "physician" | "support" | "contractManager" | "operations";

export type Place = Way & { who: Who };

/** By an address, which may name what the stage has. */
const at = (who: Who, address: (stage: Stage) => string): ((stage: Stage) => Place) => (stage) => ({
  who,
  open: async (page) => {
    await page.goto(address(stage));
  },
});
const plain = (who: Who, address: string) => [at(who, () => address)];
/** One that reads nothing of its own. */
const still = (place: (stage: Stage) => Place) => (stage: Stage): Place => ({ ...place(stage), still: true });

/** In a list, on the first page or further down; the list is there before. */
async function row(page: Page, list: string, which: string): Promise<void> {
  await page.goto(list);
  await expect(page.locator(which).first()).toBeVisible();
}

async function begun(page: Page): Promise<void> {
  await page.goto("/cases/new");
  await page.locator('label[for="setting-outpatient"]').click();
}

async function searching(page: Page): Promise<void> {
  await begun(page);
  await page.locator("main form button[type=submit]").press("Enter");
}

async function search(page: Page, fields: { [id: string]: string }): Promise<void> {
  await searching(page);
  for (const [id, text] of Object.entries(fields)) await page.locator(`#${id}`).fill(text);
  await page.locator("main form button[type=submit]").press("Enter");
}

/** By the pattern of the address. */
export const PLACES: { readonly [address: string]: readonly ((stage: Stage) => Place)[] } = {
  "/sign-in": plain("nobody", "/sign-in").map(still),
  "/staff/sign-in": plain("nobody", "/staff/sign-in").map(still),
  "/forgotten": plain("nobody", "/forgotten").map(still),
  "/staff/forgotten": plain("nobody", "/staff/forgotten").map(still),
  "/register": plain("nobody", "/register").map(still),
  "/sign-in/contact": plain("nobody", "/sign-in/contact").map(still),
  // Without their mailed link, and with one.
  "/enrol": [at("nobody", () => "/enrol"), link("/enrol")].map(still),
  "/reset": [at("nobody", () => "/reset"), link("/reset")].map(still),
  "/undo": [at("nobody", () => "/undo"), link("/undo")].map(still),

  "/": plain("clerk", "/"),
  "/cases/new": plain("clerk", "/cases/new").map(still),
  "/cases/new/member": [() => ({ who: "clerk", still: true, before: begun, open: (page) => page.locator("main form button[type=submit]").press("Enter") })],
  "/cases/new/earlier": [
    ({ member }) => ({ who: "clerk", before: (page) => search(page, { memberNumber: member }), open: (page) => page.getByRole("main").locator("table button").press("Enter") }),
  ],
  "/cases/new/temporary-member": [
    () => ({ who: "colorado", still: true, before: (page) => search(page, { lastName: "Nobodyatall", "birthDate-month": "1986-04-28" }), open: (page) => page.locator('main a[href="/cases/new/temporary-member"]').press("Enter") }),
  ],
  "/cases/:id": [at("clerk", ({ decided }) => `/cases/${decided}`)],
  "/cases/:id/messages": [at("clerk", ({ decided }) => `/cases/${decided}/messages`)],
  "/cases/:id/accesses": [at("clerk", ({ decided }) => `/cases/${decided}/accesses`)],
  "/cases/:id/:step": [...STEPS.map((step) => at("writer", ({ draft }) => `/cases/${draft}/${step}`)), at("writer", ({ asked }) => `/cases/${asked}/questionnaires`)],

  "/checks": plain("administrator", "/checks").map(still),
  "/checks/:number": [at("administrator", ({ answer }) => `/checks/${answer}`)],
  "/setup": plain("administrator", "/setup"),
  "/setup/:group/register": [at("administrator", ({ group }) => `/setup/${group}/register`)],
  "/setup/:group/users": [at("administrator", ({ group }) => `/setup/${group}/users`)],
  "/setup/:group/users/new": [at("administrator", ({ group }) => `/setup/${group}/users/new`)],
  "/setup/:group/users/:user": [
    ({ group }) => ({
      who: "administrator",
      still: true,
      before: (page) => row(page, `/setup/${group}/users`, "tbody a"),
      open: (page) => page.locator("tbody a", { hasText: "Sam Reed" }).press("Enter"),
    }),
  ],
  "/profile": plain("administrator", "/profile").map(still),
  "/alerts": plain("clerk", "/alerts"),
  "/contact": plain("administrator", "/contact").map(still),
  "/reports": plain("administrator", "/reports").map(still),

  "/staff": (["intake", "nurse", "physician", "support", "contractManager", "operations"] as const).map((who) => still(at(who, () => "/staff"))),
  "/staff/held-letters": [at("nurse", () => "/staff/held-letters"), at("contractManager", () => "/staff/held-letters")],
  "/staff/faxes": plain("intake", "/staff/faxes"),
  "/staff/faxes/:fax": [at("intake", ({ fax }) => `/staff/faxes/${fax}`)],
  "/staff/temporary-members": plain("intake", "/staff/temporary-members"),
  "/staff/temporary-members/:contract/:member": [at("intake", ({ temporary }) => `/staff/temporary-members/colorado/${temporary}`)],
  "/staff/worklists/:queue": [at("nurse", () => "/staff/worklists/nurse"), at("physician", () => "/staff/worklists/physician")],
  "/staff/cases/:case": [at("nurse", ({ claimed }) => `/staff/cases/${claimed}`), at("physician", ({ decided }) => `/staff/cases/${decided}`)],
  "/staff/cases/:case/messages": [at("nurse", ({ claimed }) => `/staff/cases/${claimed}/messages`)],
  "/staff/cases/:case/accesses": [at("nurse", ({ claimed }) => `/staff/cases/${claimed}/accesses`), at("contractManager", ({ claimed }) => `/staff/cases/${claimed}/accesses`)],
  "/staff/alerts": plain("nurse", "/staff/alerts"),
  "/staff/reports": plain("contractManager", "/staff/reports").map(still),
  "/staff/reports/metrics": plain("contractManager", "/staff/reports/metrics").map(still),
  "/staff/checks": plain("nurse", "/staff/checks").map(still),
  "/staff/checks/:number": [at("nurse", ({ answer }) => `/staff/checks/${answer}`)],
  "/staff/profile": plain("nurse", "/staff/profile").map(still),
  "/staff/gold-cards": [at("contractManager", () => "/staff/gold-cards?contract=colorado&npi=1234567893")],
  "/staff/packs": plain("contractManager", "/staff/packs"),
  "/staff/packs/new": plain("contractManager", "/staff/packs/new").map(still),
  "/staff/people": plain("contractManager", "/staff/people"),
  "/staff/people/new": plain("contractManager", "/staff/people/new").map(still),
  "/staff/people/:person": [
    // Somebody of a contract, in whose zone times are told.
    () => ({ who: "contractManager", still: true, before: (page) => row(page, "/staff/people?role=nurse&contract=arkansas", "tbody a"), open: (page) => page.locator("tbody a").first().press("Enter") }),
  ],
  "/staff/support": plain("support", "/staff/support").map(still),
  "/staff/support/:user": [
    ({ username }) => ({
      who: "support",
      before: async (page) => {
        await page.goto("/staff/support");
        await page.locator("#username").fill(username);
      },
      open: (page) => page.locator("main form button[type=submit]").first().press("Enter"),
    }),
  ],
  "/staff/systems": plain("contractManager", "/staff/systems"),
  "/staff/systems/new": plain("contractManager", "/staff/systems/new").map(still),
  "/staff/systems/:id": [
    ({ system }) => ({
      who: "contractManager",
      before: (page) => row(page, "/staff/systems", "tbody a"),
      open: (page) => page.locator(`tbody a[href$="${system}"]`).press("Enter"),
    }),
  ],
  "/staff/queues": plain("operations", "/staff/queues"),
  "/staff/queues/:queue": [at("operations", () => "/staff/queues/documents")],
  "/staff/imports": [at("contractManager", () => "/staff/imports"), at("operations", () => "/staff/imports")],
};

/** The page takes the link out of its address, so that each comes to it from elsewhere. */
function link(address: string): () => Place {
  return () => ({
    who: "nobody",
    open: async (page) => {
      await page.goto("/sign-in");
      await page.goto(`${address}#not-a-token-that-anybody-was-mailed`);
    },
  });
}
