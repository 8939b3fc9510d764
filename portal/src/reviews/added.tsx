import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api } from "../api/client";
import { isRefused } from "../api/refused";
import { Time } from "../ui/time";
import { useWords } from "../words/words";
import type { Case, Request } from "./case-query";

interface Props {
  of: Case;
  request: Request;
  /** Who looks. */
  own: string;
  zone: string | undefined;
}

/** What was added after submit, and what is new of it. The look of whoever has the request is noted with their claim. */
export function Added({ of, request: { number, added, claim }, own, zone }: Props) {
  const words = useWords().reviews.added;
  const queries = useQueryClient();
  const newest = added?.findLast((one) => one.new)?.at;
  const theirs = claim?.by === own;
  useEffect(() => {
    if (!newest || !theirs) return;
    const seen = async () => {
      try {
        await api.POST("/staff/cases/{id}/requests/{number}/claim", { params: { path: { id: of.key, number } } });
        await queries.invalidateQueries({ queryKey: ["worklist"] });
      } catch (thrown) {
        // It stays news, and is noted at the next look.
        if (!isRefused(thrown)) throw thrown;
      }
    };
    void seen();
  }, [newest, theirs, of.key, number, queries]);
  if (!added) return null;
  return (
    <section aria-label={words.title(number)}>
      <h3>{words.title(number)}</h3>
      <ul className="usa-list">
        {added.map(({ at, by, note, documents, answers, new: fresh }) => (
          <li key={at + by}>
            {fresh && <strong className="usa-tag">{words.fresh}</strong>} <Time at={at} zone={zone} />, {by}
            {answers && `, ${words.answers}`}
            {note && <p className="typed margin-y-05">{of.notes.find(({ id }) => id === note)?.text ?? words.earlier}</p>}
            {documents.map((id) => (
              <Document key={id} of={of} id={id} />
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** It opens from the list of documents beside. */
function Document({ of, id }: { of: Case; id: string }) {
  const { state: states } = useWords().reviews.documents;
  const found = of.documents.find((document) => document.id === id);
  if (!found) return null;
  return (
    <span className="display-block">
      {found.fileName}, <span lang="en">{found.documentTypeLabel}</span>: {states[found.state]}
    </span>
  );
}
