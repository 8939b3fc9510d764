import { useWords } from "../words/words";
import { Alert } from "./alert";
import { Facts } from "./facts";
import { Time } from "./time";

interface Talk {
  at: string;
  provider: string;
  phone: string;
  times: readonly string[];
  state: "asked" | "scheduled" | "held" | "missed";
  /** The chosen one. */
  time?: string | null | undefined;
  outcome?: string | null | undefined;
}

interface Props {
  /** As R01. */
  request: string;
  talks: readonly Talk[] | undefined;
  zone: string | undefined;
}

/** The conversations about a decision that the provider asked for, and what became of each. */
export function Talks({ request, talks, zone }: Props) {
  const words = useWords().requests.talks;
  return talks?.map(({ at, provider, phone, times, state, time, outcome }) => (
    <Alert key={at} tone={state === "asked" ? "warning" : "info"} title={words.title(request, words.states[state])}>
      <Facts
        facts={[
          { label: words.provider, value: provider },
          { label: words.phone, value: phone },
          {
            label: words.times,
            value: state === "asked" && (
              <ul className="usa-list">
                {times.map((one) => (
                  <li key={one}>
                    <Time at={one} zone={zone} />
                  </li>
                ))}
              </ul>
            ),
          },
          { label: words.time, value: time && <Time at={time} zone={zone} /> },
          { label: words.outcome, value: outcome && <span className="typed">{outcome}</span> },
        ]}
      />
    </Alert>
  ));
}
