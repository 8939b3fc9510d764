// Letters as a clinic finds them at its case, and how they were delivered.

import { createHash } from "node:crypto";
import { expect } from "./portal";
import type { Hands } from "./hands";
import { stack } from "./stack";

type Reader = "provider" | "member";

/** Opens the letter; it is the PDF that was issued. */
export async function readLetter(clerk: Hands, reader: Reader): Promise<void> {
  const { page } = clerk;
  const open = page.getByRole("button", { name: `Open (PDF): Letter to the ${reader}, R01` });
  await expect(open).toBeVisible({ timeout: 60_000 });
  const key = page.url().split("/").at(-1) ?? "";
  const answer = page.waitForResponse((response) => response.url() === `${stack.apiUrl}/cases/${key}`);
  await page.reload();
  const { letters } = (await (await answer).json()) as { letters: { audience: string; sha256: string }[] };
  const asked = page.context().waitForEvent("request", (sent) => sent.url().includes("letters") && sent.url().includes("X-Amz-Signature"));
  await clerk.press(open);
  const file = Buffer.from(await (await fetch((await asked).url())).arrayBuffer());
  expect(file.subarray(0, 5).toString()).toBe("%PDF-");
  expect(createHash("sha256").update(file).digest("hex")).toBe(letters.find(({ audience }) => audience === reader)?.sha256);
  await page.bringToFront();
}

/** What the case says of a delivery once it is over: its end, and each call. */
export async function delivered(clerk: Hands, reader: Reader, end: string, calls: readonly RegExp[], more = ""): Promise<void> {
  const { page } = clerk;
  const card = page.getByRole("region", { name: `Letter to the ${reader}, R01: ${end}` });
  await expect(async () => {
    await page.reload();
    await expect(card).toBeVisible({ timeout: 2000 });
  }).toPass({ timeout: 90_000 });
  await expect(card.getByRole("listitem")).toHaveText([...calls]);
  await expect(card).toContainText(more);
}
