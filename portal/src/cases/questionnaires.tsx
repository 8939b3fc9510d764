import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useWatch } from "react-hook-form";
import { AnsweredQuestionnaires } from "../ui/answers";
import { Alert } from "../ui/alert";
import { Button } from "../ui/button";
import { Empty } from "../ui/empty";
import { Form } from "../ui/form";
import { Loading } from "../ui/loading";
import { RefusalAlert } from "../ui/refusal";
import { Told } from "../ui/told";
import { useSpeech, useWords } from "../words/words";
import { readPack, type CaseView } from "./queries";
import { Questions } from "./question-fields";
import { sentItems, type Answers, type Questionnaire } from "./questionnaire";
import { questionnaireOf, questionnaireStep, type Asked } from "./questionnaire-step";
import { answerRows } from "./rows";
import { Both, SaveLine, WayOn, type StepProps } from "./step-form";
import { standingOf } from "./steps";
import { useStep } from "./use-step";

/** What the contract asks about the request: each questionnaire with how far it is, one of them open. */
export function QuestionnairesPage({ found, contract, owner }: StepProps) {
  const words = useWords().questionnaires;
  const { questionnaires } = found.value;
  const [open, setOpen] = useState(() => questionnaires.find(({ progress }) => progress !== "complete")?.questionnaire);
  const [told, tell] = useState<string>();
  const unknown = questionnaires.length === 0 && standingOf("questionnaires", found.value) === "missing";
  return (
    <>
      {questionnaires.length > 0 ? <p>{words.lead}</p> : <Empty>{unknown ? words.unknown : words.none}</Empty>}
      {told && <Told>{told}</Told>}
      {questionnaires.map((asked) => {
        const isOpen = open === asked.questionnaire;
        return (
          <section key={asked.questionnaire} className="card" aria-labelledby={`asks-${asked.questionnaire}`}>
            <div className="card-head">
              <h2 id={`asks-${asked.questionnaire}`} className="margin-0" lang="en">
                {asked.title}
              </h2>
              <Button
                look="outline"
                aria-expanded={isOpen}
                aria-label={isOpen ? words.closeWhat(asked.title) : words.openWhat(asked.title)}
                onClick={() => {
                  tell(undefined);
                  setOpen(isOpen ? undefined : asked.questionnaire);
                }}
              >
                {isOpen ? words.close : words.open}
              </Button>
            </div>
            <p>
              <strong>{words.progress[asked.progress]}</strong>
            </p>
            {asked.progress in words.why && <Alert tone="warning">{words.why[asked.progress as keyof typeof words.why]}</Alert>}
            {isOpen && (
              <OfVersion
                {...{ found, contract, owner, asked }}
                onComplete={() => {
                  setOpen(undefined);
                  tell(words.marked(asked.title));
                }}
              />
            )}
          </section>
        );
      })}
      <WayOn of={found.value} step="questionnaires" />
    </>
  );
}

interface AskedProps extends StepProps {
  asked: Asked;
  onComplete: () => void;
}

/** The version that the case asks. When another one comes, the form goes first: only then what was typed waits to be taken over. */
function OfVersion(props: AskedProps) {
  const { found, contract, asked } = props;
  const asks = questionnaireOf(contract, asked.questionnaire);
  const [version, go] = useState(asked.version);
  const known = asks?.version === asked.version;
  useEffect(() => {
    if (!known) return undefined;
    const timer = setTimeout(() => go(asked.version));
    return () => clearTimeout(timer);
  }, [known, asked.version]);
  if (!known) return <Outdated of={found.value} />;
  return version === asked.version ? <OneQuestionnaire key={version} asks={asks} {...props} /> : <Loading />;
}

/** How often a contract is read again that is not yet what the case asks. */
const AGAIN = 5000;

/** The contract has changed since it was read. */
function Outdated({ of: { contract, key } }: { of: CaseView }) {
  const { error, refetch } = useQuery({ queryKey: ["pack", contract, key], queryFn: () => readPack(contract, key), staleTime: 0, gcTime: 0, refetchInterval: AGAIN });
  return error ? <RefusalAlert thrown={error} again={() => void refetch()} /> : <Loading />;
}

interface OneProps extends AskedProps {
  asks: Questionnaire;
}

/** One of them, saved while it is typed as every step is. */
function OneQuestionnaire({ found, owner, asks, asked, onComplete }: OneProps) {
  const { words: all, language } = useSpeech();
  const words = all.questionnaires;
  const [step] = useState(() => questionnaireStep(asks));
  const handle = useStep<"questionnaires", Answers>(step, found, owner);
  const { form, state, save, settle } = handle;
  const complete = useWatch({ control: form.control, name: "complete" });
  const marking = useRef(false);

  // Whoever changes an answer marks it again.
  useEffect(() => {
    const typing = form.watch((_, { name }) => {
      if (name?.startsWith("item") && !marking.current && form.getValues("complete")) form.setValue("complete", false);
    });
    return () => typing.unsubscribe();
  }, [form]);

  const mark = async () => {
    marking.current = true;
    form.setValue("complete", true);
    let saved = false;
    try {
      saved = await save();
    } finally {
      if (!saved) form.setValue("complete", false);
      marking.current = false;
    }
    if (saved) onComplete();
  };
  const rows = (values: Answers) => answerRows(sentItems(asks.item, values.item), all, language);
  return (
    <>
      {state.is === "conflict" && <Both mine={rows(form.getValues())} theirs={rows(state.theirs.values)} onChoice={(keep) => settle(state.theirs, keep)} />}
      {asks.description && <p lang="en">{asks.description}</p>}
      <Form form={form} labelledBy={`asks-${asked.questionnaire}`} send={mark}>
        <Questions asks={asks.item} documents={found.value.documents} />
        <SaveLine state={state} onAgain={() => void save().catch(() => undefined)} />
        {complete && <p>{words.isComplete}</p>}
        <Button type="submit" busy={form.formState.isSubmitting}>
          {words.complete}
        </Button>
      </Form>
    </>
  );
}

/** On the page of a submitted case. */
export function AnsweredOf({ asked }: { asked: readonly Asked[] }) {
  const words = useWords().questionnaires;
  if (asked.length === 0) return null;
  return (
    <>
      <h2>{words.title}</h2>
      <AnsweredQuestionnaires of={asked} />
    </>
  );
}
