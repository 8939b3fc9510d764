// Each tab with a session holds a shared lock of its door, so that a new tab knows whether asking the others is worth a wait.

import type { Door } from "./types";

let held: { door: Door; release: () => void } | undefined;
/** Done when this tab's own lock of before is gone. */
let released: Promise<void> = Promise.resolve();

const name = (door: Door) => `portico.signed-in.${door}`;

export function mark(door: Door): void {
  if (held?.door === door) return;
  unmark();
  const { promise, resolve } = Promise.withResolvers<void>();
  held = { door, release: resolve };
  const whole = navigator.locks.request(name(door), { mode: "shared" }, () => promise);
  released = Promise.resolve(whole).then(() => undefined);
}

export function unmark(): void {
  held?.release();
  held = undefined;
}

/** Whether another tab of this browser has a session at the door; asked by a tab that has none. */
export async function isMarked(door: Door): Promise<boolean> {
  await released;
  const locks = await navigator.locks.query();
  return (locks.held ?? []).some((lock) => lock.name === name(door));
}
