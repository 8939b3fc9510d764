import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { api, body } from "../api/client";
import { useZones } from "../api/contracts";
import { handleOf, handleOfSearch, searchOf } from "../api/handles";
import { useKept } from "../api/kept";
import { useProfile } from "../api/profile";
import { queries } from "../api/queries";
import type { Profile, Schemas } from "../api/types";
import { useInAddress } from "../ui/asked";
import { Button } from "../ui/button";
import { Select } from "../ui/choices";
import { Empty } from "../ui/empty";
import { Field } from "../ui/field";
import { useFollows } from "../ui/follows";
import { Form, useFields } from "../ui/form";
import { Loading } from "../ui/loading";
import { RefusalAlert } from "../ui/refusal";
import { Table } from "../ui/table";
import { Time } from "../ui/time";
import { Title } from "../ui/title";
import { useWords } from "../words/words";

/** Where support begins: with whatever a caller can say of their account. */
export function Support() {
  const words = useWords().staff.support;
  const { data: profile } = useProfile("staff");
  return (
    <>
      <Title>{words.title}</Title>
      <p>{words.lead}</p>
      <ByUsername />
      <h2>{words.unknown}</h2>
      <p>{words.unknownLead}</p>
      {profile && <Search profile={profile.value} />}
    </>
  );
}

function ByUsername() {
  const { staff: words, people } = useWords();
  const navigate = useNavigate();
  const form = useFields({ username: "" });
  return (
    <Form form={form} label={words.support.title} send={async ({ username }) => navigate(`/staff/support/${handleOf(username.trim().toLowerCase())}`)}>
      <Field name="username" label={people.username} required plain />
      <Button type="submit">{words.support.find}</Button>
    </Form>
  );
}

/** No address names a person: what is known of one has a handle. */
const NOTHING = { name: "", email: "", phone: "", npi: "", provider: "", contract: "" };

function accountsQuery(typed: typeof NOTHING) {
  const known = Object.fromEntries(Object.entries(typed).map(([name, text]) => [name, text.trim()]).filter(([, text]) => text));
  return { queryKey: ["accounts", known], queryFn: () => body(api.POST("/staff/accounts/search", { body: known })) };
}

/** Whoever comes back from an account finds here who was found. */
function Search({ profile: { username, contracts } }: { profile: Profile }) {
  const { staff: words, people } = useWords();
  const [handle, put] = useInAddress("search");
  const shown = searchOf<typeof NOTHING>(username, handle) ?? NOTHING;
  const form = useFields(shown);
  const asks = useFollows(form, shown);
  useKept(form, "find-account", username);
  // Whom another search found is shown no more, also when the next one is refused.
  const [left, leave] = useState<string>();
  const { data: found, error, refetch } = useQuery({ ...accountsQuery(shown), enabled: shown !== NOTHING });
  return (
    <>
      <Form
        form={form}
        label={words.support.unknown}
        send={async (typed) => {
          leave(handle);
          await queries.fetchQuery(accountsQuery(typed));
          asks(typed);
          // The address has it from now on; what is typed meanwhile stays.
          form.reset(typed, { keepValues: true });
          put(handleOfSearch(username, typed));
          leave(undefined);
        }}
      >
        <Field name="name" label={people.name} hint={words.support.nameHint} plain />
        <Field name="email" label={people.email} inputMode="text" plain />
        <Field name="phone" label={people.phone} type="tel" />
        <Field name="npi" label={words.support.npi} inputMode="numeric" width="medium" plain />
        <Field name="provider" label={words.support.clinic} hint={words.support.clinicHint} plain />
        {contracts.length > 1 && <Select name="contract" label={words.contract} none={words.anyContract} options={contracts.map(({ id, name }) => ({ value: id, label: name }))} />}
        <Button type="submit" busy={form.formState.isSubmitting}>
          {words.support.search}
        </Button>
      </Form>
      {shown !== NOTHING && handle !== left && (found ? <Found found={found} /> : error ? <RefusalAlert thrown={error} again={() => void refetch()} /> : <Loading />)}
    </>
  );
}

/** Who may be meant: compared with what the caller says, so address and number are masked. */
function Found({ found: { accounts, more } }: { found: Schemas["FoundAccounts"] }) {
  const { staff, people } = useWords();
  const words = staff.support;
  const { data: profile } = useProfile("staff");
  const first = profile?.value.contracts[0]?.id;
  const zone = useZones(first ? [first] : [])(first);
  return (
    <section aria-labelledby="found">
      <h2 id="found">{words.found}</h2>
      <div role="status">{accounts.length === 0 ? <Empty>{words.nobody}</Empty> : words.accounts(accounts.length)}</div>
      {accounts.length > 0 && (
        <Table
          caption={words.found}
          headed
          rows={accounts}
          keyOf={({ username }) => username}
          columns={[
            { key: "name", label: people.name, cell: ({ username, firstName, lastName }) => <Link to={`/staff/support/${handleOf(username)}`}>{`${firstName} ${lastName}`}</Link> },
            { key: "username", unbroken: true, label: people.username, cell: ({ username }) => username },
            { key: "reach", unbroken: true, label: words.reach, cell: ({ email, phone }) => [email, phone].filter(Boolean).join(", ") },
            { key: "roles", label: words.roles, cell: ({ roles }) => roles.map(({ providerName, provider, role }) => `${people.role[role]}, ${providerName ?? provider}`).join("; ") },
            { key: "status", label: people.status, cell: ({ state }) => people.state[state] },
            { key: "last", label: words.lastSignIn, cell: ({ lastSignIn }) => (lastSignIn ? <Time at={lastSignIn} zone={zone} /> : words.never) },
          ]}
        />
      )}
      {more && <p>{words.more}</p>}
    </section>
  );
}
