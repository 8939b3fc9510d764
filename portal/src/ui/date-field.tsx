import { useState } from "react";
import { useController } from "react-hook-form";
import { useWords } from "../words/words";
import { dayOf, isDay, written } from "./dates";
import { Labelled, useField, type FieldProps } from "./field";

/**
 * One of these days, typed in one line as people write it. Its value is `YYYY-MM-DD`, and what was typed while that is no day, so
 * that nothing typed is lost. Who leaves the field sees how it was read.
 */
export function DateField(field: FieldProps) {
  const words = useWords().ui;
  const { value, onChange, onBlur, ref } = useController({ name: field.name }).field as { value: string } & ReturnType<typeof useController>["field"];
  const hint = field.hint ?? words.dayHint;
  const { id, error, control } = useField({ ...field, hint, rules: { validate: (day: string) => !day || isDay(day) || words.impossibleDate(field.label) } });
  const [typed, setTyped] = useState<{ text: string; as: string }>();
  const change = (text: string) => {
    const day = dayOf(text, "near", new Date()) ?? text.trim();
    setTyped({ text, as: day });
    onChange(day);
  };
  return (
    <Labelled id={id} label={field.label} labelLang={field.labelLang} hint={hint} error={error} required={field.required}>
      <input
        ref={ref}
        id={id}
        name={field.name}
        className="usa-input usa-input--medium"
        autoComplete="off"
        aria-required={control["aria-required"]}
        aria-invalid={control["aria-invalid"]}
        aria-describedby={control["aria-describedby"]}
        // Somebody else's value, or the one after a reset, is not what was typed here.
        value={typed && typed.as === value ? typed.text : written(value)}
        onChange={(event) => change(event.target.value)}
        onBlur={() => {
          setTyped(undefined);
          onBlur();
        }}
      />
    </Labelled>
  );
}
