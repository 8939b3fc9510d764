import { useMutation } from "@tanstack/react-query";
import { Link, Navigate } from "react-router";
import { api, body } from "../api/client";
import type { Schemas } from "../api/types";
import { Button, ButtonLink } from "../ui/button";
import { Filters, useFilters, type Filter } from "../ui/filters";
import { OpenFile } from "../ui/open-file";
import { WrittenIn } from "../ui/reading";
import { RefusalAlert } from "../ui/refusal";
import { PagedTable } from "../ui/table";
import { Day } from "../ui/time";
import { Title } from "../ui/title";
import { useWords, type Words } from "../words/words";
import { Local } from "./local";
import { useNewCase } from "./new-case";

type Listed = Schemas["ListedRequest"];
type List = "requesting" | "servicing";

const SORTS = ["submitted", "request", "status", "setting", "discharged", "service-type", "days"] as const;

/** Create Case, third part: what was asked for the member before, so that nobody asks twice. */
export function EarlierRequests() {
  const words = useWords().cases;
  const { member, create } = useNewCase();
  const creation = useMutation({ mutationFn: ({ of, like }: { of: string; like?: string }) => create(of, like) });
  const filters = sorting(words);
  const { sort = "submitted", order = "descending" } = useFilters(filters);
  if (!member) return <Navigate to="/cases/new/member" replace />;
  const lists = (["requesting", "servicing"] as const).map((list) => ({ list, title: words.earlier[list], empty: words.earlier.none[list] }));
  return (
    <>
      <Title>{words.earlier.title}</Title>
      <p>
        {member.firstName} {member.lastName}, <Day day={member.birthDate} />
      </p>
      <p>{words.earlier.about}</p>
      <Filters label={words.earlier.sorting} filters={filters} />
      {lists.map(({ list, title, empty }) => (
        <section key={list} aria-labelledby={list}>
          <h2 id={list}>{title}</h2>
          <PagedTable
            caption={title}
            headed
            queryKey={["requests", member.id, list, sort, order]}
            page={(cursor) => page(member.id, { list, sort, order, ...(cursor ? { cursor } : {}) })}
            keyOf={({ key, request }) => `${key} ${request}`}
            columns={[...columns(list, words), { key: "like", label: words.earlier.like, screen: true, cell: (row) => <Like row={row} busy={creation.isPending} onLike={() => creation.mutate({ of: member.id, like: row.key })} /> }]}
            empty={empty}
          />
        </section>
      ))}
      {creation.isError && <RefusalAlert thrown={creation.error} />}
      <p>{words.earlier.savedAtOnce}</p>
      <div className="usa-button-group">
        <Button busy={creation.isPending} onClick={() => creation.mutate({ of: member.id })}>
          {words.create.title}
        </Button>
        <ButtonLink look="outline" to="/cases/new/member">
          {words.create.backToSearch}
        </ButtonLink>
      </div>
    </>
  );
}

function sorting(words: Words["cases"]) {
  return [
    { name: "sort", label: words.earlier.sort, all: words.earlier.sorts.submitted, options: SORTS.slice(1).map((value) => ({ value, label: words.earlier.sorts[value] })) },
    { name: "order", label: words.earlier.order, all: words.earlier.orders.descending, options: [{ value: "ascending", label: words.earlier.orders.ascending }] },
  ] satisfies Filter[];
}

type Query = { list: List; sort: (typeof SORTS)[number]; order: "ascending" | "descending"; cursor?: string };

async function page(member: string, query: { list: List; sort: string; order: string; cursor?: string }) {
  const { requests, next } = await body(api.GET("/members/{member}/requests", { params: { path: { member }, query: query as Query } }));
  return { rows: requests, cursor: next };
}

function columns(list: List, words: Words["cases"]) {
  const { sorts } = words.earlier;
  return [
    {
      key: "request",
      label: sorts.request,
      cell: ({ key, caseId, request }: Listed) => <Link to={`/cases/${key}`}>{caseId ? `${caseId}, ${request}` : words.statuses.draft}</Link>,
    },
    { key: "status", label: sorts.status, cell: ({ status }: Listed) => words.statuses[status] },
    { key: "submitted", label: sorts.submitted, cell: ({ submittedAt, contract }: Listed) => (submittedAt ? <Local at={submittedAt} contract={contract} /> : "–") },
    ...(list === "servicing" ? [{ key: "requesting", label: words.requesting, cell: ({ requestingName }: Listed) => requestingName }] : []),
    { key: "setting", label: sorts.setting, cell: ({ setting }: Listed) => words.settings[setting] },
    { key: "discharged", label: sorts.discharged, cell: ({ discharged }: Listed) => (discharged ? <Day day={discharged} /> : "–") },
    { key: "serviceType", label: sorts["service-type"], cell: ({ serviceType }: Listed) => (serviceType ? <span lang="en">{serviceType}</span> : "–") },
    { key: "days", label: sorts.days, cell: ({ from, to }: Listed) => (from && to ? <Days from={from} to={to} /> : "–") },
    { key: "procedures", label: words.steps.procedures, cell: (row: Listed) => <Procedures row={row} /> },
    { key: "letters", label: words.letters.title, cell: (row: Listed) => <LettersOf row={row} /> },
  ];
}

function Days({ from, to }: { from: string; to: string }) {
  return (
    <>
      <Day day={from} />
      {from !== to && (
        <>
          {" – "}
          <Day day={to} />
        </>
      )}
    </>
  );
}

function Procedures({ row: { procedures } }: { row: Listed }) {
  if (procedures.length === 0) return "–";
  // What is asked for on several lines is named once.
  const named = new Map(procedures.map(({ code, modifiers, description }) => [[code, ...modifiers].join(" "), description]));
  return [...named].map(([code, description]) => (
    <div key={code}>
      {code} {description && <span lang="en">{description}</span>}
    </div>
  ));
}

/** Begins the new case like an earlier one. */
function Like({ row: { caseId, request }, busy, onLike }: { row: Listed; busy: boolean; onLike: () => void }) {
  const words = useWords().cases;
  return (
    <Button look="link" busy={busy} onClick={onLike}>
      {words.earlier.beginLike}
      <span className="usa-sr-only">
        {" "}
        {caseId ? `${caseId}, ${request}` : words.statuses.draft}
      </span>
    </Button>
  );
}

/** Each opens as the PDF that was sent. */
function LettersOf({ row: { key, request, letters } }: { row: Listed }) {
  const words = useWords().cases.letters;
  if (letters.length === 0) return "–";
  return letters.map(({ id, about, audience, language, format }) => (
    <div key={id}>
      <OpenFile
        label={words.to[about][audience]}
        spoken={words.openWhat(words.to[about][audience], request)}
        address={async () => (await body(api.GET("/cases/{id}/letters/{letter}", { params: { path: { id: key, letter: id } } }))).url}
      />
      <WrittenIn letter={{ language, format }} />
    </div>
  ));
}
