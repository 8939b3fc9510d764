import type { ReactNode } from "react";
import { useWords } from "../words/words";
import { Facts } from "./facts";
import { Day, Time } from "./time";

interface Amount {
  units: number;
  modifiers: readonly string[];
  from: string;
  to: string;
}

interface Props {
  /** What a request follows. */
  of: {
    request: string;
    at?: string | null | undefined;
    by?: string | null | undefined;
    note?: string | null | undefined;
    authorized: readonly (Amount | null | undefined)[];
    removed: number;
    servicing?: { name: string; npi?: string | null | undefined } | null | undefined;
  };
  /** What was decided there, in short. */
  decided: ReactNode;
  /** The notes of the case that are shown. */
  notes: readonly { id: string; text: string }[];
  /** The codes of its lines. */
  codes: readonly string[];
  zone: string | undefined;
}

/** What a request follows, what was said with it, and what was authorized before. */
export function Followed({ of, decided, notes, codes, zone }: Props) {
  const words = useWords().requests.followed;
  const { request, at, by, authorized, removed, servicing } = of;
  const note = notes.find(({ id }) => id === of.note);
  return (
    <Facts
      facts={[
        {
          label: words.title(request),
          value: (
            <>
              {at && <Time at={at} zone={zone} />}
              {by && `, ${by}`}
            </>
          ),
        },
        { label: words.decided(request), value: decided },
        { label: words.said, value: note && <span className="typed">{note.text}</span> },
        {
          label: words.before,
          value: (
            <ul className="usa-list usa-list--unstyled">
              {authorized
                .map((held, place) => ({ held, place }))
                .map(({ held, place }) => (
                  <li key={place}>
                    {[codes[place], ...(held?.modifiers ?? [])].join(" ")}: {held ? <Held held={held} /> : words.nothing}
                  </li>
                ))}
              {removed > 0 && <li>{words.removed(removed)}</li>}
            </ul>
          ),
        },
        { label: words.servicing, value: servicing && [servicing.name, servicing.npi].filter(Boolean).join(", ") },
      ]}
    />
  );
}

function Held({ held: { units, from, to } }: { held: Amount }) {
  const words = useWords().requests.followed;
  return (
    <>
      {words.amount(units)}, <Day day={from} /> – <Day day={to} />
    </>
  );
}
