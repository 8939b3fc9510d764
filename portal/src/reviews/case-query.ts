// A case as staff see it. What follows from a decision by itself, letters and their delivery, is looked for until it is there.

import { queryOptions } from "@tanstack/react-query";
import { unwritten } from "../api/awaited";
import { api, versioned } from "../api/client";
import type { Schemas } from "../api/types";

export type Case = Schemas["CaseView"];
export type Request = Schemas["RequestView"];
export type Line = Schemas["LineView"];

export function caseQuery(id: string) {
  return queryOptions({
    queryKey: ["case", id],
    queryFn: () => versioned(api.GET("/staff/cases/{id}", { params: { path: { id } } })),
    // Whoever opens a case reads it as it is now: its list may just have said that there is news.
    staleTime: 0,
    refetchInterval: ({ state: { data } }) => (data && lettersAwaited(data.value) ? 2000 : 30_000),
  });
}

/** Letters are to come that are neither there nor wait for repair. Who takes a request back does so at the other door. */
export function lettersAwaited({ requests, letters, held = [] }: Case): boolean {
  return requests.some((request) => {
    // One that the mail carrier refused is there: what waits for repair comes in its place.
    const repaired = held.filter(({ request: of, refused }) => of === request.number && !refused).length;
    return unwritten({ ...request, withdrawal: null }, letters).reduce((sum, { missing }) => sum + missing, 0) > repaired;
  });
}
