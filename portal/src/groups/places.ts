// The providers of a group, all pages of them.

import { queryOptions } from "@tanstack/react-query";
import { api, body } from "../api/client";
import type { Place } from "./own";

export function placesQuery(group: string) {
  return queryOptions({
    queryKey: ["places", group],
    queryFn: async () => {
      const places: Place[] = [];
      let cursor: string | undefined;
      do {
        const query = { limit: "100", ...(cursor ? { cursor } : {}) };
        const { providers, next } = await body(api.GET("/groups/{id}/providers", { params: { path: { id: group }, query } }));
        places.push(...providers);
        cursor = next ?? undefined;
      } while (cursor);
      return places;
    },
  });
}
