import { useState } from "react";
import { api, body } from "../api/client";
import { useKept } from "../api/kept";
import type { Schemas } from "../api/types";
import { Button } from "../ui/button";
import { Uncovered } from "../ui/coverage";
import { Dialog } from "../ui/dialog";
import { TextArea } from "../ui/field";
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

/** Closes a request because the member is not eligible: nothing is decided. The letters are seen before. */
export function VoidForm({ of, request, owner, attempt, focus, onDone, onLeave }: Props) {
  const { reviews } = useWords();
  const words = reviews.void;
  const form = useFields<{ note: string }>({ note: "" });
  useKept(form, `void ${of.key} ${request.number}`, owner);
  const [shown, setShown] = useState<{ letters: Schemas["PreviewedLetter"][]; answer: (issue: boolean) => void }>();
  const send = ({ note }: { note: string }) =>
    attempt(async () => {
      const params = { path: { id: of.key, number: request.number } };
      const voids = { decision: "void" as const, note };
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
      {request.lines.map(({ uncovered }, place) => (
        // Lines of a submitted request stay as they are, in their order.
        // oxlint-disable-next-line react/no-array-index-key
        <Uncovered key={place} days={uncovered} />
      ))}
      <TextArea name="note" label={words.note} hint={words.noteHint} required maxLength={4000} />
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
