// The room `reviews`: what it gives to the portal.

import type { Room } from "../room";
import { queuesOf } from "./queues";

export const reviews: Room = {
  staff: {
    routes: [
      { index: true, lazy: async () => ({ Component: (await import("./home")).Home }) },
      { path: "worklists/:queue", lazy: async () => ({ Component: (await import("./worklist")).Worklist }) },
      { path: "gold-cards", lazy: async () => ({ Component: (await import("./gold-cards")).GoldCards }) },
      { path: "cases/:case/messages", lazy: async () => ({ Component: (await import("./messages")).MessagesPage }) },
      { path: "cases/:case/accesses", lazy: async () => ({ Component: (await import("./accesses")).AccessesPage }) },
      { path: "cases/:case", lazy: async () => ({ Component: (await import("./case")).CasePage }) },
    ],
    links: [
      { to: "/staff", label: (words) => words.reviews.home.link },
      { to: "/staff/worklists/nurse", label: (words) => words.reviews.list.nurse, sees: ({ post }) => queuesOf(post?.role).includes("nurse") },
      { to: "/staff/worklists/physician", label: (words) => words.reviews.list.physician, sees: ({ post }) => queuesOf(post?.role).includes("physician") },
      { to: "/staff/gold-cards", label: (words) => words.reviews.gold.link, sees: ({ post }) => post?.role === "contract-manager" },
    ],
  },
};
