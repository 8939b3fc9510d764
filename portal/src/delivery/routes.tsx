// The room `delivery`: what it gives to the portal.

import type { Room } from "../room";

export const delivery: Room = {
  staff: {
    routes: [
      { path: "faxes", lazy: async () => ({ Component: (await import("./faxes")).Faxes }) },
      { path: "faxes/:fax", lazy: async () => ({ Component: (await import("./fax")).FaxPage }) },
    ],
    links: [{ to: "/staff/faxes", label: (words) => words.delivery.link, sees: ({ post }) => post?.role === "intake" }],
  },
};
