import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { api, body } from "../api/client";
import type { Schemas } from "../api/types";
import { Alert } from "../ui/alert";
import { Day } from "../ui/time";
import { useWords } from "../words/words";
import { asking } from "./follow-ups";

type Duplicate = Schemas["Duplicate"];

/** What a draft may ask for twice, of what the reader may see. */
export function useDuplicates(of: string) {
  return useQuery({
    queryKey: ["duplicates", of],
    queryFn: async () => (await body(api.GET("/cases/{id}/duplicates", { params: { path: { id: of } } }))).duplicates,
  });
}

/** Which requests, which procedures, which days and who performs them; and what is better than asking twice. */
export function Duplicates({ found }: { found: readonly Duplicate[] }) {
  const words = useWords().cases;
  return (
    <Alert tone="warning" title={words.duplicates.title}>
      <p>{words.duplicates.about}</p>
      <ul className="usa-list">
        {found.map((one) => (
          <li key={`${one.key} ${one.request}`}>
            <Link to={`/cases/${one.key}`}>{words.duplicates.one(one.caseId, one.request)}</Link>: {words.statuses[one.status]}.{" "}
            {words.duplicates.performedBy(one.servicingName)}
            <ul className="usa-list">
              {one.lines.map(({ code, modifiers, description, from, to }) => (
                <li key={`${code} ${from} ${to}`}>
                  {[code, ...modifiers].join(" ")} {description && <span lang="en">{description}</span>}, <Day day={from} />
                  {from !== to && (
                    <>
                      {" – "}
                      <Day day={to} />
                    </>
                  )}
                </li>
              ))}
            </ul>
            <p>{one.may.includes("note") ? words.duplicates.addNote : words.duplicates.lookThere}</p>
            {one.follows.length > 0 && <Instead of={one} />}
          </li>
        ))}
      </ul>
    </Alert>
  );
}

/** To extend or to revise what is authorized there, and until when. */
function Instead({ of: { key, caseId, request, follows } }: { of: Duplicate }) {
  const words = useWords().cases;
  return (
    <>
      <p className="margin-bottom-0">{words.duplicates.instead}</p>
      <ul className="usa-list">
        {follows.map(({ kind, until }) => (
          <li key={kind}>
            <Link to={`/cases/${key}?ask=${asking(kind, request)}`}>{words.follow.askOf[kind](`${caseId}, ${request}`)}</Link>
            {until && (
              <>
                {" "}
                {words.follow.until} <Day day={until} />
              </>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
