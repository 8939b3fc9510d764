import { useQueryClient } from "@tanstack/react-query";
import { api, body } from "../api/client";
import { useZones } from "../api/contracts";
import { useProfile } from "../api/profile";
import type { Schemas } from "../api/types";
import { Button } from "../ui/button";
import { Filters, useFilters } from "../ui/filters";
import { PagedTable } from "../ui/table";
import { Time } from "../ui/time";
import { Title } from "../ui/title";
import { useWords } from "../words/words";

type Import = Schemas["ImportView"];

const COUNTS = ["read", "new", "changed", "unchanged", "merged", "rejected", "remarks"] as const;

/** What became of the files of providers and members. */
export function Imports() {
  const words = useWords().feeds;
  const queries = useQueryClient();
  const { data: profile } = useProfile("staff");
  const contracts = profile?.value.contracts ?? [];
  const zone = useZones(contracts.map(({ id }) => id));
  const named = (id: string) => contracts.find((contract) => contract.id === id)?.name ?? id;
  const filters = [
    { name: "contract" as const, label: words.contract, all: words.anyContract, options: contracts.map(({ id, name }) => ({ value: id, label: name })) },
  ];
  const chosen = useFilters(filters);
  return (
    <>
      <Title>{words.title}</Title>
      <p>{words.lead}</p>
      <Filters label={words.filters} filters={filters} />
      <p className="usa-hint">{words.expire}</p>
      <Button look="outline" onClick={() => void queries.resetQueries({ queryKey: ["imports"] })}>
        {words.again}
      </Button>
      <PagedTable
        caption={words.caption}
        queryKey={["imports", chosen]}
        page={async (cursor) => {
          const query = { ...chosen, ...(cursor ? { cursor } : {}) };
          const { items, next } = await body(api.GET("/staff/imports", { params: { query } }));
          return { rows: items, cursor: next };
        }}
        keyOf={({ kind, contract, file, arrived }) => [kind, contract, file, arrived].join(" ")}
        columns={[
          { key: "file", unbroken: true, label: words.file, cell: ({ file }) => file },
          { key: "kind", label: words.of, cell: ({ kind }) => words.kind[kind] },
          { key: "contract", label: words.contract, cell: ({ contract }) => named(contract) },
          { key: "status", label: words.status, cell: (one) => <State of={one} /> },
          { key: "arrived", label: words.arrived, cell: ({ arrived, contract }) => <Time at={arrived} zone={zone(contract)} /> },
          { key: "rows", label: words.rows, cell: (one) => <Counts of={one} /> },
          { key: "downloads", label: words.downloads, cell: (one) => <Downloads of={one} /> },
        ]}
        empty={words.none}
      />
    </>
  );
}

function State({ of: { state, reason } }: { of: Import }) {
  const words = useWords().feeds;
  return (
    <>
      {words.state[state]}
      {reason && <span lang="en">: {reason}</span>}
    </>
  );
}

/** What is none is not told, but for the rows that were read. */
function Counts({ of }: { of: Import }) {
  const words = useWords().feeds;
  return (
    <>
      {COUNTS.filter((what) => what === "read" || of[what] > 0)
        .map((what) => words.count[what](of[what]))
        .join(", ")}
      {of.undecided.length > 0 && (
        <details>
          <summary>{words.undecided(of.undecided.length)}</summary>
          <ul className="usa-list" lang="en">
            {of.undecided.map(({ temporary, reason }) => (
              <li key={temporary}>{reason}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function Downloads({ of: { file, rejects, remarksReport } }: { of: Import }) {
  const words = useWords().feeds;
  return (
    <>
      {rejects && (
        <a className="usa-link display-block" href={rejects} download aria-label={words.rejectsOf(file)}>
          {words.rejects}
        </a>
      )}
      {remarksReport && (
        <a className="usa-link display-block" href={remarksReport} download aria-label={words.remarksOf(file)}>
          {words.remarks}
        </a>
      )}
      {!rejects && !remarksReport && "–"}
    </>
  );
}
