import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useWatch } from "react-hook-form";
import { api, body } from "../api/client";
import type { Schemas } from "../api/types";
import { Form } from "../ui/form";
import { Loading } from "../ui/loading";
import { RefusalAlert } from "../ui/refusal";
import { useWords, type Words } from "../words/words";
import { CriteriaFields } from "./criteria-fields";
import { bodyOf, decisionOf, isAdverse, type Values } from "./decision";
import { FormTitle } from "../ui/form-title";
import { SendOrLeave } from "../ui/send-or-leave";
import { KeptNote } from "./kept-note";
import { OutcomeFields } from "./outcome-fields";
import { Preview } from "./preview";
import type { RequestProps } from "./request";
import { useWorksheet, worksheetQuery, type At } from "./worksheet";

interface Props extends RequestProps {
  attempt: (call: () => Promise<string | undefined>) => Promise<void>;
  /** The form was asked for just now. */
  focus: boolean;
  onDone: () => void;
  onLeave: () => void;
  said: (as: Schemas["Status"]) => string;
}

/** Line by line; and before it is issued, the letters themselves. It begins with what was typed before. */
export function DecideForm(props: Props) {
  const at = { owner: props.profile.username, of: props.of.key, number: props.request.number };
  const { data, error, refetch } = useQuery(worksheetQuery(at));
  if (error) return <RefusalAlert thrown={error} again={() => void refetch()} />;
  return data ? <Lines {...props} at={at} kept={data} /> : <Loading />;
}

function Lines({ of, request, contract, profile, attempt, focus, onDone, onLeave, said, at, kept }: Props & { at: At; kept: Schemas["WorksheetView"] }) {
  const { reviews } = useWords();
  const words = reviews.decide;
  const worksheet = useWorksheet<Values>(at, kept, decisionOf(request.lines));
  const { form } = worksheet;
  // The answer of the reader, who looks at it.
  const [shown, setShown] = useState<{ values: Values; letters: Schemas["PreviewedLetter"][]; answer: (issue: boolean) => void }>();
  const lines = useWatch({ control: form.control, name: "lines" });
  const agreed = async (values: Values, letters: Schemas["PreviewedLetter"][]) => {
    const issue = await new Promise<boolean>((answer) => setShown({ values, letters, answer }));
    setShown(undefined);
    return issue;
  };
  const send = (values: Values) =>
    attempt(async () => {
      const params = { path: { id: of.key, number: request.number } };
      // Whatever is wrong with the decision is told here already, at its field.
      const { letters } = await body(api.POST("/staff/cases/{id}/requests/{number}/determination/preview", { params, body: bodyOf(values) }));
      if (!(await agreed(values, letters))) return undefined;
      const { status } = await body(api.POST("/staff/cases/{id}/requests/{number}/determination", { params, body: bodyOf(values) }));
      worksheet.end();
      onDone();
      return said(status);
    });
  return (
    <Form form={form} label={reviews.request.decide} send={send}>
      <FormTitle focus={focus}>{reviews.request.decide}</FormTitle>
      <p>{words.lead}</p>
      {profile.post?.role === "nurse" && <p>{words.onlyPhysician}</p>}
      <KeptNote of={worksheet} rows={(values) => rows(values, reviews)} />
      {request.lines.map((line, place) => (
        // Lines of a submitted request stay as they are, in their order.
        // oxlint-disable-next-line react/no-array-index-key
        <OutcomeFields key={place} line={line} place={place} outcome={lines[place]?.outcome ?? ""} catalogue={request.catalogue} />
      ))}
      {isAdverse({ lines }) && <CriteriaFields catalogue={request.catalogue} />}
      <SendOrLeave onLeave={onLeave}>{words.go}</SendOrLeave>
      {shown && (
        <Preview of={of} request={request} contract={contract} profile={profile} values={shown.values} letters={shown.letters} onAnswer={shown.answer} />
      )}
    </Form>
  );
}

/** The decision as it reads, to be compared with another one. */
function rows({ lines, criteria }: Values, { decide, request }: Words["reviews"]) {
  const ofLines = lines.flatMap(({ outcome, units, from, to, reason }, place) => {
    const of = request.line(place + 1);
    return [
      { key: `${place} outcome`, label: `${of}: ${request.outcome}`, text: outcome && decide.outcome[outcome] },
      { key: `${place} units`, label: `${of}: ${decide.units}`, text: units },
      { key: `${place} from`, label: `${of}: ${decide.from}`, text: from },
      { key: `${place} to`, label: `${of}: ${decide.to}`, text: to },
      { key: `${place} reason`, label: `${of}: ${decide.reason}`, text: reason },
    ];
  });
  const ofCriteria = criteria.map(({ title, citation, text }, place) => {
    return { key: `criterion ${place}`, label: decide.criterion(place + 1), text: [title, citation, text].filter(Boolean).join(", ") };
  });
  return [...ofLines, ...ofCriteria];
}
