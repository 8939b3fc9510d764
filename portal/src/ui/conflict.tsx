import type { FieldValues, UseFormReturn } from "react-hook-form";
import { useWords } from "../words/words";
import { Alert } from "./alert";
import { Button } from "./button";
import { LabelText } from "./field";

export interface Difference {
  key: string;
  label: string;
  theirs: string;
  mine: string;
  /** Of the label and of what differs, where they are not in the language of the page. */
  labelLang?: string | undefined;
  lang?: string | undefined;
}

interface Props {
  differences: readonly Difference[];
  /** Goes on from what the other one saved, with the own values in the form. */
  onMine: () => void;
  onTheirs: () => void;
}

/** Two people changed the same: both versions beside each other, and the choice. */
export function Conflict({ differences, onMine, onTheirs }: Props) {
  const words = useWords().ui.conflict;
  return (
    <Alert tone="warning" title={words.title}>
      <table className="usa-table usa-table--stacked-header usa-table--borderless">
        <thead>
          <tr>
            <th scope="col">{words.field}</th>
            <th scope="col">{words.theirs}</th>
            <th scope="col">{words.mine}</th>
          </tr>
        </thead>
        <tbody>
          {differences.map(({ key, label, labelLang, lang, theirs, mine }) => (
            <tr key={key}>
              <th scope="row" data-label={words.field}>
                <LabelText label={label} lang={labelLang} />
              </th>
              <td data-label={words.theirs}>
                <LabelText label={theirs || "–"} lang={lang} />
              </td>
              <td data-label={words.mine}>
                <LabelText label={mine || "–"} lang={lang} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="usa-button-group">
        <Button onClick={onMine}>{words.keepMine}</Button>
        <Button look="outline" onClick={onTheirs}>
          {words.takeTheirs}
        </Button>
      </div>
    </Alert>
  );
}

interface FormProps<V extends FieldValues> {
  form: UseFormReturn<V>;
  theirs: V;
  differences: readonly Difference[];
  onSettled: () => void;
}

/** The same for a form that is saved as a whole: what was typed stays, over theirs, or theirs is shown. */
export function FormConflict<V extends FieldValues>({ form, theirs, differences, onSettled }: FormProps<V>) {
  return (
    <Conflict
      differences={differences}
      onMine={() => {
        form.reset(theirs, { keepValues: true });
        onSettled();
      }}
      onTheirs={() => {
        form.reset(theirs);
        onSettled();
      }}
    />
  );
}
