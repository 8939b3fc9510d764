import { api } from "../api/client";
import { Checkbox } from "../ui/choices";
import { TextArea } from "../ui/field";
import { useWords } from "../words/words";
import { AskAbout, type AboutProps } from "./ask-about";

/** Asks for a State fair hearing about a decision, with the member's written consent. */
export function AskHearing({ request: { number, hearing }, ...about }: AboutProps) {
  const words = useWords().requests.hearings;
  return (
    <AskAbout<{ consent: boolean; reason: string }>
      {...about}
      what="hearing"
      number={number}
      words={words}
      until={hearing?.until}
      values={{ consent: false, reason: "" }}
      put={(body, path) => api.PUT("/cases/{id}/requests/{number}/hearing", { params: { path }, body })}
    >
      <TextArea name="reason" label={words.reason} hint={words.reasonHint} required maxLength={4000} />
      <Checkbox name="consent" label={words.consent} required />
    </AskAbout>
  );
}
