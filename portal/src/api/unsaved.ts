// Forms whose page went before they could be saved: what was typed and the version that it was made from, in memory only,
// for the same person, until it is saved.

import { queries } from "./queries";
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

/** Saves under way of forms whose page went, by case. */
const sent = new Map<string, Promise<unknown>>();

/** Settles once what was typed on a page that went is saved: what is read of the case before may be what it was. */
export function sentOf(of: string): Promise<unknown> {
  return sent.get(of) ?? Promise.resolve();
}

/** Saves what was typed on a page that goes. Until the case is read anew, a page that comes back finds it here. */
export function saveBehind<V>(place: Place, saver: Saver<V>, values: V): void {
  const { of } = place;
  const saving = saver.save(values);
  const all = Promise.allSettled([sentOf(of), saving]).then(() => {
    if (sent.get(of) === all) sent.delete(of);
  });
  sent.set(of, all);
  saving
    .then(() => readAnew(place, saver, values))
    // It stays here, and is tried again by the page that comes back.
    .catch(() => undefined);
}

/** Reads the case after a save. Until it is read, a page that comes back finds here what was saved. */
export async function readAnew<V>(place: Place, saver: Saver<V>, values: V): Promise<void> {
  keepUnsaved(place, saver, values);
  const kept = unsaved.get(keyOf(place));
  await queries.refetchQueries({ queryKey: ["case", place.of], type: "all" });
  if (unsaved.get(keyOf(place)) === kept) forgetUnsaved(place);
}
