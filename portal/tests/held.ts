// A letter that is held for repair. The rules of today let none be asked for that would be: what a case or a member has is taken away in the
// table, as something that was stored before a rule may lack it.

import { brought, caller, office as anOffice, staff, type Caller } from "./office";
import { waiting, type Waiting } from "./reviewers";
import { changeItem, eventually, mailRefuses, stack } from "./stack";

/** Takes street and city from an item of the table. */
function takeAddress(pk: string, sk: string, path: readonly string[]): Promise<void> {
  return changeItem({ pk, sk }, [...path, "line1"], "").then(() => changeItem({ pk, sk }, [...path, "city"], ""));
}

/** Until the work is done, no letter of the case is written. */
async function unwritten(key: string, work: () => Promise<void>): Promise<void> {
  const faults = `${stack.endpoint}/_gate/faults`;
  const fault = { answer: "throttle", function: "write-letter", contains: key, seconds: 60 };
  const { id } = (await (await fetch(faults, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(fault) })).json()) as { id: string };
  try {
    await work();
  } finally {
    await fetch(`${faults}?id=${id}`, { method: "DELETE" });
  }
}

/** An approved request whose letter to the member lacks the address; the plan's file lacks it too. */
export async function held(): Promise<Waiting> {
  const found = await waiting();
  const { key, office } = found;
  const nurse = await caller(staff("nurse"), "/staff");
  await nurse.call("POST", `/staff/cases/${key}/requests/R01/claim`);
  await unwritten(key, async () => {
    await nurse.call("POST", `/staff/cases/${key}/requests/R01/determination`, { decision: "determine", lines: [{ outcome: "approved" }, { outcome: "approved" }] });
    await takeAddress(`CASE#${key}`, "CASE", ["body", "member", "address"]);
  });
  const search = { contract: office.place.contract, memberNumber: office.member.number };
  const { members } = await (await caller(office.person)).call<{ members: { id: string }[] }>("POST", "/members/search", search);
  await takeAddress(`MEMBER#${members[0]?.id}`, "MEMBER", ["body", "address"]);
  await eventually("the letter that is held", async () => ((await lettersOf(nurse, key)).held ? true : undefined));
  return found;
}

/** An approved request whose letter to the member the mail carrier does not take to the address that the plan's file had. */
export async function refused(): Promise<Waiting> {
  const at = await anOffice();
  const street = `${at.member.number.slice(-6)} Nowhere Street`;
  await mailRefuses(street);
  await brought(at.place.contract, at.member, undefined, street);
  const found = await waiting(undefined, at);
  const nurse = await caller(staff("nurse"), "/staff");
  await nurse.call("POST", `/staff/cases/${found.key}/requests/R01/claim`);
  await nurse.call("POST", `/staff/cases/${found.key}/requests/R01/determination`, { decision: "determine", lines: [{ outcome: "approved" }, { outcome: "approved" }] });
  await eventually("the letter that is refused", async () => ((await lettersOf(nurse, found.key)).held ? true : undefined));
  return found;
}

interface Letters {
  letters: { audience: string }[];
  held?: { id: string }[];
}

export function lettersOf(nurse: Caller, key: string): Promise<Letters> {
  return nurse.call<Letters>("GET", `/staff/cases/${key}`);
}
