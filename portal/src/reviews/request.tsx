import { useRef, useState } from "react";
import { api } from "../api/client";
import { isRefused } from "../api/refused";
import type { Profile, Schemas } from "../api/types";
import { Alert } from "../ui/alert";
import { useAsked } from "../ui/asked";
import { Button } from "../ui/button";
import { Closed } from "../ui/closed";
import { EarlierDecisions } from "../ui/corrections";
import { Eligibility } from "../ui/coverage";
import { Followed } from "../ui/followed";
import { Hearings } from "../ui/hearings";
import { Escalated, LastDays, MoreTime } from "../ui/more-time";
import { RefusalAlert } from "../ui/refusal";
import { Talks } from "../ui/talks";
import { Time } from "../ui/time";
import { Told } from "../ui/told";
import { useWords } from "../words/words";
import { Added } from "./added";
import { AskForm } from "./ask-form";
import type { Case, Request } from "./case-query";
import { ClaimState } from "./claim-state";
import { CorrectForm } from "./correct-form";
import { DecideForm } from "./decide-form";
import { Determination } from "./determination";
import { GiveForm } from "./give-form";
import { HearingNotes } from "./hearing-notes";
import { Lines } from "./lines";
import { MoreTimeForm } from "./more-time-form";
import { Pends } from "./pends";
import { TalkNotes } from "./talk-notes";
import { ReferForm } from "./refer-form";
import { RequestFacts } from "./request-facts";
import { VoidForm } from "./void-form";

export interface RequestProps {
  of: Case;
  request: Request;
  /** Its public document, once it is known. */
  contract: Schemas["PublicContract"] | undefined;
  profile: Profile;
  /** Reads the case again. */
  read: () => Promise<void>;
}

/** What is typed of a request. */
type Typing = "refer" | "determine" | "pend" | "more-time" | "assign" | "void" | "correct";

/** A request: how it stands, and what the reader may do with it now. */
export function RequestSection(props: RequestProps) {
  const { of, request, contract, profile, read } = props;
  const { number } = request;
  const corrects = request.correction?.corrects ?? undefined;
  // What the reader may type now, each with its form.
  const may = new Set<string>(request.may);
  may.delete("void");
  if (request.closes?.length) may.add("void");
  if (corrects !== undefined) may.add("correct");
  const { request: words, status } = useWords().reviews;
  const [asked, ask] = useAsked();
  const forms: Record<string, Typing> = { [`refer-${number}`]: "refer", [`decide-${number}`]: "determine", [`ask-${number}`]: "pend", [`more-time-${number}`]: "more-time", [`give-${number}`]: "assign", [`void-${number}`]: "void", [`correct-${number}`]: "correct" };
  const typing = asked ? forms[asked] : undefined;
  const [told, tell] = useState<string>();
  const [refused, setRefused] = useState<{ thrown: unknown }>();
  const [busy, setBusy] = useState(false);
  // What the reader asked for by a button takes the focus; what the address asks for does not.
  const [pressed, setPressed] = useState(false);
  // The form that was open: when the provider withdraws the request, what is typed stays to be read.
  const [open, setOpen] = useState<Typing>();
  const top = useRef<HTMLHeadingElement>(null);
  const path = { id: of.key, number };
  const heading = words.heading(number);

  /** What another reviewer did meanwhile is told here: the form may have to go. */
  const attempt = async (call: () => Promise<string | undefined>, dialog?: "dialog") => {
    tell(undefined);
    setRefused(undefined);
    try {
      tell(await call());
    } catch (thrown) {
      if (!isRefused(thrown, "conflict")) throw thrown;
      setRefused({ thrown });
      await read();
      // A dialog that stays has to tell it too: nobody sees what is behind it.
      if (dialog) throw thrown;
      return;
    }
    await read();
  };
  const press = async (call: () => Promise<string>) => {
    setBusy(true);
    try {
      await attempt(call);
    } catch (thrown) {
      setRefused({ thrown });
    } finally {
      setBusy(false);
    }
  };
  const claim = async () => {
    await api.POST("/staff/cases/{id}/requests/{number}/claim", { params: { path } });
    return words.claimed;
  };
  const release = async () => {
    await api.DELETE("/staff/cases/{id}/requests/{number}/claim", { params: { path } });
    ask();
    return words.released;
  };
  const owner = profile.username;
  if (typing !== open && (!typing || may.has(typing))) setOpen(typing);
  const shows = (form: Typing) => typing === form && (may.has(form) || (open === form && request.status === "withdrawn"));
  const begin = (what: string) => {
    setPressed(true);
    ask(`${what}-${number}`);
  };
  const leave = () => {
    ask();
    top.current?.focus();
  };
  return (
    <section aria-label={heading}>
      <h2 ref={top} tabIndex={-1}>
        {heading}
      </h2>
      {told && <Told>{told}</Told>}
      {refused && <RefusalAlert thrown={refused.thrown} />}
      <RequestFacts request={request} zone={contract?.timeZone} />
      <Escalated request={request} />
      <MoreTime request={request} zone={contract?.timeZone} />
      <LastDays request={request} />
      <Earlier of={of} request={request} zone={contract?.timeZone} />
      <Eligibility request={number} awaited={request.coverageAwaited} zone={contract?.timeZone} />
      <Closed voided={request.voided} zone={contract?.timeZone} />
      <Pends pends={request.pends} zone={contract?.timeZone} />
      <ClaimState request={request} own={owner} zone={contract?.timeZone} />
      <Added of={of} request={request} own={owner} zone={contract?.timeZone} />
      <Lines lines={request.lines} />
      {request.determination && <Determination of={request.determination} zone={contract?.timeZone} />}
      <EarlierDecisions request={number} earlier={request.earlierDeterminations} zone={contract?.timeZone} />
      <Talks request={number} talks={request.talks} zone={contract?.timeZone} />
      <Hearings request={request} zone={contract?.timeZone} />
      <HearingNotes of={of} request={request} owner={owner} zone={contract?.timeZone} attempt={(call) => attempt(call, "dialog")} />
      {may.has("peer-to-peer") && <TalkNotes of={of} request={request} owner={owner} zone={contract?.timeZone} attempt={attempt} press={press} busy={busy} />}
      {typing && !may.has(typing) && request.claim && request.claim.by !== owner && <Alert tone="warning">{words.lost}</Alert>}
      {typing && open === typing && request.status === "withdrawn" && <Alert tone="warning">{words.withdrawn}</Alert>}
      <div className="usa-button-group margin-top-2">
        {may.has("claim") && request.claim?.by !== owner && (
          <Button busy={busy} onClick={() => void press(claim)}>
            {words.claim}
          </Button>
        )}
        {may.has("determine") && typing !== "determine" && <Button onClick={() => begin("decide")}>{words.decide}</Button>}
        {may.has("refer") && typing !== "refer" && (
          <Button look="outline" onClick={() => begin("refer")}>
            {words.refer}
          </Button>
        )}
        {may.has("pend") && typing !== "pend" && (
          <Button look="outline" onClick={() => begin("ask")}>
            {words.ask}
          </Button>
        )}
        {may.has("more-time") && typing !== "more-time" && (
          <Button look="outline" onClick={() => begin("more-time")}>
            {words.moreTime}
          </Button>
        )}
        {may.has("void") && typing !== "void" && (
          <Button look="outline" onClick={() => begin("void")}>
            {words.void}
          </Button>
        )}
        {may.has("correct") && typing !== "correct" && (
          <Button look="outline" onClick={() => begin("correct")}>
            {words.correct}
          </Button>
        )}
        {may.has("release") && (
          <Button look="outline" busy={busy} onClick={() => void press(release)}>
            {words.release}
          </Button>
        )}
        {may.has("assign") && typing !== "assign" && (
          <Button look="outline" onClick={() => begin("give")}>
            {words.give}
          </Button>
        )}
      </div>
      {shows("refer") && (
        <ReferForm of={of} request={request} owner={owner} attempt={attempt} focus={pressed} onDone={() => ask()} onLeave={leave} said={words.referred} />
      )}
      {shows("pend") && (
        <AskForm of={of} request={request} owner={owner} attempt={attempt} focus={pressed} onDone={() => ask()} onLeave={leave} />
      )}
      {shows("more-time") && (
        <MoreTimeForm of={of} request={request} owner={owner} attempt={attempt} focus={pressed} onDone={() => ask()} onLeave={leave} />
      )}
      {shows("void") && (
        <VoidForm of={of} request={request} owner={owner} attempt={attempt} focus={pressed} onDone={() => ask()} onLeave={leave} />
      )}
      {typing === "assign" && may.has("assign") && (
        <GiveForm of={of} request={request} owner={owner} attempt={attempt} read={read} focus={pressed} onDone={() => ask()} onLeave={leave} />
      )}
      {shows("determine") && (
        <DecideForm {...props} attempt={attempt} focus={pressed} onDone={() => ask()} onLeave={leave} said={(as) => words.decided(status[as])} />
      )}
      {shows("correct") && corrects !== undefined && (
        <CorrectForm
          key={corrects}
          {...props}
          corrects={corrects}
          attempt={attempt}
          focus={pressed}
          onDone={() => ask()}
          onLeave={leave}
          said={(as) => words.corrected(status[as])}
        />
      )}
      {request.correction?.refused && (
        <p className="usa-hint" lang="en">
          {request.correction.refused}
        </p>
      )}
    </section>
  );
}

/** What it follows, with the earlier decision; and who does not decide about that again. */
function Earlier({ of, request: { of: before, lines, hadAPart, determination }, zone }: { of: Case; request: Request; zone: string | undefined }) {
  const { reviews, requests } = useWords();
  if (!before) return null;
  const decided = of.requests.find(({ number }) => number === before.request)?.determination;
  return (
    <>
      <Followed
        of={before}
        decided={
          decided && (
            <>
              <strong>{reviews.status[decided.outcome]}</strong>, <Time at={decided.at} zone={zone} />, {decided.by}
              {decided.authorizationNumber && `, ${decided.authorizationNumber}`}
            </>
          )
        }
        notes={of.notes}
        codes={lines.map(({ code }) => code)}
        zone={zone}
      />
      {hadAPart && !determination && <Alert tone="info">{requests.followed.hadAPart}</Alert>}
    </>
  );
}
