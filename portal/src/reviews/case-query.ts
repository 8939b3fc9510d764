// A case as staff see it. What follows from a decision by itself, letters and their delivery, is looked for until it is there.

import { queryOptions } from "@tanstack/react-query";
import { api, versioned } from "../api/client";
import type { Schemas } from "../api/types";

export type Case = Schemas["CaseView"];
export type Request = Schemas["RequestView"];
export type Line = Schemas["LineView"];

export function caseQuery(id: string) {
  return queryOptions({
    queryKey: ["case", id],
    queryFn: () => versioned(api.GET("/staff/cases/{id}", { params: { path: { id } } })),
    refetchInterval: ({ state: { data } }) => (data && lettersAwaited(data.value) ? 2000 : 30_000),
  });
}

/** Both letters of each determination are to come. */
export function lettersAwaited({ requests, letters, held }: Case): boolean {
  const decided = requests.filter(({ determination }) => determination);
  return decided.some(({ number }) => {
    const there = [...letters, ...(held ?? [])].filter(({ request }) => request === number);
    return new Set(there.map(({ audience }) => audience)).size < 2;
  });
}
