import { useWords } from "../words/words";
import { Facts } from "./facts";
import { Time } from "./time";

interface Props {
  voided:
    | {
        because: "not-eligible" | "not-required" | "duplicate";
        at: string;
        by?: string | null;
        reason: string;
        rule?: string | null;
        duplicateOf?: { caseId: string; request: string } | null;
      }
    | null
    | undefined;
  zone: string | undefined;
}

/** That a request was closed without a decision, and why. */
export function Closed({ voided, zone }: Props) {
  const words = useWords().requests.closings;
  if (!voided) return null;
  const { because, at, by, reason, rule, duplicateOf } = voided;
  return (
    <Facts
      facts={[
        {
          label: words.because[because],
          value: (
            <>
              <Time at={at} zone={zone} />
              {by && `, ${by}`}
              {reason && (
                <>
                  : <span className="typed">{reason}</span>
                </>
              )}
              {duplicateOf && <span className="display-block">{words.other(duplicateOf.request, duplicateOf.caseId)}</span>}
            </>
          ),
        },
        { label: words.rule, value: rule && <span lang="en">{rule}</span> },
      ]}
    />
  );
}
