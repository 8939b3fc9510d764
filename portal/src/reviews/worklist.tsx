import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { api, body } from "../api/client";
import { useContracts } from "../api/contracts";
import { handleOf, nameOf } from "../api/handles";
import { useProfile } from "../api/profile";
import type { Schemas } from "../api/types";
import { Button } from "../ui/button";
import { Filters, useFilters } from "../ui/filters";
import { NothingHere } from "../ui/nothing-here";
import { PagedTable } from "../ui/table";
import { Day, Time } from "../ui/time";
import { Title } from "../ui/title";
import { useWords } from "../words/words";
import { QUEUES, countsQuery, leads, reviewersQuery, sum, type Queue } from "./queues";

export function Worklist() {
  const { queue } = useParams();
  const known = QUEUES.find((one) => one === queue);
  return known ? <List key={known} queue={known} /> : <NothingHere />;
}

/** Whoever reads the list: everybody's address for their own requests is the same. */
const MINE = "mine";
/** What is free to claim. */
const NOBODY = "nobody" as const;
const DUE = ["overdue", "day"] as const;
const URGENCY = ["standard", "expedited"] as const;
const REVIEW = ["initial", "concurrent", "retrospective", "renewal", "reconsideration", "appeal", "revision", "extension"] as const;

/** Requests that wait for a reviewer, by due time. */
function List({ queue }: { queue: Queue }) {
  const { list: words, give, review, urgency } = useWords().reviews;
  const queries = useQueryClient();
  const { data: profile } = useProfile("staff");
  const known = profile?.value.contracts ?? [];
  const own = profile?.value.username;
  const contractOf = useContracts(known.map(({ id }) => id));
  const leading = leads(profile?.value.post, queue);
  // Whose requests a link asks for can be chosen once it is known who works the list.
  const reviewers = useQuery({ ...reviewersQuery(queue), enabled: leading }).data ?? [];
  const filters = [
    ...(known.length > 1 ? [{ name: "contract" as const, label: words.contract, all: words.anyContract, options: known.map(({ id, name }) => ({ value: id, label: name })) }] : []),
    ...(own
      ? [{
          name: "claimedBy" as const, label: words.heldBy, all: words.anybody,
          options: [
            { value: MINE, label: words.mine },
            { value: NOBODY, label: words.nobody },
            // A person is named in no address.
            ...reviewers.filter(({ username }) => username !== own).map(({ username, name, holds }) => ({ value: handleOf(username), label: give.option(name, username, holds) })),
          ],
        }]
      : []),
    { name: "due" as const, label: words.due, all: words.anyDue, options: DUE.map((value) => ({ value, label: words.dueIn[value] })) },
    { name: "urgency" as const, label: words.howFast, all: words.anyUrgency, options: URGENCY.map((value) => ({ value, label: urgency[value] })) },
    { name: "review" as const, label: words.kind, all: words.anyKind, options: REVIEW.map((value) => ({ value, label: review[value] })) },
  ];
  const { claimedBy: holder, ...others } = useFilters(filters);
  const claimedBy = holder === MINE ? own : holder === NOBODY ? undefined : nameOf(holder);
  const chosen = { ...others, ...(claimedBy ? { claimedBy } : {}), ...(holder === NOBODY ? { held: NOBODY } : {}) };
  const counts = useQuery(countsQuery).data?.filter((count) => count.queue === queue && (!others.contract || count.contract === others.contract));
  const narrowed = Object.keys(others).length > 0 || (holder !== undefined && holder !== MINE);
  const none = holder === MINE ? (narrowed ? words.noneMineSuch : words.noneMine) : narrowed ? words.noneSuch : words.none;
  const service = ({ contract, serviceType }: Schemas["WorkItem"]) => (
    <span lang="en">{contractOf(contract)?.serviceTypes.find(({ id }) => id === serviceType)?.label ?? serviceType ?? "–"}</span>
  );
  return (
    <>
      <Title>{words[queue]}</Title>
      <p>
        {words.lead} {counts && counts.length > 0 && words.waits(sum(counts))}
      </p>
      {filters.length > 0 && <Filters label={words.filters} filters={filters} />}
      <Button
        look="outline"
        onClick={() => {
          void queries.resetQueries({ queryKey: ["worklist", queue] });
          void queries.invalidateQueries({ queryKey: ["reviewers", queue] });
          void queries.invalidateQueries(countsQuery);
        }}
      >
        {words.again}
      </Button>
      <PagedTable
        caption={words[queue]}
        headed
        queryKey={["worklist", queue, chosen]}
        page={async (cursor) => {
          const query = { ...chosen, ...(cursor ? { cursor } : {}) };
          const { items, next } = await body(api.GET("/staff/worklists/{queue}", { params: { path: { queue }, query } }));
          return { rows: items, cursor: next };
        }}
        keyOf={({ key, request }) => `${key} ${request}`}
        columns={[
          { key: "case", label: words.caseId, cell: (item) => <CaseLink item={item} zone={contractOf(item.contract)?.timeZone} /> },
          { key: "due", label: words.due, cell: (item) => <Due item={item} zone={contractOf(item.contract)?.timeZone} /> },
          {
            key: "member",
            label: words.member,
            cell: ({ memberName, memberBirthDate }) => (
              <>
                {memberName}, <Day day={memberBirthDate} />
              </>
            ),
          },
          { key: "service", label: words.service, cell: service },
          {
            key: "request",
            label: words.request,
            cell: (item) => (
              <>
                {item.request}, {review[item.review]}, {urgency[item.urgency]}
                {item.submittedAt && <span className="display-block">{words.age(daysSince(item.submittedAt))}</span>}
              </>
            ),
          },
          { key: "requesting", label: words.requesting, cell: ({ requestingName }) => requestingName },
          {
            key: "reviewer",
            label: words.reviewer,
            unbroken: true,
            cell: ({ claimedBy: by }) => (by ? (by === own ? words.you : by) : words.nobody),
          },
          ...(leading ? [{ key: "give", label: words.action, screen: true, cell: (item: Schemas["WorkItem"]) => item.status.endsWith("-review") && <GiveLink item={item} /> }] : []),
        ]}
        empty={none}
      />
    </>
  );
}

/** Whole days that have passed since. */
function daysSince(at: string): number {
  return Math.max(0, Math.floor((Date.now() - Date.parse(at)) / 86_400_000));
}

/** Leads to the case; says since when there is something that no reviewer has seen. */
function CaseLink({ item: { key, caseId, newsSince, messagesSince, peerToPeer }, zone }: { item: Schemas["WorkItem"]; zone: string | undefined }) {
  const words = useWords().reviews.list;
  return (
    <>
      <Link to={`/staff/cases/${key}`}>{caseId ?? key}</Link>
      {peerToPeer && <strong className="usa-tag margin-left-1">{words.talk}</strong>}
      {newsSince && (
        <span className="display-block">
          <strong className="usa-tag">{words.news}</strong> <Time at={newsSince} zone={zone} />
        </span>
      )}
      {messagesSince && (
        <span className="display-block">
          <strong className="usa-tag">{words.message}</strong> <Time at={messagesSince} zone={zone} />
        </span>
      )}
    </>
  );
}

/** Leads to the case, where the lead sees what is given away, with the form open. */
function GiveLink({ item: { key, caseId, request } }: { item: Schemas["WorkItem"] }) {
  const words = useWords().reviews;
  return (
    <Link to={`/staff/cases/${key}?ask=give-${request}`}>
      {words.request.give}
      <span className="usa-sr-only">
        {" "}
        {caseId ?? key}, {request}
      </span>
    </Link>
  );
}

function Due({ item: { due, overdue, messagesSince, escalatedSince, extendedDays }, zone }: { item: Schemas["WorkItem"]; zone: string | undefined }) {
  const words = useWords().reviews.list;
  return (
    <>
      {due ? <Time at={due} zone={zone} /> : messagesSince ? "–" : words.paused} {overdue && <strong className="usa-tag">{words.overdue}</strong>}{" "}
      {escalatedSince && <strong className="usa-tag">{words.escalated}</strong>}
      {extendedDays ? <span className="display-block">{words.extended(extendedDays)}</span> : null}
    </>
  );
}
