import { useFieldArray, useWatch } from "react-hook-form";
import { Button } from "../ui/button";
import { Select } from "../ui/choices";
import { DateField } from "../ui/date-field";
import { Field } from "../ui/field";
import { useSpeech, useWords } from "../words/words";
import { CodeSearch } from "./code-search";
import { proceduresRows } from "./rows";
import { StepForm, type StepProps } from "./step-form";
import { NO_LINE, proceduresStep, span, type Procedures } from "./steps";
import { useStep } from "./use-step";

export function ProceduresPage({ found, owner }: StepProps) {
  const { words: all, language } = useSpeech();
  const words = all.cases;
  const handle = useStep(proceduresStep, found, owner);
  const { form } = handle;
  const { fields, append, remove } = useFieldArray({ control: form.control, name: "lines" });
  return (
    <StepForm handle={handle} of={found.value} step="procedures" rows={(values) => proceduresRows(values, words, language)}>
      <div className="usa-summary-box margin-top-2" id="lines" tabIndex={-1}>
        <div className="usa-summary-box__body">
          <p className="margin-top-0">{words.procedures.durationIs}</p>
          <p>{words.procedures.quantityIs}</p>
          <p className="margin-bottom-0">{words.procedures.example}</p>
        </div>
      </div>
      {fields.map(({ id }, place) => (
        <fieldset key={id} className="usa-fieldset card margin-top-3">
          <legend className="usa-legend usa-legend--large">{words.procedures.line(place + 1)}</legend>
          <CodeSearch
            id={`find-${place}`}
            system="hcpcs"
            label={words.procedures.find}
            hint={words.procedures.findHint}
            onChoose={({ code }) => form.setValue(`lines.${place}.code`, code)}
          />
          <Field name={`lines.${place}.code`} label={words.procedures.code} hint={words.procedures.codeHint} required width="medium" plain />
          <Field name={`lines.${place}.modifiers`} label={words.procedures.modifiers} hint={words.procedures.modifiersHint} width="medium" plain />
          <DateField name={`lines.${place}.from`} label={words.procedures.from} required />
          <DateField name={`lines.${place}.to`} label={words.procedures.to} required />
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
          {fields.length > 1 && (
            <p>
              <Button look="outline" onClick={() => remove(place)}>
                {words.removeWhat(words.procedures.line(place + 1))}
              </Button>
            </p>
          )}
        </fieldset>
      ))}
      <p>
        <Button look="outline" onClick={() => append(structuredClone(NO_LINE), { focusName: `lines.${fields.length}.code` })}>
          {words.procedures.add}
        </Button>
      </p>
    </StepForm>
  );
}

/** How many days the dates are, to compare the duration with. */
function Span({ place }: { place: number }) {
  const words = useWords().cases.procedures;
  const [from, to] = useWatch<Procedures, [`lines.${number}.from`, `lines.${number}.to`]>({ name: [`lines.${place}.from`, `lines.${place}.to`] });
  const days = span(from, to);
  return days === undefined ? null : <p className="usa-hint margin-0">{words.span(days)}</p>;
}
