import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, Navigate, useParams } from "react-router";
import { api, body, ifMatch } from "../api/client";
import { useZones } from "../api/contracts";
import { nameOf } from "../api/handles";
import { useProfile } from "../api/profile";
import { isRefused } from "../api/refused";
import { Alert } from "../ui/alert";
import { Facts } from "../ui/facts";
import { Loading } from "../ui/loading";
import { RefusalAlert } from "../ui/refusal";
import { Time } from "../ui/time";
import { Title } from "../ui/title";
import { Told } from "../ui/told";
import { useWords } from "../words/words";
import { personQuery, type Person } from "./person";
import { PostEdit, type Save } from "./post-edit";
import { StaffActions } from "./staff-actions";

export function EditStaff() {
  const { person } = useParams();
  const name = nameOf(person);
  return name ? <One name={name} /> : <Navigate to="/staff/people" replace />;
}

/** One member of staff: how the account stands, the post, and what can be done with it. */
function One({ name }: { name: string }) {
  const words = useWords().staff;
  const { data: person, error, refetch } = useQuery(personQuery(name));
  const { data: profile } = useProfile("staff");
  return (
    <>
      <Title>{words.edit}</Title>
      <p>
        <Link to="/staff/people">{words.toList}</Link>
      </p>
      {error && <RefusalAlert thrown={error} again={() => void refetch()} />}
      {(!person || !profile) && !error && <Loading />}
      {person && profile && <Account person={person} owner={profile.value.username} />}
    </>
  );
}

function Account({ person, owner }: { person: Person; owner: string }) {
  const words = useWords().staff;
  const queries = useQueryClient();
  const [told, tell] = useState<string>();
  // Of what the form was filled with, or of what somebody else saved since and the reader has seen.
  const [seen, setSeen] = useState(person.version);
  const read = async () => {
    const now = await queries.fetchQuery({ ...personQuery(person.username), staleTime: 0 });
    setSeen(now.version);
    return now;
  };
  const save: Save = async (post) => {
    tell(undefined);
    const params = { path: { name: person.username }, header: ifMatch(`"${seen}"`) };
    try {
      const saved = await body(api.PATCH("/staff/users/{name}", { params, body: { post } }));
      queries.setQueryData(personQuery(person.username).queryKey, saved);
      setSeen(saved.version);
      void queries.invalidateQueries({ queryKey: ["staff"] });
      return { saved };
    } catch (thrown) {
      if (!isRefused(thrown, "stale")) throw thrown;
      return { theirs: await read() };
    }
  };
  const done = async (what: string) => {
    await read();
    tell(what);
    void queries.invalidateQueries({ queryKey: ["staff"] });
  };
  return (
    <>
      {told && <Told>{told}</Told>}
      <State person={person} />
      {person.worksElsewhere && <Alert tone="info">{words.elsewhere}</Alert>}
      <StaffActions person={person} onDone={done} onStale={read} />
      <h2>{words.post}</h2>
      <PostEdit person={person} owner={owner} save={save} />
    </>
  );
}

function State({ person }: { person: Person }) {
  const { people } = useWords();
  const zone = useZones(person.contracts)(person.contracts[0]);
  return (
    <Facts
      facts={[
        { label: people.name, value: `${person.firstName} ${person.lastName}` },
        { label: people.username, value: person.username },
        { label: people.status, value: people.state[person.state] },
        { label: person.state === "invited" ? people.until : people.since, value: <Time at={person.stateAt} zone={zone} /> },
        { label: people.email, value: person.email },
        { label: people.phone, value: person.phone },
        { label: people.fax, value: person.fax },
      ]}
    />
  );
}
