import { useState } from "react";
import { api, body } from "../api/client";
import { useKept } from "../api/kept";
import type { Schemas } from "../api/types";
import { Button } from "../ui/button";
import { Select } from "../ui/choices";
import { Dialog } from "../ui/dialog";
import { Field, TextArea } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { FormTitle } from "../ui/form-title";
import { SendOrLeave } from "../ui/send-or-leave";
import { useWords } from "../words/words";
import type { Case, Request } from "./case-query";
import { LetterLinks } from "./letter-links";

interface Props {
  of: Case;
  request: Request;
  owner: string;
  attempt: (call: () => Promise<string | undefined>) => Promise<void>;
  /** The form was asked for just now. */
  focus: boolean;
  onDone: () => void;
  onLeave: () => void;
}

interface Values {
  days: string;
  askedBy: Schemas["AskedForTime"] | "";
  reason: string;
}

/** Extends the time for a decision, once. The letters are seen before. */
export function MoreTimeForm({ of, request, owner, attempt, focus, onDone, onLeave }: Props) {
  const { reviews } = useWords();
  const words = reviews.moreTime;
  const form = useFields<Values>({ days: "", askedBy: "", reason: "" });
  useKept(form, `more time ${of.key} ${request.number}`, owner);
  const [shown, setShown] = useState<{ letters: Schemas["PreviewedLetter"][]; answer: (extend: boolean) => void }>();
  const send = ({ days, askedBy, reason }: Values) =>
    attempt(async () => {
      const params = { path: { id: of.key, number: request.number } };
      // What is no number is told by the API as such, at its field.
      const wanted = { days: Number.isNaN(Number(days)) ? 0 : Math.trunc(Number(days)), askedBy: askedBy as Schemas["AskedForTime"], reason };
      const { letters } = await body(api.POST("/staff/cases/{id}/requests/{number}/more-time/preview", { params, body: wanted }));
      const extend = await new Promise<boolean>((answer) => setShown({ letters, answer }));
      setShown(undefined);
      if (!extend) return undefined;
      await api.POST("/staff/cases/{id}/requests/{number}/more-time", { params, body: wanted });
      form.reset();
      onDone();
      return words.done;
    });
  const asked = Object.entries(words.asked).map(([value, label]) => ({ value, label }));
  return (
    <Form form={form} label={reviews.request.moreTime} send={send}>
      <FormTitle focus={focus}>{reviews.request.moreTime}</FormTitle>
      <p>{words.lead}</p>
      <Field name="days" label={words.days} hint={words.daysHint(request.moreDays ?? 0)} inputMode="numeric" required width="small" />
      <Select name="askedBy" label={words.askedBy} required options={asked} />
      <TextArea name="reason" label={words.reason} hint={words.reasonHint} required maxLength={1000} />
      <SendOrLeave onLeave={onLeave}>{words.send}</SendOrLeave>
      {shown && (
        <Dialog title={words.title} wide onClose={() => shown.answer(false)}>
          <p>{words.look}</p>
          <LetterLinks letters={shown.letters} />
          <div className="usa-button-group margin-top-2">
            <Button onClick={() => shown.answer(true)}>{words.extend}</Button>
            <Button look="outline" onClick={() => shown.answer(false)}>
              {reviews.decide.back}
            </Button>
          </div>
        </Dialog>
      )}
    </Form>
  );
}
