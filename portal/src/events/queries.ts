import { api, body } from "../api/client";
import type { Schemas } from "../api/types";

export type Queue = Schemas["QueueView"];
export type Letter = Schemas["DeadLetter"];

/** The stack at one look. Who looks again wants to see what is so now. */
export const queuesQuery = { queryKey: ["queues"], queryFn: () => body(api.GET("/staff/queues")), staleTime: 0 };

export function lettersQuery(queue: string) {
  return {
    queryKey: ["dead-letters", queue],
    queryFn: () => body(api.GET("/staff/queues/{queue}/dead-letters", { params: { path: { queue }, query: { limit: "50" } } })),
    staleTime: 0,
  };
}
