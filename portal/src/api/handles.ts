// Names of people stand in no address: it has a handle for one, which this tab alone knows. It is kept in memory, so after a
// reload nobody knows it any more, and the page sends its reader to the list.

import { onSession } from "./session";

const names = new Map<string, string>();

// Whoever signs out by choice is done.
onSession((session, end) => {
  if (!session && end === "signed-out") names.clear();
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
