import { useCallback, useEffect, useRef } from "react";
import { useLocation, useNavigation, useSearchParams, type NavigateOptions } from "react-router";

/** The page stays the page: the focus and the scroll position stay where they are. */
export const STAY = { state: { stay: true }, preventScrollReset: true } as const;

/** A part of the address: the back button takes back what was put there. An answer that comes when one has gone on puts nothing there. */
export function useInAddress(name: string): [string | undefined, (value: string | undefined, how?: NavigateOptions) => void] {
  const [search, setSearch] = useSearchParams();
  const { pathname } = useLocation();
  const { location: next } = useNavigation();
  const leaves = useRef(false);
  useEffect(() => {
    leaves.current = next !== undefined && next.pathname !== pathname;
  }, [next, pathname]);
  const put = useCallback(
    (value: string | undefined, how?: NavigateOptions) => {
      if (leaves.current || window.location.pathname !== pathname) return;
      // As the address is now: what is put after an answer came takes nothing away that was put meanwhile.
      const after = new URLSearchParams(window.location.search);
      if (value) after.set(name, value);
      else after.delete(name);
      setSearch(after, { ...STAY, ...how });
    },
    [name, pathname, setSearch],
  );
  return [search.get(name) ?? undefined, put];
}

/**
 * What a page asks in a dialog, as a part of its address: the back button closes the dialog, and whoever has to sign in once
 * more in the middle comes back to it. A form on the page, no dialog, takes the focus when it is asked for from elsewhere.
 */
export function useAsked(): [string | undefined, (what?: string, focus?: "focus") => void] {
  const [asked, put] = useInAddress("ask");
  const ask = useCallback(
    (what?: string, focus?: "focus") => put(what, { state: { ...STAY.state, focus: focus !== undefined }, replace: what === undefined }),
    [put],
  );
  return [asked, ask];
}
