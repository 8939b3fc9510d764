import type { HTMLInputAutoCompleteAttribute, ReactNode } from "react";
import { get, useFormContext, type RegisterOptions } from "react-hook-form";
import { useWords } from "../words/words";
import { idOf } from "./pointers";

export interface FieldProps {
  /** Dotted, as the API's pointer: `contact.firstName`. */
  name: string;
  label: string;
  /** Of the label, where it is not that of the page. */
  labelLang?: string | undefined;
  hint?: ReactNode;
  required?: boolean;
  /** More than "is not empty". */
  rules?: RegisterOptions;
}

/** What label, hint and error of a field share: ids, wiring and the rule that it must not be empty. */
export function useField({ name, label, hint, required, rules }: FieldProps) {
  const words = useWords().ui;
  const { register, formState } = useFormContext();
  const error = get(formState.errors, name) as { message?: string } | undefined;
  const id = idOf(name);
  const described = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
  return {
    id,
    error: error?.message,
    control: {
      ...register(name, { ...rules, ...(required ? { required: words.missing(label) } : {}) }),
      id,
      "aria-required": required || undefined,
      "aria-invalid": error ? true : undefined,
      "aria-describedby": described || undefined,
    },
  };
}

interface Frame {
  id: string;
  label: string;
  labelLang?: string | undefined;
  hint?: ReactNode;
  error?: string | undefined;
  required?: boolean | undefined;
  children: ReactNode;
}

/** Label, hint and errors around a control. */
export function Labelled({ id, label, labelLang, hint, error, required, children }: Frame) {
  return (
    <div className={error ? "usa-form-group usa-form-group--error" : "usa-form-group"}>
      <label className={error ? "usa-label usa-label--error" : "usa-label"} htmlFor={id}>
        <LabelText label={label} lang={labelLang} />
        {required && <Star />}
      </label>
      <Hint id={id}>{hint}</Hint>
      <Errors id={id} text={error} />
      {children}
    </div>
  );
}

/** The star after it is the page's own. */
export function LabelText({ label, lang }: { label: string; lang: string | undefined }) {
  return lang ? <span lang={lang}>{label}</span> : label;
}

export function Star() {
  const words = useWords().ui;
  return (
    <abbr title={words.required} className="usa-hint usa-hint--required">
      {" "}
      *
    </abbr>
  );
}

export function Hint({ id, children }: { id: string; children: ReactNode }) {
  return children ? (
    <div className="usa-hint" id={`${id}-hint`}>
      {children}
    </div>
  ) : null;
}

/** What is wrong with a field, one sentence a line. What the API said has a language of its own, which a screen reader has to know. */
export function Errors({ id, text }: { id: string; text: string | undefined }) {
  const form = useFormContext() as ReturnType<typeof useFormContext> | null;
  const error = form ? (get(form.formState.errors, id.replaceAll("-", ".")) as { type?: string } | undefined) : undefined;
  return text ? (
    <span className="usa-error-message" id={`${id}-error`} lang={error?.type?.match(/^refused-(\w\w)$/)?.[1]}>
      {text.split("\n").map((line) => (
        <span key={line} className="display-block">
          {line}
        </span>
      ))}
    </span>
  ) : null;
}

interface Props extends FieldProps {
  type?: "text" | "email" | "tel" | "password" | "search";
  inputMode?: "numeric" | "decimal" | "text";
  autoComplete?: HTMLInputAutoCompleteAttribute;
  maxLength?: number;
  /** Names and codes are not words of a language. */
  plain?: boolean;
  /** Wide as what is typed there. */
  width?: "small" | "medium";
  /** Says more while the value is typed. */
  children?: ReactNode;
}

const WIDTHS = { small: "usa-input usa-input--small", medium: "usa-input usa-input--medium" };

/** One line of text. */
export function Field({ type = "text", inputMode, autoComplete, maxLength, plain, width, children, ...field }: Props) {
  const { id, error, control } = useField(field);
  return (
    <Labelled id={id} label={field.label} labelLang={field.labelLang} hint={field.hint} error={error} required={field.required}>
      <input
        {...control}
        type={type}
        className={width ? WIDTHS[width] : "usa-input"}
        inputMode={inputMode}
        autoComplete={autoComplete ?? "off"}
        maxLength={maxLength}
        {...(plain ? { autoCapitalize: "none", spellCheck: false, autoCorrect: "off" } : {})}
      />
      {children}
    </Labelled>
  );
}

/** Several lines of text. */
export function TextArea({ rows = 5, maxLength, ...field }: FieldProps & { rows?: number; maxLength?: number }) {
  const { id, error, control } = useField(field);
  return (
    <Labelled id={id} label={field.label} labelLang={field.labelLang} hint={field.hint} error={error} required={field.required}>
      <textarea {...control} className="usa-textarea" rows={rows} maxLength={maxLength} />
    </Labelled>
  );
}
