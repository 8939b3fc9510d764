import { useState } from "react";
import { useWatch } from "react-hook-form";
import { api, body } from "../api/client";
import { useKept } from "../api/kept";
import type { Schemas } from "../api/types";
import { Button } from "../ui/button";
import { Form, useFields } from "../ui/form";
import { useWords } from "../words/words";
import { CriteriaFields } from "./criteria-fields";
import { blank, bodyOf, isAdverse, type Values } from "./decision";
import { FormTitle } from "./form-title";
import { OutcomeFields } from "./outcome-fields";
import { Preview } from "./preview";
import type { RequestProps } from "./request";

interface Props extends RequestProps {
  attempt: (call: () => Promise<string>) => Promise<void>;
  /** The form was asked for just now. */
  focus: boolean;
  onDone: () => void;
  onLeave: () => void;
  said: (as: Schemas["Status"]) => string;
}

/** Line by line; and before it is issued, everything that the letters will rest on. */
export function DecideForm({ of, request, contract, profile, attempt, focus, onDone, onLeave, said }: Props) {
  const { reviews, ui } = useWords();
  const words = reviews.decide;
  const form = useFields<Values>(blank(request.lines));
  useKept(form, `determination ${of.key} ${request.number}`, profile.username);
  // The answer of the reader, who looks at it.
  const [shown, setShown] = useState<{ values: Values; answer: (issue: boolean) => void }>();
  const lines = useWatch({ control: form.control, name: "lines" });
  const agreed = async (values: Values) => {
    const issue = await new Promise<boolean>((answer) => setShown({ values, answer }));
    setShown(undefined);
    return issue;
  };
  const send = async (values: Values) => {
    if (!(await agreed(values))) return;
    await attempt(async () => {
      const params = { path: { id: of.key, number: request.number } };
      const { status } = await body(api.POST("/staff/cases/{id}/requests/{number}/determination", { params, body: bodyOf(values) }));
      form.reset();
      onDone();
      return said(status);
    });
  };
  return (
    <Form form={form} label={reviews.request.decide} send={send}>
      <FormTitle focus={focus}>{reviews.request.decide}</FormTitle>
      <p>{words.lead}</p>
      {profile.post?.role === "nurse" && <p>{words.onlyPhysician}</p>}
      {request.lines.map((line, place) => (
        // Lines of a submitted request stay as they are, in their order.
        // oxlint-disable-next-line react/no-array-index-key
        <OutcomeFields key={place} line={line} place={place} outcome={lines[place]?.outcome ?? ""} />
      ))}
      {isAdverse({ lines }) && <CriteriaFields />}
      <div className="usa-button-group">
        <Button type="submit" busy={form.formState.isSubmitting}>
          {words.go}
        </Button>
        <Button look="outline" onClick={onLeave}>
          {ui.cancel}
        </Button>
      </div>
      {shown && <Preview of={of} request={request} contract={contract} profile={profile} values={shown.values} onAnswer={shown.answer} />}
    </Form>
  );
}
