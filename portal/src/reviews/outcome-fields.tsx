import { Radios } from "../ui/choices";
import { DateField } from "../ui/date-field";
import { Field, TextArea } from "../ui/field";
import { useWords } from "../words/words";
import type { Line } from "./case-query";
import type { Outcome } from "./decision";
import { Asked } from "./lines";

const OUTCOMES = ["approved", "modified", "denied"] as const;

/** The outcome of one line, and what less than was asked for needs. */
export function OutcomeFields({ line, place, outcome }: { line: Line; place: number; outcome: Outcome | "" }) {
  const { request, decide: words } = useWords().reviews;
  const name = `lines.${place}`;
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
        <TextArea name={`${name}.reason`} label={words.reason} hint={words.reasonHint} required maxLength={4000} />
      )}
    </fieldset>
  );
}
