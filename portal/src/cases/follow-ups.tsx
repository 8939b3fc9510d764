import { useState } from "react";
import type { Schemas } from "../api/types";
import { useAsked } from "../ui/asked";
import { Button } from "../ui/button";
import { Day } from "../ui/time";
import { Told } from "../ui/told";
import { useSpeech, useWords } from "../words/words";
import { FollowForm } from "./follow-form";
import type { CaseView, Contract } from "./queries";

export interface FollowProps {
  found: CaseView;
  request: Schemas["RequestView"];
  contract: Contract;
  owner: string;
}

/** In the address of its case, the form that asks for something after a decision. */
export const asking = (kind: Schemas["FollowKind"], number: string) => `follow-${kind}-${number}`;

/** What may be asked for after the decision on a request, and why the rest may not. */
export function FollowUps(props: FollowProps) {
  const words = useWords().cases.follow;
  const [asked, ask] = useAsked();
  const [told, tell] = useState<string>();
  // What the reader asked for by a button takes the focus; what the address asks for does not.
  const [pressed, setPressed] = useState(false);
  const { number, follows = [] } = props.request;
  const offered = follows.filter(({ refused }) => !refused);
  const open = offered.find(({ kind }) => asked === asking(kind, number));
  if (follows.length === 0) return told ? <Told>{told}</Told> : null;
  const done = (request: string) => {
    ask();
    tell(words.asked(request));
  };
  return (
    <section aria-label={words.title(number)}>
      {told && <Told>{told}</Told>}
      {open ? (
        <FollowForm key={open.kind} {...props} kind={open.kind} focus={pressed} onDone={done} onLeave={() => ask()} />
      ) : (
        <>
          <h4 className="margin-bottom-0">{words.title(number)}</h4>
          <ul className="usa-list usa-list--unstyled screen">
            {offered.map(({ kind, until }) => (
              <li key={kind} className="margin-top-1">
                <Button
                  look="outline"
                  aria-label={words.askOf[kind](number)}
                  onClick={() => {
                    tell(undefined);
                    setPressed(true);
                    ask(asking(kind, number));
                  }}
                >
                  {words.ask[kind]}
                </Button>{" "}
                {until && (
                  <>
                    {words.until} <Day day={until} />
                  </>
                )}
              </li>
            ))}
          </ul>
          <Refused follows={follows} />
        </>
      )}
    </section>
  );
}

function Refused({ follows }: { follows: readonly Schemas["FollowUpView"][] }) {
  const { words: all, language } = useSpeech();
  const words = all.cases;
  const refused = follows.flatMap(({ kind, refused: why }) => (why ? [{ kind, why }] : []));
  if (refused.length === 0) return null;
  return (
    <details>
      <summary>{words.follow.not}</summary>
      <ul className="usa-list">
        {refused.map(({ kind, why }) => (
          <li key={kind}>
            {words.request.reviews[kind]}: <span lang={language}>{words.follow.refused(why.code, why.detail)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
