import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { api, body } from "../api/client";
import { useContracts } from "../api/contracts";
import { useProfile } from "../api/profile";
import { Facts } from "../ui/facts";
import { Loading } from "../ui/loading";
import { RefusalAlert } from "../ui/refusal";
import { Title } from "../ui/title";
import { useWords } from "../words/words";

/** Whom to call or to write to: for whoever is signed in by their contracts. */
export function ContactUs() {
  const { data, error, refetch } = useProfile("provider");
  return <Page contracts={data?.value.contracts} error={error} again={() => void refetch()} />;
}

/** For whoever cannot sign in, by all contracts. */
export function ContactBefore() {
  const words = useWords().accounts;
  const { data, error, refetch } = useQuery({ queryKey: ["contracts"], queryFn: () => body(api.GET("/contracts")), staleTime: 3_600_000 });
  return (
    <>
      <Page contracts={data?.contracts} error={error} again={() => void refetch()} />
      <p>
        <Link to="/sign-in">{words.forgotten.toSignIn}</Link>
      </p>
    </>
  );
}

interface Props {
  contracts: readonly { id: string; name: string }[] | undefined;
  error: unknown;
  again: () => void;
}

function Page({ contracts, error, again }: Props) {
  const { accounts, people } = useWords();
  const of = useContracts(contracts?.map(({ id }) => id) ?? []);
  return (
    <>
      <Title>{accounts.contactUs.title}</Title>
      <p>{accounts.contactUs.lead}</p>
      {error ? <RefusalAlert thrown={error} again={again} /> : !contracts && <Loading />}
      {contracts?.map(({ id, name }) => {
        const support = of(id)?.support;
        return (
          <div key={id}>
            <h2>{name}</h2>
            {support && (
              <Facts
                facts={[
                  { label: people.phone, value: <a className="usa-link" href={`tel:${support.phone}`}>{support.phone}</a> },
                  { label: people.email, value: <a className="usa-link unbroken" href={`mailto:${support.email}`}>{support.email}</a> },
                ]}
              />
            )}
          </div>
        );
      })}
    </>
  );
}
