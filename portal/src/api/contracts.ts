// The public document of a contract: labels, choices, and the zone that its times are told in.

import { useQueries } from "@tanstack/react-query";
import { api, body } from "./client";
import type { Schemas } from "./types";

function contractQuery(id: string) {
  return {
    queryKey: ["contract", id],
    queryFn: () => body(api.GET("/contracts/{id}", { params: { path: { id } } })),
    // It changes by a new version, which is announced.
    staleTime: 3_600_000,
  };
}

/** The document of each of these contracts, once it is known. */
export function useContracts(ids: readonly string[]): (id: string | undefined) => Schemas["PublicContract"] | undefined {
  const found = useQueries({ queries: [...new Set(ids)].map(contractQuery) });
  return (id) => found.find(({ data }) => data?.id === id)?.data;
}

/** What a contract offers, as a field has it; its labels are English. */
export function offered(choices: readonly { id: string; label: string }[]) {
  return choices.map(({ id, label }) => ({ value: id, label, lang: "en" }));
}

/** The zone of each of these contracts, once it is known. */
export function useZones(ids: readonly string[]): (id: string | undefined) => string | undefined {
  const of = useContracts(ids);
  return (id) => of(id)?.timeZone;
}
