// What was typed and could not be sent when its page had to go: kept in memory only, for the same person, until it is sent.

import { useCallback, useEffect, useRef, useState } from "react";
import type { FieldValues, UseFormReturn } from "react-hook-form";
import { onSession } from "./session";

const kept = new Map<string, unknown>();

// Whoever signs out by choice is done.
onSession((session, end) => {
  if (!session && end === "signed-out") kept.clear();
});

/** @param owner whose it is: another person who signs in here never sees it */
export function useKept<V extends FieldValues>(form: UseFormReturn<V>, name: string, owner: string): void {
  const key = `${owner} ${name}`;
  const of = useRef(form);
  // As they are typed: when the page goes, the form may have forgotten them already.
  const latest = useRef<V>(undefined);
  // Watched while rendering, so that it is known when the page goes.
  const dirty = form.formState.isDirty;
  useEffect(() => {
    const before = kept.get(key) as V | undefined;
    kept.delete(key);
    if (before) {
      of.current.reset(before, { keepDefaultValues: true });
      latest.current = before;
    }
    return of.current.subscribe({
      formState: { values: true },
      callback: ({ values }) => {
        latest.current = values;
      },
    });
  }, [key]);
  useEffect(() => {
    if (!dirty) {
      // Sent, or as it was.
      kept.delete(key);
      return undefined;
    }
    return () => {
      if (latest.current) kept.set(key, structuredClone(latest.current));
    };
  }, [key, dirty]);
}

/** What the pages of one way know in common, kept in the same way. `forget` leaves to an open page what it shows. */
export function useKeptState<S>(name: string, owner: string, first: S): { state: S; change: (to: (before: S) => S) => void; forget: () => void } {
  const key = `${owner} ${name}`;
  const [state, setState] = useState(() => (kept.get(key) as S | undefined) ?? first);
  const change = useCallback(
    (to: (before: S) => S) => {
      const after = to((kept.get(key) as S | undefined) ?? first);
      kept.set(key, after);
      setState(after);
    },
    [key, first],
  );
  const forget = useCallback(() => void kept.delete(key), [key]);
  return { state, change, forget };
}
