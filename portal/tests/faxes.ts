// Faxes that come in, as stories need them.

import { createHash } from "node:crypto";
import type { Caller } from "./office";
import { eventually, stack } from "./stack";

/** The number that providers of Arkansas fax to. */
const NUMBER = "+18559973707";
const [WIDTH, HEIGHT] = [1728, 400];

/** A page with a black block in its upper half, as a TIFF without compression. */
function page(): Buffer {
  const dots = Buffer.alloc((WIDTH / 8) * HEIGHT);
  for (let line = 40; line < 120; line++) dots.fill(0xff, (WIDTH / 8) * line + 20, (WIDTH / 8) * line + 100);
  const entries = [[256, WIDTH], [257, HEIGHT], [259, 1], [262, 0], [273, 8], [278, HEIGHT], [279, dots.length]];
  const head = Buffer.from([0x49, 0x49, 0x2a, 0, 0, 0, 0, 0]);
  head.writeUInt32LE(8 + dots.length, 4);
  const directory = Buffer.alloc(2 + 12 * entries.length + 4);
  directory.writeUInt16LE(entries.length, 0);
  for (const [place, [tag = 0, value = 0]] of entries.entries()) {
    const at = 2 + 12 * place;
    directory.writeUInt16LE(tag, at);
    directory.writeUInt16LE(4, at + 2);
    directory.writeUInt32LE(1, at + 4);
    directory.writeUInt32LE(value, at + 8);
  }
  return Buffer.concat([head, dots, directory]);
}

/** Somebody faxes a form without bars to Arkansas; its id, once it waits with intake. */
export async function arrives(clerk: Caller): Promise<string> {
  const fax = { to: NUMBER, from: "+15015550142", media: page().toString("base64"), callbackUrl: `${stack.apiUrl}/carriers/fax/received` };
  const answer = await fetch(`${stack.carriersUrl}/_receive`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(fax) });
  if (!answer.ok) throw new Error(`the carrier takes no fax: ${answer.status}`);
  const { id } = (await answer.json()) as { id: string };
  const ours = `fax_${createHash("sha256").update(`received fax ${id}`).digest("hex").slice(0, 32)}`;
  return eventually("the fax with intake", () => clerk.call<{ id: string }>("GET", `/staff/faxes/${ours}`).then(() => ours, () => undefined));
}
