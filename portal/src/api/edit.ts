// An edit of somebody's account: made from the version that the reader has seen, and told what somebody else saved meanwhile.

import { useQueryClient, type FetchQueryOptions, type QueryKey } from "@tanstack/react-query";
import { useState } from "react";
import { ifMatch } from "./client";
import { isRefused } from "./refused";

interface Versioned {
  version: number;
}

/** What became of an edit: saved, or somebody else was faster, and so it is now. */
export type Save<T, C> = (change: C) => Promise<{ saved: T; theirs?: never } | { saved?: never; theirs: T }>;

interface Edited<T, C> {
  of: T;
  /** How it is read. */
  query: FetchQueryOptions<T, Error, T, string[]>;
  /** Of the list in which it stands. */
  list: QueryKey;
  send: (change: C, header: ReturnType<typeof ifMatch>) => Promise<T>;
}

export function useEdit<T extends Versioned, C>({ of, query, list, send }: Edited<T, C>) {
  const queries = useQueryClient();
  const [told, tell] = useState<string>();
  // Of what the forms were filled with, or of what somebody else saved since and the reader has seen.
  const [seen, setSeen] = useState(of.version);
  const listAgain = () => void queries.invalidateQueries({ queryKey: list });
  const read = async () => {
    const now = await queries.fetchQuery({ ...query, staleTime: 0 });
    setSeen(now.version);
    return now;
  };
  const save: Save<T, C> = async (change) => {
    tell(undefined);
    try {
      const saved = await send(change, ifMatch(`"${seen}"`));
      queries.setQueryData(query.queryKey, saved);
      setSeen(saved.version);
      listAgain();
      return { saved };
    } catch (thrown) {
      if (!isRefused(thrown, "stale")) throw thrown;
      return { theirs: await read() };
    }
  };
  /** After what concerns the whole account: it is read again, and what was done is told. */
  const done = async (what: string) => {
    await read();
    tell(what);
    listAgain();
  };
  return { told, read, save, done };
}
