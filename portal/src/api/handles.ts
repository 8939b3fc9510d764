// Names of people stand in no address: it has a handle for one, which this tab alone knows. It is kept in memory, so after a
// reload nobody knows it any more, and the page sends its reader to the list. The same holds for what somebody searched for.

import { onSession } from "./session";

const names = new Map<string, string>();
const searches = new Map<string, { owner: string; search: object }>();

// Whoever signs out by choice is done.
onSession((session, end) => {
  if (session || end !== "signed-out") return;
  names.clear();
  searches.clear();
});

/** The same for the same name, as long as the tab lives. */
export function handleOf(name: string): string {
  for (const [handle, known] of names) if (known === name) return handle;
  const handle = crypto.randomUUID();
  names.set(handle, name);
  return handle;
}

export function nameOf(handle: string | undefined): string | undefined {
  return handle === undefined ? undefined : names.get(handle);
}

/** The same object is given back, to the same person alone: whoever signs in after them sees nothing of it. */
export function handleOfSearch(owner: string, search: object): string {
  const handle = crypto.randomUUID();
  searches.set(handle, { owner, search });
  return handle;
}

export function searchOf<S extends object>(owner: string | undefined, handle: string | undefined): S | undefined {
  const found = handle === undefined ? undefined : searches.get(handle);
  return found && found.owner === owner ? (found.search as S) : undefined;
}
