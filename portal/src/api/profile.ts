// Who is signed in, as the API says: one query that header, home and rooms share.

import { useQuery } from "@tanstack/react-query";
import { api, versioned } from "./client";
import { session } from "./session";
import { at, type Door } from "./types";

export function profileQuery(door: Door) {
  return { queryKey: ["profile", door], queryFn: () => versioned(api.GET(at(door, "/me"))) };
}

/** The own profile; nothing before sign-in. */
export function useProfile(door: Door) {
  const signedIn = session()?.door === door;
  return useQuery({ ...profileQuery(door), enabled: signedIn });
}
