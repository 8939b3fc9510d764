import { useSpeech, type Language, type Words } from "../words/words";
import { dayText } from "./time";

interface Answer {
  valueBoolean?: boolean | null;
  valueDecimal?: number | null;
  valueInteger?: number | null;
  valueDate?: string | null;
  valueString?: string | null;
  valueCoding?: { code: string; display?: string | null } | null;
  valueQuantity?: { value: number; code: string; unit?: string | null } | null;
  valueAttachment?: { url: string; title?: string | null } | null;
}

interface Item {
  linkId: string;
  text?: string | null;
  answer?: readonly Answer[];
  item?: readonly Item[];
}

interface Answered {
  questionnaire: string;
  title: string;
  version: string;
  item: readonly Item[];
}

/** The answers to questionnaires in words, each question with its answer. */
export function AnsweredQuestionnaires({ of }: { of: readonly Answered[] }) {
  const { words } = useSpeech();
  return of.map(({ questionnaire, title, version, item }) => (
    <section key={questionnaire} aria-labelledby={`answered-${questionnaire}`}>
      <h3 id={`answered-${questionnaire}`} lang="en">
        {title}
      </h3>
      {item.length === 0 ? <p>{words.questionnaires.nothing}</p> : <Items items={item} />}
      <p className="usa-hint">{words.questionnaires.version(version)}</p>
    </section>
  ));
}

function Items({ items }: { items: readonly Item[] }) {
  const { words, language } = useSpeech();
  return (
    <dl className="facts">
      {items.map((of, place) => ({ ...of, key: `${of.linkId} ${place}` })).map(({ key, text, answer = [], item = [] }) => (
        <div key={key}>
          <dt lang="en">{text}</dt>
          <dd className="typed">{item.length > 0 ? <Items items={item} /> : answer.map((one, at) => ({ one, at })).map(({ one, at }) => <Said key={at} {...{ one, words, language }} />)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Said({ one, words, language }: { one: Answer; words: Words; language: Language }) {
  return (
    <span className="display-block" lang={answerLang(one)}>
      {answerText(one, words, language)}
    </span>
  );
}

/** Choices and units are the contract's own words. */
export function answerLang({ valueCoding, valueQuantity }: Answer): string | undefined {
  return valueCoding || valueQuantity ? "en" : undefined;
}

export function answerText(answer: Answer, words: Words, language: Language): string {
  const { valueBoolean, valueDecimal, valueInteger, valueDate, valueString, valueCoding, valueQuantity, valueAttachment } = answer;
  if (typeof valueBoolean === "boolean") return valueBoolean ? words.questionnaires.yes : words.questionnaires.no;
  if (valueDate) return dayText(valueDate, language);
  if (valueCoding) return valueCoding.display ?? valueCoding.code;
  if (valueQuantity) return `${valueQuantity.value} ${valueQuantity.unit ?? valueQuantity.code}`;
  if (valueAttachment) return valueAttachment.title ?? valueAttachment.url;
  return valueString ?? String(valueInteger ?? valueDecimal ?? "");
}
