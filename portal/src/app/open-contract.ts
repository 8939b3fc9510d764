import type { InfiniteData } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { useMatches } from "react-router";
import { queries } from "../api/queries";
import type { Versioned } from "../api/client";

/** The contract of the case that is open, once it is read: whoever works for several sees whose case it is. */
export function useOpenContract(): string | undefined {
  const { pathname = "", params = {} } = useMatches().at(-1) ?? {};
  // As the rooms of both doors name it.
  const of = /^(\/staff)?\/cases\//.test(pathname) ? (params["id"] ?? params["case"]) : undefined;
  // Who reads no more of a case than who has viewed it knows its contract by that.
  const read = () =>
    of &&
    (queries.getQueryData<Versioned<{ contract: string }>>(["case", of])?.value.contract ??
      queries.getQueryData<InfiniteData<{ rows: readonly { contract: string }[] }>>(["accesses", of])?.pages[0]?.rows[0]?.contract);
  return useSyncExternalStore(watch, read);
}

/** Looks only: who reads the case reads it for the page. */
function watch(told: () => void): () => void {
  return queries.getQueryCache().subscribe(told);
}
