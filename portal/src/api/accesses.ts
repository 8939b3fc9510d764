// Who has viewed a case, for both doors: page by page, the last ones first.

import { api, body } from "./client";
import { at, type Door, type Schemas } from "./types";

/** A row, with what the page says of the case. */
export interface Access {
  key: string;
  of: Schemas["AccessView"];
  contract: string;
  /** Whether the reader may take all of it as a file. */
  mayExport: boolean;
}

/** A page of who has viewed a case. */
export async function accessesOf(door: Door, id: string, cursor: string | undefined) {
  const query = cursor ? { cursor } : {};
  const { accesses, contract, mayExport, next } = await body(api.GET(at(door, "/cases/{id}/accesses"), { params: { path: { id }, query } }));
  const rows = accesses.map((of, place): Access => ({ key: `${cursor ?? ""} ${place}`, of, contract, mayExport }));
  return { rows, cursor: next };
}

/** The key by which a case is found by its Case ID, for whoever sees no more of it than who has viewed it. */
export async function keyOfAccesses(id: string): Promise<string> {
  const { key } = await body(api.GET("/staff/cases/{id}/accesses", { params: { path: { id }, query: { limit: "1" } } }));
  return key;
}

/** All of it as a file. */
export async function accessesFile(id: string): Promise<Blob> {
  return (await body(api.GET("/staff/cases/{id}/accesses/file", { params: { path: { id } }, parseAs: "blob" }))) as Blob;
}
