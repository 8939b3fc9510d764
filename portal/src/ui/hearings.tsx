import { useWords } from "../words/words";
import { Alert } from "./alert";
import { Facts } from "./facts";
import { Day, Time } from "./time";

type Outcome = "upheld" | "reversed" | "reversed-in-part" | "withdrawn" | "dismissed";

interface Hearing {
  at: string;
  askedOn: string;
  askedBy: "provider" | "member" | "representative";
  name?: string | null | undefined;
  reason: string;
  state: "requested" | "scheduled" | "ended";
  time?: string | null | undefined;
  on?: string | null | undefined;
  outcome?: Outcome | null | undefined;
  words?: string | null | undefined;
  carriedOutBy?: string | null | undefined;
}

interface Props {
  request: {
    /** As R01. */
    number: string;
    hearings?: readonly Hearing[] | undefined;
    hearing?: { until?: string | null | undefined; code?: string | null | undefined; detail?: string | null | undefined } | null | undefined;
    /** Of another look. */
    lookOutcome?: Outcome | null | undefined;
    /** That of the hearing which it carries out. */
    ordered?: Outcome | null | undefined;
  };
  zone: string | undefined;
}

/** What another look came to, the fair hearings about a decision, and until when one may be asked for. */
export function Hearings({ request: { number, hearings, hearing, lookOutcome, ordered }, zone }: Props) {
  const words = useWords().requests.hearings;
  return (
    <>
      {ordered && (
        <Alert tone="warning" title={words.ordered(words.outcomes[ordered])}>
          {words.carryOut}
        </Alert>
      )}
      {lookOutcome && <Facts facts={[{ label: words.lookOutcome, value: <strong>{words.outcomes[lookOutcome]}</strong> }]} />}
      {hearings?.map(({ at, askedOn, askedBy, name, reason, state, time, on, outcome, words: said, carriedOutBy }) => (
        <Alert key={at} tone={state === "requested" ? "warning" : "info"} title={words.title(number, outcome ? words.outcomes[outcome] : words.states[state])}>
          <Facts
            facts={[
              { label: words.askedOn, value: <Day day={askedOn} /> },
              { label: words.askedBy, value: [words.askers[askedBy], name].filter(Boolean).join(": ") },
              { label: words.reason, value: <span className="typed">{reason}</span> },
              { label: words.time, value: time && <Time at={time} zone={zone} /> },
              { label: words.on, value: on && <Day day={on} /> },
              { label: words.said, value: said && <span className="typed">{said}</span> },
              { label: words.carriedOutBy, value: carriedOutBy },
            ]}
          />
        </Alert>
      ))}
      {hearing?.until && (
        <p>
          {words.until} <Day day={hearing.until} />.
        </p>
      )}
      {hearing?.code && hearing.detail && hearing.code !== "open" && hearing.code !== "over" && <p>{words.refused(hearing.code, hearing.detail)}</p>}
    </>
  );
}
