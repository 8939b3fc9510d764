import { Alert } from "../ui/alert";
import { Day, Time } from "../ui/time";
import { useWords } from "../words/words";
import type { Request } from "./case-query";

/** What the provider was asked for, and what came of it. */
export function Pends({ pends, zone }: { pends: Request["pends"]; zone: string | undefined }) {
  const words = useWords().reviews.ask;
  return pends?.map(({ at, by, items, due, state }) => (
    <Alert key={at} tone={state === "waiting" ? "warning" : "info"} title={words.asked(words.states[state])}>
      <ul className="usa-list">
        {items.map((item) => (
          <li key={item} className="typed">
            {item}
          </li>
        ))}
      </ul>
      <p>
        <Time at={at} zone={zone} />, {by}. {words.until} <Day day={due} />.
      </p>
    </Alert>
  ));
}
