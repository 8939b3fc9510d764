import { useQueryClient } from "@tanstack/react-query";
import { Link } from "react-router";
import { api, body } from "../api/client";
import { handleOf } from "../api/handles";
import { useProfile } from "../api/profile";
import { ButtonLink } from "../ui/button";
import { Filters, useFilters } from "../ui/filters";
import { PagedTable } from "../ui/table";
import { Title } from "../ui/title";
import { useWords } from "../words/words";
import { STAFF_ROLES, personQuery } from "./person";

const STATES = ["invited", "active", "locked", "dormant", "deactivated"] as const;

/** Who works for the contracts of a Contract Manager. */
export function StaffList() {
  const { staff: words, people } = useWords();
  const queries = useQueryClient();
  const { data: profile } = useProfile("staff");
  const known = profile?.value.contracts ?? [];
  const named = (id: string) => known.find((contract) => contract.id === id)?.name ?? id;
  const filters = [
    { name: "contract" as const, label: words.contract, all: words.anyContract, options: known.map(({ id, name }) => ({ value: id, label: name })) },
    { name: "role" as const, label: words.role, all: words.anyRole, options: STAFF_ROLES.map((role) => ({ value: role, label: people.post[role] })) },
    { name: "status" as const, label: people.status, all: people.anyStatus, options: STATES.map((state) => ({ value: state, label: people.state[state] })) },
  ];
  const chosen = useFilters(filters);
  return (
    <>
      <Title>{words.title}</Title>
      <ButtonLink to="/staff/people/new">{words.add}</ButtonLink>
      <Filters label={words.filters} filters={filters} />
      <PagedTable
        caption={words.caption}
        queryKey={["staff", chosen]}
        page={async (cursor) => {
          const query = { ...chosen, ...(cursor ? { cursor } : {}) };
          const { staff, next } = await body(api.GET("/staff/users", { params: { query } }));
          // The page of a person begins with what the list has just read.
          for (const person of staff) queries.setQueryData(personQuery(person.username).queryKey, person);
          return { rows: staff, cursor: next };
        }}
        keyOf={({ username }) => username}
        columns={[
          { key: "name", label: people.name, cell: ({ username, firstName, lastName }) => <Link to={handleOf(username)}>{`${firstName} ${lastName}`}</Link> },
          { key: "username", unbroken: true, label: people.username, cell: ({ username }) => username },
          { key: "email", unbroken: true, label: people.email, cell: ({ email }) => email },
          { key: "role", label: words.role, cell: ({ role, credential, lead }) => [people.post[role], credential, lead && people.lead].filter(Boolean).join(", ") },
          { key: "contracts", label: words.contracts, cell: ({ contracts }) => contracts.map(named).join("; ") },
          { key: "status", label: people.status, cell: ({ state }) => people.state[state] },
        ]}
        empty={words.none}
      />
    </>
  );
}
