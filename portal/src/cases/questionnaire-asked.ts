// Which questions are asked, by what is answered: by the same rules as the API.

import { sentAnswers, type Answer, type EnableWhen, type FormItem, type Item } from "./questionnaire";

interface Kept {
  linkId: string;
  answers: Answer[];
  item: Kept[];
}

interface Scope {
  asks: readonly Item[];
  kept: Kept[];
}

/** The names of the form items that are asked now: what is answered where nothing is asked does not count. */
export function askedNames(asks: readonly Item[], items: readonly FormItem[]): Set<string> {
  const names = new Set<string>();
  level(asks, items, "item", [], names);
  return names;
}

function level(asks: readonly Item[], items: readonly FormItem[], name: string, scopes: Scope[], names: Set<string>): Kept[] {
  const here: Scope = { asks, kept: [] };
  scopes.push(here);
  for (const item of asks) {
    if (!isAsked(item, scopes)) continue;
    // A text has no place in the form.
    if (item.type === "display") names.add(`${name}:${item.linkId}`);
    items.forEach((of, place) => {
      if (of.linkId !== item.linkId) return;
      const own = `${name}.${place}`;
      names.add(own);
      const inside = item.type === "group" ? level(item.item ?? [], of.item, `${own}.item`, scopes, names) : [];
      const answers = sentAnswers(item, of.answer).filter((answer) => Object.keys(answer).length > 0);
      here.kept.push({ linkId: item.linkId, answers, item: inside });
    });
  }
  scopes.pop();
  return here.kept;
}

function isAsked({ enableWhen = [], enableBehavior }: Item, scopes: readonly Scope[]): boolean {
  if (enableWhen.length === 0) return true;
  const holds = (when: EnableWhen) => isTrue(when, answersOf(scopes, when.question));
  return enableBehavior === "any" ? enableWhen.some(holds) : enableWhen.every(holds);
}

function answersOf(scopes: readonly Scope[], question: string): Answer[] {
  const asks = (items: readonly Item[]): boolean => items.some((item) => item.linkId === question || asks(item.item ?? []));
  const collect = (kept: readonly Kept[]): Answer[] => kept.flatMap(({ linkId, answers, item }) => [...(linkId === question ? answers : []), ...collect(item)]);
  const nearest = scopes.findLast((scope) => asks(scope.asks));
  return nearest ? collect(nearest.kept) : [];
}

/** Whether a condition holds for these answers, as FHIR R4 says: `!=` as long as none is the one that is named. */
export function isTrue(when: EnableWhen, answers: readonly Answer[]): boolean {
  if (when.operator === "exists") return (when.answerBoolean === true) === answers.length > 0;
  const any = (fits: (order: number) => boolean) =>
    answers.some((answer) => {
      const order = compared(answer, when);
      return order !== undefined && fits(order);
    });
  switch (when.operator) {
    case "=":
      return any((order) => order === 0);
    case "!=":
      return !any((order) => order === 0);
    case ">":
      return any((order) => order > 0);
    case "<":
      return any((order) => order < 0);
    case ">=":
      return any((order) => order >= 0);
    case "<=":
      return any((order) => order <= 0);
  }
}

/** Below, at or above what a condition names; none where the two cannot be compared. */
function compared(answer: Answer, when: EnableWhen): number | undefined {
  const number = answer.valueInteger ?? answer.valueDecimal;
  const wanted = when.answerInteger ?? when.answerDecimal;
  if (typeof number === "number") return wanted === undefined ? undefined : number - wanted;
  const same = (is: boolean) => (is ? 0 : undefined);
  if (typeof answer.valueBoolean === "boolean") return same(answer.valueBoolean === when.answerBoolean);
  if (answer.valueDate) return when.answerDate === undefined ? undefined : Number(answer.valueDate > when.answerDate) - Number(answer.valueDate < when.answerDate);
  if (answer.valueString) return same(answer.valueString.trim() === when.answerString);
  if (answer.valueCoding) return same(answer.valueCoding.code === when.answerCoding?.code && (answer.valueCoding.system ?? undefined) === when.answerCoding.system);
  if (answer.valueQuantity) return answer.valueQuantity.code === when.answerQuantity?.code ? answer.valueQuantity.value - when.answerQuantity.value : undefined;
  return undefined;
}
