// A member of staff as a Contract Manager sees them, and their post as a form has it.

import { queryOptions } from "@tanstack/react-query";
import { api, body } from "../api/client";
import type { Schemas } from "../api/types";

export type Person = Schemas["StaffView"];
export type StaffRole = Schemas["StaffRole"];
export type Change = Schemas["PostForm"];

export const STAFF_ROLES = ["intake", "nurse", "physician", "support", "contract-manager", "operations"] as const satisfies readonly StaffRole[];

/** What a Contract Manager gives: Operations acts for the whole service, and whoever operates it gives and takes it. */
export const GIVEN_ROLES = STAFF_ROLES.filter((role) => role !== "operations");

export interface Post {
  role: StaffRole | "";
  credential: string;
  license: { state: string; number: string };
  specialty: string;
  /** Of nurses and physicians. */
  lead: boolean;
  contracts: string[];
}

export function personQuery(name: string) {
  return queryOptions({ queryKey: ["person", name], queryFn: () => body(api.GET("/staff/users/{name}", { params: { path: { name } } })) });
}

/** Whether there is somebody to lead in a role. */
export function mayLead(role: StaffRole | ""): boolean {
  return role === "nurse" || role === "physician";
}

export function postOf({ role, credential, license, specialty, lead, contracts }: Person): Post {
  return { role, credential, license: { state: license?.state ?? "", number: license?.number ?? "" }, specialty: specialty ?? "", lead, contracts: contracts.toSorted() };
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** What is absent stays: only what differs from `before` is sent. */
export function postForm(post: Post, before?: Post): Schemas["PostForm"] {
  const now = { ...post, contracts: post.contracts.toSorted() };
  const form: Schemas["PostForm"] = {};
  if (now.role && now.role !== before?.role) form.role = now.role;
  if (!same(now.credential, before?.credential ?? "")) form.credential = now.credential;
  if (!same(now.license, before?.license ?? { state: "", number: "" })) form.license = now.license;
  if (!same(now.specialty, before?.specialty ?? "")) form.specialty = now.specialty;
  // Who does something else now leads nobody, without that being said.
  if (mayLead(now.role) && now.lead !== (before?.lead ?? false)) form.lead = now.lead;
  if (!same(now.contracts, before?.contracts ?? [])) form.contracts = now.contracts;
  return form;
}
