import { Link } from "react-router";
import { api, body } from "../api/client";
import { handleOfSearch, searchOf } from "../api/handles";
import { useProfile } from "../api/profile";
import { queries } from "../api/queries";
import type { Profile, Schemas } from "../api/types";
import { useInAddress } from "../ui/asked";
import { Button } from "../ui/button";
import { Select } from "../ui/choices";
import { DateField } from "../ui/date-field";
import { DateFields } from "../ui/date-fields";
import { Field } from "../ui/field";
import { Filters, useFilters } from "../ui/filters";
import { useFollows } from "../ui/follows";
import { Form, useFields } from "../ui/form";
import { PagedTable } from "../ui/table";
import { useWords } from "../words/words";
import { changedColumn, Member, requestingColumn } from "./listed-columns";
import { Local } from "./local";

type Status = Schemas["Status"];

const STATUSES = ["submitted", "nurse-review", "physician-review", "pended", "pended-eligibility", "approved", "modified", "denied", "void", "withdrawn", "cancelled"] as const;

/** What the form asks for; each left empty may be anything. No address names a member: it has a handle. */
const EVERYTHING = {
  caseId: "",
  contract: "",
  memberNumber: "",
  lastName: "",
  birthDate: "",
  provider: "",
  submittedFrom: "",
  submittedTo: "",
  serviceFrom: "",
  serviceTo: "",
};

type Search = typeof EVERYTHING;

/** All submitted cases, or those that are so. What was not submitted has a list of its own. */
export function Requests() {
  const words = useWords().cases;
  const { data: profile } = useProfile("provider");
  const owner = profile?.value.username;
  const filters = [{ name: "status" as const, label: words.home.status, all: words.home.all, options: STATUSES.map((value) => ({ value, label: words.statuses[value] })) }];
  const { status = "" } = useFilters(filters);
  const [handle, put] = useInAddress("search");
  const search = searchOf<Search>(owner, handle) ?? EVERYTHING;
  const narrowed = status !== "" || Object.values(search).some(Boolean);
  return (
    <section aria-labelledby="requests">
      <h2 id="requests">{words.home.requests}</h2>
      {profile && <SearchForm contracts={profile.value.contracts} status={status} search={search} onSearch={(asked) => put(Object.values(asked).some(Boolean) ? handleOfSearch(profile.value.username, asked) : undefined)} />}
      <Filters label={words.home.filters} filters={filters} />
      <PagedTable
        caption={words.home.requests}
        headed
        queryKey={keyOf(status, search)}
        page={(cursor) => find(status, search, onlyOf(profile?.value.contracts), cursor)}
        keyOf={({ key }) => key}
        columns={[
          { key: "id", label: words.caseId, cell: ({ key, caseId: id, status: is }) => <Link to={`/cases/${key}`}>{id ?? words.statuses[is]}</Link> },
          { key: "member", label: words.member, cell: (row) => <Member row={row} /> },
          requestingColumn(words),
          { key: "status", label: words.home.status, cell: (row) => words.statuses[row.status] },
          { key: "due", label: words.due, cell: ({ due, contract }) => (due ? <Local at={due} contract={contract} /> : "–") },
          changedColumn(words),
        ]}
        empty={narrowed ? words.home.nothingLikeThat : words.home.noRequests}
      />
    </section>
  );
}

interface SearchProps {
  contracts: Profile["contracts"];
  status: Status | "";
  search: Search;
  onSearch: (search: Search) => void;
}

/** The Case ID, and what is left when it is not at hand. What is wrong is told at its field. */
function SearchForm({ contracts, status, search: shown, onSearch }: SearchProps) {
  const { home, create, caseId, search: words } = useWords().cases;
  const form = useFields<Search>(shown);
  const asks = useFollows(form, shown);
  const { caseId: _, ...folded } = shown;
  const only = onlyOf(contracts);
  return (
    <Form
      form={form}
      label={home.search}
      send={async (typed) => {
        const first = { queryKey: keyOf(status, typed), queryFn: () => find(status, typed, only, undefined), initialPageParam: undefined, getNextPageParam: () => undefined };
        await queries.fetchInfiniteQuery(first);
        asks(typed);
        onSearch(typed);
      }}
    >
      <Field name="caseId" label={caseId} inputMode="numeric" width="medium" plain />
      {/* What narrows the list is seen. */}
      <details className="margin-top-2" open={Object.values(folded).some(Boolean)}>
        <summary>{words.more}</summary>
        <fieldset className="usa-fieldset">
          <legend className="usa-legend text-bold">{words.member}</legend>
          {contracts.length > 1 && <Select name="contract" label={create.contract} options={contracts.map(({ id, name }) => ({ value: id, label: name }))} />}
          <Field name="memberNumber" label={create.number} plain />
          <Field name="lastName" label={create.lastName} plain />
          <DateFields name="birthDate" label={create.birthDate} century="past" />
        </fieldset>
        <Field name="provider" label={words.provider} hint={words.providerHint} plain />
        <DateField name="submittedFrom" label={words.submittedFrom} />
        <DateField name="submittedTo" label={words.submittedTo} />
        <DateField name="serviceFrom" label={words.serviceFrom} />
        <DateField name="serviceTo" label={words.serviceTo} />
      </details>
      <Button type="submit" look="outline" busy={form.formState.isSubmitting}>
        {home.search}
      </Button>
    </Form>
  );
}

function keyOf(status: Status | "", search: Search) {
  return ["cases", "all", status, search] as const;
}

/** Whoever works under one contract is not asked under which. */
function onlyOf(contracts: Profile["contracts"] | undefined): string {
  return (contracts?.length === 1 && contracts[0]?.id) || "";
}

async function find(status: Status | "", search: Search, only: string, cursor: string | undefined) {
  const asked = Object.fromEntries(Object.entries({ ...search, contract: search.contract || only }).map(([name, text]) => [name, text.trim()]).filter(([, text]) => text));
  const { cases, next } = await body(api.POST("/cases/search", { body: { ...asked, ...(status ? { status } : {}), ...(status === "cancelled" ? {} : { submitted: true }), ...(cursor ? { cursor } : {}) } }));
  return { rows: cases, cursor: next };
}
