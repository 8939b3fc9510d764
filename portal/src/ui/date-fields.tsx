import { useState } from "react";
import { get, useController, useFormContext } from "react-hook-form";
import { useWords } from "../words/words";
import { complete, fromDay, isDay, read, split, toDay, type Century, type Typed } from "./dates";
import { Errors, Hint, Star, type FieldProps } from "./field";
import { idOf } from "./pointers";

const PARTS = ["month", "day", "year"] as const;

interface Props extends FieldProps {
  century: Century;
}

/** A known day, typed in three fields or whole into the first; its value is `YYYY-MM-DD`, empty, or what is no day. */
export function DateFields({ name, label, hint, required, century }: Props) {
  const words = useWords().ui;
  const { formState } = useFormContext();
  const error = (get(formState.errors, name) as { message?: string } | undefined)?.message;
  const { field } = useController({
    name,
    rules: {
      ...(required ? { required: words.missing(label) } : {}),
      validate: (value: string) => !value || isDay(value) || words.impossibleDate(label),
    },
  });
  const [typed, setTyped] = useState<Typed>(() => fromDay(field.value as string));
  const id = idOf(name);
  const change = (part: keyof Typed, text: string) => {
    const next = { ...typed, [part]: text };
    // What is pasted, or is typed to its end, goes into its parts at once; what could go on, when it is left.
    const pasted = Math.abs(text.length - typed[part].length) > 1;
    setTyped((pasted ? read(text) : split(text)) ?? next);
    const empty = !next.month && !next.day && !next.year;
    field.onChange(empty ? "" : (toDay(complete(read(text) ?? next, century, new Date())) ?? "impossible"));
  };
  const leave = (part: keyof Typed) => {
    setTyped((now) => complete(read(now[part]) ?? now, century, new Date()));
    field.onBlur();
  };
  const described = [`${id}-hint`, error ? `${id}-error` : ""].filter(Boolean).join(" ");
  return (
    <fieldset className="usa-fieldset margin-top-3" id={id}>
      <legend className="usa-legend">
        {label}
        {required && <Star />}
      </legend>
      <Hint id={id}>{hint ?? words.dateHint}</Hint>
      <Errors id={id} text={error} />
      <div className="usa-memorable-date">
        {PARTS.map((part) => (
          <div key={part} className={part === "year" ? "usa-form-group usa-form-group--year" : "usa-form-group usa-form-group--month"}>
            <label className="usa-label" htmlFor={`${id}-${part}`}>
              {words[part]}
            </label>
            <input
              ref={part === "month" ? field.ref : undefined}
              id={`${id}-${part}`}
              className="usa-input"
              inputMode="numeric"
              autoComplete="off"
              aria-describedby={described}
              aria-invalid={error ? true : undefined}
              value={typed[part]}
              onChange={(event) => change(part, event.target.value)}
              onBlur={() => leave(part)}
            />
          </div>
        ))}
      </div>
    </fieldset>
  );
}
