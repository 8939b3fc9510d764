import { api } from "../api/client";
import { useKept } from "../api/kept";
import type { Schemas } from "../api/types";
import { Radios } from "../ui/choices";
import { TextArea } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { FormTitle } from "../ui/form-title";
import { SendOrLeave } from "../ui/send-or-leave";
import { useWords } from "../words/words";
import type { Props } from "./file-form";

const REASONS = ["misdirected", "unreadable", "repeated", "returned", "other"] as const;

/** Closes a fax that belongs to no case. */
export function CloseForm({ fax, owner, focus, onDone, onLeave }: Props) {
  const { close: words, closed } = useWords().delivery;
  const form = useFields<{ reason: string; note: string }>({ reason: "", note: "" });
  useKept(form, `close ${fax.id}`, owner);
  return (
    <Form
      form={form}
      label={words.title}
      send={async ({ reason, note }) => {
        const closure = { reason: reason as Schemas["FaxCloseReason"], note };
        await api.PUT("/staff/faxes/{fax}/closure", { params: { path: { fax: fax.id } }, body: closure });
        form.reset();
        await onDone(words.done);
      }}
    >
      <FormTitle focus={focus} as="h2">{words.title}</FormTitle>
      <Radios name="reason" label={words.reason} required options={REASONS.map((value) => ({ value, label: closed[value] }))} />
      <TextArea name="note" label={words.note} hint={words.noteHint} rows={3} maxLength={1000} />
      <SendOrLeave onLeave={onLeave}>{words.send}</SendOrLeave>
    </Form>
  );
}
