// What the room reads: a case, the public part of its contract.

import { useQuery, type Query } from "@tanstack/react-query";
import { api, body, versioned, type Versioned } from "../api/client";
import { queries } from "../api/queries";
import type { Schemas } from "../api/types";

export type CaseView = Schemas["CaseView"];
export type Contract = Schemas["PublicContract"];
export type Found = Versioned<CaseView>;

export function readCase(id: string): Promise<Found> {
  return versioned(api.GET("/cases/{id}", { params: { path: { id } } }));
}

/** @param every how often it is read again, in milliseconds, as it stands; never when absent */
export function useCase(id: string, every?: (found: CaseView) => number | false) {
  return useQuery({
    queryKey: ["case", id],
    queryFn: () => readCase(id),
    // Whoever opens a case reads it as it is now.
    staleTime: 0,
    refetchInterval: ({ state }: Query<Found>) => (state.data && every ? every(state.data.value) : false),
  });
}

function readContract(id: string, cache: RequestCache = "default"): Promise<Contract> {
  return body(api.GET("/contracts/{id}", { params: { path: { id } }, cache }));
}

/** It changes with a new version of the agency's pack only. */
export function useContract(id: string | undefined) {
  return useQuery({
    queryKey: ["contract", id],
    queryFn: () => readContract(id ?? ""),
    enabled: id !== undefined,
    staleTime: 600_000,
  });
}

/** Reads a contract as it is now, past what the browser keeps of it, and the case with it: there is a new version of its pack. */
export async function readPack(contract: string, id: string): Promise<true> {
  const queryFn = () => readContract(contract, "no-cache");
  await Promise.all([queries.fetchQuery({ queryKey: ["contract", contract], queryFn, staleTime: 0 }), queries.refetchQueries({ queryKey: ["case", id] })]);
  return true;
}
