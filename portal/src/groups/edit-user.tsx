import { useQuery } from "@tanstack/react-query";
import { Link, Navigate, useParams } from "react-router";
import { api, body } from "../api/client";
import { useZones } from "../api/contracts";
import { useEdit } from "../api/edit";
import { nameOf } from "../api/handles";
import { Alert } from "../ui/alert";
import { Facts } from "../ui/facts";
import { Loading } from "../ui/loading";
import { RefusalAlert } from "../ui/refusal";
import { Time } from "../ui/time";
import { Told } from "../ui/told";
import { useWords } from "../words/words";
import { InGroup } from "./group";
import type { Group } from "./own";
import { RolesForm } from "./roles-form";
import { userQuery, type Change, type User } from "./user";
import { UserActions } from "./user-actions";
import { UserContactForm } from "./user-contact-form";

export function EditUser() {
  const { user } = useParams();
  const name = nameOf(user);
  return (
    <InGroup title={useWords().groups.user.title}>
      {(group, { username }) => (name ? <One group={group} name={name} owner={username} /> : <Navigate to={`/setup/${group.id}/users`} replace />)}
    </InGroup>
  );
}

function One({ group, name, owner }: { group: Group; name: string; owner: string }) {
  const words = useWords().groups.user;
  const { data: user, error, refetch } = useQuery(userQuery(name));
  return (
    <>
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
  const { told, read, save, done } = useEdit<User, Change>({
    of: user,
    query: userQuery(user.username),
    list: ["users", group.id],
    send: async (change, header) => {
      const saved = await body(api.PATCH("/users/{name}", { params: { path: { name: user.username }, header }, body: change }));
      // It names no providers, as the list does.
      return { ...saved, roles: saved.roles.map((part) => Object.assign(part, { providerName: nameAt(group, part.provider) })) };
    },
  });
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
