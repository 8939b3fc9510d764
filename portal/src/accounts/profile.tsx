import { useZones } from "../api/contracts";
import { useDoor } from "../api/door";
import { useProfile } from "../api/profile";
import type { Profile } from "../api/types";
import { Loading } from "../ui/loading";
import { RefusalAlert } from "../ui/refusal";
import { Table } from "../ui/table";
import { Time } from "../ui/time";
import { Title } from "../ui/title";
import { useWords, type Words } from "../words/words";
import { ContactForm } from "./contact-form";
import { FactorList } from "./factor-list";

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
          <h2>{words.factors}</h2>
          <FactorList profile={data.value} />
          {data.value.post ? <Post post={data.value.post} /> : <Roles profile={data.value} />}
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
    <dl>
      <dt className="text-bold">{words.username}</dt>
      <dd className="margin-left-0 margin-bottom-1">{profile.username}</dd>
      {profile.lastSignIn && (
        <>
          <dt className="text-bold">{words.lastSignIn}</dt>
          <dd className="margin-left-0">
            <Time at={profile.lastSignIn} zone={zone} />
          </dd>
        </>
      )}
    </dl>
  );
}

function Roles({ profile }: { profile: Profile }) {
  const words = useWords().accounts.profile;
  if (profile.roles.length === 0) return <p>{words.noRoles}</p>;
  return (
    <Table
      caption={words.roles}
      rows={profile.roles}
      keyOf={({ provider, role }) => provider + role}
      columns={[
        { key: "provider", label: words.provider, cell: ({ providerName }) => providerName },
        { key: "role", label: words.role, cell: ({ label }) => label },
        { key: "address", label: words.address, cell: ({ address }) => address.join(", ") },
      ]}
    />
  );
}

function Post({ post }: { post: NonNullable<Profile["post"]> }) {
  const words = useWords().accounts.profile;
  const facts = [
    [words.role, post.label],
    [words.credential, post.credential],
    [words.license, post.license ? `${post.license.state} ${post.license.number}` : ""],
    [words.specialty, post.specialty ?? ""],
    [words.contracts, post.contracts.join(", ")],
  ].filter(([, value]) => value);
  return (
    <>
      <h2>{words.post}</h2>
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt className="text-bold">{name}</dt>
            <dd className="margin-left-0 margin-bottom-1">{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function ruleText(words: Words["accounts"]["profile"], rule: string, value: number): string {
  const known = words.rule as Record<string, ((n: number) => string) | undefined>;
  return known[rule]?.(value) ?? words.otherRule(rule, value);
}
