import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useLocation } from "react-router";
import { unreadQuery } from "../api/alerts";
import { useDoor } from "../api/door";
import { queries } from "../api/queries";
import { session } from "../api/session";
import { useWords } from "../words/words";

/** How many alerts are unread. It is asked for as somebody goes from page to page, never by the clock: a call keeps a session open. */
export function Unread() {
  const words = useWords().alerts;
  const door = useDoor();
  const { pathname } = useLocation();
  const { queryKey } = unreadQuery(door);
  const { data } = useQuery({ ...unreadQuery(door), enabled: session()?.door === door });
  useEffect(() => {
    void queries.invalidateQueries({ queryKey });
    // The key is made anew each time, and the same for a door.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [pathname, door]);
  if (!data) return null;
  return (
    <strong className="usa-tag margin-left-1">
      {words.count(data)}
      <span className="usa-sr-only"> {words.unread}</span>
    </strong>
  );
}
