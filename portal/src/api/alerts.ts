// News on cases, for the person at a door.

import { api, body } from "./client";
import { queries } from "./queries";
import { at, type Door, type Schemas } from "./types";

export type AlertView = Schemas["AlertView"];

/** How many are unread. */
export function unreadQuery(door: Door) {
  return {
    queryKey: ["alerts", door, "unread"],
    queryFn: async () => (await alertsPage(door, undefined, "1")).unread,
  };
}

export function alertsPage(door: Door, cursor?: string, limit?: string): Promise<Schemas["AlertList"]> {
  return body(api.GET(at(door, "/alerts"), { params: { query: { ...(cursor ? { cursor } : {}), ...(limit ? { limit } : {}) } } }));
}

/** Keeps that one was read, or all up to one. */
export async function readAlerts(door: Door, read: Schemas["ReadAlerts"]): Promise<void> {
  await api.PUT(at(door, "/alerts/read"), { body: read });
  await queries.invalidateQueries({ queryKey: ["alerts", door] });
}
