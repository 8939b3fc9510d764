import { get, useFieldArray, useFormContext } from "react-hook-form";
import type { Schemas } from "../api/types";
import { Button } from "../ui/button";
import { Errors, Field, TextArea } from "../ui/field";
import { useWords } from "../words/words";
import { Select } from "../ui/choices";
import { NO_CRITERION, type Values } from "./decision";

/** What an adverse outcome rests on, one criterion or more. */
export function CriteriaFields({ catalogue }: { catalogue: Schemas["CatalogueView"] | null | undefined }) {
  const words = useWords().reviews.decide;
  const { control, formState, setValue } = useFormContext<Values>();
  const known = catalogue?.criteria ?? [];
  const fill = (place: number, id: string) => {
    const chosen = known.find((one) => one.id === id);
    if (!chosen) return;
    setValue(`criteria.${place}.title`, chosen.title, { shouldDirty: true });
    setValue(`criteria.${place}.citation`, chosen.citation, { shouldDirty: true });
    setValue(`criteria.${place}.text`, chosen.text, { shouldDirty: true });
  };
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
          {known.length > 0 && (
            <Select
              name={`criteria.${place}.catalogue`}
              label={words.catalogueCriterion}
              hint={words.catalogueCriterionHint}
              none={words.ownWords}
              rules={{ onChange: ({ target }: { target: { value: string } }) => fill(place, target.value) }}
              options={known.map((one) => ({ value: one.id, label: `${one.title}, ${one.citation}`, lang: "en" }))}
            />
          )}
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
