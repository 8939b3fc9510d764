import { get, useFieldArray, useFormContext } from "react-hook-form";
import { Button } from "../ui/button";
import { Errors, Field, TextArea } from "../ui/field";
import { useWords } from "../words/words";
import { NO_CRITERION, type Values } from "./decision";

/** What an adverse outcome rests on, one criterion or more. */
export function CriteriaFields() {
  const words = useWords().reviews.decide;
  const { control, formState } = useFormContext<Values>();
  const { fields, append, remove } = useFieldArray({ control, name: "criteria" });
  const error = get(formState.errors, "criteria") as { message?: string } | undefined;
  return (
    <fieldset className="usa-fieldset margin-top-3" id="criteria">
      <legend className="usa-legend text-bold font-sans-lg">{words.criteria}</legend>
      <p className="usa-hint">{words.criteriaHint}</p>
      <Errors id="criteria" text={error?.message} />
      {fields.map(({ id }, place) => (
        <fieldset key={id} className="usa-fieldset margin-top-3">
          <legend className="usa-legend text-bold">{words.criterion(place + 1)}</legend>
          <Field name={`criteria.${place}.title`} label={words.title} hint={words.titleHint} required />
          <Field name={`criteria.${place}.citation`} label={words.citation} hint={words.citationHint} required />
          <TextArea name={`criteria.${place}.text`} label={words.text} required maxLength={4000} />
          {fields.length > 1 && (
            <Button look="link" onClick={() => remove(place)}>
              {words.remove(place + 1)}
            </Button>
          )}
        </fieldset>
      ))}
      <p>
        <Button look="outline" onClick={() => append(NO_CRITERION)}>
          {words.add}
        </Button>
      </p>
    </fieldset>
  );
}
