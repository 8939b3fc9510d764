import { Alert } from "../ui/alert";
import { Facts } from "../ui/facts";
import { Repeats } from "../ui/repeats";
import { Time } from "../ui/time";
import { useWords } from "../words/words";
import type { Request } from "./case-query";

/** How a request stands: its kind, its clock, and who referred it. */
export function RequestFacts({ request: { review, urgency, status, clock, referrals, repeats, withdrawal }, zone }: { request: Request; zone: string | undefined }) {
  const { request: words, review: reviews, urgency: urgencies, status: statuses } = useWords().reviews;
  return (
    <>
      <Facts
        facts={[
          { label: words.status, value: statuses[status] },
          { label: words.review, value: `${reviews[review]}, ${urgencies[urgency]}` },
          {
            label: words.due,
            value: clock?.due && (
              <>
                <Time at={clock.due} zone={clock.zone || zone} /> {clock.overdue && <strong className="usa-tag">{words.overdue}</strong>}
              </>
            ),
          },
          {
            label: words.withdrawal,
            value: withdrawal && (
              <>
                <Time at={withdrawal.at} zone={zone} />: <span className="typed">{withdrawal.reason}</span>
              </>
            ),
          },
          { label: words.limit, value: clock && <span lang="en">{clock.limit}</span> },
          { label: words.clockIs, value: clock && words.clock[clock.state] },
        ]}
      />
      {clock && clock.ledger.length > 0 && (
        <details>
          <summary>{words.ledger}</summary>
          <ul className="usa-list">
            {clock.ledger.map(({ at, reason }) => (
              <li key={at + reason}>
                <Time at={at} zone={clock.zone} />: <span lang="en">{reason}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      {repeats && <Repeats {...repeats} />}
      {referrals?.map(({ at, by, note }) => (
        <Alert key={at} tone="info" title={`${words.referral} ${words.referredBy(by)}`}>
          <p className="typed">{note}</p>
          <p>
            <Time at={at} zone={zone} />
          </p>
        </Alert>
      ))}
    </>
  );
}
