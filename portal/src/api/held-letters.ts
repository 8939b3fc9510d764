// Letters that are held for repair: who has them written again, and the call that does.

import { useState } from "react";
import { api, body } from "./client";
import { Intent } from "./intent";
import type { Schemas } from "./types";

/** Who sees them across cases; the API decides. */
export function repairs(role: Schemas["StaffRole"] | undefined): boolean {
  return role === "nurse" || role === "physician" || role === "contract-manager";
}

/** Has a letter written again: one intent for each letter. */
export function useAskLetter(): (key: string, letter: string) => Promise<Schemas["AskedLetter"]> {
  const [intents] = useState(() => new Map<string, Intent>());
  return (id, letter) => {
    const intent = intents.get(letter) ?? new Intent();
    intents.set(letter, intent);
    return intent.send((header) => body(api.POST("/staff/held-letters/{id}/{letter}", { params: { path: { id, letter }, header } })));
  };
}
