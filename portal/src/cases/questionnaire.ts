// A questionnaire of the contract's document (FHIR R4), and its answers in a form.

import type { Schemas } from "../api/types";
import { isDay } from "../ui/dates";

export interface Coding {
  system?: string;
  code: string;
  display?: string;
}

export interface EnableWhen {
  question: string;
  operator: "exists" | "=" | "!=" | ">" | "<" | ">=" | "<=";
  answerBoolean?: boolean;
  answerDecimal?: number;
  answerInteger?: number;
  answerDate?: string;
  answerString?: string;
  answerCoding?: Coding;
  answerQuantity?: { value: number; code: string };
}

export type ItemType = "group" | "display" | "boolean" | "decimal" | "integer" | "date" | "string" | "text" | "choice" | "open-choice" | "quantity" | "attachment";

export interface Item {
  linkId: string;
  prefix?: string;
  text: string;
  type: ItemType;
  enableWhen?: EnableWhen[];
  enableBehavior?: "all" | "any";
  required?: boolean;
  repeats?: boolean;
  maxLength?: number;
  answerOption?: { valueCoding: Coding }[];
  extension?: { url: string; valueInteger?: number; valueDecimal?: number; valueDate?: string; valueCoding?: Coding }[];
  item?: Item[];
}

export interface Questionnaire {
  id: string;
  version: string;
  title: string;
  description?: string;
  item: Item[];
}

export type Answer = Schemas["AnswerBody"];
export type Answered = Schemas["ItemBody"];

/** One answer as it is typed, under the names of the API's pointers. A choice of several is a list in the first. */
export interface Typed {
  valueBoolean?: string;
  valueDecimal?: string;
  valueInteger?: string;
  valueDate?: string;
  valueString?: string;
  valueCoding?: string | string[];
  valueQuantity?: { value: string; code: string };
  valueAttachment?: string;
}

/** An item of a form. Each that can be asked is there, asked or not, so that its place is the one that the API names. */
export interface FormItem {
  linkId: string;
  answer: Typed[];
  item: FormItem[];
}

export interface Answers {
  item: FormItem[];
  complete: boolean;
  /** Of the questionnaire that they answer. */
  version: string;
}

/** Chosen where a text of one's own is meant. No code has a colon. */
export const OTHER = "other:";
/** As the API takes them. */
export const MOST_REPEATS = 20;

const UNIT = "http://hl7.org/fhir/StructureDefinition/questionnaire-unitOption";

export function unitsOf(item: Item): Coding[] {
  return (item.extension ?? []).flatMap(({ url, valueCoding }) => (url === UNIT && valueCoding ? [valueCoding] : []));
}

const optionsOf = (item: Item) => (item.answerOption ?? []).map(({ valueCoding }) => valueCoding);

export function isChoiceOfSeveral({ type, repeats }: Item): boolean {
  return type === "choice" && repeats === true;
}

/** An answer to a question that nothing is typed into yet. */
export function blank(item: Item): Typed {
  switch (item.type) {
    case "boolean":
      return { valueBoolean: "" };
    case "decimal":
      return { valueDecimal: "" };
    case "integer":
      return { valueInteger: "" };
    case "date":
      return { valueDate: "" };
    case "choice":
      return { valueCoding: item.repeats ? [] : "" };
    case "open-choice":
      return { valueCoding: "", valueString: "" };
    case "quantity":
      return { valueQuantity: { value: "", code: unitsOf(item)[0]?.code ?? "" } };
    case "attachment":
      return { valueAttachment: "" };
    default:
      return { valueString: "" };
  }
}

/** Form items for what was answered, of an earlier version too: what does not fit any more is left out. */
export function formItems(asks: readonly Item[], answered: readonly Answered[]): FormItem[] {
  return laid(asks, answered, typedOf);
}

/** The same of what was typed while an earlier version asked. */
export function carried(asks: readonly Item[], typed: readonly FormItem[]): FormItem[] {
  return laid(asks, typed, stillTyped);
}

interface Given<A> {
  linkId: string;
  answer?: readonly A[];
  item?: readonly Given<A>[];
}

function laid<A>(asks: readonly Item[], given: readonly Given<A>[], typed: (item: Item, answers: readonly A[]) => Typed[]): FormItem[] {
  return asks.flatMap((item): FormItem[] => {
    if (item.type === "display") return [];
    const here = given.filter(({ linkId }) => linkId === item.linkId);
    if (item.type === "group") {
      const copies = item.repeats && here.length > 1 ? here : [here[0]];
      return copies.map((copy) => ({ linkId: item.linkId, answer: [], item: laid(item.item ?? [], copy?.item ?? [], typed) }));
    }
    return [{ linkId: item.linkId, answer: typed(item, here[0]?.answer ?? []), item: [] }];
  });
}

/** A further copy of a group. */
export function copyOf(item: Item): FormItem {
  return { linkId: item.linkId, answer: [], item: formItems(item.item ?? [], []) };
}

function typedOf(item: Item, answers: readonly Answer[]): Typed[] {
  const codes = optionsOf(item).map(({ code }) => code);
  const chosen = answers.flatMap(({ valueCoding }) => (valueCoding && codes.includes(valueCoding.code) ? [valueCoding.code] : []));
  if (isChoiceOfSeveral(item)) return [{ valueCoding: chosen }];
  const typed = answers.flatMap((answer) => typedOne(item, answer, codes));
  return typed.length > 0 ? (item.repeats ? typed : typed.slice(0, 1)) : [blank(item)];
}

/** What is typed stays where the question is asked in the same way, and what was chosen where it can be chosen. */
function stillTyped(item: Item, answers: readonly Typed[]): Typed[] {
  const empty = blank(item);
  const codes = new Set(["", OTHER, ...optionsOf(item).map(({ code }) => code)]);
  const still = answers.flatMap((typed): Typed[] => {
    const { valueCoding, valueQuantity } = typed;
    if (!Object.keys(empty).every((name) => name in typed)) return [];
    if (valueCoding === undefined) return [valueQuantity && !unitsOf(item).some(({ code }) => code === valueQuantity.code) ? empty : typed];
    const chosen = [valueCoding].flat().filter((code) => codes.has(code));
    return [Array.isArray(empty.valueCoding) ? { valueCoding: chosen.filter(Boolean) } : { ...typed, valueCoding: chosen[0] ?? "" }];
  });
  return still.length > 0 ? (item.repeats && !isChoiceOfSeveral(item) ? still : still.slice(0, 1)) : [empty];
}

function typedOne(item: Item, answer: Answer, codes: string[]): Typed[] {
  const { valueBoolean, valueDecimal, valueInteger, valueDate, valueString, valueCoding, valueQuantity, valueAttachment } = answer;
  const known = valueCoding && codes.includes(valueCoding.code) ? valueCoding.code : "";
  switch (item.type) {
    case "boolean":
      return typeof valueBoolean === "boolean" ? [{ valueBoolean: String(valueBoolean) }] : [];
    case "decimal":
      return typeof valueDecimal === "number" ? [{ valueDecimal: String(valueDecimal) }] : [];
    case "integer":
      return typeof valueInteger === "number" ? [{ valueInteger: String(valueInteger) }] : [];
    case "date":
      return valueDate ? [{ valueDate }] : [];
    case "choice":
      return known ? [{ valueCoding: known }] : [];
    case "open-choice":
      return known ? [{ valueCoding: known, valueString: "" }] : valueString ? [{ valueCoding: OTHER, valueString }] : [];
    case "quantity":
      return valueQuantity ? [{ valueQuantity: { value: String(valueQuantity.value), code: valueQuantity.code } }] : [];
    case "attachment":
      return valueAttachment ? [{ valueAttachment: valueAttachment.url }] : [];
    default:
      return valueString ? [{ valueString }] : [];
  }
}

/** The answers of a question as they are sent; what is left open is an answer without a value, so that each keeps its place. */
export function sentAnswers(item: Item, typed: readonly Typed[]): Answer[] {
  const coding = (code: string): Answer => {
    const option = optionsOf(item).find((known) => known.code === code);
    return option ? { valueCoding: option } : {};
  };
  return typed.flatMap(({ valueBoolean, valueDecimal, valueInteger, valueDate, valueString, valueCoding, valueQuantity, valueAttachment }): Answer[] => {
    switch (item.type) {
      case "boolean":
        return [valueBoolean ? { valueBoolean: valueBoolean === "true" } : {}];
      case "decimal":
        return [valueDecimal?.trim() ? { valueDecimal: Number(valueDecimal) } : {}];
      case "integer":
        return [valueInteger?.trim() ? { valueInteger: Number(valueInteger) } : {}];
      case "date":
        return [valueDate ? { valueDate } : {}];
      case "choice":
        return Array.isArray(valueCoding) ? valueCoding.map(coding) : [valueCoding ? coding(valueCoding) : {}];
      case "open-choice":
        if (valueCoding === OTHER) return [valueString?.trim() ? { valueString } : {}];
        return [typeof valueCoding === "string" && valueCoding ? coding(valueCoding) : {}];
      case "quantity":
        return [valueQuantity?.value.trim() ? { valueQuantity: { value: Number(valueQuantity.value), code: valueQuantity.code } } : {}];
      case "attachment":
        return [valueAttachment ? { valueAttachment: { url: valueAttachment } } : {}];
      default:
        return [valueString?.trim() ? { valueString } : {}];
    }
  });
}

export function sentItems(asks: readonly Item[], items: readonly FormItem[]): Answered[] {
  return items.flatMap((of) => {
    const item = asks.find(({ linkId }) => linkId === of.linkId);
    if (!item) return [];
    return [item.type === "group" ? { linkId: of.linkId, text: item.text, item: sentItems(item.item ?? [], of.item) } : { linkId: of.linkId, text: item.text, answer: sentAnswers(item, of.answer) }];
  });
}

const isNumber = (text: string) => Number.isFinite(Number(text));
export const isWholeNumber = (text: string) => /^\s*[-+]?\d{1,10}\s*$/.test(text);

/** Whether what is typed can be sent: numbers are numbers, and days are days. */
export function isSendable(asks: readonly Item[], items: readonly FormItem[]): boolean {
  return items.every((of) => {
    const item = asks.find(({ linkId }) => linkId === of.linkId);
    if (item?.type === "group") return isSendable(item.item ?? [], of.item);
    return of.answer.every(
      ({ valueDecimal, valueInteger, valueDate, valueQuantity }) =>
        (!valueDecimal || isNumber(valueDecimal)) &&
        (!valueInteger?.trim() || isWholeNumber(valueInteger)) &&
        (!valueDate || isDay(valueDate)) &&
        (!valueQuantity?.value || isNumber(valueQuantity.value)),
    );
  });
}
