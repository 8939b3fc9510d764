import type { Schemas } from "../api/types";
import { Corrects } from "../ui/corrections";
import { Facts } from "../ui/facts";
import { Time } from "../ui/time";
import { useWords } from "../words/words";

/** A decision as it was issued. */
export function Determination({ of, zone }: { of: Schemas["DeterminationView"]; zone: string | undefined }) {
  const { request: words, decide } = useWords().reviews;
  return (
    <>
      <h3>{words.determination}</h3>
      <Facts
        facts={[
          { label: words.outcome, value: decide.outcome[of.outcome] },
          { label: words.by, value: of.by },
          { label: words.at, value: <Time at={of.at} zone={zone} /> },
          { label: words.authorization, value: of.authorizationNumber },
          { label: words.version, value: of.contractVersion },
        ]}
      />
      <Corrects of={of} />
      <Criteria of={of.criteria} />
    </>
  );
}

export function Criteria({ of }: { of: readonly Schemas["CriterionView"][] }) {
  const words = useWords().reviews.request;
  if (of.length === 0) return null;
  return (
    <>
      <h4>{words.criteria}</h4>
      <ul className="usa-list" lang="en">
        {of.map(({ title, citation, text }) => (
          <li key={title + citation + text}>
            <strong>{title}</strong>, {citation}
            <br />
            <span className="typed">{text}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
