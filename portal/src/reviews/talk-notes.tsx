import { api } from "../api/client";
import { useKept } from "../api/kept";
import type { Schemas } from "../api/types";
import { Button } from "../ui/button";
import { Select } from "../ui/choices";
import { TextArea } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { moment } from "../ui/time";
import { useSpeech, useWords } from "../words/words";
import type { Case, Request } from "./case-query";

interface Props {
  of: Case;
  request: Request;
  owner: string;
  zone: string | undefined;
  /** Of a form, which shows what is wrong with it. */
  attempt: (call: () => Promise<string>) => Promise<void>;
  /** Of a button. */
  press: (call: () => Promise<string>) => Promise<void>;
  busy: boolean;
}

/** What becomes of a conversation that the provider asked for: which time is kept, whether it was held, and what came of it. */
export function TalkNotes({ of, request, owner, zone, attempt, press, busy }: Props) {
  const words = useWords().reviews.talk;
  const { language } = useSpeech();
  const talk = request.talks?.at(-1);
  const time = useFields({ time: "" });
  const outcome = useFields({ outcome: "" });
  useKept(time, `talk time ${of.key} ${request.number}`, owner);
  useKept(outcome, `talk outcome ${of.key} ${request.number}`, owner);
  if (!talk) return null;
  const note = async (body: Schemas["NoteBody"], said: string, sent?: () => void) => {
    await api.PUT("/staff/cases/{id}/requests/{number}/peer-to-peer", { params: { path: { id: of.key, number: request.number } }, body });
    sent?.();
    return said;
  };
  const offered = talk.times.filter((one) => one !== talk.time);
  return (
    <section aria-label={words.title}>
      <h3>{words.title}</h3>
      <Form form={time} label={words.schedule} send={(typed) => attempt(() => note({ state: "scheduled", ...typed }, words.scheduled, () => time.reset()))}>
        <Select name="time" label={words.time} required options={offered.map((one) => ({ value: one, label: zone ? moment(one, zone, language) : "…" }))} />
        <p>
          <Button type="submit" look="outline" busy={time.formState.isSubmitting}>
            {words.schedule}
          </Button>
        </p>
      </Form>
      {talk.state === "scheduled" && (
        <Form form={outcome} label={words.hold} send={(typed) => attempt(() => note({ state: "held", ...typed }, words.held, () => outcome.reset()))}>
          <TextArea name="outcome" label={words.outcome} hint={words.outcomeHint} required maxLength={4000} />
          <p>
            <Button type="submit" busy={outcome.formState.isSubmitting}>
              {words.hold}
            </Button>
          </p>
        </Form>
      )}
      <p>
        <Button look="outline" busy={busy} onClick={() => void press(() => note({ state: "missed" }, words.missed))}>
          {words.miss}
        </Button>
      </p>
    </section>
  );
}
