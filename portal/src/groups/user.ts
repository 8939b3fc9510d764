// A user of a group as an administrator sees them.

import { queryOptions } from "@tanstack/react-query";
import { api, body } from "../api/client";
import type { Schemas } from "../api/types";

export type User = Schemas["UserView"];

export function userQuery(name: string) {
  return queryOptions({ queryKey: ["user", name], queryFn: () => body(api.GET("/users/{name}", { params: { path: { name } } })) });
}

/** What became of an edit: saved, or somebody else was faster, and so it is now. */
export type Save = (change: Schemas["UserEdit"]) => Promise<{ saved: User; theirs?: never } | { saved?: never; theirs: User }>;
