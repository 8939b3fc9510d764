import type { Schemas } from "../api/types";
import { useWords } from "../words/words";
import { Facts } from "./facts";
import { Time } from "./time";

/** That a request was closed without a decision, and why. */
export function Closed({ voided, zone }: { voided: Schemas["VoidView"] | null | undefined; zone: string | undefined }) {
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
