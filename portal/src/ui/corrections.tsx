import { useWords } from "../words/words";
import { Day, Time } from "./time";

type Outcome = "approved" | "modified" | "denied";

interface Determination {
  number: number;
  at: string;
  outcome: Outcome;
  by: string;
  lines: readonly { outcome: Outcome; authorized?: { units: number; from: string; to: string } | null; reason?: string | null }[];
  correction?: { of: number; reason: string } | null;
}

/** Why a decision took the place of an earlier one. */
export function Corrects({ of }: { of: Determination }) {
  const words = useWords().requests.corrections;
  if (!of.correction) return null;
  return (
    <p>
      <strong>{words.corrects(of.correction.of)}:</strong> <span className="typed">{of.correction.reason}</span>
    </p>
  );
}

/** What was decided before, and what took its place: the last one first. */
export function EarlierDecisions({ request, earlier, zone }: { request: string; earlier: readonly Determination[] | undefined; zone: string | undefined }) {
  const { corrections: words, statuses } = useWords().requests;
  if (!earlier?.length) return null;
  return (
    <details id={`earlier-${request}`}>
      <summary>{words.title}</summary>
      <ul className="usa-list">
        {earlier.toReversed().map((of) => (
          <li key={of.number}>
            <strong>{words.decision(of.number)}</strong>: {statuses[of.outcome]}, <Time at={of.at} zone={zone} />, <span lang="en">{of.by}</span>; {words.replaced(of.number + 1)}
            <Corrects of={of} />
            <ul className="usa-list">
              {of.lines.map(({ outcome, authorized, reason }, place) => (
                // Lines of a decision stay as they are, in their order.
                // oxlint-disable-next-line react/no-array-index-key
                <li key={place}>
                  {words.line(place + 1)}: {statuses[outcome]}
                  {authorized && (
                    <>
                      , {authorized.units}, <Day day={authorized.from} /> – <Day day={authorized.to} />
                    </>
                  )}
                  {reason && (
                    <span className="display-block typed" lang="en">
                      {reason}
                    </span>
                  )}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </details>
  );
}
