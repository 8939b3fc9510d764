import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, Navigate, useParams } from "react-router";
import { api, body, ifMatch } from "../api/client";
import { useZones } from "../api/contracts";
import { nameOf } from "../api/handles";
import { isRefused } from "../api/refused";
import { Alert } from "../ui/alert";
import { Facts } from "../ui/facts";
import { Loading } from "../ui/loading";
import { RefusalAlert } from "../ui/refusal";
import { Time } from "../ui/time";
import { Title } from "../ui/title";
import { Told } from "../ui/told";
import { useWords } from "../words/words";
import { InGroup } from "./group";
import type { Group } from "./own";
import { RolesForm } from "./roles-form";
import { userQuery, type Save, type User } from "./user";
import { UserActions } from "./user-actions";
import { UserContactForm } from "./user-contact-form";

export function EditUser() {
  const { user } = useParams();
  const name = nameOf(user);
  return (
    <InGroup>
      {(group, { username }) => (name ? <One group={group} name={name} owner={username} /> : <Navigate to={`/setup/${group.id}/users`} replace />)}
    </InGroup>
  );
}

function One({ group, name, owner }: { group: Group; name: string; owner: string }) {
  const words = useWords().groups.user;
  const { data: user, error, refetch } = useQuery(userQuery(name));
  return (
    <>
      <Title>{words.title}</Title>
      <p>
        <Link to={`/setup/${group.id}/users`}>{words.toList}</Link>
      </p>
      {error && <RefusalAlert thrown={error} again={() => void refetch()} />}
      {!user && !error && <Loading />}
      {user && <Account group={group} user={user} owner={owner} />}
    </>
  );
}

/** One user: how the account stands, what can be done with it, roles, contact information. */
function Account({ group, user, owner }: { group: Group; user: User; owner: string }) {
  const { groups: words } = useWords();
  const queries = useQueryClient();
  const key = userQuery(user.username).queryKey;
  const [told, tell] = useState<string>();
  // Of what the forms were filled with, or of what somebody else saved since and the reader has seen.
  const [seen, setSeen] = useState(user.version);
  const read = async () => {
    const now = await queries.fetchQuery({ ...userQuery(user.username), staleTime: 0 });
    setSeen(now.version);
    return now;
  };
  const save: Save = async (change) => {
    tell(undefined);
    const params = { path: { name: user.username }, header: ifMatch(`"${seen}"`) };
    try {
      const saved = await body(api.PATCH("/users/{name}", { params, body: change }));
      // It names no providers, as the list does.
      const roles = saved.roles.map((part) => Object.assign(part, { providerName: nameAt(group, part.provider) }));
      const now = { ...saved, roles };
      queries.setQueryData(key, now);
      setSeen(now.version);
      void queries.invalidateQueries({ queryKey: ["users", group.id] });
      return { saved: now };
    } catch (thrown) {
      if (!isRefused(thrown, "stale")) throw thrown;
      return { theirs: await read() };
    }
  };
  const done = async (what: string) => {
    await read();
    tell(what);
    void queries.invalidateQueries({ queryKey: ["users", group.id] });
  };
  return (
    <>
      {told && <Told>{told}</Told>}
      <State group={group} user={user} />
      <UserActions user={user} onDone={done} onStale={read} />
      <h2>{words.roles.legend}</h2>
      <RolesForm group={group} user={user} owner={owner} save={save} />
      <h2>{words.user.contact}</h2>
      <UserContactForm user={user} owner={owner} save={save} />
    </>
  );
}

function nameAt({ managed }: Group, id: string): string | null {
  return managed.find(({ provider }) => provider === id)?.providerName ?? null;
}

function State({ group, user }: { group: Group; user: User }) {
  const { groups: words, people } = useWords();
  const zone = useZones(group.providers.map(({ contract }) => contract))(group.providers[0]?.contract);
  return (
    <>
      <Facts
        facts={[
          { label: people.name, value: `${user.firstName} ${user.lastName}` },
          { label: people.username, value: user.username },
          { label: people.status, value: people.state[user.state] },
          { label: user.state === "invited" ? people.until : people.since, value: <Time at={user.stateAt} zone={zone} /> },
          { label: words.users.lastSignIn, value: user.lastSignIn ? <Time at={user.lastSignIn} zone={zone} /> : words.users.never },
        ]}
      />
      {(user.state === "locked" || user.state === "dormant") && <Alert tone="info">{words.user.lockedHint}</Alert>}
    </>
  );
}
