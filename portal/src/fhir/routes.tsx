// The room `fhir`: what it gives to the portal.

import type { Room } from "../room";

export const fhir: Room = {
  staff: {
    routes: [
      { path: "systems", lazy: async () => ({ Component: (await import("./list")).Systems }) },
      { path: "systems/new", lazy: async () => ({ Component: (await import("./add")).AddSystem }) },
      { path: "systems/:id", lazy: async () => ({ Component: (await import("./one")).OneSystem }) },
    ],
    links: [{ to: "/staff/systems", label: (words) => words.fhir.link, sees: ({ post }) => post?.role === "contract-manager" }],
  },
};
