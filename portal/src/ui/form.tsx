// A form whose errors are the API's: it checks only what is missing, sends, and puts each refusal at its field.

import { createContext, useContext, useEffect, useRef, useState, type ReactNode } from "react";
import { FormProvider, useForm, type DefaultValues, type FieldErrors, type FieldValues, type Path, type UseFormReturn } from "react-hook-form";
import { useSpeech, type Language, type Words } from "../words/words";
import { ErrorSummary, type FieldError } from "./error-summary";
import { idOf, nameOf } from "./pointers";
import { RefusalAlert, isRefusal, type Refusal } from "./refusal";
import { tell, tellAll } from "./wrong";

/** The values of a form, under the names of the API's pointers. */
export function useFields<V extends FieldValues>(values: DefaultValues<V>): UseFormReturn<V> {
  // After a failed try the summary has the focus, not the first field.
  return useForm<V>({ defaultValues: values, shouldFocusError: false });
}

interface Props<V extends FieldValues> {
  form: UseFormReturn<V>;
  /** Sends the values. A refusal that it throws is shown; whatever else it throws is an error of the portal. */
  send: (values: V) => Promise<void>;
  children: ReactNode;
  /** Says what the form is, where the page has several. */
  label?: string;
  /** The heading that says so, where it is not in the language of the page. */
  labelledBy?: string;
}

const BusyContext = createContext(false);

/** Whether the form around is being sent. */
export function useBusy(): boolean {
  return useContext(BusyContext);
}

export function Form<V extends FieldValues>({ form, send, children, label, labelledBy }: Props<V>) {
  const { words, language } = useSpeech();
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [refusal, setRefusal] = useState<Refusal>();
  const [broken, setBroken] = useState<{ thrown: unknown }>();
  // Counts failed tries: after each one the summary takes the focus, also when the errors are the same.
  const [failures, setFailures] = useState(0);
  const top = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (failures > 0) top.current?.focus();
  }, [failures]);
  if (broken) throw broken.thrown;

  const fail = (found: FieldError[], thrown?: Refusal) => {
    setErrors(found);
    setRefusal(thrown);
    setFailures((count) => count + 1);
  };
  const sent = async (values: V) => {
    try {
      await send(values);
      setErrors([]);
      setRefusal(undefined);
    } catch (thrown) {
      if (!isRefusal(thrown)) return setBroken({ thrown });
      place(form, thrown, words, language);
      const told = thrown.errors.map((error) => ({ error, ...tell(error, words, language) }));
      fail(told.map(({ error, text, lang }) => ({ id: idOf(nameOf(error.pointer)), message: text, lang })), thrown);
    }
  };
  const submit = async () => {
    if (form.formState.isSubmitting) return;
    // What the API said about a field that the form does not have would keep it from being sent for ever.
    form.clearErrors();
    await form.handleSubmit(sent, (missing) => fail(flat(missing)))();
  };
  return (
    <FormProvider {...form}>
      <form
        noValidate
        className="usa-form usa-form--large"
        aria-label={label}
        aria-labelledby={labelledBy}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <div ref={errors.length === 0 ? top : null} tabIndex={-1}>
          {refusal && errors.length === 0 && <RefusalAlert thrown={refusal} />}
        </div>
        {errors.length > 0 && <ErrorSummary ref={top} title={refusal ? words.ui.refused.correct : words.ui.refused.problem} errors={errors} />}
        <BusyContext value={form.formState.isSubmitting}>{children}</BusyContext>
      </form>
    </FormProvider>
  );
}

/** All sentences about a field stand at the field, each on its own line. */
function place<V extends FieldValues>(form: UseFormReturn<V>, refusal: Refusal, words: Words, language: Language): void {
  const byName = Map.groupBy(refusal.errors, ({ pointer }) => nameOf(pointer));
  for (const [name, told] of byName) {
    // The whole body: only the summary tells it.
    if (!name) continue;
    const { text, lang } = tellAll(told, words, language);
    form.setError(name as Path<V>, { type: `refused-${lang}`, message: text });
  }
}

function flat<V extends FieldValues>(errors: FieldErrors<V>, prefix = ""): FieldError[] {
  return Object.entries(errors).flatMap(([key, error]) => {
    const name = prefix + key;
    if (error && typeof error === "object" && "type" in error && typeof error.type === "string") {
      return [{ id: idOf(name), message: String(error.message) }];
    }
    return error && typeof error === "object" ? flat(error as FieldErrors, `${name}.`) : [];
  });
}
