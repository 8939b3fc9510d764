import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { api } from "../api/client";
import { useZones } from "../api/contracts";
import { useProfile } from "../api/profile";
import { useAsked } from "../ui/asked";
import { Button } from "../ui/button";
import { Facts } from "../ui/facts";
import { Loading } from "../ui/loading";
import { RefusalAlert, isRefusal } from "../ui/refusal";
import { Time } from "../ui/time";
import { Title } from "../ui/title";
import { Told } from "../ui/told";
import { useWords } from "../words/words";
import { CloseForm } from "./close-form";
import { faxQuery, type Fax } from "./fax-query";
import { FileForm } from "./file-form";
import { OpenForm } from "./open-form";
import { Pages } from "./pages";

/** One fax: its pages beside what can be done with it. */
export function FaxPage() {
  const words = useWords().delivery;
  const { fax = "" } = useParams();
  const { data, error, refetch } = useQuery(faxQuery(fax));
  const { data: profile } = useProfile("staff");
  return (
    <>
      <Title>{words.one}</Title>
      <p>
        <Link to="/staff/faxes">{words.toList}</Link>
      </p>
      {error && <RefusalAlert thrown={error} again={() => void refetch()} />}
      {(!data || !profile) && !error && <Loading />}
      {data && profile && (
        <div className="desk">
          <Work fax={data} own={profile.value.username} />
          <Pages urls={data.pages} again={() => void refetch()} />
        </div>
      )}
    </>
  );
}

function Work({ fax, own }: { fax: Fax; own: string }) {
  const words = useWords().delivery;
  const queries = useQueryClient();
  const [told, tell] = useState<string>();
  const [refused, setRefused] = useState<{ thrown: unknown }>();
  const [busy, setBusy] = useState(false);
  const [asked, ask] = useAsked();
  // What the reader asked for by a button takes the focus; what the address asks for does not.
  const [pressed, setPressed] = useState(false);
  const path = { fax: fax.id };
  const read = async () => {
    await queries.invalidateQueries({ queryKey: faxQuery(fax.id).queryKey });
    void queries.invalidateQueries({ queryKey: ["faxes"] });
  };
  const done = async (said: string) => {
    if (asked) ask();
    await read();
    tell(said);
  };
  const press = async (call: () => Promise<unknown>, said: string) => {
    setBusy(true);
    setRefused(undefined);
    tell(undefined);
    try {
      await call();
      await done(said);
    } catch (thrown) {
      if (!isRefusal(thrown)) throw thrown;
      setRefused({ thrown });
      await read();
    } finally {
      setBusy(false);
    }
  };
  const mine = fax.claim?.by === own;
  const works = fax.state === "waiting" && mine;
  const forms = { file: FileForm, open: OpenForm, close: CloseForm };
  const Form = works ? Object.entries(forms).find(([name]) => name === asked)?.[1] : undefined;
  const begin = (form: keyof typeof forms) => {
    setPressed(true);
    ask(form);
  };
  return (
    <section aria-label={words.work}>
      {told && <Told>{told}</Told>}
      {refused && <RefusalAlert thrown={refused.thrown} />}
      <Known fax={fax} />
      {fax.state === "waiting" && !mine && (
        <Button busy={busy} onClick={() => void press(() => api.POST("/staff/faxes/{fax}/claim", { params: { path } }), words.taken)}>
          {words.take}
        </Button>
      )}
      {works && !Form && (
        <div className="usa-button-group margin-top-2">
          {fax.pageCount > 0 && (
            <>
              <Button onClick={() => begin("file")}>{words.file.title}</Button>
              <Button look="outline" onClick={() => begin("open")}>
                {words.open.title}
              </Button>
            </>
          )}
          <Button look="outline" onClick={() => begin("close")}>
            {words.close.title}
          </Button>
          <Button look="outline" busy={busy} onClick={() => void press(() => api.DELETE("/staff/faxes/{fax}/claim", { params: { path } }), words.given)}>
            {words.giveBack}
          </Button>
        </div>
      )}
      {Form && <Form fax={fax} owner={own} focus={pressed} onDone={done} onLeave={() => ask()} />}
    </section>
  );
}

/** What is known of it, and how it ended. */
function Known({ fax }: { fax: Fax }) {
  const words = useWords().delivery;
  const zone = useZones([fax.contract])(fax.contract);
  const { claim, ended } = fax;
  return (
    <Facts
      facts={[
        { label: words.state, value: words.standing[fax.state] },
        { label: words.received, value: <Time at={fax.receivedAt} zone={zone} /> },
        { label: words.from, value: fax.from ?? words.unknownSender },
        { label: words.to, value: fax.to },
        { label: words.why, value: fax.why && words.reason[fax.why] },
        { label: words.caseId, value: fax.caseId },
        { label: words.request, value: fax.request },
        { label: words.holder, value: claim?.by },
        { label: words.until, value: claim && <Time at={claim.until} zone={zone} /> },
        { label: words.endedAt, value: ended && <Time at={ended.at} zone={zone} /> },
        { label: words.endedBy, value: ended && (ended.by ?? words.byBars) },
        // A draft is its provider's alone.
        { label: words.belongsTo, value: ended?.case && fax.state === "filed" && <Link to={`/staff/cases/${ended.case}`}>{words.toCase}</Link> },
        { label: words.close.reason, value: ended?.reason && words.closed[ended.reason] },
        { label: words.close.note, value: ended?.note },
      ]}
    />
  );
}
