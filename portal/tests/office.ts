// A clinic at its work: what its stories need before they begin, done over the API as the portal does it, and what others
// do meanwhile: a colleague, a reviewer.

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import type { By } from "./hands";
import { PASSWORD, signIn, type Person } from "./people";
import { expect, type Page } from "./portal";
import { clinic, drop, eventually, inDays, link, stack, totp, type Clinic } from "./stack";

export interface Member {
  number: string;
  first: string;
  last: string;
  birthDate: string;
}

/** From the first day of coverage to the last; open where there is none. */
export interface Coverage {
  from: string;
  to: string;
}

/** A member whom the plan's file brings: a child, unless born on another day. */
export async function member(contract: string, birthDate = "2022-05-14", coverage?: Coverage): Promise<Member> {
  const tag = randomUUID().replaceAll(/\D/g, "").padEnd(9, "7").slice(0, 9);
  const letters = [...tag].map((digit) => "abcdefghij"[Number(digit)]).join("");
  const one = { number: `8${tag}`, first: "Ada", last: `Quill${letters}`, birthDate };
  await brought(contract, one, coverage);
  return one;
}

/** Brings a member with the plan's file, once more with another coverage. */
export async function brought(contract: string, { number, first, last, birthDate }: Member, coverage?: Coverage, street = "45 Pecan Lane"): Promise<void> {
  const header = "contract,member_number,first,last,birth_date,gender,address1,address2,city,state,zip";
  const row = [contract, number, first, last, birthDate, "female", street, "", "Little Rock", "AR", "72204"];
  const days = coverage ? [coverage.from, coverage.to] : [];
  await drop("members", contract, `${header}${coverage ? ",coverage_from,coverage_to" : ""}\n${[...row, ...days].join(",")}\n`);
}

/** Says with the plan's file in which language and print a member reads letters. */
export async function reads(contract: string, { number, first, last, birthDate }: Member, language: string, format: string): Promise<void> {
  const header = "contract,member_number,first,last,birth_date,gender,address1,address2,city,state,zip,language,format";
  const row = [contract, number, first, last, birthDate, "female", "45 Pecan Lane", "", "Little Rock", "AR", "72204", language, format];
  await drop("members", contract, `${header}\n${row.join(",")}\n`);
}

/** Somebody who calls the API. */
export class Caller {
  readonly token: string | undefined;

  constructor(token?: string) {
    this.token = token;
  }

  async call<T>(method: string, path: string, content?: unknown, headers: { [name: string]: string } = {}): Promise<T> {
    const answer = await fetch(stack.apiUrl + path, {
      method,
      headers: { "content-type": "application/json", ...(this.token ? { authorization: `Bearer ${this.token}` } : {}), ...headers },
      ...(content === undefined ? {} : { body: JSON.stringify(content) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text ? JSON.parse(text) : undefined) as T;
  }

  /** Creates: under a key of its own. */
  make<T>(path: string, content: unknown): Promise<T> {
    return this.call("POST", path, content, { "idempotency-key": randomUUID() });
  }
}

interface Asked {
  handle: string;
}

/** Signs in over the API. */
export async function caller({ username, secret }: Person, door: "" | "/staff" = ""): Promise<Caller> {
  const nobody = new Caller();
  const { handle } = await nobody.call<Asked>("POST", `${door}/sessions`, { username, password: PASSWORD });
  const { accessToken } = await nobody.call<{ accessToken: string }>("POST", `${door}/sessions/answers`, { handle, code: totp(secret) });
  return new Caller(accessToken);
}

export interface Office {
  place: Clinic;
  person: Person;
  member: Member;
}

/** The Group Admin of a clinic that has registered, enrolled. */
export async function admin(place: Clinic): Promise<Person> {
  const nobody = new Caller();
  const { npi, code, username, email, fax } = place;
  const { terms } = await nobody.call<{ terms: { version: string } }>("POST", "/registrations/verify", { npi, code });
  const contact = {
    firstName: "Dana", lastName: "Rivers", address1: "12 Elm Street", city: "Little Rock", state: "AR", zip: "72201", email, confirmEmail: email,
    phone: place.phone, fax,
  };
  await nobody.make("/registrations", { npi, code, username, contact, termsAcknowledged: true, termsVersion: terms.version });
  return { username, secret: await enrolled(email) };
}

/** Follows the mailed link over the API; gives the secret of the authenticator app. */
export async function enrolled(email: string): Promise<string> {
  const token = (await link(email, "Set up your account")).split("#")[1] ?? "";
  const nobody = new Caller();
  const begun = await nobody.call<Asked & { secret: string; answerAt: string; terms?: unknown[] }>("POST", "/enrolments", { token, password: PASSWORD });
  await nobody.call("POST", begun.answerAt, { handle: begun.handle, code: totp(begun.secret), ...(begun.terms && { termsAcknowledged: true }) });
  return begun.secret;
}

/** Such a clinic, and a member whom the plan knows. */
export async function office(contract = "arkansas", coverage?: Coverage, birthDate?: string): Promise<Office> {
  const known = member(contract, birthDate, coverage);
  const place = await clinic(contract);
  return { place, person: await admin(place), member: await known };
}

/** A registered clinic's Group Admin, signed in. */
export async function groupAdmin(by: By, place: Clinic): Promise<Person> {
  const person = await admin(place);
  await signIn(by, person);
  return person;
}

/** A draft of the office, as it is after its first step. */
export async function draft({ place, member: known }: Office, by: Caller, setting = "outpatient"): Promise<string> {
  const { roles } = await by.call<{ roles: { provider: string }[] }>("GET", "/me");
  const search = { contract: place.contract, memberNumber: known.number };
  const { members } = await by.call<{ members: { id: string }[] }>("POST", "/members/search", search);
  const { key } = await by.make<{ key: string }>("/cases", { member: members[0]?.id, requesting: roles[0]?.provider, setting });
  return key;
}

/** A temporary member whom the clinic enters, because no search finds them. */
export async function temporary({ place }: Office, by: Caller, name: { first: string; last: string; birthDate: string }): Promise<string> {
  const { roles } = await by.call<{ roles: { provider: string }[] }>("GET", "/me");
  await by.call("POST", "/members/search", { contract: place.contract, lastName: name.last, birthDate: name.birthDate });
  const entered = { contract: place.contract, firstName: name.first, lastName: name.last, birthDate: name.birthDate, gender: "female", useFacilityAddress: roles[0]?.provider };
  const { id } = await by.make<{ id: string }>("/members", entered);
  return id;
}

/** Saves a step of the version that holds now. */
export async function save(by: Caller, key: string, step: string, content: unknown): Promise<void> {
  const { version } = await by.call<{ version: number }>("GET", `/cases/${key}`);
  await by.call("PUT", `/cases/${key}/steps/${step}`, content, { "if-match": `"${version}"` });
}

export const LINE = { code: "T1015", modifiers: ["U6", "UB"], from: inDays(7), to: inDays(36), duration: 30, quantity: 120 };
export const REQUIRED = ["dms-693-well-child-checkup", "social-medical-history", "developmental-assessment", "therapy-evaluations"];

/** A draft with all its steps, without its documents. */
export async function written(at: Office, by: Caller): Promise<string> {
  const key = await draft(at, by);
  const { requesting } = await by.call<{ requesting: { id: string } }>("GET", `/cases/${key}`);
  await save(by, key, "providers", { servicing: requesting.id, fax: at.place.fax });
  await save(by, key, "service", { serviceType: "day-habilitative", placeOfService: "11" });
  await save(by, key, "diagnoses", { diagnoses: ["F84.0"] });
  await save(by, key, "request", { review: "initial", urgency: "standard" });
  await save(by, key, "procedures", { lines: [LINE] });
  return key;
}

/** A draft that lacks nothing. */
export async function filled(at: Office, by: Caller): Promise<string> {
  const key = await written(at, by);
  for (const documentType of REQUIRED) await attach(by, key, documentType);
  await eventually("the checks of the documents", async () => {
    const { documents } = await by.call<{ documents: { state: string }[] }>("GET", `/cases/${key}`);
    return documents.every(({ state }) => state === "accepted") || undefined;
  });
  return key;
}

async function attach(by: Caller, key: string, documentType: string): Promise<void> {
  const { name, buffer } = pdf(`${documentType}.pdf`);
  const about = { request: "R01", documentType, fileName: name, bytes: buffer.length };
  const { upload } = await by.make<{ upload: { url: string; fields: { [name: string]: string } } }>(`/cases/${key}/documents`, about);
  const form = new FormData();
  for (const [field, value] of Object.entries(upload.fields)) form.append(field, value);
  form.append("file", new Blob([new Uint8Array(buffer)]));
  const answer = await fetch(upload.url, { method: "POST", body: form });
  if (!answer.ok) throw new Error(`the upload was answered with ${answer.status}`);
}

/** A PDF of one page. */
export function pdf(name: string): { name: string; mimeType: string; buffer: Buffer } {
  const drawing = "BT /F1 14 Tf 72 720 Td (Assessment) Tj ET";
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    `<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
  ];
  let text = "%PDF-1.7\n";
  const places = objects.map((object, place) => {
    const at = text.length;
    text += `${place + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(at).padStart(10, "0")} 00000 n \n`;
  });
  const end = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.join("")}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`;
  return { name, mimeType: "application/pdf", buffer: Buffer.from(text + end) };
}

/** A PDF that carries the text with which scanners are tried; in two parts here, so that none takes this file for it. */
export function infected(name: string): { name: string; mimeType: string; buffer: Buffer } {
  const { buffer, ...file } = pdf(name);
  return { ...file, buffer: Buffer.concat([buffer, Buffer.from(["X5O!P%@AP[4\\PZX54(P^)7CC)7}$", "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"].join(""))]) };
}

/** A program that pretends to be a PDF. */
export function pretender(name: string): { name: string; mimeType: string; buffer: Buffer } {
  return { name, mimeType: "application/pdf", buffer: Buffer.concat([Buffer.from("MZ"), Buffer.alloc(600, 7)]) };
}

/** Staff who have accounts, as whoever set the stage noted them. */
export function staff(role: "intake" | "nurse" | "physician" | "support" | "contractManager" | "operations"): Person {
  const cast = JSON.parse(readFileSync("../target/portal/cast.json", "utf8")) as { [role: string]: Person };
  const person = cast[role];
  if (!person) throw new Error(`the cast has no ${role}`);
  return person;
}

/** What a step says about its save. */
export function saved(page: Page) {
  return expect(page.getByText("All changes are saved."));
}
