// A questionnaire as a step that is saved while it is typed.

import type { Schemas } from "../api/types";
import type { CaseView, Contract } from "./queries";
import { carried, formItems, isSendable, sentItems, type Answers, type Questionnaire } from "./questionnaire";
import type { StepOf } from "./steps";

export type Asked = Schemas["QuestionnaireView"];

/** What a contract asks, by the id that a case names. */
export function questionnaireOf({ questionnaires }: Contract, id: string): Questionnaire | undefined {
  return (questionnaires as unknown as Questionnaire[]).find((known) => known.id === id);
}

/** Where answers wait that are not saved yet. */
export const placeOf = (questionnaire: string) => `questionnaires/${questionnaire}`;

export function questionnaireStep(asks: Questionnaire): StepOf<"questionnaires", Answers> {
  const of = (found: CaseView) => found.questionnaires.find(({ questionnaire }) => questionnaire === asks.id);
  return {
    step: "questionnaires",
    place: placeOf(asks.id),
    part: (found) => ({ questionnaire: of(found) ?? NOTHING }),
    values: ({ questionnaire: { item, progress } }) => ({ item: formItems(asks.item, item), complete: progress === "complete", version: asks.version }),
    body: ({ item, complete }) => ({ questionnaire: asks.id, version: asks.version, item: sentItems(asks.item, item), complete }),
    moved: (values) => (values.version === asks.version ? undefined : { item: carried(asks.item, values.item), complete: false, version: asks.version }),
    whole: ({ item }) => isSendable(asks.item, item),
  };
}

/** No rule picks it any more. */
const NOTHING: Asked = { questionnaire: "", url: "", version: "", title: "", progress: "not-begun", item: [] };
