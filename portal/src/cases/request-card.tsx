import type { ReactNode } from "react";
import type { Schemas } from "../api/types";
import { Closed } from "../ui/closed";
import { Corrects, EarlierDecisions } from "../ui/corrections";
import { Eligibility, Uncovered } from "../ui/coverage";
import { Facts } from "../ui/facts";
import { Followed } from "../ui/followed";
import { Hearings } from "../ui/hearings";
import { LastDays, MoreTime } from "../ui/more-time";
import { Repeats } from "../ui/repeats";
import { Talks } from "../ui/talks";
import { Table } from "../ui/table";
import { Day, Time } from "../ui/time";
import { useSpeech, useWords } from "../words/words";
import { AskHearing } from "./ask-hearing";
import { AskTalk } from "./ask-talk";
import type { CaseView } from "./queries";
import { Withdraw } from "./withdraw";

type Request = Schemas["RequestView"];
type Clock = Schemas["ClockView"];

/** A request: its clock, its lines with what was authorized, and what the decision rests on. */
interface CardProps {
  request: Request;
  of: CaseView;
  owner: string;
  onDone: (said: string) => void;
  children?: ReactNode;
}

export function RequestCard({ request, of, owner, onDone, children }: CardProps) {
  const words = useWords().cases;
  const { language } = useSpeech();
  const { number, review, reviewLabel, urgency, status, clock, determination, lines, withdrawal, may, repeats } = request;
  return (
    <section className="card" aria-labelledby={`request-${number}`}>
      <h3 id={`request-${number}`} className="margin-0">
        {number}: {language === "en" ? reviewLabel : words.request.reviews[review]}
      </h3>
      <p>
        {words.statuses[status]} · {words.request.urgencies[urgency]}
      </p>
      {clock && <Due clock={clock} />}
      <MoreTime request={request} zone={clock?.zone} />
      <LastDays request={request} />
      {repeats && <Repeats {...repeats} />}
      {request.of && (
        <Followed of={request.of} decided={<Before of={of} number={request.of.request} />} notes={of.notes} codes={lines.map(({ code }) => code)} zone={clock?.zone} />
      )}
      {determination && <Decision determination={determination} zone={clock?.zone} />}
      <EarlierDecisions request={number} earlier={request.earlierDeterminations} zone={clock?.zone} />
      <Eligibility request={number} awaited={request.coverageAwaited} zone={clock?.zone} />
      <Closed voided={request.voided} zone={clock?.zone} />
      {withdrawal && <Withdrawal of={withdrawal} zone={clock?.zone} />}
      <Talks request={number} talks={request.talks} zone={clock?.zone} />
      <Hearings request={request} zone={clock?.zone} />
      {children}
      <Lines number={number} lines={lines} />
      {may.includes("peer-to-peer") && <AskTalk of={of.key} contract={of.contract} request={request} owner={owner} onDone={onDone} />}
      {request.hearing?.until && <AskHearing of={of.key} request={request} owner={owner} onDone={onDone} />}
      {may.includes("withdraw") && <Withdraw of={of.key} number={number} owner={owner} onDone={onDone} />}
    </section>
  );
}

/** What was decided of the request that this one follows. */
function Before({ of, number }: { of: CaseView; number: string }) {
  const words = useWords().cases;
  const before = of.requests.find((request) => request.number === number);
  if (!before?.determination) return null;
  const { at, authorizationNumber } = before.determination;
  return (
    <>
      <strong>{words.statuses[before.status]}</strong>, <Time at={at} zone={before.clock?.zone} />
      {authorizationNumber && `, ${authorizationNumber}`}
    </>
  );
}

/** When the decision is due, and why then. */
function Due({ clock: { due, limit, overdue, state, ledger, zone } }: { clock: Clock }) {
  const words = useWords().cases.clock;
  return (
    <>
      <Facts
        facts={[
          { label: words.due, value: due && <Time at={due} zone={zone} /> },
          { label: words.state, value: overdue ? words.overdue : words.states[state] },
          { label: words.limit, value: <span lang="en">{limit}</span> },
        ]}
      />
      <details>
        <summary>{words.why}</summary>
        <ol className="usa-list">
          {ledger.map(({ at, what, reason, by }) => (
            <li key={at + what}>
              <Time at={at} zone={zone} />: {words.entries[what]}
              {by ? ` (+${by})` : ""}. <span lang="en">{reason}</span>
            </li>
          ))}
        </ol>
      </details>
    </>
  );
}

/** Who took it back, and why. */
function Withdrawal({ of: { at, by, reason }, zone }: { of: Schemas["EndView"]; zone: string | undefined }) {
  const words = useWords().cases.ends;
  return (
    <Facts
      facts={[
        {
          label: words.withdrawal,
          value: (
            <>
              <Time at={at} zone={zone} />, {by}
            </>
          ),
        },
        { label: words.reason, value: <span className="typed">{reason}</span> },
      ]}
    />
  );
}

function Decision({ determination, zone }: { determination: Schemas["DeterminationView"]; zone: string | undefined }) {
  const words = useWords().cases;
  const { outcome, at, by, authorizationNumber, criteria } = determination;
  return (
    <>
      <Facts
        facts={[
          { label: words.decision.outcome, value: <strong>{words.statuses[outcome]}</strong> },
          { label: words.decision.authorization, value: authorizationNumber },
          {
            label: words.decision.decided,
            value: (
              <>
                <Time at={at} zone={zone} />, <span lang="en">{by}</span>
              </>
            ),
          },
        ]}
      />
      <Corrects of={determination} />
      {criteria.length > 0 && (
        <>
          <h4 className="margin-bottom-0">{words.decision.criteria}</h4>
          <ul className="usa-list" lang="en">
            {criteria.map(({ title, citation, text }) => (
              <li key={title + citation}>
                <strong>{title}</strong>, {citation}: {text}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

/** What was asked for beside what was authorized. */
function Lines({ number, lines }: { number: string; lines: Request["lines"] }) {
  const words = useWords().cases;
  const rows = lines.map((line, place) => ({ ...line, place }));
  return (
    <Table
      caption={words.lines.caption(number)}
      rows={rows}
      keyOf={({ place }) => String(place)}
      columns={[
        {
          key: "code",
          label: words.procedures.code,
          cell: ({ code, modifiers, description }) => (
            <>
              {[code, ...modifiers].join(" ")} {description && <span lang="en">{description}</span>}
            </>
          ),
        },
        {
          key: "asked",
          label: words.lines.asked,
          cell: ({ from, to, duration, quantity, unit, frequency, uncovered }) => (
            <>
              <Day day={from} /> – <Day day={to} />
              <Uncovered days={uncovered} />
              <br />
              {words.lines.asks(duration, quantity)} {unit && <span lang="en">({unit})</span>}
              {frequency && `, ${frequency.units} ${words.procedures.pers[frequency.per]}`}
            </>
          ),
        },
        {
          key: "outcome",
          label: words.lines.authorized,
          cell: ({ outcome }) => (outcome ? <Outcome outcome={outcome} /> : words.lines.open),
        },
      ]}
    />
  );
}

function Outcome({ outcome: { outcome, authorized, reason } }: { outcome: Schemas["OutcomeView"] }) {
  const words = useWords().cases;
  return (
    <>
      <strong>{words.statuses[outcome]}</strong>
      {authorized && (
        <>
          <br />
          <Day day={authorized.from} /> – <Day day={authorized.to} />: {words.lines.units(authorized.units)}
        </>
      )}
      {reason && (
        <span className="display-block" lang="en">
          {reason}
        </span>
      )}
    </>
  );
}
