import { api } from "../api/client";
import { DateField } from "../ui/date-field";
import { timeOf } from "../ui/dates";
import { Field } from "../ui/field";
import { useWords } from "../words/words";
import { AskAbout, type AboutProps } from "./ask-about";

interface Values {
  provider: string;
  phone: string;
  times: { date: string; time: string }[];
}

const PLACES = [0, 1, 2] as const;

/** Asks for a conversation of the ordering provider with a physician of the plan: three times, of which one is chosen. */
export function AskTalk({ request: { number, talkUntil, clock }, ...about }: AboutProps) {
  const words = useWords().requests.askTalk;
  return (
    <AskAbout<Values>
      {...about}
      what="talk"
      number={number}
      words={words}
      until={talkUntil}
      values={{ provider: "", phone: "", times: PLACES.map(() => ({ date: "", time: "" })) }}
      put={({ times, ...typed }, path) => {
        const body = { ...typed, times: times.map(({ date, time }) => ({ date, time: timeOf(time) })) };
        return api.PUT("/cases/{id}/requests/{number}/peer-to-peer", { params: { path }, body });
      }}
    >
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
    </AskAbout>
  );
}
