// Forms whose page went before they could be saved: what was typed and the version that it was made from, in memory only,
// for the same person, until it is saved.

import { onSession } from "./session";
import type { Saver } from "./saver";

interface Unsaved {
  saver: Saver<unknown>;
  values: unknown;
}

const unsaved = new Map<string, Unsaved>();

// Whoever signs out by choice is done.
onSession((session, end) => {
  if (!session && end === "signed-out") unsaved.clear();
});

export interface Place {
  /** Username: another person who signs in here never sees it. */
  owner: string;
  /** Opaque key of the case. */
  of: string;
  step: string;
}

const keyOf = ({ owner, of, step }: Place) => `${owner} ${of} ${step}`;

export function keepUnsaved<V>(place: Place, saver: Saver<V>, values: V): void {
  unsaved.set(keyOf(place), { saver: saver as Saver<unknown>, values: structuredClone(values) });
}

export function unsavedOf<V>(place: Place): { saver: Saver<V>; values: V } | undefined {
  return unsaved.get(keyOf(place)) as { saver: Saver<V>; values: V } | undefined;
}

export function forgetUnsaved(place: Place): void {
  unsaved.delete(keyOf(place));
}
