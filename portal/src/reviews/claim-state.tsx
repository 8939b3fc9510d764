import { Time } from "../ui/time";
import { useWords } from "../words/words";
import type { Request } from "./case-query";

/** Who works on a request, and until when nobody else can take it. */
export function ClaimState({ request: { claim, may }, own, zone }: { request: Request; own: string; zone: string | undefined }) {
  const words = useWords().reviews.request;
  if (!claim) return may.includes("claim") ? <p>{words.nobody}</p> : null;
  return claim.by === own ? (
    <p>
      {words.since}: <Time at={claim.since} zone={zone} />. {words.until} <Time at={claim.until} zone={zone} />. {words.lease}
    </p>
  ) : (
    <p>
      {words.byOther(claim.by)} {words.since}: <Time at={claim.since} zone={zone} />. {words.freeAt} <Time at={claim.until} zone={zone} />.
    </p>
  );
}
