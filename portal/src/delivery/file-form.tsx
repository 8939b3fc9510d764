import { api } from "../api/client";
import { useKept } from "../api/kept";
import { Checkbox } from "../ui/choices";
import { Field } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { FormTitle } from "../ui/form-title";
import { SendOrLeave } from "../ui/send-or-leave";
import { useWords } from "../words/words";
import type { Fax } from "./fax-query";

export interface Props {
  fax: Fax;
  owner: string;
  /** The form was asked for just now. */
  focus: boolean;
  onDone: (said: string) => Promise<void>;
  onLeave: () => void;
}

/** Files a fax to a request of a case. */
export function FileForm({ fax, owner, focus, onDone, onLeave }: Props) {
  const words = useWords().delivery.file;
  const form = useFields<{ caseId: string; request: string; answers: boolean }>({ caseId: fax.caseId ?? "", request: fax.request ?? "R01", answers: false });
  useKept(form, `file ${fax.id}`, owner);
  return (
    <Form
      form={form}
      label={words.title}
      send={async (filing) => {
        await api.PUT("/staff/faxes/{fax}/filing", { params: { path: { fax: fax.id } }, body: filing });
        form.reset();
        await onDone(words.done);
      }}
    >
      <FormTitle focus={focus} as="h2">{words.title}</FormTitle>
      <p>{words.lead}</p>
      <Field name="caseId" label={words.caseId} required plain width="medium" inputMode="numeric" />
      <Field name="request" label={words.request} hint={words.requestHint} required plain width="small" />
      <Checkbox name="answers" label={words.answers} hint={words.answersHint} />
      <SendOrLeave onLeave={onLeave}>{words.send}</SendOrLeave>
    </Form>
  );
}
