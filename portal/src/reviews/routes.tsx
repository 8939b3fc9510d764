// The room `reviews`: what it gives to the portal.

import type { Room } from "../room";

export const reviews: Room = {
  staff: {
    routes: [{ index: true, lazy: async () => ({ Component: (await import("./home")).Home }) }],
    links: [{ to: "/staff", label: (words) => words.reviews.home.link }],
  },
};
