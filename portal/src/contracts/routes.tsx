// The room `contracts`: what it gives to the portal.

import type { Room } from "../room";

const answer = { path: "checks/:number", lazy: async () => ({ Component: (await import("./answer")).Answer }) };
const SEES: ReadonlySet<string> = new Set(["intake", "nurse", "physician", "support"]);

export const contracts: Room = {
  provider: {
    routes: [{ path: "checks", lazy: async () => ({ Component: (await import("./check")).Check }) }, answer],
    links: [{ to: "/checks", label: (words) => words.contracts.link }],
  },
  staff: {
    routes: [
      { path: "checks", lazy: async () => ({ Component: (await import("./look-up")).LookUpPage }) },
      answer,
      { path: "packs", lazy: async () => ({ Component: (await import("./pack-list")).PackList }) },
      { path: "packs/new", lazy: async () => ({ Component: (await import("./new-pack")).NewPack }) },
    ],
    links: [
      { to: "/staff/checks", label: (words) => words.contracts.staffLink, sees: ({ post }) => SEES.has(post?.role ?? "") },
      { to: "/staff/packs", label: (words) => words.packs.link, sees: ({ post }) => post?.role === "contract-manager" },
    ],
  },
};
