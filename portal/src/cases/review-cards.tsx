import type { ReactNode } from "react";
import { Alert } from "../ui/alert";
import { ButtonLink } from "../ui/button";
import { Uncovered } from "../ui/coverage";
import { Facts } from "../ui/facts";
import { useSpeech, useWords } from "../words/words";
import type { CaseView, Contract } from "./queries";
import { answerRows, diagnosesRows, proceduresRows, providersRows, requestRows, serviceRows, type Row } from "./rows";
import { diagnosesStep, proceduresStep, providersStep, requestStep, serviceStep, standingOf, type StepName } from "./steps";

/** One card a step, each with Update. */
export function ReviewCards({ found, contract }: { found: CaseView; contract: Contract }) {
  const { words: all, language } = useSpeech();
  const words = all.cases;
  const documents = found.documents.filter(({ state }) => state === "accepted" || state === "awaited");
  const attached = [
    ...found.checklist.map(({ documentType, label, status }) => ({ key: documentType, label, labelLang: "en", text: words.attachments.checks[status] })),
    { key: "documents", label: words.attachments.documents, text: documents.map(({ fileName }) => fileName).join("\n") },
  ];
  const asked = found.questionnaires.map(({ questionnaire, title, progress, item }) => {
    return { key: questionnaire, label: title, labelLang: "en", text: all.questionnaires.progress[progress], under: answerRows(item, all, language) };
  });
  const notes = [{ key: "notes", label: words.notes.title, text: found.notes.map(({ text }) => text).join("\n") }];
  return (
    <>
      <Card found={found} step="providers" rows={providersRows(providersStep.values(providersStep.part(found)), words)} />
      <Card found={found} step="service" rows={serviceRows(serviceStep.values(serviceStep.part(found)), words, language, contract)} />
      <Card found={found} step="diagnoses" rows={diagnosesRows(diagnosesStep.values(diagnosesStep.part(found)), words)} />
      <Card found={found} step="request" rows={requestRows(requestStep.values(requestStep.part(found)), words)} />
      <Card found={found} step="procedures" rows={proceduresRows(proceduresStep.values(proceduresStep.part(found)), words, language)}>
        <Outside found={found} />
      </Card>
      <Card found={found} step="questionnaires" rows={asked} />
      <Card found={found} step="attachments" rows={attached} />
      <Card found={found} step="communications" rows={notes} />
    </>
  );
}

/** Lines with days on which the plan's file does not cover the member. */
function Outside({ found }: { found: CaseView }) {
  const words = useWords();
  const lines = found.requests.at(-1)?.lines.map(({ uncovered }, place) => ({ uncovered, place })) ?? [];
  const some = lines.filter(({ uncovered }) => uncovered?.length);
  if (some.length === 0) return null;
  return (
    <Alert tone="warning">
      {some.map(({ uncovered, place }) => (
        <div key={place}>
          {words.cases.procedures.line(place + 1)}. <Uncovered days={uncovered} />
        </div>
      ))}
      {words.requests.coverage.hint}
    </Alert>
  );
}

function Card({ found, step, rows, children }: { found: CaseView; step: StepName; rows: (Row & { under?: Row[] })[]; children?: ReactNode }) {
  const words = useWords().cases;
  return (
    <section className="card" aria-labelledby={`review-${step}`}>
      <div className="card-head">
        <h2 id={`review-${step}`} className="margin-0">
          {words.steps[step]}
        </h2>
        <ButtonLink look="outline" to={`/cases/${found.key}/${step}`} aria-label={words.submit.updateWhat(words.steps[step])}>
          {words.submit.update}
        </ButtonLink>
      </div>
      {standingOf(step, found) === "missing" && <p className="usa-error-message">{words.submit.incomplete}</p>}
      <Facts facts={rows.map(({ under, ...row }) => ({ label: row.label, labelLang: row.labelLang, value: <Value row={row} under={under} /> }))} />
      {children}
    </section>
  );
}

function Value({ row: { text, lang }, under }: { row: Row; under: Row[] | undefined }) {
  return (
    <>
      <span className="typed" lang={lang}>
        {text || "–"}
      </span>
      {under?.map((answer) => (
        <span key={answer.key} className="typed display-block">
          <span lang={answer.labelLang}>{answer.label}</span> <span lang={answer.lang}>{answer.text}</span>
        </span>
      ))}
    </>
  );
}
