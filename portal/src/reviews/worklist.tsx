import { useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { api, body } from "../api/client";
import { useContracts } from "../api/contracts";
import { useProfile } from "../api/profile";
import type { Schemas } from "../api/types";
import { Button } from "../ui/button";
import { Filters, useFilters } from "../ui/filters";
import { NothingHere } from "../ui/nothing-here";
import { PagedTable } from "../ui/table";
import { Day, Time } from "../ui/time";
import { Title } from "../ui/title";
import { useWords } from "../words/words";
import { QUEUES, type Queue } from "./queues";

export function Worklist() {
  const { queue } = useParams();
  const known = QUEUES.find((one) => one === queue);
  return known ? <List key={known} queue={known} /> : <NothingHere />;
}

/** Requests that wait for a reviewer, by due time. */
function List({ queue }: { queue: Queue }) {
  const { list: words, review, urgency } = useWords().reviews;
  const queries = useQueryClient();
  const { data: profile } = useProfile("staff");
  const known = profile?.value.contracts ?? [];
  const contractOf = useContracts(known.map(({ id }) => id));
  const filters = [
    { name: "contract" as const, label: words.contract, all: words.anyContract, options: known.map(({ id, name }) => ({ value: id, label: name })) },
  ];
  const chosen = useFilters(filters);
  const service = ({ contract, serviceType }: Schemas["WorkItem"]) =>
    contractOf(contract)?.serviceTypes.find(({ id }) => id === serviceType)?.label ?? serviceType ?? "–";
  return (
    <>
      <Title>{words[queue]}</Title>
      <p>{words.lead}</p>
      {known.length > 1 && <Filters label={words.filters} filters={filters} />}
      <Button look="outline" onClick={() => void queries.resetQueries({ queryKey: ["worklist", queue] })}>
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
          { key: "request", label: words.request, cell: (item) => `${item.request}, ${review[item.review]}, ${urgency[item.urgency]}` },
          { key: "requesting", label: words.requesting, cell: ({ requestingName }) => requestingName },
          {
            key: "reviewer",
            label: words.reviewer,
            cell: ({ claimedBy }) => (claimedBy ? (claimedBy === profile?.value.username ? words.you : claimedBy) : words.nobody),
          },
        ]}
        empty={words.none}
      />
    </>
  );
}

/** Leads to the case; says since when there is something that no reviewer has seen. */
function CaseLink({ item: { key, caseId, newsSince }, zone }: { item: Schemas["WorkItem"]; zone: string | undefined }) {
  const words = useWords().reviews.list;
  return (
    <>
      <Link to={`/staff/cases/${key}`}>{caseId ?? key}</Link>
      {newsSince && (
        <span className="display-block">
          <strong className="usa-tag">{words.news}</strong> <Time at={newsSince} zone={zone} />
        </span>
      )}
    </>
  );
}

function Due({ item: { due, overdue }, zone }: { item: Schemas["WorkItem"]; zone: string | undefined }) {
  const words = useWords().reviews.list;
  return (
    <>
      {due ? <Time at={due} zone={zone} /> : words.paused} {overdue && <strong className="usa-tag">{words.overdue}</strong>}
    </>
  );
}
