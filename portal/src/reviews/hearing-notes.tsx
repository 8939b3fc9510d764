import { api } from "../api/client";
import { useKept } from "../api/kept";
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
  owner: string;
  zone: string | undefined;
  /** Of a form in a dialog, which shows what is wrong with it and what stands in its way. */
  attempt: (call: () => Promise<string>) => Promise<void>;
}

type Recorded = Schemas["RecordBody"];
const ASKERS = ["member", "representative", "provider"] as const;
const OUTCOMES = ["upheld", "reversed", "reversed-in-part", "withdrawn", "dismissed"] as const;

/** Records that a State fair hearing is asked for, when it is, and how it ended. */
export function HearingNotes({ of, request, owner, zone, attempt }: Props) {
  const words = useWords().requests.hearings;
  const [asked, ask] = useAsked();
  const { number } = request;
  const last = request.hearings?.at(-1);
  const open = last !== undefined && last.state !== "ended";
  const offered = Boolean(request.hearing?.until);
  if (!open && !offered) return null;
  const record = (said: string) => async (body: Recorded, sent: () => void) => {
    await attempt(async () => {
      await api.PUT("/staff/cases/{id}/requests/{number}/hearing", { params: { path: { id: of.key, number } }, body });
      sent();
      ask();
      return said;
    });
  };
  const form = (said: string) => ({ keep: `${of.key} ${number}`, owner, send: record(said), onClose: () => ask() });
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
      {offered && is("hearing") && <Request {...form(words.recorded)} />}
      {open && is("hearing-time") && <Schedule zone={zone} {...form(words.scheduled)} />}
      {open && is("hearing-end") && <End {...form(words.ended)} />}
    </section>
  );
}

interface FormProps {
  /** What is typed of which request is kept. */
  keep: string;
  owner: string;
  /** @param sent what follows once it is recorded */
  send: (body: Recorded, sent: () => void) => Promise<void>;
  onClose: () => void;
}

function Request({ keep, owner, send, onClose }: FormProps) {
  const words = useWords().requests.hearings;
  const form = useFields({ askedBy: "", name: "", on: "", reason: "" });
  useKept(form, `hearing ${keep}`, owner);
  const representative = form.watch("askedBy") === "representative";
  return (
    <Dialog title={words.record} onClose={onClose}>
      <Form form={form} label={words.record} send={(typed) => send({ state: "requested", ...typed, askedBy: typed.askedBy as (typeof ASKERS)[number] }, () => form.reset())}>
        <Select name="askedBy" label={words.askedBy} required options={ASKERS.map((value) => ({ value, label: words.askers[value] }))} />
        {representative && <Field name="name" label={words.name} required maxLength={120} plain />}
        <DateField name="on" label={words.askedOn} required />
        <TextArea name="reason" label={words.reason} required maxLength={4000} />
        <SendOrLeave onLeave={onClose}>{words.send}</SendOrLeave>
      </Form>
    </Dialog>
  );
}

function Schedule({ zone, keep, owner, send, onClose }: FormProps & { zone: string | undefined }) {
  const words = useWords().requests.hearings;
  const form = useFields({ scheduledDate: "", scheduledTime: "" });
  useKept(form, `hearing time ${keep}`, owner);
  return (
    <Dialog title={words.schedule} onClose={onClose}>
      <Form
        form={form}
        label={words.schedule}
        send={({ scheduledDate, scheduledTime }) => send({ state: "scheduled", scheduledDate, scheduledTime: timeOf(scheduledTime) }, () => form.reset())}
      >
        <p>{words.zone(zone ?? "")}</p>
        <DateField name="scheduledDate" label={words.date} required />
        <Field name="scheduledTime" label={words.clock} hint={words.clockHint} required width="small" plain />
        <SendOrLeave onLeave={onClose}>{words.send}</SendOrLeave>
      </Form>
    </Dialog>
  );
}

function End({ keep, owner, send, onClose }: FormProps) {
  const words = useWords().requests.hearings;
  const form = useFields({ endedAs: "", on: "", words: "" });
  useKept(form, `hearing end ${keep}`, owner);
  return (
    <Dialog title={words.end} onClose={onClose}>
      <p>{words.endLead}</p>
      <Form form={form} label={words.end} send={(typed) => send({ state: "ended", ...typed, endedAs: typed.endedAs as (typeof OUTCOMES)[number] }, () => form.reset())}>
        <Select name="endedAs" label={words.outcome} required options={OUTCOMES.map((value) => ({ value, label: words.outcomes[value] }))} />
        <DateField name="on" label={words.on} required />
        <TextArea name="words" label={words.said} hint={words.saidHint} required maxLength={4000} />
        <SendOrLeave onLeave={onClose}>{words.send}</SendOrLeave>
      </Form>
    </Dialog>
  );
}
