// A user of a group as the list has them: the API tells of one user in no other way.

import { queryOptions } from "@tanstack/react-query";
import { api, body } from "../api/client";
import { Refused } from "../api/refused";
import type { Schemas } from "../api/types";

export type User = Schemas["UserView"];

export function userQuery(group: string, name: string) {
  return queryOptions({ queryKey: ["user", group, name], queryFn: () => find(group, name) });
}

async function find(group: string, name: string): Promise<User> {
  let cursor: string | undefined;
  do {
    const query = { limit: "50", ...(cursor ? { cursor } : {}) };
    const page: Schemas["ListedUsers"] = await body(api.GET("/groups/{id}/users", { params: { path: { id: group }, query } }));
    const found = page.users.find(({ username }) => username === name);
    if (found) return found;
    cursor = page.next ?? undefined;
  } while (cursor);
  throw new Refused({ status: 404 }, "not-found");
}

/** What became of an edit: saved, or somebody else was faster, and so it is now. */
export type Save = (change: Schemas["UserEdit"]) => Promise<{ saved: User; theirs?: never } | { saved?: never; theirs: User }>;
