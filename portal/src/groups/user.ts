// A user of a group as an administrator sees them.

import { queryOptions } from "@tanstack/react-query";
import { api, body } from "../api/client";
import type { Save as SaveOf } from "../api/edit";
import type { Schemas } from "../api/types";

export type User = Schemas["UserView"];

export function userQuery(name: string) {
  return queryOptions({ queryKey: ["user", name], queryFn: () => body(api.GET("/users/{name}", { params: { path: { name } } })) });
}

export type Change = Schemas["UserEdit"];
export type Save = SaveOf<User, Change>;
