import { useWatch } from "react-hook-form";
import { Alert } from "../ui/alert";
import { Select } from "../ui/choices";
import { Uncovered } from "../ui/coverage";
import { DateField } from "../ui/date-field";
import { Field } from "../ui/field";
import { useWords } from "../words/words";
import { outside, type Coverage } from "./outside";
import { span, type Procedures } from "./steps";

/** The fields of a procedure line, of a form that has `lines`. */
export function LineFields({ place, coverage }: { place: number; coverage?: Coverage | undefined }) {
  const words = useWords().cases;
  return (
    <>
      <Field name={`lines.${place}.code`} label={words.procedures.code} hint={words.procedures.codeHint} required width="medium" plain />
      <Field name={`lines.${place}.modifiers`} label={words.procedures.modifiers} hint={words.procedures.modifiersHint} width="medium" plain />
      <DateField name={`lines.${place}.from`} label={words.procedures.from} required />
      <DateField name={`lines.${place}.to`} label={words.procedures.to} required />
      {coverage && <Outside place={place} coverage={coverage} />}
      <Field name={`lines.${place}.duration`} label={words.procedures.duration} hint={words.procedures.durationHint} inputMode="numeric" required width="small">
        <Span place={place} />
      </Field>
      <Field name={`lines.${place}.quantity`} label={words.procedures.quantity} hint={words.procedures.quantityHint} inputMode="numeric" required width="small" />
      <Field name={`lines.${place}.frequency.units`} label={words.procedures.frequency} hint={words.procedures.frequencyHint} inputMode="numeric" width="small" />
      <Select
        name={`lines.${place}.frequency.per`}
        label={words.procedures.per}
        options={(["day", "week", "month"] as const).map((value) => ({ value, label: words.procedures.pers[value] }))}
      />
    </>
  );
}

/** The days on which the plan's file does not cover the member: said while they are typed, and no hindrance. */
function Outside({ place, coverage }: { place: number; coverage: Coverage }) {
  const words = useWords().requests.coverage;
  const [from, to] = useWatch<Procedures, [`lines.${number}.from`, `lines.${number}.to`]>({ name: [`lines.${place}.from`, `lines.${place}.to`] });
  const days = outside(coverage, from, to);
  return (
    <div role="status">
      {days.length > 0 && (
        <Alert tone="warning">
          <Uncovered days={days} />
          {words.hint}
        </Alert>
      )}
    </div>
  );
}

/** How many days the dates are, to compare the duration with. */
function Span({ place }: { place: number }) {
  const words = useWords().cases.procedures;
  const [from, to] = useWatch<Procedures, [`lines.${number}.from`, `lines.${number}.to`]>({ name: [`lines.${place}.from`, `lines.${place}.to`] });
  const days = span(from, to);
  return days === undefined ? null : <p className="usa-hint margin-0">{words.span(days)}</p>;
}
