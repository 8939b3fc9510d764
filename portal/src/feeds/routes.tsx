// The room `feeds`: what it gives to the portal.

import type { Room } from "../room";

export const feeds: Room = {
  staff: {
    routes: [{ path: "imports", lazy: async () => ({ Component: (await import("./imports")).Imports }) }],
    links: [
      {
        to: "/staff/imports",
        label: (words) => words.feeds.link,
        sees: ({ post }) => post?.role === "contract-manager" || post?.role === "operations",
      },
    ],
  },
};
