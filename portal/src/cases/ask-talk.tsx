import { api } from "../api/client";
import { queries } from "../api/queries";
import type { Schemas } from "../api/types";
import { useAsked } from "../ui/asked";
import { Button } from "../ui/button";
import { DateField } from "../ui/date-field";
import { timeOf } from "../ui/dates";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { SendOrLeave } from "../ui/send-or-leave";
import { Day } from "../ui/time";
import { useWords } from "../words/words";

interface Props {
  /** Opaque key of the case. */
  of: string;
  request: Schemas["RequestView"];
  onDone: (said: string) => void;
}

/** Asks for a conversation of the ordering provider with a physician of the plan: three times, of which one is chosen. */
export function AskTalk({ of, request, onDone }: Props) {
  const words = useWords().requests.askTalk;
  const [asked, ask] = useAsked();
  const what = `talk-${request.number}`;
  return (
    <>
      <Button look="outline" onClick={() => ask(what)}>
        {words.ask(request.number)}
      </Button>
      {asked === what && <Ask of={of} request={request} onDone={onDone} onClose={() => ask()} />}
    </>
  );
}

interface Values {
  provider: string;
  phone: string;
  times: { date: string; time: string }[];
}

const PLACES = [0, 1, 2] as const;

function Ask({ of, request: { number, talkUntil, clock }, onDone, onClose }: Props & { onClose: () => void }) {
  const { requests } = useWords();
  const words = requests.askTalk;
  const form = useFields<Values>({ provider: "", phone: "", times: PLACES.map(() => ({ date: "", time: "" })) });
  const send = async ({ times, ...typed }: Values) => {
    const body = { ...typed, times: times.map(({ date, time }) => ({ date, time: timeOf(time) })) };
    await api.PUT("/cases/{id}/requests/{number}/peer-to-peer", { params: { path: { id: of, number } }, body });
    onClose();
    onDone(words.asked(number));
    await queries.invalidateQueries({ queryKey: ["case", of] });
  };
  return (
    <Dialog title={words.ask(number)} onClose={onClose}>
      <p>{words.lead}</p>
      {talkUntil && (
        <p>
          {words.until} <Day day={talkUntil} />.
        </p>
      )}
      <Form form={form} label={words.ask(number)} send={send}>
        <Field name="provider" label={words.provider} hint={words.providerHint} required maxLength={120} plain />
        <Field name="phone" type="tel" label={words.phone} required width="medium" />
        <fieldset className="usa-fieldset margin-top-3" id="times" tabIndex={-1}>
          <legend className="usa-legend text-bold">{words.zone(clock?.zone ?? "")}</legend>
          {PLACES.map((place) => (
            <div key={place}>
              <DateField name={`times.${place}.date`} label={words.date(place + 1)} required />
              <Field name={`times.${place}.time`} label={words.time(place + 1)} hint={words.timeHint} required width="small" plain />
            </div>
          ))}
        </fieldset>
        <SendOrLeave onLeave={onClose}>{words.send}</SendOrLeave>
      </Form>
    </Dialog>
  );
}
