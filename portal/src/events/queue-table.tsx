import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { api } from "../api/client";
import type { Schemas } from "../api/types";
import { useAsked } from "../ui/asked";
import { Button } from "../ui/button";
import { Confirm } from "../ui/confirm";
import { Empty } from "../ui/empty";
import { Table } from "../ui/table";
import { Time } from "../ui/time";
import { useWords, type Words } from "../words/words";
import { queuesQuery, type Queue } from "./queries";
import { useOwnZone } from "./use-zone";

interface Props {
  look: Schemas["QueuesView"];
  tell: (done?: string) => void;
}

/** Every queue with its figures; what can wait is paused here. */
export function QueueTable({ look: { queues, readAt }, tell }: Props) {
  const words = useWords().events;
  const zone = useOwnZone();
  const [asked, ask] = useAsked();
  const meant = queues.find(({ name, mayPause }) => mayPause && asked === name);
  if (queues.length === 0) return <Empty>{words.none}</Empty>;
  return (
    <>
      <Table
        caption={words.caption}
        rows={queues}
        keyOf={({ name }) => name}
        columns={[
          { key: "queue", label: words.queue, cell: ({ name }) => words.name[name] },
          { key: "waiting", label: words.waiting, cell: (one) => (one.hasQueue ? one.waiting : "–") },
          { key: "working", label: words.working, cell: (one) => (one.hasQueue ? one.inFlight : "–") },
          { key: "later", label: words.later, cell: (one) => (one.hasQueue ? one.delayed : "–") },
          { key: "oldest", label: words.oldest, cell: ({ oldest }) => (oldest ? age(oldest, readAt, words) : "–") },
          { key: "dead", label: words.dead, cell: (one) => <Dead queue={one} /> },
          {
            key: "state",
            label: words.state,
            cell: ({ name, mayPause, paused }) => (
              <>
                {paused && (
                  <p className="margin-y-0">
                    {words.pausedBy(paused.by)} <Time at={paused.at} zone={zone} />
                  </p>
                )}
                {mayPause && (
                  <Button look={paused ? "main" : "outline"} aria-label={`${paused ? words.resume : words.pause}: ${words.name[name]}`} onClick={() => ask(name)}>
                    {paused ? words.resume : words.pause}
                  </Button>
                )}
                {!mayPause && "–"}
              </>
            ),
          },
        ]}
      />
      {meant && <Ask key={meant.name} queue={meant} tell={tell} leave={() => ask()} />}
    </>
  );
}

function Dead({ queue: { name, deadLetters } }: { queue: Queue }) {
  const words = useWords().events;
  return (
    <Link to={`/staff/queues/${name}`} aria-label={words.deadOf(deadLetters, words.name[name])}>
      {deadLetters}
    </Link>
  );
}

function Ask({ queue: { name, ...now }, tell, leave }: { queue: Queue; tell: Props["tell"]; leave: () => void }) {
  const words = useWords().events;
  // What is asked stays what it was asked for, whatever the list says meanwhile.
  const [paused] = useState(now.paused);
  const queries = useQueryClient();
  const params = { path: { queue: name } };
  return (
    <Confirm
      title={paused ? words.resumeAsk(words.name[name]) : words.pauseAsk(words.name[name])}
      confirm={paused ? words.resume : words.pause}
      send={async () => {
        tell(undefined);
        await (paused ? api.DELETE("/staff/queues/{queue}/pause", { params }) : api.PUT("/staff/queues/{queue}/pause", { params }));
        await queries.invalidateQueries({ queryKey: queuesQuery.queryKey });
        tell(paused ? words.resumed(words.name[name]) : words.paused(words.name[name]));
        leave();
      }}
      onClose={leave}
    >
      <p>{paused ? words.resumeText : words.pauseText}</p>
    </Confirm>
  );
}

/** In the unit that says most. */
function age(since: string, now: string, words: Words["events"]): string {
  const minutes = Math.max(0, Math.round((Date.parse(now) - Date.parse(since)) / 60_000));
  if (minutes < 120) return words.minutes(minutes);
  return minutes < 48 * 60 ? words.hours(Math.round(minutes / 60)) : words.days(Math.round(minutes / 1440));
}
