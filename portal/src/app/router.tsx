// The addresses: each room brings its own. What needs a session stands behind its door.

import { createBrowserRouter, redirect, type LoaderFunctionArgs, type RouteObject } from "react-router";
import { through } from "../api/door";
import { resume } from "../api/session";
import type { Door } from "../api/types";
import type { Room } from "../room";
import { keepBack } from "../ui/back";
import { NothingHere } from "../ui/nothing-here";
import { wordsInside } from "../words/words";
import { Broken } from "./broken";
import { rooms } from "./rooms";
import { Shell } from "./shell";

export function router() {
  return createBrowserRouter([
    {
      element: <Shell />,
      errorElement: <Broken />,
      // What is shown while the first page is loaded: its script is on the way.
      hydrateFallbackElement: <p role="status" />,
      children: [
        {
          errorElement: <Broken />,
          children: [
            ...rooms.flatMap((room) => room.open ?? []),
            behind("provider", "/", (room) => room.provider?.routes ?? []),
            behind("staff", "/staff", (room) => room.staff?.routes ?? []),
            { path: "*", element: <NothingHere /> },
          ],
        },
      ],
    },
  ]);
}

function behind(door: Door, path: string, routes: (room: Room) => RouteObject[]): RouteObject {
  return { path, handle: { guarded: true }, loader: (call) => guard(door, call), errorElement: <Broken />, children: rooms.flatMap(routes) };
}

async function guard(door: Door, { request }: LoaderFunctionArgs): Promise<null> {
  const [signedIn] = await Promise.all([resume(door), wordsInside()]);
  if (signedIn) return null;
  const { pathname, search } = new URL(request.url);
  if (pathname !== through(door, "/")) keepBack(pathname + search);
  throw redirect(through(door, "/sign-in"));
}
