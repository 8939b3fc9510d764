import { useWatch } from "react-hook-form";
import { useWords } from "../words/words";
import { CodeSearch, CodeType } from "./code-search";
import { DiagnosisList } from "./diagnosis-list";
import { diagnosesRows } from "./rows";
import { StepForm, type StepProps } from "./step-form";
import { diagnosesStep } from "./steps";
import { useStep } from "./use-step";

export function DiagnosesPage({ found, owner }: StepProps) {
  const words = useWords();
  const handle = useStep(diagnosesStep, found, owner);
  const { form } = handle;
  form.register("diagnoses", { validate: (list) => list.length > 0 || words.ui.missing(words.cases.diagnoses.list) });
  const diagnoses = useWatch({ control: form.control, name: "diagnoses" });
  const errors = form.formState.errors.diagnoses;
  return (
    <StepForm handle={handle} of={found.value} step="diagnoses" rows={(values) => diagnosesRows(values, words.cases)}>
      <CodeType id="code-type" label={words.cases.diagnoses.codeType} value="icd10cm" types={words.cases.diagnoses.codeTypes} />
      <CodeSearch
        id="diagnoses"
        system="icd10cm"
        label={words.cases.diagnoses.find}
        hint={words.cases.diagnoses.hint}
        error={typeof errors?.message === "string" ? errors.message : undefined}
        onChoose={({ code, description }) => {
          form.clearErrors();
          if (!diagnoses.some((known) => known.code === code)) form.setValue("diagnoses", [...diagnoses, { code, description }]);
        }}
      />
      <DiagnosisList
        diagnoses={diagnoses}
        errorOf={(place) => errors?.[place]?.message}
        onChange={(changed) => {
          form.clearErrors();
          form.setValue("diagnoses", changed);
        }}
      />
    </StepForm>
  );
}
