import { expect, it } from "vitest";
import { Intent } from "./intent";
import { Refused } from "./refused";

async function keys(outcomes: (Refused | undefined)[]): Promise<string[]> {
  const intent = new Intent();
  const seen: string[] = [];
  for (const outcome of outcomes) {
    const sent = intent.send(async (header) => {
      seen.push(header["Idempotency-Key"]);
      if (outcome) throw outcome;
    });
    await sent.catch(() => undefined);
  }
  return seen;
}

it("a try again after an answer that got lost is the same intent", async () => {
  const [first, second, third] = await keys([Refused.unreachable(), new Refused({ status: 503 }, "unavailable"), undefined]);
  expect(second).toBe(first);
  expect(third).toBe(first);
});

it("what is asked for anew is the same intent after an answer too", async () => {
  const intent = new Intent();
  const key = () => intent.again(async (header) => header["Idempotency-Key"]);
  expect(await key()).toBe(await key());
});

it("after an answer the next one is new", async () => {
  const [first, second, third] = await keys([undefined, new Refused({ status: 422 }, "invalid"), undefined]);
  expect(new Set([first, second, third]).size).toBe(3);
});
