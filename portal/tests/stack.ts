// The running stack as its own record tells: what the stories need of it that a person has elsewhere, such as a mailbox, a
// telephone, an authenticator app, and the claims system that knows a clinic.

import { createHmac, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect } from "@playwright/test";

interface Record {
  endpoint: string;
  carriersUrl: string;
  apiUrl: string;
  table: string;
  feedsBucket: string;
  documentsBucket: string;
  deadLetters: { [queue: string]: string };
}

export const stack = JSON.parse(readFileSync(process.env["PORTICO_STACK"] ?? "../target/engine/stack.json", "utf8")) as Record;

/** Asks until there is an answer; mail, calls and imports take their time. */
export async function eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  let found: T | undefined;
  await expect.poll(async () => (found = await look()) !== undefined, { message: what, timeout: 60_000, intervals: [100, 250, 500] }).toBe(true);
  return found as T;
}

async function json<T>(url: string): Promise<T> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return (await answer.json()) as T;
}

interface Mail {
  To: string[];
  Subject: string;
  BodyText: string;
}

/** The newest mail to an address that has these words. */
export function mail(to: string, words: string): Promise<Mail> {
  return eventually(`a mail with “${words}”`, async () => {
    const { messages } = await json<{ messages: { [account: string]: Mail[] } }>(`${stack.endpoint}/_ministack/ses/messages`);
    const mine = Object.values(messages).flat().filter((sent) => sent.To.some((one) => one.toLowerCase() === to.toLowerCase()));
    return mine.findLast((sent) => sent.Subject.includes(words) || sent.BodyText.includes(words));
  });
}

/** The address that a mailed link leads to. */
export async function link(to: string, subject: string): Promise<string> {
  const { BodyText } = await mail(to, subject);
  const found = BodyText.split(/\s+/).find((word) => word.startsWith("http"));
  if (!found) throw new Error("the mail has no link");
  return found;
}

/** The PIN of the `nth` call to a number (E.164). */
export function spokenPin(to: string, nth: number): Promise<string> {
  return eventually("a call", async () => {
    const { calls } = await json<{ calls: { to: string; say: string }[] }>(`${stack.carriersUrl}/_sent`);
    return calls.filter((call) => call.to === to)[nth - 1]?.say.replaceAll(/\D/g, "").slice(0, 6);
  });
}

/** Says what becomes of the faxes to a number, one after the other; what is sent after them is delivered. */
export async function faxesBecome(fax: string, outcomes: readonly string[], reports: { duplicateCallbacks?: boolean; outOfOrder?: boolean } = {}): Promise<void> {
  const content = { to: e164(fax), outcomes, duplicateCallbacks: false, outOfOrder: false, errors: [], ...reports };
  const answer = await fetch(`${stack.carriersUrl}/_script`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(content) });
  if (!answer.ok) throw new Error(`the carrier takes no script: ${answer.status}`);
}

/** The mail carrier refuses the next letter whose address begins so. */
export async function mailRefuses(street: string): Promise<void> {
  const answer = await fetch(`${stack.carriersUrl}/_script`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ to: street, errors: [422] }) });
  if (!answer.ok) throw new Error(`the carrier takes no script: ${answer.status}`);
}

/** How many faxes the carrier took for a number. */
export async function faxesTo(fax: string): Promise<number> {
  const { faxes } = await json<{ faxes: { to: string }[] }>(`${stack.carriersUrl}/_sent`);
  return faxes.filter(({ to }) => to === e164(fax)).length;
}

/** A number as carriers write it. */
export function e164(number: string): string {
  return `+1${number.replaceAll("-", "")}`;
}

/** Changes a text of an item of the table, at names and places of lists: what only time would change, or what was stored before a rule. */
export async function changeItem({ pk, sk }: { pk: string; sk: string }, path: readonly (string | number)[], text: string): Promise<void> {
  const names = path.filter((one) => typeof one === "string");
  const place = path.map((one) => (typeof one === "string" ? `.#${one}` : `[${one}]`)).join("").slice(1);
  const content = {
    TableName: stack.table,
    Key: { pk: { S: pk }, sk: { S: sk } },
    UpdateExpression: `SET ${place} = :text`,
    ConditionExpression: "attribute_exists(pk)",
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: { ":text": { S: text } },
  };
  const headers = { ...root("dynamodb"), "content-type": "application/x-amz-json-1.0", "x-amz-target": "DynamoDB_20120810.UpdateItem" };
  const answer = await fetch(stack.endpoint, { method: "POST", headers, body: JSON.stringify(content) });
  if (!answer.ok) throw new Error(`the table took no change: ${answer.status} ${await answer.text()}`);
}

/** A day some days from now, as the API and a date field take it. */
export function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

/** The six digits that an authenticator app shows (RFC 6238). */
export function totp(secret: string, at = Date.now()): string {
  const bits = [...secret.replace(/=+$/, "")].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const hash = createHmac("sha1", key).update(counter).digest();
  const from = (hash.at(-1) ?? 0) & 15;
  return String((hash.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

export interface Clinic {
  contract: string;
  npi: string;
  code: string;
  name: string;
  username: string;
  email: string;
  phone: string;
  fax: string;
}

/** A clinic that nobody has registered, brought by a file of providers as the claims system drops it. */
export async function clinic(contract = "arkansas"): Promise<Clinic> {
  const tag = randomUUID().replaceAll("-", "");
  const digits = [...tag].map((letter) => Number.parseInt(letter, 16) % 10).join("");
  const fresh = {
    contract,
    npi: npi(`1${digits.slice(0, 8)}`),
    code: `T${tag.slice(0, 8).toUpperCase()}`,
    name: `River Day Clinic ${tag.slice(0, 6)}`,
    username: `dana.${tag.slice(0, 10)}`,
    email: `dana.${tag.slice(0, 10)}@clinic.example`,
    phone: `501-5${digits[9]}5-${digits.slice(10, 14)}`,
    fax: `502-5${digits[14]}5-${digits.slice(15, 19)}`,
  };
  const row = [contract, fresh.npi, fresh.code, "Developmental day treatment clinic", tag.slice(0, 12), fresh.name, "facility", "12 Elm Street", "", "Little Rock", "AR", "72201"];
  const header = "contract,npi,registration_code,provider_type,location,name,kind,address1,address2,city,state,zip";
  await drop("providers", contract, `${header}\n${row.join(",")}\n`);
  return fresh;
}

/** Drops a file of rows, of which so many are to be rejected, and waits for the report of its import; gives the file's name. */
export async function drop(kind: "providers" | "members" | "claims", contract: string, text: string, rejected = 0): Promise<string> {
  const name = randomUUID();
  const bucket = `${stack.endpoint}/${stack.feedsBucket}`;
  const put = await fetch(`${bucket}/incoming/${kind}/${contract}/${name}.csv`, { method: "PUT", headers: root(), body: text });
  if (!put.ok) throw new Error(`the file of ${kind} was refused: ${put.status}`);
  const report = await eventually("the report of an import", async () => {
    const answer = await fetch(`${bucket}/reports/${kind}/${contract}/${name}.json`, { headers: root() });
    return answer.ok ? ((await answer.json()) as { state: { state: string; reason?: string }; counts: { rejected: number } }) : undefined;
  });
  if (report.state.state === "refused" || report.counts.rejected !== rejected) throw new Error(`${kind}: ${JSON.stringify(report.state)}, ${report.counts.rejected} rows rejected`);
  return `${name}.csv`;
}

/** Puts a message into the dead letters of a queue, as the queue itself does after the last receive. */
export async function givenUp(queue: string, content: unknown): Promise<void> {
  const { endpoint, deadLetters } = stack;
  const headers = { ...root("sqs"), "content-type": "application/x-amz-json-1.0", "x-amz-target": "AmazonSQS.SendMessage" };
  const message = { QueueUrl: deadLetters[queue], MessageBody: JSON.stringify(content) };
  const answer = await fetch(endpoint, { method: "POST", headers, body: JSON.stringify(message) });
  if (!answer.ok) throw new Error(`the dead letters of ${queue} took nothing: ${answer.status}`);
}

/** How many mails an address got with these words. */
export async function mailsWith(to: string, words: string): Promise<number> {
  const { messages } = await json<{ messages: { [account: string]: Mail[] } }>(`${stack.endpoint}/_ministack/ses/messages`);
  return Object.values(messages).flat().filter((sent) => sent.To.includes(to) && sent.BodyText.includes(words)).length;
}

/** The engine's root: it may do everything, and its signature is not checked. */
export function root(service = "s3"): { [name: string]: string } {
  const scope = `Credential=test/20260101/us-east-1/${service}/aws4_request`;
  return { authorization: `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host;x-amz-date, Signature=${"0".repeat(64)}`, "x-amz-date": "20260101T000000Z" };
}

/** The check digit after nine digits of an NPI: Luhn's over 80840 and them. */
function npi(nine: string): string {
  const sum = [...nine].toReversed().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 24);
  return nine + String((10 - (sum % 10)) % 10);
}
