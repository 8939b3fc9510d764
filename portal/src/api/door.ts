import { useLocation } from "react-router";
import type { Door } from "./types";

export function doorOf(path: string): Door {
  return path === "/staff" || path.startsWith("/staff/") ? "staff" : "provider";
}

/** The door of the page. */
export function useDoor(): Door {
  return doorOf(useLocation().pathname);
}

/** An address of the portal at a door: `/profile` is `/staff/profile` for staff. */
export function through(door: Door, address: string): string {
  return door === "staff" ? `/staff${address === "/" ? "" : address}` : address;
}
