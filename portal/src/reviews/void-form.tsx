import { useState } from "react";
import { useWatch } from "react-hook-form";
import { api, body } from "../api/client";
import { useKept } from "../api/kept";
import type { Schemas } from "../api/types";
import { Button } from "../ui/button";
import { Radios } from "../ui/choices";
import { Uncovered } from "../ui/coverage";
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
  because: Schemas["Closed"] | "";
  duplicateOf: { caseId: string; request: string };
  note: string;
}

/** Closes a request without a decision: not eligible, not required, or a duplicate. The letters are seen before. */
export function VoidForm({ of, request, owner, attempt, focus, onDone, onLeave }: Props) {
  const { reviews } = useWords();
  const words = reviews.void;
  const { closes = [] } = request;
  const form = useFields<Values>({ because: closes.includes("not-eligible") ? "not-eligible" : "", duplicateOf: { caseId: "", request: "" }, note: "" });
  useKept(form, `void ${of.key} ${request.number}`, owner);
  const [shown, setShown] = useState<{ letters: Schemas["PreviewedLetter"][]; answer: (issue: boolean) => void }>();
  const because = useWatch({ control: form.control, name: "because" });
  const send = ({ because: why, duplicateOf, note }: Values) =>
    attempt(async () => {
      const params = { path: { id: of.key, number: request.number } };
      const voids = { decision: "void" as const, because: why || null, duplicateOf: why === "duplicate" ? duplicateOf : null, note };
      const { letters } = await body(api.POST("/staff/cases/{id}/requests/{number}/determination/preview", { params, body: voids }));
      const issue = await new Promise<boolean>((answer) => setShown({ letters, answer }));
      setShown(undefined);
      if (!issue) return undefined;
      await api.POST("/staff/cases/{id}/requests/{number}/determination", { params, body: voids });
      form.reset();
      onDone();
      return words.done;
    });
  return (
    <Form form={form} label={reviews.request.void} send={send}>
      <FormTitle focus={focus}>{reviews.request.void}</FormTitle>
      <p>{words.lead}</p>
      <Radios
        name="because"
        label={words.because}
        required
        options={closes.map((value) => ({ value, label: words.reasons[value], about: words.aboutReasons[value] }))}
      />
      {because === "not-eligible" &&
        request.lines.map(({ uncovered }, place) => (
          // Lines of a submitted request stay as they are, in their order.
          // oxlint-disable-next-line react/no-array-index-key
          <Uncovered key={place} days={uncovered} />
        ))}
      {because === "duplicate" && (
        <>
          <Field name="duplicateOf.caseId" label={words.caseId} hint={words.caseIdHint} required width="medium" />
          <Field name="duplicateOf.request" label={words.number} hint={words.numberHint} required width="medium" />
        </>
      )}
      <TextArea name="note" label={words.note} hint={words.noteHint} required={because === "not-eligible"} maxLength={4000} />
      <SendOrLeave onLeave={onLeave}>{words.send}</SendOrLeave>
      {shown && (
        <Dialog title={words.title} wide onClose={() => shown.answer(false)}>
          <p>{words.look}</p>
          <LetterLinks letters={shown.letters} />
          <div className="usa-button-group margin-top-2">
            <Button onClick={() => shown.answer(true)}>{words.close}</Button>
            <Button look="outline" onClick={() => shown.answer(false)}>
              {reviews.decide.back}
            </Button>
          </div>
        </Dialog>
      )}
    </Form>
  );
}
