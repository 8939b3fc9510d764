import { useZones } from "../api/contracts";
import { useDoor } from "../api/door";
import { useProfile } from "../api/profile";
import type { Profile } from "../api/types";
import { Facts } from "../ui/facts";
import { Loading } from "../ui/loading";
import { RefusalAlert } from "../ui/refusal";
import { Table } from "../ui/table";
import { Time } from "../ui/time";
import { Title } from "../ui/title";
import { useWords, type Words } from "../words/words";
import { ContactForm } from "./contact-form";
import { FactorList } from "./factor-list";
import { NewsMail } from "./news-mail";

/** Who one is, what one is where, and by which rules the account lives. */
export function ProfilePage() {
  const words = useWords().accounts.profile;
  const { data, error, isPending, refetch } = useProfile(useDoor());
  return (
    <>
      <Title>{words.title}</Title>
      {isPending && <Loading />}
      {error && <RefusalAlert thrown={error} again={() => void refetch()} />}
      {data && (
        <>
          <Account profile={data.value} />
          <h2>{words.contact}</h2>
          <ContactForm profile={data.value} version={data.version} />
          <NewsMail profile={data.value} />
          <h2>{words.factors}</h2>
          <FactorList profile={data.value} />
          {data.value.post ? <Post post={data.value.post} contracts={data.value.contracts} /> : <Roles profile={data.value} />}
          <Terms contracts={data.value.contracts} />
          <h2>{words.rules}</h2>
          <ul className="usa-list">
            {data.value.rules.map(({ rule, value }) => (
              <li key={rule}>{ruleText(words, rule, value)}</li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function Account({ profile }: { profile: Profile }) {
  const words = useWords().accounts.profile;
  const [contract] = profile.contracts;
  const zone = useZones(contract ? [contract.id] : [])(contract?.id);
  return (
    <Facts
      facts={[
        { label: words.username, value: profile.username },
        { label: words.lastSignIn, value: profile.lastSignIn && <Time at={profile.lastSignIn} zone={zone} /> },
      ]}
    />
  );
}

function Roles({ profile }: { profile: Profile }) {
  const { accounts, people } = useWords();
  const words = accounts.profile;
  if (profile.roles.length === 0) return <p>{words.noRoles}</p>;
  return (
    <Table
      caption={words.roles}
      rows={profile.roles}
      keyOf={({ provider, role }) => provider + role}
      columns={[
        { key: "provider", label: words.provider, cell: ({ providerName }) => providerName },
        { key: "role", label: words.role, cell: ({ role }) => people.role[role] },
        { key: "address", label: words.address, cell: ({ address }) => address.join(", ") },
      ]}
    />
  );
}

/** Which terms of use were acknowledged, and when. */
function Terms({ contracts }: { contracts: Profile["contracts"] }) {
  const words = useWords().accounts.profile;
  const zone = useZones(contracts.map(({ id }) => id));
  const rows = contracts.flatMap(({ id, name, terms }) => (terms ? [{ id, name, ...terms }] : []));
  if (rows.length === 0) return null;
  return (
    <Table
      caption={words.terms}
      rows={rows}
      keyOf={({ id }) => id}
      columns={[
        { key: "contract", label: words.contracts, cell: ({ name }) => name },
        { key: "version", label: words.version, cell: ({ version }) => version },
        { key: "at", label: words.acknowledged, cell: ({ id, at }) => <Time at={at} zone={zone(id)} /> },
      ]}
    />
  );
}

function Post({ post, contracts }: { post: NonNullable<Profile["post"]>; contracts: Profile["contracts"] }) {
  const { accounts, people } = useWords();
  const words = accounts.profile;
  const named = (id: string) => contracts.find((contract) => contract.id === id)?.name ?? id;
  return (
    <>
      <h2>{words.post}</h2>
      <Facts
        facts={[
          { label: words.role, value: [people.post[post.role], post.lead && people.lead].filter(Boolean).join(", ") },
          { label: words.credential, value: post.credential },
          { label: words.license, value: post.license && `${post.license.state} ${post.license.number}` },
          { label: words.specialty, value: post.specialty },
          { label: words.contracts, value: post.contracts.map(named).join(", ") },
        ]}
      />
    </>
  );
}

function ruleText(words: Words["accounts"]["profile"], rule: string, value: number): string {
  const known = words.rule as Record<string, ((n: number) => string) | undefined>;
  return known[rule]?.(value) ?? words.otherRule(rule, value);
}
