import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { api, body } from "../api/client";
import { useIntent } from "../api/intent";
import { useKept } from "../api/kept";
import { queries } from "../api/queries";
import { isRefused, type Refused } from "../api/refused";
import { Alert } from "../ui/alert";
import { Button, ButtonLink } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { TextArea } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { RefusalAlert } from "../ui/refusal";
import { tell } from "../ui/wrong";
import { useSpeech, useWords } from "../words/words";
import { Duplicates, useDuplicates } from "./duplicates";
import { placeOf } from "./questionnaire-step";
import { ReviewCards } from "./review-cards";
import { STEPS, stepOfPointer } from "./steps";
import { unsavedOf } from "../api/unsaved";
import type { StepProps } from "./step-form";

/** Everything that was entered, the disclaimer, and the submit. */
export function SubmitPage({ found, contract, owner }: StepProps) {
  const words = useWords();
  const { key, disclaimer } = found.value;
  const navigate = useNavigate();
  const intent = useIntent();
  const [asks, ask] = useState(false);
  const duplicates = useDuplicates(key);
  const again = duplicates.data ?? [];
  const form = useFields<{ duplicateReason: string }>({ duplicateReason: "" });
  useKept(form, `again ${key}`, owner);
  const reason = () => (again.length > 0 ? { duplicateReason: form.getValues("duplicateReason") } : {});
  const submission = useMutation({
    mutationFn: () =>
      intent.send((header) => body(api.POST("/cases/{id}/submission", { params: { path: { id: key }, header }, body: { disclaimerAgreed: true, ...reason() } }))),
    onSuccess: async () => {
      form.reset();
      await queries.invalidateQueries({ queryKey: ["cases"] });
      await queries.invalidateQueries({ queryKey: ["case", key], refetchType: "none" });
      await navigate(`/cases/${key}`, { state: { submitted: true } });
    },
    // What was asked for in the meantime is shown with its refusal.
    onError: () => queries.invalidateQueries({ queryKey: ["duplicates", key] }),
    onSettled: () => ask(false),
  });
  const waits = (step: string) => unsavedOf({ owner, of: key, step }) !== undefined;
  const unsaved = STEPS.filter((step) => waits(step) || (step === "questionnaires" && found.value.questionnaires.some(({ questionnaire }) => waits(placeOf(questionnaire)))));
  return (
    <>
      {unsaved.length > 0 && (
        <Alert tone="warning" title={words.cases.submit.unsaved}>
          <ul className="usa-list">
            {unsaved.map((step) => (
              <li key={step}>
                <ButtonLink look="link" to={`/cases/${key}/${step}`}>
                  {words.cases.steps[step]}
                </ButtonLink>
              </li>
            ))}
          </ul>
        </Alert>
      )}
      {submission.isError && (isRefused(submission.error, "invalid") ? <Missing of={key} refused={submission.error} /> : <RefusalAlert thrown={submission.error} />)}
      <p>{words.cases.submit.review}</p>
      <ReviewCards found={found.value} contract={contract} />
      {again.length > 0 && <Duplicates found={again} />}
      {duplicates.isError && <RefusalAlert thrown={duplicates.error} again={() => void duplicates.refetch()} />}
      <Form form={form} label={words.cases.steps.submit} send={async () => ask(true)}>
        {again.length > 0 && (
          <TextArea name="duplicateReason" label={words.cases.duplicates.reason} hint={words.cases.duplicates.reasonHint} required maxLength={1000} />
        )}
        <div className="usa-button-group margin-top-3">
          <Button type="submit" busy={submission.isPending || duplicates.isPending}>
            {words.cases.steps.submit}
          </Button>
          <ButtonLink look="outline" to={`/cases/${key}/communications`}>
            {words.ui.back}
          </ButtonLink>
        </div>
      </Form>
      {asks && (
        <Dialog title={words.cases.submit.disclaimer} onClose={() => ask(false)}>
          <p className="typed" lang="en">
            {disclaimer}
          </p>
          <div className="usa-button-group">
            <Button busy={submission.isPending} onClick={() => submission.mutate()}>
              {words.cases.submit.agree}
            </Button>
            <Button look="outline" onClick={() => ask(false)}>
              {words.ui.cancel}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}

/** What a submit lacks, each a way to its step. It takes the focus when it comes. */
function Missing({ of, refused }: { of: string; refused: Refused }) {
  const { words: all, language } = useSpeech();
  const words = all.cases;
  return (
    <div ref={(box) => box?.focus()} tabIndex={-1}>
      <Alert tone="error" title={all.ui.refused.correct}>
        <ul className="usa-list">
          {refused.errors.map((error) => {
            const step = stepOfPointer(error.pointer);
            const { text, lang } = tell(error, all, language);
            return (
              <li key={error.pointer + error.detail}>
                {step && (
                  <>
                    <ButtonLink look="link" to={`/cases/${of}/${step}`}>
                      {words.steps[step]}
                    </ButtonLink>
                    :{" "}
                  </>
                )}
                <span lang={lang}>{text}</span>
              </li>
            );
          })}
        </ul>
      </Alert>
    </div>
  );
}
