import { useCallback, useEffect } from "react";
import { useLocation, useNavigate } from "react-router";

/**
 * The steps of one page, each of which the back button leads back from. What was entered is the page's own: after a reload it
 * begins anew.
 * @param reached whether what a step needs was entered
 */
export function useStepInHistory<S extends string>(first: S, reached: Record<S, boolean>): [S, (step: S, how?: "replace") => void] {
  const { pathname, search, state } = useLocation();
  const navigate = useNavigate();
  const told = (state as { step?: S } | null)?.step ?? first;
  const there = told === first || reached[told];
  const go = useCallback(
    (step: S, how?: "replace") => void navigate({ pathname, search }, { state: step === first ? null : { step }, replace: how !== undefined }),
    [navigate, pathname, search, first],
  );
  useEffect(() => {
    if (!there) go(first, "replace");
  }, [there, go, first]);
  return [there ? told : first, go];
}
