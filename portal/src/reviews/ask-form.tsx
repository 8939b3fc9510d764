import { get, useFieldArray, useFormContext } from "react-hook-form";
import { api } from "../api/client";
import { useKept } from "../api/kept";
import { Button } from "../ui/button";
import { DateField } from "../ui/date-field";
import { Errors, TextArea } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { FormTitle } from "../ui/form-title";
import { SendOrLeave } from "../ui/send-or-leave";
import { Day } from "../ui/time";
import { useWords } from "../words/words";
import type { Case, Request } from "./case-query";

interface Props {
  of: Case;
  request: Request;
  owner: string;
  attempt: (call: () => Promise<string>) => Promise<void>;
  /** The form was asked for just now. */
  focus: boolean;
  onDone: () => void;
  onLeave: () => void;
}

interface Values {
  /** Each in an object, as a list of fields wants it. */
  items: { text: string }[];
  due: string;
}

const MOST = 10;

/** Asks the provider for what is missing. The request waits for it. */
export function AskForm({ of, request, owner, attempt, focus, onDone, onLeave }: Props) {
  const { reviews } = useWords();
  const words = reviews.ask;
  const { number, askBy } = request;
  const form = useFields<Values>({ items: [{ text: "" }], due: askBy ?? "" });
  useKept(form, `ask ${of.key} ${number}`, owner);
  const send = ({ items, due }: Values) =>
    attempt(async () => {
      const params = { path: { id: of.key, number } };
      await api.POST("/staff/cases/{id}/requests/{number}/pend", { params, body: { items: items.map(({ text }) => text), due } });
      form.reset({ items: [{ text: "" }], due: "" });
      onDone();
      return words.done;
    });
  return (
    <Form form={form} label={words.title} send={send}>
      <FormTitle focus={focus}>{words.title}</FormTitle>
      <p>{words.lead}</p>
      <Items />
      <DateField name="due" label={words.due} hint={askBy && <>{words.dueHint} <Day day={askBy} /></>} required />
      <SendOrLeave onLeave={onLeave}>{words.send}</SendOrLeave>
    </Form>
  );
}

/** What is needed, one thing each. */
function Items() {
  const words = useWords().reviews.ask;
  const { control, formState } = useFormContext<Values>();
  const { fields, append, remove } = useFieldArray({ control, name: "items" });
  return (
    <fieldset className="usa-fieldset margin-top-3" id="items">
      <legend className="usa-legend text-bold">{words.items}</legend>
      <p className="usa-hint">{words.itemsHint}</p>
      {fields.map(({ id }, place) => {
        // What the API says of one stands at the list's own place.
        const told = get(formState.errors, `items.${place}`) as { message?: string } | undefined;
        return (
          <div key={id} id={`items-${place}`} tabIndex={-1}>
            <Errors id={`items-${place}`} text={told?.message} />
            <TextArea name={`items.${place}.text`} label={words.item(place + 1)} rows={2} required maxLength={300} />
            {fields.length > 1 && (
              <Button look="link" onClick={() => remove(place)}>
                {words.remove(place + 1)}
              </Button>
            )}
          </div>
        );
      })}
      {fields.length < MOST && (
        <p>
          <Button look="outline" onClick={() => append({ text: "" })}>
            {words.add}
          </Button>
        </p>
      )}
    </fieldset>
  );
}
