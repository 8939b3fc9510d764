// The room `accounts`: what it gives to the portal.

import type { RouteObject } from "react-router";
import { through } from "../api/door";
import type { Door } from "../api/types";
import type { Room, Wing } from "../room";
import { SignIn, signInAnew, signInLoader } from "./sign-in";
import { Unread } from "./unread";

/** What stands at both doors for people without a session. Sign-in alone is in the first load. */
function open(door: Door): RouteObject[] {
  return [
    { path: through(door, "/sign-in"), Component: SignIn, loader: signInLoader, shouldRevalidate: signInAnew },
    { path: through(door, "/forgotten"), lazy: async () => ({ Component: (await import("./forgotten")).Forgotten }) },
  ];
}

/** Mailed links lead to the same pages, whatever the door. */
const mailed: RouteObject[] = [
  { path: "/enrol", lazy: async () => ({ Component: (await import("./enrol")).Enrol }) },
  { path: "/reset", lazy: async () => ({ Component: (await import("./reset")).Reset }) },
  { path: "/undo", lazy: async () => ({ Component: (await import("./reset")).Undo }) },
];

/** The own profile, at both doors. */
function wing(door: Door): Wing {
  return {
    routes: [
      { path: "alerts", lazy: async () => ({ Component: (await import("./alerts")).Alerts }) },
      { path: "profile", lazy: async () => ({ Component: (await import("./profile")).ProfilePage }) },
    ],
    links: [
      { to: through(door, "/alerts"), label: (words) => words.alerts.title, Beside: Unread },
      { to: through(door, "/profile"), label: (words) => words.accounts.profile.link },
    ],
  };
}

/** Providers ask support, whom each contract names. */
function withContact({ routes, links }: Wing): Wing {
  return {
    routes: [...routes, { path: "contact", lazy: async () => ({ Component: (await import("./contact-us")).ContactUs }) }],
    links: [...links, { to: "/contact", label: (words) => words.accounts.contactUs.title }],
  };
}

export const accounts: Room = {
  open: [
    ...open("provider"),
    ...open("staff"),
    ...mailed,
    { path: "/sign-in/contact", lazy: async () => ({ Component: (await import("./contact-us")).ContactBefore }) },
    { path: "/register", lazy: async () => ({ Component: (await import("./register")).Register }) },
  ],
  provider: withContact(wing("provider")),
  staff: wing("staff"),
};
