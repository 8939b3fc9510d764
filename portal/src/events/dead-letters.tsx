import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { api, body } from "../api/client";
import type { Schemas } from "../api/types";
import { Alert } from "../ui/alert";
import { useAsked } from "../ui/asked";
import { Button } from "../ui/button";
import { Confirm } from "../ui/confirm";
import { Empty } from "../ui/empty";
import { Loading } from "../ui/loading";
import { RefusalAlert } from "../ui/refusal";
import { Table } from "../ui/table";
import { Time } from "../ui/time";
import { Title } from "../ui/title";
import { Told } from "../ui/told";
import { useWords } from "../words/words";
import { lettersQuery, queuesQuery, type Letter } from "./queries";
import { useOwnZone } from "./use-zone";

/** All of a queue, in the place of one message's id. */
const ALL = "all";

/** What no worker could do of a queue, and the way back. */
export function DeadLetters() {
  const words = useWords().events;
  const { queue = "" } = useParams();
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery(lettersQuery(queue));
  const [told, tell] = useState<string>();
  const name = Object.hasOwn(words.name, queue) ? words.name[queue as Schemas["WorkQueue"]] : undefined;
  return (
    <>
      <Title>{name ? words.letters.title(name) : words.dead}</Title>
      <p>
        <Link to="/staff/queues">{words.letters.toList}</Link>
      </p>
      <p>{words.letters.lead}</p>
      {told && <Told>{told}</Told>}
      <Button
        look="outline"
        onClick={() => {
          tell(undefined);
          void queries.resetQueries({ queryKey: lettersQuery(queue).queryKey });
        }}
      >
        {words.again}
      </Button>
      {error && <RefusalAlert thrown={error} again={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && !error && <Letters queue={queue} found={data} tell={tell} />}
    </>
  );
}

interface Props {
  queue: string;
  found: Schemas["DeadLetters"];
  tell: (done?: string) => void;
}

function Letters({ queue, found: { count, items }, tell }: Props) {
  const words = useWords().events.letters;
  const zone = useOwnZone();
  const [asked, ask] = useAsked();
  const goBack = queue !== "schedules";
  const task = ({ task: name }: Letter) => (name ? (words.task[name] ?? words.otherTask) : words.noTask);
  const meant = items.find(({ message }) => message === asked);
  if (items.length === 0) return <Empty>{count > 0 ? words.others : words.none}</Empty>;
  return (
    <>
      {!goBack && <Alert tone="info">{words.schedules}</Alert>}
      <Table
        caption={words.shown(items.length, count)}
        rows={items}
        keyOf={({ message }) => message}
        columns={[
          { key: "task", label: words.what, cell: task },
          { key: "sent", label: words.sent, cell: ({ sent }) => sent && <Time at={sent} zone={zone} /> },
          { key: "tries", label: words.tries, cell: ({ tries }) => tries ?? words.last },
          { key: "why", label: words.why, cell: ({ reason }) => (reason ? <span lang="en">{reason}</span> : words.inLog) },
          { key: "event", unbroken: true, label: words.event, cell: ({ event }) => event ?? "–" },
          { key: "message", unbroken: true, label: words.message, cell: ({ message }) => message },
          ...(goBack
            ? [
                {
                  key: "back",
                  screen: true,
                  label: words.back,
                  cell: (one: Letter) => (
                    <Button look="outline" aria-label={`${words.back}: ${task(one)}, ${one.message}`} onClick={() => ask(one.message)}>
                      {words.back}
                    </Button>
                  ),
                },
              ]
            : []),
        ]}
      />
      {goBack && <Button onClick={() => ask(ALL)}>{words.backAll}</Button>}
      {goBack && (meant || asked === ALL) && <Ask queue={queue} letter={meant} tell={tell} leave={() => ask()} />}
    </>
  );
}

function Ask({ queue, letter, tell, leave }: { queue: string; letter: Letter | undefined; tell: Props["tell"]; leave: () => void }) {
  const words = useWords().events.letters;
  const queries = useQueryClient();
  return (
    <Confirm
      title={letter ? words.backAsk : words.backAllAsk}
      confirm={letter ? words.back : words.backAll}
      send={async () => {
        tell(undefined);
        const which = letter ? { message: letter.message } : { all: true };
        const done = await body(api.POST("/staff/queues/{queue}/redrive", { params: { path: { queue } }, body: which }));
        await queries.invalidateQueries({ queryKey: lettersQuery(queue).queryKey });
        void queries.invalidateQueries({ queryKey: queuesQuery.queryKey });
        tell(done.redriven === 0 && done.stay === 0 ? words.gone : [words.done(done.redriven), done.left > 0 ? words.left(done.left) : ""].join(" ").trim());
        leave();
      }}
      onClose={leave}
    >
      <p>{words.backText}</p>
    </Confirm>
  );
}
