import { useWords } from "../words/words";
import { NoteForm, Notes } from "./notes";
import { WayOn, type StepProps } from "./step-form";

export function CommunicationsPage({ found, owner }: StepProps) {
  const words = useWords().cases.notes;
  return (
    <>
      <p>{words.about}</p>
      <h2>{words.addOne}</h2>
      <NoteForm of={found.value.key} owner={owner} />
      <h2>{words.title}</h2>
      <Notes found={found.value} />
      <WayOn of={found.value} step="communications" />
    </>
  );
}
