import { useQueryClient } from "@tanstack/react-query";
import { Link } from "react-router";
import { api, body } from "../api/client";
import { useZones } from "../api/contracts";
import { useProfile } from "../api/profile";
import { Button } from "../ui/button";
import { Filters, useFilters } from "../ui/filters";
import { PagedTable } from "../ui/table";
import { Time } from "../ui/time";
import { Title } from "../ui/title";
import { useWords } from "../words/words";

/** Faxes that wait for intake, the one that waits longest first. */
export function Faxes() {
  const words = useWords().delivery;
  const queries = useQueryClient();
  const { data: profile } = useProfile("staff");
  const contracts = profile?.value.contracts ?? [];
  const own = profile?.value.username;
  const zone = useZones(contracts.map(({ id }) => id));
  const named = (id: string) => contracts.find((contract) => contract.id === id)?.name ?? id;
  const filters = contracts.length > 1
    ? [{ name: "contract" as const, label: words.contract, all: words.anyContract, options: contracts.map(({ id, name }) => ({ value: id, label: name })) }]
    : [];
  const chosen = useFilters(filters);
  return (
    <>
      <Title>{words.title}</Title>
      <p>{words.lead}</p>
      {filters.length > 0 && <Filters label={words.filters} filters={filters} />}
      <Button look="outline" onClick={() => void queries.resetQueries({ queryKey: ["faxes"] })}>
        {words.again}
      </Button>
      <PagedTable
        caption={words.title}
        headed
        queryKey={["faxes", chosen]}
        page={async (cursor) => {
          const query = { ...chosen, ...(cursor ? { cursor } : {}) };
          const { items, next } = await body(api.GET("/staff/faxes", { params: { query } }));
          return { rows: items, cursor: next };
        }}
        keyOf={({ id }) => id}
        columns={[
          {
            key: "received",
            label: words.received,
            cell: ({ id, receivedAt, contract }) => (
              <Link to={`/staff/faxes/${id}`}>
                <Time at={receivedAt} zone={zone(contract)} />
              </Link>
            ),
          },
          { key: "why", label: words.why, cell: ({ why }) => why && words.reason[why] },
          { key: "case", label: words.caseId, cell: ({ caseId, request }) => [caseId, request].filter(Boolean).join(", ") || "–" },
          { key: "from", label: words.from, cell: ({ from }) => from ?? words.unknownSender },
          { key: "pages", label: words.pages, cell: ({ pageCount }) => pageCount },
          { key: "contract", label: words.contract, cell: ({ contract }) => named(contract) },
          { key: "holder", label: words.holder, unbroken: true, cell: ({ claim }) => (claim ? (claim.by === own ? words.you : claim.by) : words.nobody) },
        ]}
        empty={words.none}
      />
    </>
  );
}
