// The room `cases`: what it gives to the portal.

import type { Room } from "../room";

export const cases: Room = {
  provider: {
    routes: [{ index: true, lazy: async () => ({ Component: (await import("./home")).Home }) }],
    links: [{ to: "/", label: (words) => words.cases.home.link }],
  },
};
