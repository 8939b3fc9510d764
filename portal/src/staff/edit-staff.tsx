import { useQuery } from "@tanstack/react-query";
import { Link, Navigate, useParams } from "react-router";
import { api, body } from "../api/client";
import { useZones } from "../api/contracts";
import { useEdit } from "../api/edit";
import { nameOf } from "../api/handles";
import { useProfile } from "../api/profile";
import { Alert } from "../ui/alert";
import { Facts } from "../ui/facts";
import { Loading } from "../ui/loading";
import { RefusalAlert } from "../ui/refusal";
import { Time } from "../ui/time";
import { Title } from "../ui/title";
import { Told } from "../ui/told";
import { useWords } from "../words/words";
import { personQuery, type Change, type Person } from "./person";
import { PostEdit } from "./post-edit";
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
  const { told, read, save, done } = useEdit<Person, Change>({
    of: person,
    query: personQuery(person.username),
    list: ["staff"],
    send: (post, header) => body(api.PATCH("/staff/users/{name}", { params: { path: { name: person.username }, header }, body: { post } })),
  });
  return (
    <>
      {told && <Told>{told}</Told>}
      <State person={person} />
      {person.worksElsewhere && <Alert tone="info">{words.elsewhere}</Alert>}
      {person.role === "operations" ? (
        <Alert tone="info">{words.ofOperators}</Alert>
      ) : (
        <>
          <StaffActions person={person} onDone={done} onStale={read} />
          <h2>{words.post}</h2>
          <PostEdit person={person} owner={owner} save={save} />
        </>
      )}
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
