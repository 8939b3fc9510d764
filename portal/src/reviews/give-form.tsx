import { useQuery, useQueryClient } from "@tanstack/react-query";
import { api, ifMatch } from "../api/client";
import { useKept } from "../api/kept";
import { isRefused } from "../api/refused";
import { Select } from "../ui/choices";
import { Empty } from "../ui/empty";
import { Form, useFields } from "../ui/form";
import { FormTitle } from "../ui/form-title";
import { Loading } from "../ui/loading";
import { RefusalAlert } from "../ui/refusal";
import { SendOrLeave } from "../ui/send-or-leave";
import { useWords } from "../words/words";
import type { Case, Request } from "./case-query";
import { queueOf, reviewersQuery } from "./queues";

interface Props {
  of: Case;
  request: Request;
  owner: string;
  attempt: (call: () => Promise<string>) => Promise<void>;
  /** Reads the case again. */
  read: () => Promise<void>;
  /** The form was asked for just now. */
  focus: boolean;
  onDone: () => void;
  onLeave: () => void;
}

/** A lead gives the request to whoever works its worklist, whether somebody has it or not. */
export function GiveForm({ of, request, owner, attempt, read, focus, onDone, onLeave }: Props) {
  const { reviews } = useWords();
  const words = reviews.give;
  const { data, error, refetch } = useQuery(reviewersQuery(queueOf(request.status), of.contract));
  const queries = useQueryClient();
  const form = useFields({ reviewer: "" });
  useKept(form, `give ${of.key} ${request.number}`, owner);
  const others = data?.filter(({ username }) => username !== request.claim?.by) ?? [];
  const send = ({ reviewer }: { reviewer: string }) =>
    attempt(async () => {
      const params = { path: { id: of.key, number: request.number }, header: ifMatch(`"${of.version}"`) };
      try {
        await api.PUT("/staff/cases/{id}/requests/{number}/claim", { params, body: { reviewer } });
      } catch (thrown) {
        // Somebody was faster: who has it now is shown before it is given once more.
        if (isRefused(thrown, "stale")) await read();
        throw thrown;
      }
      void queries.invalidateQueries({ queryKey: ["worklist"] });
      form.reset();
      onDone();
      return words.done(others.find(({ username }) => username === reviewer)?.name ?? reviewer);
    });
  return (
    <Form form={form} label={words.title} send={send}>
      <FormTitle focus={focus}>{words.title}</FormTitle>
      <p>{words.lead}</p>
      {error && <RefusalAlert thrown={error} again={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && others.length === 0 && <Empty>{words.none}</Empty>}
      {others.length > 0 && (
        <Select
          name="reviewer"
          label={words.reviewer}
          required
          options={others.map(({ username, name, holds }) => ({ value: username, label: words.option(name, username, holds) }))}
        />
      )}
      <SendOrLeave onLeave={onLeave}>{others.length > 0 ? words.send : undefined}</SendOrLeave>
    </Form>
  );
}
