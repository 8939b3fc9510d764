import { api, body } from "../api/client";
import { OpenFile } from "../ui/open-file";
import { Time } from "../ui/time";
import { useWords } from "../words/words";
import type { Case } from "./case-query";

/** What the provider attached. A document opens in the reader's own program, beside the page. */
export function Documents({ of, zone }: { of: Case; zone: string | undefined }) {
  const words = useWords().reviews.documents;
  const address = async (document: string) =>
    (await body(api.GET("/staff/cases/{id}/documents/{document}", { params: { path: { id: of.key, document } } }))).url;
  return (
    <section aria-label={words.title}>
      <h2>{words.title}</h2>
      {of.documents.length === 0 && <p>{words.none}</p>}
      <ul className="usa-list">
        {of.documents.map(({ id, fileName, documentTypeLabel, state, reason, scan, pages, at, request }) => (
          <li key={id}>
            <span lang="en">{documentTypeLabel}</span>
            <br />
            {state === "accepted" ? <OpenFile label={words.open(fileName)} address={() => address(id)} /> : `${fileName}: ${words.state[state]}`}
            {scan ? `, ${words.scans[scan]}` : reason && <span lang="en"> {reason}</span>}
            <br />
            <span className="usa-hint">
              {request}, <Time at={at} zone={zone} />
              {pages ? `, ${words.pages(pages)}` : ""}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
