// Payer staff at their work: further people of a post, and cases that wait for a reviewer.

import { randomUUID } from "node:crypto";
import type { Person } from "./people";
import { LINE, caller, enrolled, filled, office, save, staff, type Office } from "./office";
import { eventually, inDays } from "./stack";

/** Two lines of one service, one after the other. */
const LINES = [LINE, { ...LINE, from: inDays(37), to: inDays(66) }];

export interface Waiting {
  office: Office;
  key: string;
  caseId: string;
}

/** A submitted case of two lines, or of those given, on the nurse worklist. */
export async function waiting(lines: readonly (typeof LINE)[] = LINES, of?: Office): Promise<Waiting> {
  const at = of ?? (await office());
  const clerk = await caller(at.person);
  const key = await filled(at, clerk);
  await save(clerk, key, "procedures", { lines });
  const { caseId } = await clerk.make<{ caseId: string }>(`/cases/${key}/submission`, { disclaimerAgreed: true });
  await eventually("the nurse worklist", async () => {
    const { status } = await clerk.call<{ status: string }>("GET", `/cases/${key}`);
    return status === "nurse-review" || undefined;
  });
  return { office: at, key, caseId };
}

/** The same, referred to the physicians by a nurse. */
export async function referred(note: string): Promise<Waiting> {
  const found = await waiting();
  const nurse = await caller(staff("nurse"), "/staff");
  const request = `/staff/cases/${found.key}/requests/R01`;
  await nurse.call("POST", `${request}/claim`);
  await nurse.call("POST", `${request}/determination`, { decision: "refer", note });
  return found;
}

/** The same, of whose two lines a physician denies the second. */
export async function deniedInPart(): Promise<Waiting> {
  const found = await referred("The second month has no goal.");
  const physician = await caller(staff("physician"), "/staff");
  const request = `/staff/cases/${found.key}/requests/R01`;
  await physician.call("POST", `${request}/claim`);
  await physician.call("POST", `${request}/determination`, {
    decision: "determine",
    lines: [{ outcome: "approved" }, { outcome: "denied", reason: "The assessment names no goal for the second month." }],
    criteria: [{ title: "Arkansas Medicaid Manual", citation: "Section 220.000", text: "Each month needs a goal of its own." }],
  });
  return found;
}

const POSTS = {
  nurse: { role: "nurse", credential: "RN", license: { state: "AR", number: "R-900009" } },
  support: { role: "support" },
};

export interface Hired extends Person {
  first: string;
  last: string;
  email: string;
}

/** What the form for a new member of staff, or a new user, holds. */
export function contact(first: string, last: string, email: string) {
  return {
    firstName: first, lastName: last, address1: "1 Review Plaza", city: "Little Rock", state: "AR", zip: "72201", email, confirmEmail: email,
    fax: "501-555-0190",
  };
}

/** A family name of letters only, unlike others. */
export function family(tag: string): string {
  return `Hale${[...tag].map((digit) => "abcdefghijklmnop"[Number.parseInt(digit, 16)]).join("")}`;
}

/** A further member of staff, added by the Contract Manager, who has followed the mailed link. */
export async function hired(post: keyof typeof POSTS): Promise<Hired> {
  const tag = randomUUID().slice(0, 8);
  const [username, first, last] = [`${post}.${tag}`, "Robin", family(tag)];
  const email = `${username}@staff.example`;
  const manager = await caller(staff("contractManager"), "/staff");
  await manager.make("/staff/users", { username, post: { ...POSTS[post], contracts: ["arkansas"] }, contact: contact(first, last, email) });
  return { username, first, last, email, secret: await enrolled(email) };
}
