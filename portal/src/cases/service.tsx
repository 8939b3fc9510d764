import { offered } from "../api/contracts";
import { Radios, Select } from "../ui/choices";
import { DateField } from "../ui/date-field";
import { useSpeech } from "../words/words";
import { serviceRows } from "./rows";
import { StepForm, type StepProps } from "./step-form";
import { serviceStep, serviceTypes } from "./steps";
import { useStep } from "./use-step";

export function ServicePage({ found, contract, owner }: StepProps) {
  const { words: all, language } = useSpeech();
  const words = all.cases;
  const handle = useStep(serviceStep, found, owner);
  const { setting } = found.value;
  return (
    <StepForm handle={handle} of={found.value} step="service" rows={(values) => serviceRows(values, words, language, contract)}>
      <Select name="serviceType" label={words.service.type} required options={offered(serviceTypes(contract, setting))} />
      <Select name="placeOfService" label={words.service.place} required options={offered(contract.placesOfService)} />
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
          <DateField name="stay.admitted" label={words.service.admitted} required />
          <DateField name="stay.discharged" label={words.service.discharged} hint={words.service.dischargedHint} />
        </>
      )}
    </StepForm>
  );
}
