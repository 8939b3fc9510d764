import { api } from "../api/client";
import type { Schemas } from "../api/types";
import { useAsked } from "../ui/asked";
import { Button } from "../ui/button";
import { Select } from "../ui/choices";
import { DateField } from "../ui/date-field";
import { timeOf } from "../ui/dates";
import { Dialog } from "../ui/dialog";
import { Field, TextArea } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { SendOrLeave } from "../ui/send-or-leave";
import { useWords } from "../words/words";
import type { Case, Request } from "./case-query";

interface Props {
  of: Case;
  request: Request;
  zone: string | undefined;
  /** Of a form, which shows what is wrong with it. */
  attempt: (call: () => Promise<string>) => Promise<void>;
}

type Recorded = Schemas["RecordBody"];
const ASKERS = ["member", "representative", "provider"] as const;
const OUTCOMES = ["upheld", "reversed", "reversed-in-part", "withdrawn", "dismissed"] as const;

/** Records that a State fair hearing is asked for, when it is, and how it ended. */
export function HearingNotes({ of, request, zone, attempt }: Props) {
  const words = useWords().requests.hearings;
  const [asked, ask] = useAsked();
  const { number } = request;
  const last = request.hearings?.at(-1);
  const open = last !== undefined && last.state !== "ended";
  const offered = Boolean(request.hearing?.until);
  if (!open && !offered) return null;
  const record = (said: string) => async (body: Recorded) => {
    await attempt(async () => {
      await api.PUT("/staff/cases/{id}/requests/{number}/hearing", { params: { path: { id: of.key, number } }, body });
      return said;
    });
    // What stands in the way of it is told above: the case is not as it was.
    ask();
  };
  const is = (what: string) => asked === `${what}-${number}`;
  const begin = (what: string) => ask(`${what}-${number}`);
  return (
    <section aria-label={words.section(number)}>
      <h3>{words.section(number)}</h3>
      <div className="usa-button-group">
        {offered && (
          <Button look="outline" onClick={() => begin("hearing")}>
            {words.record}
          </Button>
        )}
        {open && (
          <>
            <Button look="outline" onClick={() => begin("hearing-time")}>
              {words.schedule}
            </Button>
            <Button look="outline" onClick={() => begin("hearing-end")}>
              {words.end}
            </Button>
          </>
        )}
      </div>
      {offered && is("hearing") && <Request send={record(words.recorded)} onClose={() => ask()} />}
      {open && is("hearing-time") && <Schedule zone={zone} send={record(words.scheduled)} onClose={() => ask()} />}
      {open && is("hearing-end") && <End send={record(words.ended)} onClose={() => ask()} />}
    </section>
  );
}

interface FormProps {
  send: (body: Recorded) => Promise<void>;
  onClose: () => void;
}

function Request({ send, onClose }: FormProps) {
  const words = useWords().requests.hearings;
  const form = useFields({ askedBy: "", name: "", on: "", reason: "" });
  const representative = form.watch("askedBy") === "representative";
  return (
    <Dialog title={words.record} onClose={onClose}>
      <Form form={form} label={words.record} send={(typed) => send({ state: "requested", ...typed, askedBy: typed.askedBy as (typeof ASKERS)[number] })}>
        <Select name="askedBy" label={words.askedBy} required options={ASKERS.map((value) => ({ value, label: words.askers[value] }))} />
        {representative && <Field name="name" label={words.name} required maxLength={120} plain />}
        <DateField name="on" label={words.askedOn} required />
        <TextArea name="reason" label={words.reason} required maxLength={4000} />
        <SendOrLeave onLeave={onClose}>{words.send}</SendOrLeave>
      </Form>
    </Dialog>
  );
}

function Schedule({ zone, send, onClose }: FormProps & { zone: string | undefined }) {
  const words = useWords().requests.hearings;
  const form = useFields({ scheduledDate: "", scheduledTime: "" });
  return (
    <Dialog title={words.schedule} onClose={onClose}>
      <Form
        form={form}
        label={words.schedule}
        send={({ scheduledDate, scheduledTime }) => send({ state: "scheduled", scheduledDate, scheduledTime: timeOf(scheduledTime) })}
      >
        <p>{words.zone(zone ?? "")}</p>
        <DateField name="scheduledDate" label={words.date} required />
        <Field name="scheduledTime" label={words.clock} hint={words.clockHint} required width="small" plain />
        <SendOrLeave onLeave={onClose}>{words.send}</SendOrLeave>
      </Form>
    </Dialog>
  );
}

function End({ send, onClose }: FormProps) {
  const words = useWords().requests.hearings;
  const form = useFields({ endedAs: "", on: "", words: "" });
  return (
    <Dialog title={words.end} onClose={onClose}>
      <p>{words.endLead}</p>
      <Form form={form} label={words.end} send={(typed) => send({ state: "ended", ...typed, endedAs: typed.endedAs as (typeof OUTCOMES)[number] })}>
        <Select name="endedAs" label={words.outcome} required options={OUTCOMES.map((value) => ({ value, label: words.outcomes[value] }))} />
        <DateField name="on" label={words.on} required />
        <TextArea name="words" label={words.said} hint={words.saidHint} required maxLength={4000} />
        <SendOrLeave onLeave={onClose}>{words.send}</SendOrLeave>
      </Form>
    </Dialog>
  );
}
