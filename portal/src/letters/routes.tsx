// The room `letters`: what it gives to the portal.

import { repairs } from "../api/held-letters";
import type { Room } from "../room";

export const letters: Room = {
  staff: {
    routes: [{ path: "held-letters", lazy: async () => ({ Component: (await import("./held-letters")).HeldLetters }) }],
    links: [{ to: "/staff/held-letters", label: (words) => words.letters.link, sees: ({ post }) => repairs(post?.role) }],
  },
};
