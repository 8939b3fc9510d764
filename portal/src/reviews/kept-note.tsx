import type { FieldValues } from "react-hook-form";
import { Conflict, type Difference } from "../ui/conflict";
import { useWords } from "../words/words";
import type { Worksheet } from "./worksheet";

interface Props<V extends FieldValues> {
  of: Worksheet<V>;
  /** The fields of a form with their labels, as they read. */
  rows: (values: V) => { key: string; label: string; text: string }[];
}

/** Says whether what is typed is kept; of two windows that were typed in at once, asks which goes on. */
export function KeptNote<V extends FieldValues>({ of: { form, state, settle }, rows }: Props<V>) {
  const words = useWords().reviews.kept;
  if (state.is !== "conflict") {
    return (
      <p role="status" className="usa-hint">
        {words[state.is]}
      </p>
    );
  }
  const { theirs } = state;
  const mine = new Map(rows(form.getValues()).map(({ key, text }) => [key, text]));
  const others = new Map(rows(theirs.values).map((row) => [row.key, row]));
  const labels = new Map([...rows(form.getValues()), ...others.values()].map(({ key, label }) => [key, label]));
  const differences = [...labels].map(([key, label]): Difference => ({ key, label, theirs: others.get(key)?.text ?? "", mine: mine.get(key) ?? "" }));
  return (
    <Conflict
      differences={differences.filter((one) => one.theirs !== one.mine)}
      onMine={() => settle(theirs, "mine")}
      onTheirs={() => settle(theirs, "theirs")}
    />
  );
}
