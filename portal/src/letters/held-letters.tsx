import { useQueryClient } from "@tanstack/react-query";
import { Link } from "react-router";
import { api, body } from "../api/client";
import { useZones } from "../api/contracts";
import { useAskLetter } from "../api/held-letters";
import { useProfile } from "../api/profile";
import type { Schemas } from "../api/types";
import { Button } from "../ui/button";
import { Filters, useFilters } from "../ui/filters";
import { PagesTable, usePages } from "../ui/table";
import { Time } from "../ui/time";
import { Title } from "../ui/title";
import { Missing, useWriteAgain } from "../ui/write-again";
import { useWords } from "../words/words";

type Held = Schemas["HeldLetterView"];

/** Letters that lack elements, across the cases of a contract: what is missing, and the way to have each written again. */
export function HeldLetters() {
  const words = useWords().letters;
  const queries = useQueryClient();
  const { data: profile } = useProfile("staff");
  const contracts = profile?.value.contracts ?? [];
  const filters = contracts.length > 1
    ? [{ name: "contract" as const, label: words.contract, all: words.anyContract, options: contracts.map(({ id, name }) => ({ value: id, label: name })) }]
    : [];
  const chosen = useFilters(filters);
  return (
    <>
      <Title>{words.title}</Title>
      <p>{words.lead}</p>
      <p>{words.mend}</p>
      {filters.length > 0 && <Filters label={words.filters} filters={filters} />}
      <Button look="outline" onClick={() => void queries.resetQueries({ queryKey: KEY })}>
        {words.again}
      </Button>
      <List key={chosen.contract} chosen={chosen} />
    </>
  );
}

const KEY = ["held-letters"];

function List({ chosen }: { chosen: { contract?: string } }) {
  const words = useWords().letters;
  const { data: profile } = useProfile("staff");
  const contracts = profile?.value.contracts ?? [];
  const zone = useZones(contracts.map(({ id }) => id));
  const named = (id: string) => contracts.find((contract) => contract.id === id)?.name ?? id;
  const ask = useAskLetter();
  const list = usePages<Held>(
    [...KEY, chosen],
    async (cursor) => {
      const query = { ...chosen, ...(cursor ? { cursor } : {}) };
      const { items, next } = await body(api.GET("/staff/held-letters", { params: { query } }));
      return { rows: items, cursor: next };
    },
  );
  const rows = list.data?.pages.flatMap((page) => page.rows);
  const again = useWriteAgain(rows, (letter) => ask(rows?.find(({ id }) => id === letter)?.key ?? "", letter), () => list.refetch());
  const what = ({ about, audience }: Held) => words.about[about][audience];
  // Contracts are looked after without looking at members.
  const opens = profile?.value.post?.role !== "contract-manager";
  return (
    <>
      {again.told}
      <PagesTable
        list={list}
        caption={words.title}
        headed
        keyOf={({ id }) => id}
        columns={[
          {
            key: "case",
            label: words.caseId,
            cell: ({ key, caseId, request }) => (
              <>
                {opens ? <Link to={`/staff/cases/${key}`}>{caseId}</Link> : caseId}, {request}
              </>
            ),
          },
          { key: "letter", label: words.letter, cell: what },
          { key: "missing", label: words.missing, cell: (one) => <Missing of={one} /> },
          { key: "since", label: words.since, cell: ({ heldAt, contract }) => <Time at={heldAt} zone={zone(contract)} /> },
          { key: "due", label: words.due, cell: ({ due, contract }) => (due ? <Time at={due} zone={zone(contract)} /> : "–") },
          {
            key: "tried",
            label: words.tried,
            cell: ({ triedAt, beingWritten, contract }) => (beingWritten ? words.beingWritten : triedAt ? <Time at={triedAt} zone={zone(contract)} /> : words.never),
          },
          ...(contracts.length > 1 ? [{ key: "contract", label: words.contract, cell: ({ contract }: Held) => named(contract) }] : []),
          { key: "write", screen: true, label: words.action, cell: (one) => again.button(one.id, what(one), `${one.caseId}, ${one.request}`) },
        ]}
        empty={words.none}
      />
    </>
  );
}
