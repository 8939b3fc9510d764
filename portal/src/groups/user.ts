// A user of a group as the list has them: the API tells of one user in no other way.

import { queryOptions } from "@tanstack/react-query";
import { api, body } from "../api/client";
import { findInPages } from "../api/pages";
import type { Schemas } from "../api/types";

export type User = Schemas["UserView"];

export function userQuery(group: string, name: string) {
  const page = async (cursor: string | undefined) => {
    const query = { limit: "50", ...(cursor ? { cursor } : {}) };
    const { users, next } = await body(api.GET("/groups/{id}/users", { params: { path: { id: group }, query } }));
    return { rows: users, next };
  };
  return queryOptions({ queryKey: ["user", group, name], queryFn: () => findInPages(page, ({ username }) => username === name) });
}

/** What became of an edit: saved, or somebody else was faster, and so it is now. */
export type Save = (change: Schemas["UserEdit"]) => Promise<{ saved: User; theirs?: never } | { saved?: never; theirs: User }>;
