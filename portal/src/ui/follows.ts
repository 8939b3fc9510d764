import { useCallback, useEffect, useRef } from "react";
import type { FieldValues, UseFormReturn } from "react-hook-form";

/**
 * A form of what the address asks for shows it after the back button too.
 * @returns called with what the form itself asks for: what is typed while that is under way stays
 */
export function useFollows<V extends FieldValues>(form: UseFormReturn<V>, values: V): (asked: V) => void {
  const shown = useRef(values);
  useEffect(() => {
    if (shown.current === values) return;
    shown.current = values;
    form.reset(values);
  }, [form, values]);
  return useCallback((asked: V) => {
    shown.current = asked;
  }, []);
}
