import type { Schemas } from "../api/types";

export const QUEUES = ["nurse", "physician"] as const;
export type Queue = (typeof QUEUES)[number];

/** The worklists that a role works. */
export function queuesOf(role: Schemas["StaffRole"] | undefined): readonly Queue[] {
  if (role === "physician") return ["physician", "nurse"];
  return role === "nurse" ? ["nurse"] : [];
}
