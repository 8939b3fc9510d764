// What is being typed somewhere, to be saved before the session is about to end.

type Save = () => Promise<void>;

const open = new Set<Save>();

/** Registers the save of an open form; gives the way to take it back. */
export function onBeforeEnd(save: Save): () => void {
  open.add(save);
  return () => open.delete(save);
}

/** Saves all; one that fails keeps no other from being saved. */
export async function saveAll(): Promise<void> {
  await Promise.allSettled([...open].map((save) => save()));
}
