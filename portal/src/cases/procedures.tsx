import { useFieldArray } from "react-hook-form";
import { Button } from "../ui/button";
import { useSpeech } from "../words/words";
import { CodeSearch } from "./code-search";
import { LineFields } from "./line-fields";
import { proceduresRows } from "./rows";
import { StepForm, type StepProps } from "./step-form";
import { NO_LINE, proceduresStep } from "./steps";
import { useStep } from "./use-step";

export function ProceduresPage({ found, owner }: StepProps) {
  const { words: all, language } = useSpeech();
  const words = all.cases;
  const handle = useStep(proceduresStep, found, owner);
  const { form } = handle;
  const { fields, append, remove } = useFieldArray({ control: form.control, name: "lines" });
  return (
    <StepForm handle={handle} of={found.value} step="procedures" rows={(values) => proceduresRows(values, words, language)}>
      <div className="usa-summary-box margin-top-2" id="lines" tabIndex={-1}>
        <div className="usa-summary-box__body">
          <p className="margin-top-0">{words.procedures.durationIs}</p>
          <p>{words.procedures.quantityIs}</p>
          <p className="margin-bottom-0">{words.procedures.example}</p>
        </div>
      </div>
      {fields.map(({ id }, place) => (
        <fieldset key={id} className="usa-fieldset card margin-top-3">
          <legend className="usa-legend usa-legend--large">{words.procedures.line(place + 1)}</legend>
          <CodeSearch
            id={`find-${place}`}
            system="hcpcs"
            label={words.procedures.find}
            hint={words.procedures.findHint}
            onChoose={({ code }) => form.setValue(`lines.${place}.code`, code)}
          />
          <LineFields place={place} coverage={found.value.member.coverage ?? undefined} />
          {fields.length > 1 && (
            <p>
              <Button look="outline" onClick={() => remove(place)}>
                {words.removeWhat(words.procedures.line(place + 1))}
              </Button>
            </p>
          )}
        </fieldset>
      ))}
      <p>
        <Button look="outline" onClick={() => append(structuredClone(NO_LINE), { focusName: `lines.${fields.length}.code` })}>
          {words.procedures.add}
        </Button>
      </p>
    </StepForm>
  );
}
