import { useEffect } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import type { Schemas } from "../api/types";
import { Radios, Select } from "../ui/choices";
import { DateField } from "../ui/date-field";
import { Field, TextArea } from "../ui/field";
import { useWords } from "../words/words";
import type { Line } from "./case-query";
import type { Outcome, Values } from "./decision";
import { Asked } from "./lines";

const OUTCOMES = ["approved", "modified", "denied"] as const;

interface Props {
  line: Line;
  place: number;
  outcome: Outcome | "";
  catalogue: Schemas["CatalogueView"] | null | undefined;
}

/** The outcome of one line, and what less than was asked for needs. */
export function OutcomeFields({ line, place, outcome, catalogue }: Props) {
  const { request, decide: words } = useWords().reviews;
  const { setValue } = useFormContext<Values>();
  const chosen = useWatch<Values, `lines.${number}.catalogue`>({ name: `lines.${place}.catalogue` });
  const name = `lines.${place}`;
  const reasons = (catalogue?.reasons ?? []).filter(({ outcomes }) => outcome && outcomes.includes(outcome));
  // A reason of another outcome is not this one's.
  const stale = Boolean(chosen) && !reasons.some(({ id }) => id === chosen);
  useEffect(() => {
    if (stale) setValue(`lines.${place}.catalogue`, "", { shouldDirty: true });
  }, [stale, place, setValue]);
  const fill = (id: string) => {
    const reason = reasons.find((one) => one.id === id);
    if (reason) setValue(`lines.${place}.reason`, reason.text, { shouldDirty: true });
  };
  return (
    <fieldset className="usa-fieldset margin-top-3">
      <legend className="usa-legend text-bold font-sans-lg">{`${request.line(place + 1)}: ${[line.code, ...line.modifiers].join(" ")}`}</legend>
      <p className="usa-hint">
        {request.asked}: <Asked line={line} />
      </p>
      <Radios
        name={`${name}.outcome`}
        label={request.outcome}
        required
        options={OUTCOMES.map((value) => ({ value, label: words.outcome[value], about: words.aboutOutcome[value] }))}
      />
      {outcome === "modified" && (
        <>
          <Field
            name={`${name}.units`}
            label={words.units}
            hint={words.unitsHint(line.quantity)}
            required
            inputMode="numeric"
            width="medium"
            rules={{ pattern: { value: /^\s*\d+\s*$/, message: words.wholeNumber } }}
          />
          <DateField name={`${name}.from`} label={words.from} required />
          <DateField name={`${name}.to`} label={words.to} required />
        </>
      )}
      {(outcome === "modified" || outcome === "denied") && (
        <>
          {reasons.length > 0 && (
            <Select
              name={`${name}.catalogue`}
              label={words.catalogueReason}
              hint={catalogue?.reasonRequired ? words.catalogueRequired : words.catalogueReasonHint}
              none={catalogue?.reasonRequired ? undefined : words.ownWords}
              required={catalogue?.reasonRequired ?? false}
              rules={{ onChange: ({ target }: { target: { value: string } }) => fill(target.value) }}
              options={reasons.map(({ id, text }) => ({ value: id, label: text, lang: "en" }))}
            />
          )}
          <TextArea name={`${name}.reason`} label={words.reason} hint={words.reasonHint} required maxLength={4000} />
        </>
      )}
    </fieldset>
  );
}
