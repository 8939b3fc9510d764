// What a step holds, in words: for the review cards, and beside what somebody else saved.

import { answerLang, answerText } from "../ui/answers";
import { dayText } from "../ui/time";
import type { Language, Words } from "../words/words";
import type { Contract } from "./queries";
import type { Answered } from "./questionnaire";
import type { Diagnoses, Procedures, Provider, Providers, RequestType, Service } from "./steps";

export interface Row {
  key: string;
  label: string;
  text: string;
  /** Of the label and of the text, where they are the contract's own. */
  labelLang?: string | undefined;
  lang?: string | undefined;
}

type CaseWords = Words["cases"];

const labelOf = (choices: readonly { id: string; label: string }[], id: string) => choices.find((choice) => choice.id === id)?.label ?? id;
const providerText = (provider: Provider | null) => (provider ? [provider.name, provider.npi, provider.providerType].filter(Boolean).join(", ") : "");

export function providersRows({ servicing, attending, fax }: Providers, words: CaseWords): Row[] {
  return [
    { key: "servicing", label: words.providers.servicing, text: providerText(servicing) },
    { key: "attending", label: words.providers.attending, text: providerText(attending) },
    { key: "fax", label: words.providers.fax, text: fax },
  ];
}

export function serviceRows({ serviceType, placeOfService, stay }: Service, words: CaseWords, language: Language, contract: Contract): Row[] {
  const admission = words.service.admissions[stay.admission as keyof typeof words.service.admissions] as string | undefined;
  const rows = [
    { key: "serviceType", label: words.service.type, text: labelOf(contract.serviceTypes, serviceType), lang: "en" },
    { key: "placeOfService", label: words.service.place, text: labelOf(contract.placesOfService, placeOfService), lang: "en" },
  ];
  if (!admission) return rows;
  return [
    ...rows,
    { key: "admission", label: words.service.admission, text: admission },
    { key: "admitted", label: words.service.admitted, text: dayText(stay.admitted, language) },
    { key: "discharged", label: words.service.discharged, text: dayText(stay.discharged, language) },
  ];
}

export function diagnosesRows({ diagnoses }: Diagnoses, words: CaseWords): Row[] {
  const text = diagnoses.map(({ code, description }, place) => `${place + 1}. ${code} ${description}${place === 0 ? ` (${words.diagnoses.primary})` : ""}`).join("\n");
  return [{ key: "diagnoses", label: words.diagnoses.list, text }];
}

export function requestRows({ review, urgency }: RequestType, words: CaseWords): Row[] {
  return [
    { key: "review", label: words.request.review, text: words.request.reviews[review as keyof CaseWords["request"]["reviews"]] ?? review },
    { key: "urgency", label: words.request.urgency, text: (words.request.urgencies as Record<string, string>)[urgency] ?? urgency },
  ];
}

export function proceduresRows({ lines }: Procedures, words: CaseWords, language: Language): Row[] {
  return lines
    .filter(({ code }) => code)
    .map((line, place) => ({
      key: String(place),
      label: words.procedures.line(place + 1),
      text: [
        [line.code, line.modifiers].filter(Boolean).join(" "),
        `${dayText(line.from, language)} – ${dayText(line.to, language)}`,
        `${words.procedures.duration}: ${line.duration}`,
        `${words.procedures.quantity}: ${line.quantity}`,
        line.frequency.units && `${line.frequency.units} ${(words.procedures.pers as Record<string, string>)[line.frequency.per] ?? ""}`,
      ]
        .filter(Boolean)
        .join("\n"),
    }));
}

/** Each answered question with its answer, copies of a group one after the other. */
export function answerRows(items: readonly Answered[], words: Words, language: Language, place = ""): Row[] {
  return items.flatMap(({ linkId, text, answer = [], item = [] }, number) => {
    const key = `${place} ${linkId} ${number}`;
    const said = answer.map((one) => ({ text: answerText(one, words, language), lang: answerLang(one) })).filter((one) => one.text);
    const row = { key, label: text ?? linkId, labelLang: "en", text: said.map((one) => one.text).join("\n"), lang: said.every(({ lang }) => lang) ? "en" : undefined };
    return [...(said.length > 0 ? [row] : []), ...answerRows(item, words, language, key)];
  });
}
