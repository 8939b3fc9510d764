import { api } from "../api/client";
import { useKept } from "../api/kept";
import { Button } from "../ui/button";
import { TextArea } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { useWords } from "../words/words";
import type { Case, Request } from "./case-query";
import { FormTitle } from "./form-title";

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

/** To the physicians, with a note. */
export function ReferForm({ of, request: { number }, owner, attempt, focus, onDone, onLeave, said }: Props) {
  const { reviews, ui } = useWords();
  const words = reviews.refer;
  const form = useFields({ note: "" });
  useKept(form, `refer ${of.key} ${number}`, owner);
  return (
    <Form
      form={form}
      label={reviews.request.refer}
      send={({ note }) =>
        attempt(async () => {
          const params = { path: { id: of.key, number } };
          await api.POST("/staff/cases/{id}/requests/{number}/determination", { params, body: { decision: "refer", note } });
          form.reset();
          onDone();
          return said;
        })
      }
    >
      <FormTitle focus={focus}>{reviews.request.refer}</FormTitle>
      <p>{words.lead}</p>
      <TextArea name="note" label={words.note} required maxLength={4000} />
      <div className="usa-button-group">
        <Button type="submit" busy={form.formState.isSubmitting}>
          {words.send}
        </Button>
        <Button look="outline" onClick={onLeave}>
          {ui.cancel}
        </Button>
      </div>
    </Form>
  );
}
