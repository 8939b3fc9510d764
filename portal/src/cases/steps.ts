// The steps across the top, in the order of the field, and how the values of each stand in the API and in a form.

import type { Schemas } from "../api/types";
import { isDay } from "../ui/dates";
import type { CaseView, Contract } from "./queries";

export const STEPS = ["providers", "service", "diagnoses", "request", "procedures", "questionnaires", "attachments", "communications", "submit"] as const;
export type StepName = (typeof STEPS)[number];
/** Those that hold values of a form. */
export type SavedStep = Schemas["SavedStep"]["step"] & StepName;

export interface Provider {
  id: string;
  name: string;
  npi?: string | null | undefined;
  providerType: string;
  address: string[];
}

export interface Providers {
  servicing: Provider | null;
  attending: Provider | null;
  fax: string;
}

export interface Service {
  serviceType: string;
  placeOfService: string;
  stay: { admission: string; admitted: string; discharged: string };
}

export interface Diagnosis {
  code: string;
  description: string;
}

export interface Diagnoses {
  diagnoses: Diagnosis[];
}

export interface RequestType {
  review: string;
  urgency: string;
}

export interface Line {
  code: string;
  /** As they are typed, with blanks between. */
  modifiers: string;
  from: string;
  to: string;
  duration: string;
  quantity: string;
  frequency: { units: string; per: string };
}

export interface Procedures {
  lines: Line[];
}

/** As the API gives it, in a case or as the answer to a save. */
type Part<S extends SavedStep> = Loose<Omit<Extract<Schemas["SavedStep"], { step: S }>, "step">>;
type Loose<T> = { [K in keyof T]: undefined extends T[K] ? T[K] | undefined : T[K] };

/** How one step goes from the API into a form and back. */
export interface StepOf<S extends SavedStep, V> {
  step: S;
  /** Where what is not saved waits, when a step has several parts. */
  place?: string;
  /** Its part of a case. */
  part: (found: CaseView) => Part<S>;
  values: (part: Part<S>) => V;
  /** What is sent. */
  body: (values: V) => Schemas["StepBody"];
  /** What was typed while the contract asked something else, as it asks now; nothing where it asked the same. */
  moved?: (values: V) => V | undefined;
  /** Whether it can be sent: nothing that is required is missing. */
  whole: (values: V) => boolean;
}

export const providersStep: StepOf<"providers", Providers> = {
  step: "providers",
  part: ({ servicing, attending, fax }) => ({ servicing, attending, fax }),
  values: ({ servicing, attending, fax }) => ({ servicing: servicing ?? null, attending: attending ?? null, fax }),
  body: ({ servicing, attending, fax }) => ({ servicing: servicing?.id ?? "", attending: attending?.id ?? null, fax: fax.trim() }),
  whole: ({ servicing, fax }) => servicing !== null && fax.trim() !== "",
};

export const serviceStep: StepOf<"service", Service> = {
  step: "service",
  part: ({ service }) => ({ service }),
  values: ({ service }) => ({
    serviceType: service?.serviceType ?? "",
    placeOfService: service?.placeOfService ?? "",
    stay: { admission: service?.stay?.admission ?? "", admitted: service?.stay?.admitted ?? "", discharged: service?.stay?.discharged ?? "" },
  }),
  body: ({ serviceType, placeOfService, stay: { admission, admitted, discharged } }) => ({
    serviceType,
    placeOfService,
    stay: admission || admitted || discharged ? { admission: admission as Schemas["Admission"], admitted, discharged: discharged || null } : null,
  }),
  whole: ({ serviceType, placeOfService, stay }) =>
    serviceType !== "" && placeOfService !== "" && (stay.admission === "") === (stay.admitted === "") && !(stay.discharged && !stay.admitted) && areDays(stay.admitted, stay.discharged),
};

export const diagnosesStep: StepOf<"diagnoses", Diagnoses> = {
  step: "diagnoses",
  part: ({ diagnoses }) => ({ diagnoses }),
  values: ({ diagnoses }) => ({ diagnoses: diagnoses.map(({ code, description }) => ({ code, description: description ?? "" })) }),
  body: ({ diagnoses }) => ({ diagnoses: diagnoses.map(({ code }) => code) }),
  whole: ({ diagnoses }) => diagnoses.length > 0,
};

export const requestStep: StepOf<"request", RequestType> = {
  step: "request",
  part: ({ requests }) => ({ review: requests.at(-1)?.review ?? "", urgency: requests.at(-1)?.urgency ?? "" }),
  values: ({ review, urgency }) => ({ review, urgency }),
  body: ({ review, urgency }) => ({ review: review as Schemas["ReviewKind"], urgency: urgency as Schemas["Urgency"] }),
  whole: ({ review, urgency }) => review !== "" && urgency !== "",
};

export const NO_LINE: Line = { code: "", modifiers: "", from: "", to: "", duration: "", quantity: "", frequency: { units: "", per: "" } };

export const proceduresStep: StepOf<"procedures", Procedures> = {
  step: "procedures",
  part: ({ requests }) => ({ lines: requests.at(-1)?.lines ?? [] }),
  values: ({ lines }) => ({ lines: lines.length > 0 ? lines.map(typed) : [NO_LINE] }),
  body: ({ lines }) => ({ lines: lines.filter((line) => !isBlank(line)).map(sent) }),
  whole: ({ lines }) => {
    const begun = lines.filter((line) => !isBlank(line));
    return begun.length > 0 && begun.every((line) => line.code && line.from && line.to && areDays(line.from, line.to) && line.duration && line.quantity && !line.frequency.units === !line.frequency.per);
  },
};

export function typed(line: Schemas["LineView"]): Line {
  const { code, from, to, frequency } = line;
  return {
    code,
    modifiers: line.modifiers.join(" "),
    from,
    to,
    duration: String(line.duration),
    quantity: String(line.quantity),
    frequency: { units: frequency ? String(frequency.units) : "", per: frequency?.per ?? "" },
  };
}

export function sent({ code, modifiers, from, to, duration, quantity, frequency }: Line): Schemas["LineStep"] {
  const { units, per } = frequency;
  return {
    code: code.trim().toUpperCase(),
    modifiers: modifiers.toUpperCase().split(/[\s,]+/).filter(Boolean),
    from,
    to,
    // What is no number is sent as nothing: the API says so at the field.
    duration: Number(duration),
    quantity: Number(quantity),
    frequency: units || per ? { units: Number(units), per: per as Schemas["Per"] } : null,
  };
}

function isBlank({ frequency, ...line }: Line): boolean {
  return [...Object.values(line), frequency.units, frequency.per].every((text) => text.trim() === "");
}

/** Whether a step has all that a submit asks for. */
export function isDone(step: StepName, found: CaseView): boolean {
  return standingOf(step, found) === "complete";
}

/** What the API calls the steps that have another name on the screen. */
const PARTS: { [step in StepName]?: Schemas["CasePart"] } = { attachments: "documents", communications: "notes" };

/** How far a step is, as the API says: nothing of a submit is decided here. */
export function standingOf(step: StepName, found: CaseView): Schemas["StepStanding"] {
  if (step === "submit") return found.submission ? "complete" : "missing";
  const part = PARTS[step] ?? step;
  return found.steps?.find((of) => of.step === part)?.standing ?? "missing";
}

/** Whether the steps between this one and the submit may be skipped: there are some, and nothing is missing in any. */
export function mayJump(from: StepName, found: CaseView): boolean {
  const between = STEPS.slice(STEPS.indexOf(from) + 1, STEPS.indexOf("submit"));
  return between.length > 0 && between.every((step) => standingOf(step, found) !== "missing");
}

/** The step that a pointer of a refused submit leads to: /procedures/lines/0/quantity, /documents, /diagnoses/0. */
export function stepOfPointer(pointer: string): StepName | undefined {
  const [, first] = pointer.split("/");
  if (first === "documents") return "attachments";
  return STEPS.find((step) => step === first);
}

/** Service types that the case can have. */
export function serviceTypes(contract: Contract, setting: Schemas["Setting"]) {
  return contract.serviceTypes.filter(({ settings }) => settings.includes(setting));
}

/** What is typed there can be sent: a date that is half typed is none yet. */
function areDays(...texts: string[]): boolean {
  return texts.every((text) => text === "" || isDay(text));
}

/** Days from the first to the last, both counted; none while one is missing. */
export function span(from: string, to: string): number | undefined {
  if (!isDay(from) || !isDay(to)) return undefined;
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;
  return days >= 1 ? days : undefined;
}
