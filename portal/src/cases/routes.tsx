// The room `cases`: what it gives to the portal.

import type { Room } from "../room";

export const cases: Room = {
  provider: {
    routes: [
      { index: true, lazy: async () => ({ Component: (await import("./home")).Home }) },
      {
        path: "cases/new",
        lazy: async () => ({ Component: (await import("./new-case")).NewCase }),
        children: [
          { index: true, lazy: async () => ({ Component: (await import("./parameters")).Parameters }) },
          { path: "member", lazy: async () => ({ Component: (await import("./member-search")).MemberSearch }) },
          { path: "earlier", lazy: async () => ({ Component: (await import("./earlier-requests")).EarlierRequests }) },
          { path: "temporary-member", lazy: async () => ({ Component: (await import("./temporary-member")).TemporaryMember }) },
        ],
      },
      { path: "cases/:id", lazy: async () => ({ Component: (await import("./case")).Case }) },
      { path: "cases/:id/messages", lazy: async () => ({ Component: (await import("./messages")).Messages }) },
      { path: "cases/:id/accesses", lazy: async () => ({ Component: (await import("./accesses")).AccessesPage }) },
      { path: "cases/:id/:step", lazy: async () => ({ Component: (await import("./wizard")).Wizard }) },
    ],
    links: [
      { to: "/", label: (words) => words.cases.home.link },
      { to: "/cases/new", label: (words) => words.cases.create.title },
    ],
  },
  staff: {
    routes: [
      { path: "temporary-members", lazy: async () => ({ Component: (await import("./waiting-members")).WaitingMembers }) },
      { path: "temporary-members/:contract/:member", lazy: async () => ({ Component: (await import("./waiting-member")).WaitingMember }) },
    ],
    links: [{ to: "/staff/temporary-members", label: (words) => words.cases.waiting.link, sees: ({ post }) => post?.role === "intake" }],
  },
};
