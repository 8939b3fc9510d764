// The room `staff`: what it gives to the portal.

import type { Profile, Schemas } from "../api/types";
import type { Room } from "../room";

const is = (role: Schemas["StaffRole"]) => (profile: Profile) => profile.post?.role === role;

export const staff: Room = {
  staff: {
    routes: [
      { path: "people", lazy: async () => ({ Component: (await import("./list")).StaffList }) },
      { path: "people/new", lazy: async () => ({ Component: (await import("./add-staff")).AddStaff }) },
      { path: "people/:person", lazy: async () => ({ Component: (await import("./edit-staff")).EditStaff }) },
      { path: "support", lazy: async () => ({ Component: (await import("./support")).Support }) },
      { path: "support/:user", lazy: async () => ({ Component: (await import("./served-user")).ServedUser }) },
    ],
    links: [
      { to: "/staff/people", label: (words) => words.staff.link, sees: is("contract-manager") },
      { to: "/staff/support", label: (words) => words.staff.support.link, sees: is("support") },
    ],
  },
};
