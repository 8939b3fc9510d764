// The room `groups`: what it gives to the portal.

import type { Room } from "../room";

export const groups: Room = {
  provider: {
    routes: [
      { path: "setup", lazy: async () => ({ Component: (await import("./setup")).Setup }) },
      { path: "setup/:group/register", lazy: async () => ({ Component: (await import("./register-provider")).RegisterProvider }) },
      { path: "setup/:group/users", lazy: async () => ({ Component: (await import("./users")).Users }) },
      { path: "setup/:group/users/new", lazy: async () => ({ Component: (await import("./add-user")).AddUser }) },
      { path: "setup/:group/users/:user", lazy: async () => ({ Component: (await import("./edit-user")).EditUser }) },
    ],
    links: [{ to: "/setup", label: (words) => words.groups.link }],
  },
};
