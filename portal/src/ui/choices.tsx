import { useWords } from "../words/words";
import { Errors, Hint, Labelled, Star, useField, type FieldProps } from "./field";

export interface Option {
  value: string;
  label: string;
  /** What choosing it means. */
  about?: string | undefined;
}

interface SelectProps extends FieldProps {
  options: readonly Option[];
  /** What choosing nothing means, where it means something. */
  none?: string;
}

/** One of many. */
export function Select({ options, none, ...field }: SelectProps) {
  const words = useWords().ui;
  const { id, error, control } = useField(field);
  return (
    <Labelled id={id} label={field.label} hint={field.hint} error={error} required={field.required}>
      <select {...control} className="usa-select">
        <option value="">{none ?? words.choose}</option>
        {options.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

/** One of few, all seen at once. */
export function Radios({ options, ...field }: FieldProps & { options: readonly Option[] }) {
  const { id, error, control } = useField(field);
  const { id: _, "aria-required": __, ...radio } = control;
  return (
    <fieldset className="usa-fieldset margin-top-3" id={id} aria-describedby={control["aria-describedby"]}>
      <legend className="usa-legend text-bold">
        {field.label}
        {field.required && <Star />}
      </legend>
      <Hint id={id}>{field.hint}</Hint>
      <Errors id={id} text={error} />
      {options.map(({ value, label, about }) => (
        <div key={value} className="usa-radio">
          <input {...radio} aria-describedby={undefined} type="radio" className="usa-radio__input" id={`${id}-${value}`} value={value} />
          <label className="usa-radio__label" htmlFor={`${id}-${value}`}>
            {label}
            {about && <span className="usa-checkbox__label-description">{about}</span>}
          </label>
        </div>
      ))}
    </fieldset>
  );
}

/** Some of few. Its value is a list. */
export function Checkboxes({ options, ...field }: FieldProps & { options: readonly Option[] }) {
  const { id, error, control } = useField(field);
  const { id: _, "aria-required": __, ...box } = control;
  return (
    <fieldset className="usa-fieldset margin-top-3" id={id} aria-describedby={control["aria-describedby"]}>
      <legend className="usa-legend text-bold">
        {field.label}
        {field.required && <Star />}
      </legend>
      <Hint id={id}>{field.hint}</Hint>
      <Errors id={id} text={error} />
      {options.map(({ value, label }) => (
        <div key={value} className="usa-checkbox">
          <input {...box} aria-describedby={undefined} type="checkbox" className="usa-checkbox__input" id={`${id}-${value}`} value={value} />
          <label className="usa-checkbox__label" htmlFor={`${id}-${value}`}>
            {label}
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
          {field.label}
          {field.required && <Star />}
        </label>
      </div>
    </div>
  );
}
