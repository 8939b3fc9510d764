import { useWords } from "../words/words";
import { Alert } from "./alert";
import { Day, Time } from "./time";

interface Days {
  from: string;
  to: string;
}

/** The days of a line on which the plan's file does not cover the member. */
export function Uncovered({ days }: { days: readonly Days[] | undefined }) {
  const words = useWords().requests.coverage;
  if (!days?.length) return null;
  return (
    <span className="display-block">
      <strong>{words.outside}</strong>{" "}
      {days.map(({ from, to }, place) => (
        <span key={from}>
          {place > 0 && ", "}
          <Day day={from} /> – <Day day={to} />
        </span>
      ))}
    </span>
  );
}

interface Props {
  request: string;
  /** It waits for the plan's file, so long. */
  awaited: { until: string } | null | undefined;
  zone: string | undefined;
}

/** That a request waits for the member's eligibility. */
export function Eligibility({ request, awaited, zone }: Props) {
  const words = useWords().requests.coverage;
  if (!awaited) return null;
  return (
    <Alert tone="info" title={words.waits(request)}>
      {words.until} <Time at={awaited.until} zone={zone} />.
    </Alert>
  );
}
