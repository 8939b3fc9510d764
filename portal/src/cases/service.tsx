import { Radios, Select } from "../ui/choices";
import { Field } from "../ui/field";
import { useWords } from "../words/words";
import { serviceRows } from "./rows";
import { StepForm, type StepProps } from "./step-form";
import { serviceStep, serviceTypes } from "./steps";
import { useStep } from "./use-step";

const options = (choices: readonly { id: string; label: string }[]) => choices.map(({ id, label }) => ({ value: id, label }));

export function ServicePage({ found, contract, owner }: StepProps) {
  const words = useWords().cases;
  const handle = useStep(serviceStep, found, owner);
  const { key, setting } = found.value;
  return (
    <StepForm handle={handle} of={key} step="service" rows={(values) => serviceRows(values, words, contract)}>
      <Select name="serviceType" label={words.service.type} required options={options(serviceTypes(contract, setting))} />
      <Select name="placeOfService" label={words.service.place} required options={options(contract.placesOfService)} />
      {setting === "inpatient" && (
        <>
          <h2 id="stay" tabIndex={-1}>
            {words.service.stay}
          </h2>
          <Radios
            name="stay.admission"
            label={words.service.admission}
            required
            options={(["elective", "emergent"] as const).map((value) => ({ value, label: words.service.admissions[value] }))}
          />
          <Field name="stay.admitted" label={words.service.admitted} type="date" required width="medium" />
          <Field name="stay.discharged" label={words.service.discharged} hint={words.service.dischargedHint} type="date" width="medium" />
        </>
      )}
    </StepForm>
  );
}
