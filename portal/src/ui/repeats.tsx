import { useWords } from "../words/words";
import { Alert } from "./alert";

interface Props {
  of: readonly { caseId: string; request: string }[];
  reason: string;
}

/** That a request was submitted although it may repeat another one, and why. */
export function Repeats({ of, reason }: Props) {
  const words = useWords().requests.repeats;
  return (
    <Alert tone="info" title={words.title}>
      <p>
        {words.of}: {of.map(({ caseId, request }) => `${caseId}, ${request}`).join("; ")}
      </p>
      <p>{words.reason}:</p>
      <p className="typed">{reason}</p>
    </Alert>
  );
}
