import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, Navigate, useParams } from "react-router";
import { api, body } from "../api/client";
import { nameOf } from "../api/handles";
import { useIntent } from "../api/intent";
import { isRefused } from "../api/refused";
import { useAsked } from "../ui/asked";
import { Button } from "../ui/button";
import { Confirm } from "../ui/confirm";
import { Facts } from "../ui/facts";
import { Loading } from "../ui/loading";
import { RefusalAlert } from "../ui/refusal";
import { Title } from "../ui/title";
import { Told } from "../ui/told";
import { useWords } from "../words/words";
import { Reports, reportsQuery } from "./reports";

export function ServedUser() {
  const { user } = useParams();
  const name = nameOf(user);
  return name ? <One name={name} /> : <Navigate to="/staff/support" replace />;
}

/** What support can do for one user. */
function One({ name }: { name: string }) {
  const { staff, people } = useWords();
  const words = staff.support;
  const queries = useQueryClient();
  const { data: reports, error, isPending, refetch } = useQuery(reportsQuery(name));
  const [told, tell] = useState<string>();
  const done = (what: string) => {
    tell(what);
    // A reset made a new version, which a grant names.
    void queries.invalidateQueries({ queryKey: reportsQuery(name).queryKey });
  };
  return (
    <>
      <Title>{words.title}</Title>
      <p>
        <Link to="/staff/support">{words.another}</Link>
      </p>
      <Facts facts={[{ label: people.username, value: name }]} />
      {told && <Told>{told}</Told>}
      <AccountHelp name={name} onDone={done} />
      <h2>{words.reports}</h2>
      {isPending && <Loading />}
      {isRefused(error, "not-found") ? <p>{words.noUser}</p> : error && <RefusalAlert thrown={error} again={() => void refetch()} />}
      {reports && <Reports granted={reports} onDone={done} />}
    </>
  );
}

function AccountHelp({ name, onDone }: { name: string; onDone: (what: string) => void }) {
  const { staff, people } = useWords();
  const words = staff.support;
  const [asked, ask] = useAsked();
  const intent = useIntent();
  const path = { name };
  const unlock = async () => {
    await api.POST("/staff/users/{name}/unlock", { params: { path } });
    ask();
    onDone(words.unlocked(name));
  };
  const reset = async () => {
    await intent.send((header) => body(api.POST("/staff/users/{name}/registration-reset", { params: { path, header } })));
    ask();
    onDone(`${people.reset.done(name)} ${people.linkSent}`);
  };
  return (
    <>
      <p>{words.unlockText}</p>
      <Button onClick={() => ask("unlock")}>{words.unlock}</Button>
      <p>{words.resetText}</p>
      <Button look="outline" onClick={() => ask("reset")}>
        {people.reset.button}
      </Button>
      {asked === "unlock" && (
        <Confirm title={words.unlockTitle(name)} confirm={words.unlock} send={unlock} onClose={() => ask()}>
          <p>{words.unlockConfirm}</p>
        </Confirm>
      )}
      {asked === "reset" && (
        <Confirm title={people.reset.title(name)} confirm={people.reset.button} send={reset} onClose={() => ask()}>
          <p>{people.reset.text}</p>
        </Confirm>
      )}
    </>
  );
}
