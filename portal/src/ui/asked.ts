import { useCallback } from "react";
import { useSearchParams } from "react-router";

/** The page stays the page: the focus and the scroll position stay where they are. */
export const STAY = { state: { stay: true }, preventScrollReset: true } as const;

/**
 * What a page asks in a dialog, as a part of its address: the back button closes the dialog, and whoever has to sign in once
 * more in the middle comes back to it. A form on the page, no dialog, takes the focus when it is asked for from elsewhere.
 */
export function useAsked(): [string | undefined, (what?: string, focus?: "focus") => void] {
  const [search, setSearch] = useSearchParams();
  const ask = useCallback(
    (what?: string, focus?: "focus") => {
      const next = (before: URLSearchParams) => {
        const after = new URLSearchParams(before);
        if (what) after.set("ask", what);
        else after.delete("ask");
        return after;
      };
      setSearch(next, { ...STAY, state: { ...STAY.state, focus: focus !== undefined }, replace: what === undefined });
    },
    [setSearch],
  );
  return [search.get("ask") ?? undefined, ask];
}
