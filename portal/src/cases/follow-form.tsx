import { useState } from "react";
import { useFieldArray, useFormContext, useWatch } from "react-hook-form";
import { api, body } from "../api/client";
import { useIntent } from "../api/intent";
import { useKept } from "../api/kept";
import { queries } from "../api/queries";
import type { Schemas } from "../api/types";
import { Alert } from "../ui/alert";
import { Button } from "../ui/button";
import { Radios } from "../ui/choices";
import { DateField } from "../ui/date-field";
import { Errors, TextArea } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { FormTitle } from "../ui/form-title";
import { SendOrLeave } from "../ui/send-or-leave";
import { Day } from "../ui/time";
import { useWords } from "../words/words";
import { announced, ChosenFiles, targets, type Chosen } from "./chosen-files";
import type { FollowProps } from "./follow-ups";
import { LineFields } from "./line-fields";
import { ProviderCard, ProviderSearch } from "./providers";
import { NO_LINE, sent, typed, type Line, type Provider } from "./steps";
import { useUploads } from "./uploads";

type Kind = Schemas["FollowKind"];

interface Values {
  note: string;
  urgency: Schemas["Urgency"];
  documentType: string;
  to: string;
  /** Each with its place among those that are authorized now; a new one has none. */
  lines: (Line & { line: number | null })[];
  servicing: Provider | null;
}

interface Props extends FollowProps {
  kind: Kind;
  /** The form was asked for just now. */
  focus: boolean;
  /** With the number of the new request. */
  onDone: (request: string) => void;
  onLeave: () => void;
}

/** Asks for what follows a decision: what each kind needs, why, and files. */
export function FollowForm({ found, request: { number }, contract, owner, kind, focus, onDone, onLeave }: Props) {
  const { cases } = useWords();
  const words = cases.follow;
  const authorization = found.authorizations?.find(({ requests }) => requests.includes(number));
  const lines = (authorization?.lines ?? []).map((line, place) => Object.assign(typed(line), { line: place }));
  const fresh: Values = { note: "", urgency: "standard", documentType: "", to: "", lines, servicing: null };
  const form = useFields<Values>(fresh);
  useKept(form, `follow ${found.key} ${number} ${kind}`, owner);
  const [chosen, choose] = useState<readonly Chosen[]>([]);
  const intent = useIntent();
  const { kept } = useUploads(owner, found.key);
  const send = async (values: Values) => {
    const params = { path: { id: found.key } };
    const content = { of: number, kind, urgency: values.urgency, note: values.note, documents: announced(chosen), ...ofKind(kind, values) };
    const made = await intent.send((header) => body(api.POST("/cases/{id}/requests", { params: { ...params, header }, body: content })));
    kept.bring(targets(chosen, made.documents, made.request));
    form.reset(fresh);
    onDone(made.request);
    await queries.invalidateQueries({ queryKey: ["cases"] });
    await queries.invalidateQueries({ queryKey: ["case", found.key] });
  };
  return (
    <Form form={form} label={words.askOf[kind](number)} send={send}>
      <FormTitle focus={focus}>{words.askOf[kind](number)}</FormTitle>
      <p>{words.lead[kind]}</p>
      {kind === "extension" && (
        <>
          {authorization?.until && (
            <p>
              {words.lastDay} <Day day={authorization.until} />.
            </p>
          )}
          <DateField name="to" label={words.to} required />
        </>
      )}
      {kind === "revision" && <Revision contract={contract.id} billed={authorization?.billed ?? false} />}
      <TextArea name="note" label={cases.notes.text} hint={cases.notes.hint} required maxLength={4000} />
      <Radios
        name="urgency"
        label={words.urgency}
        options={(["standard", "expedited"] as const).map((value) => ({ value, label: cases.request.urgencies[value] }))}
      />
      <ChosenFiles contract={contract} id={`follow-${number}`} chosen={chosen} choose={choose} />
      <SendOrLeave onLeave={onLeave}>{words.send}</SendOrLeave>
    </Form>
  );
}

function ofKind(kind: Kind, { to, lines, servicing }: Values) {
  if (kind === "extension") return { to };
  if (kind !== "revision") return {};
  return { lines: lines.map(({ line, ...wanted }) => ({ line, wanted: sent(wanted) })), ...(servicing && { servicing: servicing.id }) };
}

/** All lines as they are to be, and who is to perform them. */
function Revision({ contract, billed }: { contract: string; billed: boolean }) {
  const words = useWords().cases;
  const { control, setValue, formState } = useFormContext<Values>();
  const { fields, append, remove } = useFieldArray({ control, name: "lines" });
  const servicing = useWatch({ control, name: "servicing" });
  return (
    <>
      {billed && <Alert tone="info">{words.follow.billed}</Alert>}
      <p id="lines" tabIndex={-1}>
        {words.follow.lines}
      </p>
      {fields.map(({ id }, place) => (
        <fieldset key={id} className="usa-fieldset card margin-top-3">
          <legend className="usa-legend">{words.procedures.line(place + 1)}</legend>
          <LineFields place={place} />
          {fields.length > 1 && (
            <p>
              <Button look="outline" onClick={() => remove(place)}>
                {words.follow.removeLine(place + 1)}
              </Button>
            </p>
          )}
        </fieldset>
      ))}
      <p>
        <Button look="outline" onClick={() => append({ ...structuredClone(NO_LINE), line: null }, { focusName: `lines.${fields.length}.code` })}>
          {words.follow.add}
        </Button>
      </p>
      {servicing && (
        <ProviderCard provider={servicing}>
          <Button look="link" aria-label={words.providers.remove(words.follow.servicing)} onClick={() => setValue("servicing", null, { shouldDirty: true })}>
            {words.remove}
          </Button>
        </ProviderCard>
      )}
      {!servicing && <Errors id="servicing" text={formState.errors.servicing?.message} />}
      <ProviderSearch
        id="servicing"
        label={`${words.follow.servicing}: ${words.follow.findServicing}`}
        contract={contract}
        onChoose={(provider) => setValue("servicing", provider, { shouldDirty: true })}
      />
    </>
  );
}
