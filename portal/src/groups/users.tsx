import { useQueryClient } from "@tanstack/react-query";
import { Link } from "react-router";
import { api, body } from "../api/client";
import { useZones } from "../api/contracts";
import { handleOf } from "../api/handles";
import { ButtonLink } from "../ui/button";
import { Filters, useFilters } from "../ui/filters";
import { PagedTable } from "../ui/table";
import { Time } from "../ui/time";
import { useWords } from "../words/words";
import { InGroup, groupName } from "./group";
import { ROLES, type Group } from "./own";
import { userQuery } from "./user";

export function Users() {
  return <InGroup title={useWords().groups.users.title}>{(group) => <List group={group} />}</InGroup>;
}

const STATES = ["invited", "active", "locked", "dormant", "deactivated"] as const;

/** Who works in a group. */
function List({ group }: { group: Group }) {
  const { groups: words, people } = useWords();
  const queries = useQueryClient();
  const zone = useZones(group.providers.map(({ contract }) => contract))(group.providers[0]?.contract);
  const filters = [
    { name: "provider" as const, label: words.provider, all: words.users.anyProvider, options: group.managed.map(({ provider, providerName }) => ({ value: provider, label: providerName })) },
    { name: "role" as const, label: words.users.role, all: words.users.anyRole, options: ROLES.map((role) => ({ value: role, label: people.role[role] })) },
    { name: "status" as const, label: people.status, all: people.anyStatus, options: STATES.map((state) => ({ value: state, label: people.state[state] })) },
  ];
  const chosen = useFilters(filters);
  return (
    <>
      <p>{groupName(group, words)}</p>
      <ButtonLink to={`/setup/${group.id}/users/new`}>{words.users.add}</ButtonLink>
      <Filters label={words.users.filters} filters={filters} />
      <PagedTable
        caption={words.users.caption}
        queryKey={["users", group.id, chosen]}
        page={async (cursor) => {
          const query = { ...chosen, ...(cursor ? { cursor } : {}) };
          const { users, next } = await body(api.GET("/groups/{id}/users", { params: { path: { id: group.id }, query } }));
          // The page of a user begins with what the list has just read.
          for (const user of users) queries.setQueryData(userQuery(user.username).queryKey, user);
          return { rows: users, cursor: next };
        }}
        keyOf={({ username }) => username}
        columns={[
          { key: "name", label: people.name, cell: ({ username, firstName, lastName }) => <Link to={handleOf(username)}>{`${firstName} ${lastName}`}</Link> },
          { key: "username", unbroken: true, label: people.username, cell: ({ username }) => username },
          { key: "email", unbroken: true, label: people.email, cell: ({ email }) => email },
          { key: "roles", label: words.users.roles, cell: ({ roles }) => roles.map(({ providerName, provider, role }) => `${people.role[role]}, ${providerName ?? provider}`).join("; ") },
          { key: "status", label: people.status, cell: ({ state }) => people.state[state] },
          { key: "last", label: words.users.lastSignIn, cell: ({ lastSignIn }) => (lastSignIn ? <Time at={lastSignIn} zone={zone} /> : words.users.never) },
        ]}
        empty={words.users.none}
      />
    </>
  );
}
