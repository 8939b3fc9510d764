import { useEffect, useRef } from "react";
import { useLocation } from "react-router";

/** The heading of a page: names the tab, and takes the focus when the page opens, for that is where reading begins. */
export function Title({ children }: { children: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { key, state } = useLocation();
  const { field, stay } = (state ?? {}) as { field?: string; stay?: boolean };
  const opened = useRef(false);
  useEffect(() => {
    // Whoever comes back to a list that was narrowed opens its page all the same.
    const stays = stay && opened.current;
    opened.current = true;
    if (stays) return undefined;
    if (field) return focusWhenThere(field);
    heading.current?.focus();
    return undefined;
    // Each page that is opened has a key of its own, also the same address once more.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [key, field, stay]);
  return (
    <>
      <title>{children}</title>
      <h1 ref={heading} tabIndex={-1} className="margin-top-0">
        {children}
      </h1>
    </>
  );
}

/** Back from signing in, the work goes on at its field, which may wait for its values from the server. */
function focusWhenThere(id: string): () => void {
  const focus = () => {
    const field = document.getElementById(id);
    field?.focus();
    return field !== null;
  };
  if (focus()) return () => undefined;
  const page = new MutationObserver(() => {
    if (focus()) page.disconnect();
  });
  page.observe(document.body, { childList: true, subtree: true });
  return () => page.disconnect();
}
