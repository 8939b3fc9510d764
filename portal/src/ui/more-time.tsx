import { useWords, type Words } from "../words/words";
import { Alert } from "./alert";
import { Day, Time } from "./time";

interface Extended {
  at: string;
  by?: string | null;
  days: number;
  until: string;
  askedBy: keyof Words["requests"]["moreTime"]["askedBy"];
  reason: string;
}

interface LastDay {
  of: keyof Words["requests"]["lastDays"]["of"];
  until: string;
  over: boolean;
  why: string;
}

/** Until when the time for the decision was extended, and why. */
export function MoreTime({ request: { moreTime }, zone }: { request: { moreTime?: Extended | null }; zone: string | undefined }) {
  const words = useWords().requests.moreTime;
  if (!moreTime) return null;
  const { at, by, days, until, askedBy, reason } = moreTime;
  return (
    <Alert tone="info" title={words.title(days)}>
      <p>
        {words.until} <Time at={until} zone={zone} />. {words.askedBy[askedBy]}
      </p>
      <p className="typed">{reason}</p>
      <p>
        <Time at={at} zone={zone} />
        {by && `, ${by}`}
      </p>
    </Alert>
  );
}

/** That nobody decided in time, and who knows it. */
export function Escalated({ request: { clock } }: { request: { clock?: { escalated?: string | null; zone: string } | null } }) {
  const words = useWords().requests.moreTime;
  if (!clock?.escalated) return null;
  return (
    <Alert tone="warning">
      {words.escalated}: <Time at={clock.escalated} zone={clock.zone} />.
    </Alert>
  );
}

/** The last days that count for a request, each with its reason. */
export function LastDays({ request: { number, lastDays } }: { request: { number: string; lastDays?: readonly LastDay[] } }) {
  const words = useWords().requests.lastDays;
  if (!lastDays || lastDays.length === 0) return null;
  return (
    <section aria-label={words.title(number)}>
      <p className="margin-bottom-0 text-bold">{words.title(number)}</p>
      <ul className="usa-list">
        {lastDays.map(({ of, until, over, why }) => (
          <li key={of}>
            {words.of[of]}: <strong>
              <Day day={until} />
            </strong>
            {over && ` (${words.over})`}. <span lang="en">{why}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
