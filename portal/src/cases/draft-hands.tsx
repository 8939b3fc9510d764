import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, body } from "../api/client";
import { useKept } from "../api/kept";
import { queries } from "../api/queries";
import { Alert } from "../ui/alert";
import { useAsked } from "../ui/asked";
import { Button } from "../ui/button";
import { Select } from "../ui/choices";
import { Confirm } from "../ui/confirm";
import { Empty } from "../ui/empty";
import { Form, useFields } from "../ui/form";
import { FormTitle } from "../ui/form-title";
import { Loading } from "../ui/loading";
import { RefusalAlert } from "../ui/refusal";
import { SendOrLeave } from "../ui/send-or-leave";
import { Time } from "../ui/time";
import { Told } from "../ui/told";
import { useWords } from "../words/words";
import type { CaseView } from "./queries";

interface Props {
  of: CaseView;
  zone: string;
  /** Who is signed in. */
  me: string;
  /** The step that is open. */
  step: string;
}

/** Whose draft it is, who edits it now, and that it ends when nobody goes on with it. */
export function DraftHands({ of, zone, me, step }: Props) {
  const words = useWords().cases.hands;
  const [told, tell] = useState<string>();
  const [asked, ask] = useAsked();
  // Whoever opens a step says so once: no call goes by the clock, for that would keep the session open.
  const { data, refetch } = useQuery({
    queryKey: ["editing", of.key, step],
    queryFn: () => edits(of.key, false),
    staleTime: 60_000,
    refetchOnWindowFocus: true,
    retry: false,
  });
  const other = data && !data.yours ? data : undefined;
  const hand = async (username: string, name: string) => {
    await api.PUT("/cases/{id}/owner", { params: { path: { id: of.key } }, body: { username } });
    ask();
    tell(username === me ? words.yoursNow : words.given(name));
    await queries.invalidateQueries({ queryKey: ["case", of.key] });
  };
  const takeOver = async () => {
    await edits(of.key, true);
    await hand(me, me);
    await refetch();
  };
  return (
    <>
      {told && <Told>{told}</Told>}
      {other && (
        <Alert tone="warning" title={words.other(other.by)}>
          <p>
            {words.since} <Time at={other.since} zone={zone} />. {words.otherText}
          </p>
          <Button look="outline" onClick={() => ask(`take-${of.key}`)}>
            {words.takeOver}
          </Button>
        </Alert>
      )}
      {of.endsAt && (
        <Alert tone="warning" title={words.ends}>
          <p>
            {words.endsAt} <Time at={of.endsAt} zone={zone} />. {words.endsText}
          </p>
        </Alert>
      )}
      <p className="margin-top-1">
        {of.owner === me ? words.yours : words.owner(of.owner ?? of.createdBy)}{" "}
        <Button look="link" onClick={() => ask(`hand-${of.key}`)}>
          {words.handOver}
        </Button>
      </p>
      {asked === `take-${of.key}` && other && (
        <Confirm title={words.takeTitle(other.by)} confirm={words.takeOver} send={takeOver} onClose={() => ask()}>
          <p>{words.takeText}</p>
        </Confirm>
      )}
      {asked === `hand-${of.key}` && <HandOver of={of} me={me} hand={hand} onLeave={() => ask()} />}
    </>
  );
}

function edits(id: string, takeOver: boolean) {
  return body(api.PUT("/cases/{id}/editing", { params: { path: { id } }, body: { takeOver } }));
}

interface HandOverProps {
  of: CaseView;
  me: string;
  hand: (username: string, name: string) => Promise<void>;
  onLeave: () => void;
}

function HandOver({ of, me, hand, onLeave }: HandOverProps) {
  const words = useWords().cases.hands;
  const { data, error, refetch } = useQuery({
    queryKey: ["colleagues", of.key],
    queryFn: () => body(api.GET("/cases/{id}/colleagues", { params: { path: { id: of.key } } })),
  });
  const form = useFields({ username: "" });
  useKept(form, `hand over ${of.key}`, me);
  const owner = of.owner ?? of.createdBy;
  const others = [...(owner === me ? [] : [{ username: me, name: words.me }]), ...(data?.colleagues ?? []).filter(({ username }) => username !== owner)];
  const send = async ({ username }: { username: string }) => {
    await hand(username, others.find((one) => one.username === username)?.name ?? username);
    form.reset();
  };
  return (
    <Form form={form} label={words.title} send={send}>
      <FormTitle focus as="h2">{words.title}</FormTitle>
      <p>{words.lead}</p>
      {error && <RefusalAlert thrown={error} again={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && others.length === 0 && <Empty>{words.none}</Empty>}
      {data && others.length > 0 && (
        <Select
          name="username"
          label={words.colleague}
          required
          options={others.map(({ username, name }) => ({ value: username, label: username === me ? name : `${name} (${username})` }))}
        />
      )}
      <SendOrLeave onLeave={onLeave}>{data && others.length > 0 ? words.send : undefined}</SendOrLeave>
    </Form>
  );
}
