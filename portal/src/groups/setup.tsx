import { useProfile } from "../api/profile";
import { ButtonLink } from "../ui/button";
import { Empty } from "../ui/empty";
import { Loading } from "../ui/loading";
import { RefusalAlert } from "../ui/refusal";
import { Table } from "../ui/table";
import { Title } from "../ui/title";
import { useWords } from "../words/words";
import { Whole, groupName } from "./group";
import { groupsOf, type Group, type Role } from "./own";

/** The groups one belongs to: their providers, and the ways to their users. */
export function Setup() {
  const words = useWords().groups;
  const { data, error, refetch } = useProfile("provider");
  const groups = groupsOf(data?.value.roles ?? []);
  return (
    <>
      <Title>{words.title}</Title>
      <p>{words.lead}</p>
      <h2>{words.manage}</h2>
      {error && <RefusalAlert thrown={error} again={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && groups.length === 0 && <Empty>{words.none}</Empty>}
      {groups.map((group) =>
        group.managesAll ? (
          <Whole key={group.id} group={group}>
            {(whole) => <OneGroup group={whole} />}
          </Whole>
        ) : (
          <OneGroup key={group.id} group={group} />
        ),
      )}
    </>
  );
}

function OneGroup({ group }: { group: Group }) {
  const { groups: words, people } = useWords();
  const { data } = useProfile("provider");
  const contracts = data?.value.contracts ?? [];
  const name = groupName(group, words);
  const roleAt = (role: Role | undefined) => (role ? people.role[role] : words.roles.no);
  const own = new Map(group.providers.map(({ provider, role }) => [provider, role]));
  return (
    <section aria-label={name}>
      <h3>{name}</h3>
      {group.managed.length > 0 && (
        <div className="usa-button-group">
          <ButtonLink to={`/setup/${group.id}/users`}>{words.users.link}</ButtonLink>
          <ButtonLink look="outline" to={`/setup/${group.id}/users/new`}>
            {words.users.add}
          </ButtonLink>
          {group.managesAll && (
            <ButtonLink look="outline" to={`/setup/${group.id}/register`}>
              {words.register.link}
            </ButtonLink>
          )}
        </div>
      )}
      <Table
        caption={name}
        headed
        rows={group.managesAll ? group.managed : group.providers}
        keyOf={({ provider }) => provider}
        columns={[
          { key: "provider", label: words.provider, cell: ({ providerName }) => providerName },
          { key: "npi", label: words.npi, cell: ({ npi }) => npi ?? "–" },
          { key: "type", label: words.type, cell: ({ providerType }) => providerType },
          { key: "address", label: words.address, cell: ({ address }) => address.join(", ") },
          { key: "contract", label: words.contract, cell: ({ contract }) => contracts.find(({ id }) => id === contract)?.name ?? contract },
          { key: "role", label: words.yourRole, cell: ({ provider }) => roleAt(own.get(provider)) },
        ]}
      />
    </section>
  );
}
