import { useRef, useState } from "react";
import { api, body } from "../api/client";
import { useIntent } from "../api/intent";
import { DateField } from "../ui/date-field";
import { timeOf } from "../ui/dates";
import { Field, TextArea } from "../ui/field";
import { useWords } from "../words/words";
import { AskAbout, type AboutProps } from "./ask-about";
import { announced, ChosenFiles, targets, type Chosen } from "./chosen-files";
import { useContract } from "./queries";
import { useUploads } from "./uploads";

interface Values {
  provider: string;
  phone: string;
  times: { date: string; time: string }[];
  note: string;
  documentType: string;
}

const PLACES = [0, 1, 2] as const;

interface Props extends AboutProps {
  /** Id of the case's. */
  contract: string;
}

/** Asks for a conversation of the ordering provider with a physician of the plan: three times, of which one is chosen. A note and files go with it. */
export function AskTalk({ contract: of, ...about }: Props) {
  const { requests, cases } = useWords();
  const words = requests.askTalk;
  const { number, talkUntil, clock, may } = about.request;
  const { data: contract } = useContract(of);
  const [chosen, choose] = useState<readonly Chosen[]>([]);
  const { kept } = useUploads(about.owner, about.of);
  const intent = useIntent();
  // When only the note or a file was refused, the conversation is asked for already.
  const asked = useRef(false);
  const put = async ({ provider, phone, times, note }: Values, path: { id: string; number: string }) => {
    const talk = { provider, phone, times: times.map(({ date, time }) => ({ date, time: timeOf(time) })) };
    if (!asked.current) await api.PUT("/cases/{id}/requests/{number}/peer-to-peer", { params: { path }, body: talk });
    asked.current = true;
    if (note.trim() || chosen.length > 0) {
      const added = { note, documents: announced(chosen), answers: false, peerToPeer: true };
      const { documents } = await intent.send((header) => body(api.POST("/cases/{id}/requests/{number}/information", { params: { path, header }, body: added })));
      kept.bring(targets(chosen, documents, number));
    }
    choose([]);
    asked.current = false;
  };
  return (
    <AskAbout<Values>
      {...about}
      what="talk"
      number={number}
      words={words}
      until={talkUntil}
      values={{ provider: "", phone: "", times: PLACES.map(() => ({ date: "", time: "" })), note: "", documentType: "" }}
      put={put}
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
      {may.includes("add") && contract && (
        <>
          <TextArea name="note" label={cases.notes.text} hint={cases.notes.hint} maxLength={4000} />
          <ChosenFiles contract={contract} id={`talk-${number}`} chosen={chosen} choose={choose} />
        </>
      )}
    </AskAbout>
  );
}
