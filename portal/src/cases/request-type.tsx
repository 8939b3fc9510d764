import { Radios, Select } from "../ui/choices";
import { useWords } from "../words/words";
import { requestRows } from "./rows";
import { StepForm, type StepProps } from "./step-form";
import { requestStep } from "./steps";
import { useStep } from "./use-step";

export function RequestTypePage({ found, contract, owner }: StepProps) {
  const words = useWords().cases;
  const handle = useStep(requestStep, found, owner);
  const { setting } = found.value;
  const reviews = contract.reviews.filter(({ settings }) => settings.includes(setting));
  return (
    <StepForm handle={handle} of={found.value} step="request" rows={(values) => requestRows(values, words)}>
      <Select
        name="review"
        label={words.request.review}
        hint={words.request.lookBack(contract.windows.pastDays, contract.windows.lookBackMonths)}
        required
        options={reviews.map(({ review }) => ({ value: review, label: words.request.reviews[review] }))}
      />
      <Radios
        name="urgency"
        label={words.request.urgency}
        required
        options={(["standard", "expedited"] as const).map((value) => ({ value, label: words.request.urgencies[value], about: words.request.about[value] }))}
      />
    </StepForm>
  );
}
