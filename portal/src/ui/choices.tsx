import { useEffect } from "react";
import { useFormContext } from "react-hook-form";
import { useWords } from "../words/words";
import { Errors, Hint, LabelText, Labelled, Star, useField, type FieldProps } from "./field";

export interface Option {
  value: string;
  label: string;
  /** Of the label, where it is not that of the page. */
  lang?: string | undefined;
  /** What choosing it means. */
  about?: string | undefined;
}

interface SelectProps extends FieldProps {
  options: readonly Option[];
  /** What choosing nothing means, where it means something. */
  none?: string | undefined;
}

/** One of many. */
export function Select({ options, none, ...field }: SelectProps) {
  const words = useWords().ui;
  const { id, error, control } = useField(field);
  const { getValues } = useFormContext();
  useEffect(() => {
    const select = document.getElementById(id);
    const chosen: unknown = getValues(field.name);
    // What was chosen before the choices were known, as in a form that was kept, is shown once they are.
    if (select instanceof HTMLSelectElement && select.value !== chosen && options.some(({ value }) => value === chosen)) select.value = String(chosen);
  }, [id, field.name, options, getValues]);
  return (
    <Labelled id={id} label={field.label} labelLang={field.labelLang} hint={field.hint} error={error} required={field.required}>
      <select {...control} className="usa-select">
        <option value="">{none ?? words.choose}</option>
        {options.map(({ value, label, lang }) => (
          <option key={value} value={value} lang={lang}>
            {label}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

interface SeveralProps extends FieldProps {
  options: readonly Option[];
}

/** One of few, all seen at once. */
export function Radios(props: SeveralProps) {
  return <Several {...props} kind="radio" />;
}

/** Some of few. Its value is a list. */
export function Checkboxes(props: SeveralProps) {
  return <Several {...props} kind="checkbox" />;
}

const LOOKS = {
  radio: { line: "usa-radio", input: "usa-radio__input", label: "usa-radio__label" },
  checkbox: { line: "usa-checkbox", input: "usa-checkbox__input", label: "usa-checkbox__label" },
};

function Several({ options, kind, ...field }: SeveralProps & { kind: keyof typeof LOOKS }) {
  const { id, error, control } = useField(field);
  const { id: _, "aria-required": __, onBlur, ...input } = control;
  // Left with nothing chosen, radio buttons would have null for a value, which the API takes for nothing.
  const left = kind === "checkbox" ? { onBlur } : {};
  const look = LOOKS[kind];
  return (
    <fieldset className="usa-fieldset margin-top-3" id={id} aria-describedby={control["aria-describedby"]}>
      <legend className="usa-legend text-bold">
        <LabelText label={field.label} lang={field.labelLang} />
        {field.required && <Star />}
      </legend>
      <Hint id={id}>{field.hint}</Hint>
      <Errors id={id} text={error} />
      {options.map(({ value, label, lang, about }) => (
        <div key={value} className={look.line}>
          <input {...input} {...left} aria-describedby={undefined} type={kind} className={look.input} id={`${id}-${value}`} value={value} />
          <label className={look.label} htmlFor={`${id}-${value}`}>
            <LabelText label={label} lang={lang} />
            {about && <span className="usa-checkbox__label-description">{about}</span>}
          </label>
        </div>
      ))}
    </fieldset>
  );
}

/** Yes or no. */
export function Checkbox(field: FieldProps) {
  const { id, error, control } = useField(field);
  return (
    <div className={error ? "usa-form-group usa-form-group--error" : "usa-form-group"}>
      <Hint id={id}>{field.hint}</Hint>
      <Errors id={id} text={error} />
      <div className="usa-checkbox">
        <input {...control} type="checkbox" className="usa-checkbox__input" />
        <label className="usa-checkbox__label" htmlFor={id}>
          <LabelText label={field.label} lang={field.labelLang} />
          {field.required && <Star />}
        </label>
      </div>
    </div>
  );
}
