import { useQuery } from "@tanstack/react-query";
import { api } from "../api/client";
import type { Schemas } from "../api/types";
import { TextArea } from "../ui/field";
import { Form } from "../ui/form";
import { Loading } from "../ui/loading";
import { RefusalAlert } from "../ui/refusal";
import { useWords } from "../words/words";
import type { Case, Request } from "./case-query";
import { FormTitle } from "../ui/form-title";
import { SendOrLeave } from "../ui/send-or-leave";
import { KeptNote } from "./kept-note";
import { useWorksheet, worksheetQuery, type At, type Part } from "./worksheet";

interface Props {
  of: Case;
  request: Request;
  owner: string;
  attempt: (call: () => Promise<string>) => Promise<void>;
  /** The form was asked for just now. */
  focus: boolean;
  onDone: () => void;
  onLeave: () => void;
  said: string;
}

const NOTE: Part<{ note: string }> = {
  name: "refer",
  values: ({ note }) => ({ note }),
  typed: ({ note }, rest) => ({ ...rest, note }),
};

/** To the physicians, with a note. It begins with what was typed before. */
export function ReferForm(props: Props) {
  const at = { owner: props.owner, of: props.of.key, number: props.request.number };
  const { data, error, refetch } = useQuery(worksheetQuery(at));
  if (error) return <RefusalAlert thrown={error} again={() => void refetch()} />;
  return data ? <Note {...props} at={at} kept={data} /> : <Loading />;
}

function Note({ attempt, focus, onDone, onLeave, said, at, kept }: Props & { at: At; kept: Schemas["WorksheetView"] }) {
  const { reviews } = useWords();
  const words = reviews.refer;
  const worksheet = useWorksheet(at, kept, NOTE);
  const { form } = worksheet;
  return (
    <Form
      form={form}
      label={reviews.request.refer}
      send={({ note }) =>
        attempt(async () => {
          const params = { path: { id: at.of, number: at.number } };
          await api.POST("/staff/cases/{id}/requests/{number}/determination", { params, body: { decision: "refer", note } });
          worksheet.end();
          onDone();
          return said;
        })
      }
    >
      <FormTitle focus={focus}>{reviews.request.refer}</FormTitle>
      <p>{words.lead}</p>
      <KeptNote of={worksheet} rows={({ note }) => [{ key: "note", label: words.note, text: note }]} />
      <TextArea name="note" label={words.note} required maxLength={4000} />
      <SendOrLeave onLeave={onLeave}>{words.send}</SendOrLeave>
    </Form>
  );
}
