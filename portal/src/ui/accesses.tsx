import type { QueryKey } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useWords } from "../words/words";
import { PagesTable, usePages, type Page } from "./table";

interface Access {
  at: string;
  since?: string | null | undefined;
  times: number;
  party: "provider" | "review-team" | "agency" | "system";
  name?: string | null | undefined;
  username?: string | null | undefined;
  office?: string | null | undefined;
  did: "viewed" | "document" | "letter" | "messages" | "accesses" | "changed" | "reviewed" | "told" | "other";
  allowed: boolean;
  from?: string | null | undefined;
}

interface Row {
  key: string;
  of: Access;
  contract: string;
  mayExport: boolean;
}

interface Props {
  queryKey: QueryKey;
  page: (cursor: string | undefined) => Promise<Page<Row>>;
  /** A moment as it is told for a contract. */
  moment: (at: string, contract: string) => ReactNode;
  /** What stands below for whoever may take all of it as a file. */
  download?: ReactNode;
}

/** Who has viewed a case, page by page. */
export function Accesses({ queryKey, page, moment, download }: Props) {
  const words = useWords().accesses;
  const list = usePages(queryKey, page);
  const rows = list.data?.pages.flatMap((part) => part.rows) ?? [];
  const at = ({ of: { at: last, since, times }, contract }: Row) => (
    <>
      {moment(last, contract)}
      {times > 1 && since && (
        <span className="display-block usa-hint">
          {words.times(times)}, {words.since} {moment(since, contract)}
        </span>
      )}
    </>
  );
  return (
    <>
      <PagesTable
        list={list}
        caption={words.caption}
        headed
        keyOf={({ key }) => key}
        columns={[
          { key: "at", label: words.at, cell: at },
          { key: "who", label: words.who, unbroken: true, cell: ({ of }) => <Who of={of} /> },
          { key: "did", label: words.did, cell: ({ of }) => words.deeds[of.did] },
          { key: "outcome", label: words.outcome, cell: ({ of }) => (of.allowed ? words.yes : <strong>{words.refused}</strong>) },
          ...(rows.some(({ of }) => of.from) ? [{ key: "from", label: words.from, unbroken: true, cell: ({ of }: Row) => of.from }] : []),
        ]}
        empty={words.none}
      />
      {rows[0]?.mayExport && download}
    </>
  );
}

/** By name and office or side where they are told; by their side alone where they are not. */
function Who({ of: { name, username, office, party } }: { of: Access }) {
  const words = useWords().accesses;
  if (!name) return office ?? username ?? words.parties[party];
  const beside = [username, office ?? (party === "provider" ? undefined : words.parties[party])].filter(Boolean).join(", ");
  return (
    <>
      {name}
      {beside && <span className="display-block usa-hint">{beside}</span>}
    </>
  );
}
