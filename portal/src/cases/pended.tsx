import type { ReactNode } from "react";
import type { Schemas } from "../api/types";
import { Alert } from "../ui/alert";
import { Day, Time } from "../ui/time";
import { useWords } from "../words/words";

/** What the reviewer asks for, and until when; and what was asked before. */
export function Pended({ request: { number, pends }, zone, children }: { request: Schemas["RequestView"]; zone: string; children: ReactNode }) {
  const words = useWords().cases.information;
  const waiting = pends?.find(({ state }) => state === "waiting");
  const before = pends?.filter((pend) => pend !== waiting);
  return (
    <>
      {waiting && (
        <Alert tone="warning" title={words.needed(number)}>
          <Items items={waiting.items} />
          <p>
            {words.due} <strong><Day day={waiting.due} /></strong> (<Time at={waiting.until} zone={zone} />).
          </p>
          {children}
        </Alert>
      )}
      {before?.map(({ at, items, state }) => (
        <details key={at}>
          <summary>
            {words.asked} <Time at={at} zone={zone} />: {words.states[state]}
          </summary>
          <Items items={items} />
        </details>
      ))}
    </>
  );
}

/** As the reviewer wrote it. */
function Items({ items }: { items: readonly string[] }) {
  return (
    <ul className="usa-list">
      {items.map((item) => (
        <li key={item} className="typed">
          {item}
        </li>
      ))}
    </ul>
  );
}
