// The room `events`: what it gives to the portal.

import type { Room } from "../room";

export const events: Room = {
  staff: {
    routes: [
      { path: "queues", lazy: async () => ({ Component: (await import("./queues")).Queues }) },
      { path: "queues/:queue", lazy: async () => ({ Component: (await import("./dead-letters")).DeadLetters }) },
    ],
    links: [{ to: "/staff/queues", label: (words) => words.events.link, sees: ({ post }) => post?.role === "operations" }],
  },
};
