// The addresses of the portal, from its own router's table: a page that nobody visits is seen here.

import type { RouteObject } from "react-router";
import type { Room } from "../src/room";

/** Some parts listen to the page as soon as they are read; here is none. */
Object.assign(globalThis, { document: { addEventListener: () => undefined } });
const { rooms } = (await import("../src/app/rooms")) as { rooms: readonly Room[] };
Reflect.deleteProperty(globalThis, "document");

/** Each with its parameters, as `/staff/cases/:case`. */
export const ADDRESSES: readonly string[] = rooms.flatMap(({ open = [], provider, staff }) =>
  [leaves(open, ""), leaves(provider?.routes ?? [], "/"), leaves(staff?.routes ?? [], "/staff")].flat(),
);

function leaves(routes: readonly RouteObject[], below: string): string[] {
  return routes.flatMap(({ path = "", children }) => {
    const here = [below.replace(/\/$/, ""), path.replace(/^\//, "")].filter((part, place) => place === 0 || part).join("/") || "/";
    return children ? leaves(children, here) : [here];
  });
}
