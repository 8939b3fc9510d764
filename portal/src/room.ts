// What a room gives to the portal: its addresses at each door, and its links in the header.

import type { ComponentType } from "react";
import type { RouteObject } from "react-router";
import type { Profile } from "./api/types";
import type { Words } from "./words/words";

export interface Link {
  to: string;
  label: (words: Words) => string;
  /** Says more beside it, as how many are unread. */
  Beside?: ComponentType;
  /** Who sees it; everybody at the door when absent. The API decides what they may: a link only spares a refusal. */
  sees?: (profile: Profile) => boolean;
}

/** One of the two doors. */
export interface Wing {
  /** Addresses below the door: `/` or `/staff`; only for people who are signed in. */
  routes: RouteObject[];
  links: Link[];
}

export interface Room {
  /** Addresses for everybody. */
  open?: RouteObject[];
  provider?: Wing;
  staff?: Wing;
}
