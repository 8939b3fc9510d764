import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useProfile } from "../api/profile";
import type { Schemas } from "../api/types";
import { useAsked } from "../ui/asked";
import { Button } from "../ui/button";
import { Facts } from "../ui/facts";
import { Loading } from "../ui/loading";
import { RefusalAlert } from "../ui/refusal";
import { Table } from "../ui/table";
import { Time } from "../ui/time";
import { Title } from "../ui/title";
import { Told } from "../ui/told";
import { useWords } from "../words/words";
import { Meaning } from "./meaning";
import { queuesQuery } from "./queries";
import { QueueTable } from "./queue-table";
import { Replay } from "./replay";
import { useOwnZone } from "./use-zone";

/** What is asked, beside the names of queues. */
const REPLAY = "replay";

/** The operator's day begins here: what waits, since when, and what could not be done. */
export function Queues() {
  const words = useWords().events;
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery(queuesQuery);
  const [told, tell] = useState<string>();
  const [asked, ask] = useAsked();
  const owner = useProfile("staff").data?.value.username;
  return (
    <>
      <Title>{words.title}</Title>
      <p>{words.lead}</p>
      {told && <Told>{told}</Told>}
      <div className="usa-button-group">
        <Button
          look="outline"
          onClick={() => {
            tell(undefined);
            void queries.resetQueries({ queryKey: queuesQuery.queryKey });
          }}
        >
          {words.again}
        </Button>
        <Button look="outline" onClick={() => ask(REPLAY)}>
          {words.replay.title}
        </Button>
      </div>
      {error && <RefusalAlert thrown={error} again={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && !error && (
        <>
          <Now look={data} />
          <QueueTable look={data} tell={tell} />
          <Due contracts={data.contracts} />
          <Meaning />
        </>
      )}
      {asked === REPLAY && owner && <Replay owner={owner} tell={tell} leave={() => ask()} />}
    </>
  );
}

function Now({ look: { readAt, outbox } }: { look: Schemas["QueuesView"] }) {
  const words = useWords().events;
  const zone = useOwnZone();
  return (
    <Facts
      facts={[
        { label: words.readAt, value: <Time at={readAt} zone={zone} /> },
        { label: words.outbox, value: words.events(outbox.waiting) },
        { label: words.outboxSince, value: outbox.oldest && <Time at={outbox.oldest} zone={zone} /> },
      ]}
    />
  );
}

function Due({ contracts }: { contracts: readonly Schemas["DueView"][] }) {
  const words = useWords().events;
  const { data: profile } = useProfile("staff");
  const named = (id: string) => profile?.value.contracts.find((contract) => contract.id === id)?.name ?? id;
  if (contracts.length === 0) return null;
  return (
    <Table
      caption={words.due}
      rows={contracts}
      keyOf={({ contract }) => contract}
      columns={[
        { key: "contract", label: words.contract, cell: ({ contract }) => named(contract) },
        { key: "overdue", label: words.overdue, cell: ({ overdue }) => overdue },
        { key: "soon", label: words.soon, cell: ({ dueSoon, withinHours }) => words.within(dueSoon, withinHours) },
      ]}
    />
  );
}
