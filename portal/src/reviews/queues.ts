import { queryOptions } from "@tanstack/react-query";
import { api, body } from "../api/client";
import type { Schemas } from "../api/types";

export const QUEUES = ["nurse", "physician"] as const;
export type Queue = (typeof QUEUES)[number];

/** The worklists that a role works. */
export function queuesOf(role: Schemas["StaffRole"] | undefined): readonly Queue[] {
  if (role === "physician") return ["physician", "nurse"];
  return role === "nurse" ? ["nurse"] : [];
}

/** Whether somebody sees what each reviewer of a worklist has, and gives it to another. */
export function leads(post: Schemas["PostView"] | null | undefined, queue: Queue): boolean {
  return Boolean(post?.lead) && post?.role === queue;
}

/** The worklist that a request in review is on. */
export function queueOf(status: Schemas["Status"]): Queue {
  return status === "physician-review" ? "physician" : "nurse";
}

/** Who works a worklist, of all of the reader's contracts or of one, and how much each has. */
export function reviewersQuery(queue: Queue, contract?: string) {
  return queryOptions({
    queryKey: ["reviewers", queue, contract],
    queryFn: async () => {
      const query = contract ? { contract } : {};
      return (await body(api.GET("/staff/worklists/{queue}/reviewers", { params: { path: { queue }, query } }))).reviewers;
    },
    staleTime: 0,
  });
}

/** How much waits on each worklist that the reader works. */
export const countsQuery = queryOptions({
  queryKey: ["worklists"],
  queryFn: async () => (await body(api.GET("/staff/worklists"))).worklists,
  staleTime: 0,
});

/** Several counts as one. */
export function sum(counts: readonly Schemas["WorklistCount"][]): Omit<Schemas["WorklistCount"], "contract" | "queue"> {
  const of = (key: "waiting" | "overdue" | "dueSoon") => counts.reduce((all, count) => all + count[key], 0);
  return { waiting: of("waiting"), overdue: of("overdue"), dueSoon: of("dueSoon"), more: counts.some(({ more }) => more) };
}
