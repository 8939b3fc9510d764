import { Link } from "react-router";
import { useWords } from "../words/words";

/** Leads to the messages of a case, and says how many the reader has not read. */
export function MessagesLink({ to, unread }: { to: string; unread: number | undefined }) {
  const words = useWords().messages;
  return (
    <p className="screen">
      <Link to={to}>{words.link}</Link>
      {unread ? <strong className="usa-tag margin-left-1">{words.freshOnes(unread)}</strong> : null}
    </p>
  );
}
