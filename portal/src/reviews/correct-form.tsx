import { useState } from "react";
import { useWatch } from "react-hook-form";
import { api, body } from "../api/client";
import { useKept } from "../api/kept";
import type { Schemas } from "../api/types";
import { TextArea } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { FormTitle } from "../ui/form-title";
import { SendOrLeave } from "../ui/send-or-leave";
import { useWords } from "../words/words";
import { CriteriaFields } from "./criteria-fields";
import { bodyOf, decidedOf, isAdverse, type Values } from "./decision";
import { OutcomeFields } from "./outcome-fields";
import { Preview } from "./preview";
import type { RequestProps } from "./request";

interface Props extends RequestProps {
  /** The number of the decision that is corrected. */
  corrects: number;
  attempt: (call: () => Promise<string | undefined>) => Promise<void>;
  /** The form was asked for just now. */
  focus: boolean;
  onDone: () => void;
  onLeave: () => void;
  said: (as: Schemas["Status"]) => string;
}

type Typed = Values & { note: string };

/** A decision in the place of one that was wrong. It begins with that one, and both letters are seen before it is issued. */
export function CorrectForm({ of, request, contract, profile, corrects, attempt, focus, onDone, onLeave, said }: Props) {
  const { reviews } = useWords();
  const words = reviews.decide;
  const form = useFields<Typed>({ ...decidedOf(request), note: "" });
  useKept(form, `correct ${of.key} ${request.number} ${corrects}`, profile.username);
  const [shown, setShown] = useState<{ values: Values; letters: Schemas["PreviewedLetter"][]; answer: (issue: boolean) => void }>();
  const lines = useWatch({ control: form.control, name: "lines" });
  const send = (values: Typed) =>
    attempt(async () => {
      const params = { path: { id: of.key, number: request.number } };
      const sent: Schemas["DeterminationBody"] = { ...bodyOf(values), decision: "correct", corrects, note: values.note };
      const { letters } = await body(api.POST("/staff/cases/{id}/requests/{number}/determination/preview", { params, body: sent }));
      const issue = await new Promise<boolean>((answer) => setShown({ values, letters, answer }));
      setShown(undefined);
      if (!issue) return undefined;
      const { status } = await body(api.POST("/staff/cases/{id}/requests/{number}/determination", { params, body: sent }));
      form.reset();
      onDone();
      return said(status);
    });
  return (
    <Form form={form} label={reviews.request.correct} send={send}>
      <FormTitle focus={focus}>{reviews.request.correct}</FormTitle>
      <p>{words.correctLead}</p>
      {profile.post?.role === "nurse" && <p>{words.onlyPhysician}</p>}
      <TextArea name="note" label={words.correctWhy} hint={words.correctWhyHint} required maxLength={4000} />
      {request.lines.map((line, place) => (
        // Lines of a submitted request stay as they are, in their order.
        // oxlint-disable-next-line react/no-array-index-key
        <OutcomeFields key={place} line={line} place={place} outcome={lines[place]?.outcome ?? ""} catalogue={request.catalogue} />
      ))}
      {isAdverse({ lines }) && <CriteriaFields catalogue={request.catalogue} />}
      <SendOrLeave onLeave={onLeave}>{words.go}</SendOrLeave>
      {shown && (
        <Preview
          of={of}
          request={request}
          contract={contract}
          profile={profile}
          values={shown.values}
          letters={shown.letters}
          corrects
          onAnswer={shown.answer}
        />
      )}
    </Form>
  );
}
