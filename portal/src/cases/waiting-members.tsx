import { useQueryClient } from "@tanstack/react-query";
import { Link } from "react-router";
import { api, body } from "../api/client";
import { useZones } from "../api/contracts";
import { useProfile } from "../api/profile";
import { Button } from "../ui/button";
import { Filters, useFilters } from "../ui/filters";
import { PagedTable } from "../ui/table";
import { Day, Time } from "../ui/time";
import { Title } from "../ui/title";
import { useWords } from "../words/words";

/** Temporary members who wait for the real one, whoever waits longest first. */
export function WaitingMembers() {
  const { cases } = useWords();
  const words = cases.waiting;
  const queries = useQueryClient();
  const { data: profile } = useProfile("staff");
  const contracts = profile?.value.contracts ?? [];
  const zone = useZones(contracts.map(({ id }) => id));
  const named = (id: string) => contracts.find((contract) => contract.id === id)?.name ?? id;
  const filters =
    contracts.length > 1 ? [{ name: "contract" as const, label: words.contract, all: words.anyContract, options: contracts.map(({ id, name }) => ({ value: id, label: name })) }] : [];
  const chosen = useFilters(filters);
  return (
    <>
      <Title>{words.title}</Title>
      <p>{words.lead}</p>
      {filters.length > 0 && <Filters label={words.filters} filters={filters} />}
      <Button look="outline" onClick={() => void queries.resetQueries({ queryKey: ["temporary-members"] })}>
        {words.again}
      </Button>
      <PagedTable
        caption={words.title}
        headed
        queryKey={["temporary-members", chosen]}
        page={async (cursor) => {
          const query = { ...chosen, ...(cursor ? { cursor } : {}) };
          const { items, next } = await body(api.GET("/staff/temporary-members", { params: { query } }));
          return { rows: items, cursor: next };
        }}
        keyOf={({ id }) => id}
        columns={[
          { key: "name", label: words.name, cell: ({ contract, id, firstName, lastName }) => <Link to={`/staff/temporary-members/${contract}/${id}`}>{`${firstName} ${lastName}`}</Link> },
          { key: "born", label: words.born, cell: ({ birthDate }) => <Day day={birthDate} /> },
          { key: "contract", label: words.contract, cell: ({ contract }) => named(contract) },
          { key: "at", label: words.entered, cell: ({ contract, at }) => <Time at={at} zone={zone(contract)} /> },
          { key: "by", label: words.by, unbroken: true, cell: ({ by }) => by },
        ]}
        empty={words.none}
      />
    </>
  );
}
