// The room `accounts`: what it gives to the portal.

import type { RouteObject } from "react-router";
import { through } from "../api/door";
import type { Door } from "../api/types";
import type { Room } from "../room";
import { SignIn, signInLoader } from "./sign-in";

/** What stands at both doors for people without a session. Sign-in alone is in the first load. */
function open(door: Door): RouteObject[] {
  return [{ path: through(door, "/sign-in"), Component: SignIn, loader: signInLoader }];
}

export const accounts: Room = {
  open: [...open("provider"), ...open("staff")],
};
