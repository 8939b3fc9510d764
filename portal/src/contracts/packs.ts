// The packs of a Contract Manager's contracts.

import { queryOptions } from "@tanstack/react-query";
import { api, body } from "../api/client";
import type { Schemas } from "../api/types";

export type Pack = Schemas["PackView"];
export type Checked = Schemas["CheckedPack"];

/** What a body of the API has room for, in bytes of the archive. */
export const MOST_BYTES = 700_000;

export function packsQuery(contracts: readonly string[]) {
  return queryOptions({
    queryKey: ["packs", contracts],
    queryFn: async () => {
      const lists = contracts.map((id) => body(api.GET("/staff/contracts/{id}/packs", { params: { path: { id } } })));
      return (await Promise.all(lists)).flatMap(({ packs }) => packs);
    },
  });
}

/** A file as the API takes it. */
export async function archiveOf(file: File): Promise<string> {
  let text = "";
  for (const byte of new Uint8Array(await file.arrayBuffer())) text += String.fromCharCode(byte);
  return btoa(text);
}
