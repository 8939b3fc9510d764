import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { api, body } from "../api/client";
import { useProfile } from "../api/profile";
import { ButtonLink } from "../ui/button";
import { Empty } from "../ui/empty";
import { Loading } from "../ui/loading";
import { RefusalAlert } from "../ui/refusal";
import { Table } from "../ui/table";
import { Title } from "../ui/title";
import { useWords } from "../words/words";

/** The systems that ask by FHIR under the contracts of a Contract Manager. */
export function Systems() {
  const { fhir: words, people } = useWords();
  const { data: profile } = useProfile("staff");
  const known = profile?.value.contracts ?? [];
  const named = (id: string) => known.find((contract) => contract.id === id)?.name ?? id;
  const { data, error, refetch } = useQuery({ queryKey: ["systems"], queryFn: () => body(api.GET("/staff/clients")) });
  return (
    <>
      <Title>{words.title}</Title>
      <p>{words.lead}</p>
      <ButtonLink to="/staff/systems/new">{words.add}</ButtonLink>
      {error && <RefusalAlert thrown={error} again={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && data.clients.length === 0 && <Empty>{words.none}</Empty>}
      {data && data.clients.length > 0 && (
        <Table
          caption={words.caption}
          rows={data.clients}
          keyOf={({ id }) => id}
          columns={[
            { key: "name", label: words.name, cell: ({ id, name }) => <Link to={id}>{name}</Link> },
            { key: "id", label: words.id, unbroken: true, cell: ({ id }) => id },
            { key: "contracts", label: words.contracts, cell: ({ contracts }) => contracts.map(named).join("; ") },
            { key: "providers", label: words.providers, cell: ({ providers }) => providers.join(", ") },
            { key: "state", label: people.status, cell: ({ state }) => words.state[state] },
          ]}
        />
      )}
    </>
  );
}
