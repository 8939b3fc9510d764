import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useWatch } from "react-hook-form";
import { useSearchParams } from "react-router";
import { api, body } from "../api/client";
import { useProfile } from "../api/profile";
import { at, type Door, type Profile } from "../api/types";
import { STAY } from "../ui/asked";
import { Button, ButtonLink } from "../ui/button";
import { Select } from "../ui/choices";
import { DateField } from "../ui/date-field";
import { Download } from "../ui/download";
import { Form, useFields } from "../ui/form";
import { FormTitle } from "../ui/form-title";
import { Loading } from "../ui/loading";
import { RefusalAlert } from "../ui/refusal";
import { Title } from "../ui/title";
import { useWords } from "../words/words";
import { Sheet, type Report } from "./sheet";

const OF_PROVIDERS = ["turnaround", "volumes", "outcomes", "ageing", "delivery", "services"] as const;
const OF_STAFF = ["turnaround", "volumes", "outcomes", "ageing", "reviewers", "delivery", "services"] as const;
const BY = ["day", "week", "month", "review", "service-type", "setting", "provider"] as const;

type Name = (typeof OF_STAFF)[number];
type By = (typeof BY)[number];

interface Asked {
  contract: string;
  report: string;
  by: string;
  from: string;
  to: string;
}

const hasDays = (report: string) => report !== "ageing" && report !== "services";

export function StaffReports() {
  return <Reports door="staff" names={OF_STAFF} />;
}

export function ProviderReports() {
  return <Reports door="provider" names={OF_PROVIDERS} />;
}

/** The contracts whose reports the caller sees. */
function contractsOf({ contracts, post, roles }: Profile): Profile["contracts"] {
  if (post) return contracts;
  const held = new Set(roles.filter(({ role }) => role.endsWith("-reports")).map(({ contract }) => contract));
  return contracts.filter(({ id }) => held.has(id));
}

function query(asked: Asked) {
  const days = hasDays(asked.report) ? { from: asked.from, to: asked.to } : {};
  return { contract: asked.contract, ...days, ...(asked.report === "volumes" ? { by: asked.by as By } : {}) };
}

function reportQuery(door: Door, asked: Asked) {
  const params = { path: { name: asked.report as Name }, query: query(asked) };
  return {
    queryKey: ["report", door, asked.report, params.query],
    queryFn: async () => (await body(api.GET(at(door, "/reports/{name}"), { params }))) as Report,
    staleTime: 10_000,
  };
}

/** What is asked for in the address; the current month when nothing is. */
function useAskedReport(contract: string): [Asked, boolean] {
  const [search] = useSearchParams();
  const [today] = useState(() => new Date());
  const day = (date: Date) => date.toISOString().slice(0, 10);
  const first = new Date(Date.UTC(today.getFullYear(), today.getMonth(), 1));
  const last = new Date(Date.UTC(today.getFullYear(), today.getMonth() + 1, 0));
  const asked = {
    contract: search.get("contract") ?? contract,
    report: search.get("report") ?? "turnaround",
    by: search.get("by") ?? "month",
    from: search.get("from") ?? day(first),
    to: search.get("to") ?? day(last),
  };
  return [asked, search.has("report")];
}

function Reports({ door, names }: { door: Door; names: readonly Name[] }) {
  const words = useWords().reports;
  const { data, error, refetch } = useProfile(door);
  return (
    <>
      <Title>{words.title}</Title>
      <p>{words.lead}</p>
      {door === "staff" && (
        <p className="screen">
          <ButtonLink to="/staff/reports/metrics" look="outline">
            {words.metrics.title}
          </ButtonLink>
        </p>
      )}
      {error ? <RefusalAlert thrown={error} again={() => void refetch()} /> : null}
      {data ? <Chosen door={door} names={names} contracts={contractsOf(data.value)} /> : !error && <Loading />}
    </>
  );
}

function Chosen({ door, names, contracts }: { door: Door; names: readonly Name[]; contracts: Profile["contracts"] }) {
  const words = useWords().reports;
  const queries = useQueryClient();
  const [, setSearch] = useSearchParams();
  const [asked, chosen] = useAskedReport(contracts[0]?.id ?? "");
  const form = useFields<Asked>(asked);
  // How often a report was asked for: it takes the focus each time.
  const [shown, show] = useState(0);
  const report = useWatch({ control: form.control, name: "report" });
  return (
    <>
      <Form
        form={form}
        label={words.choose}
        send={async (wanted) => {
          // What is wrong is told at its field; what was read is shown from memory.
          await queries.fetchQuery(reportQuery(door, wanted));
          setSearch(new URLSearchParams(Object.entries(wanted)), STAY);
          show((count) => count + 1);
        }}
      >
        <Select name="contract" label={words.contract} required options={contracts.map(({ id, name }) => ({ value: id, label: name }))} />
        <Select name="report" label={words.report} required options={names.map((name) => ({ value: name, label: words.names[name] }))} />
        {report === "volumes" && <Select name="by" label={words.by} required options={BY.map((by) => ({ value: by, label: words.columns[by] }))} />}
        {hasDays(report) && (
          <>
            <DateField name="from" label={words.from} required />
            <DateField name="to" label={words.to} required />
          </>
        )}
        <Button type="submit" busy={form.formState.isSubmitting}>
          {words.show}
        </Button>
      </Form>
      {chosen && <Shown door={door} asked={asked} shown={shown} />}
    </>
  );
}

function Shown({ door, asked, shown }: { door: Door; asked: Asked; shown: number }) {
  const words = useWords().reports;
  const { data, error, refetch } = useQuery(reportQuery(door, asked));
  const name = asked.report as Name;
  if (error) return <RefusalAlert thrown={error} again={() => void refetch()} />;
  if (!data) return <Loading />;
  const params = { path: { name }, query: { ...query(asked), format: "csv" as const } };
  const days = data.from && data.to ? `-${data.from}-${data.to}` : "";
  return (
    <section aria-label={words.names[name]}>
      <FormTitle key={`${shown} ${query(asked).contract} ${name}`} focus={shown > 0} as="h2">
        {`${words.names[name]}: ${data.contractName}`}
      </FormTitle>
      <p>{words.about[name]}</p>
      <p className="usa-hint">{words.zone(data.timeZone)}</p>
      <Sheet report={data} caption={`${words.names[name]}: ${data.contractName}`} empty={words.empty} />
      <div className="screen">
        <Download
          name={`${data.contract}-${name}${days}`}
          text={words.download}
          file={async () => (await body(api.GET(at(door, "/reports/{name}"), { params, parseAs: "blob" }))) as Blob}
        />
      </div>
    </section>
  );
}
