import { useState } from "react";
import { get, useController, useFormContext } from "react-hook-form";
import { useWords } from "../words/words";
import { complete, isDay, partsOf, read, split, toDay, unfinished, type Century, type Typed } from "./dates";
import { Errors, Hint, Star, type FieldProps } from "./field";
import { idOf } from "./pointers";

const PARTS = ["month", "day", "year"] as const;

interface Props extends FieldProps {
  century: Century;
}

/** A known day, typed in three fields or whole into the first; its value is `YYYY-MM-DD`, empty, or what was typed while that is no day. */
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
  const value = field.value as string;
  const [typed, setTyped] = useState<{ parts: Typed; as: string }>();
  // The value after a reset is not what was typed here.
  const parts = typed?.as === value ? typed.parts : partsOf(value);
  const id = idOf(name);
  const change = (part: keyof Typed, text: string) => {
    const next = { ...parts, [part]: text };
    // What is pasted, or is typed to its end, goes into its parts at once; what could go on, when it is left.
    const pasted = Math.abs(text.length - parts[part].length) > 1;
    const shown = (pasted ? read(text) : split(text)) ?? next;
    const empty = !next.month && !next.day && !next.year;
    const as = empty ? "" : (toDay(complete(read(text) ?? next, century, new Date())) ?? unfinished(shown));
    setTyped({ parts: shown, as });
    field.onChange(as);
  };
  const leave = (part: keyof Typed) => {
    setTyped({ parts: complete(read(parts[part]) ?? parts, century, new Date()), as: value });
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
              value={parts[part]}
              onChange={(event) => change(part, event.target.value)}
              onBlur={() => leave(part)}
            />
          </div>
        ))}
      </div>
    </fieldset>
  );
}
