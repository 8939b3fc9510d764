import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { api, body } from "../api/client";
import { useProfile } from "../api/profile";
import type { Schemas } from "../api/types";
import { STAY } from "../ui/asked";
import { Button, ButtonLink } from "../ui/button";
import { Download } from "../ui/download";
import { Filters, useFilters } from "../ui/filters";
import { FormTitle } from "../ui/form-title";
import { Loading } from "../ui/loading";
import { RefusalAlert } from "../ui/refusal";
import { PagedTable, Table } from "../ui/table";
import { Time } from "../ui/time";
import { Title } from "../ui/title";
import { useSpeech, useWords, type Words } from "../words/words";
import { number, type Report } from "./sheet";

type Figure = Exclude<keyof Words["reports"]["metrics"]["figures"], "services">;
type Part = keyof Words["reports"]["metrics"]["parts"];
type Row = Report["rows"][number];

const FIRST_YEAR = 2020;

/** The figures of a year as a payer publishes them, and the requests behind each. */
export function Metrics() {
  const all = useWords();
  const words = all.reports.metrics;
  const { data: profile } = useProfile("staff");
  const contracts = profile?.value.contracts ?? [];
  const [now] = useState(() => new Date().getFullYear());
  const years = Array.from({ length: now - FIRST_YEAR + 1 }, (_, ago) => String(now - ago));
  const filters = [
    { name: "contract" as const, label: all.reports.contract, all: "", options: contracts.map(({ id, name }) => ({ value: id, label: name })) },
    { name: "year" as const, label: words.year, all: "", options: years.map((year) => ({ value: year, label: year })) },
  ];
  const { contract, year } = useFilters(filters);
  return (
    <>
      <Title>{words.title}</Title>
      <p>{words.lead}</p>
      <Filters label={words.filters} filters={filters} />
      {contract && year ? <OfYear contract={contract} year={year} /> : <p>{words.choose}</p>}
      <p className="screen">
        <ButtonLink to="/staff/reports" look="outline">
          {all.reports.title}
        </ButtonLink>
      </p>
    </>
  );
}

function OfYear({ contract, year }: { contract: string; year: string }) {
  const { words: all, language } = useSpeech();
  const words = all.reports.metrics;
  const [search, setSearch] = useSearchParams();
  // How often a number was pressed: what comes of it takes the focus each time.
  const [pressed, press] = useState(0);
  const query = { contract, year };
  const { data, error, refetch } = useQuery({
    queryKey: ["metrics", contract, year],
    queryFn: async () => (await body(api.GET("/staff/metrics", { params: { query } }))) as Report,
  });
  if (error) return <RefusalAlert thrown={error} again={() => void refetch()} />;
  if (!data) return <Loading />;
  const behind = (figure: string, part: Part) => {
    const next = new URLSearchParams(search);
    next.set("figure", figure);
    next.set("part", part);
    setSearch(next, STAY);
    press((count) => count + 1);
  };
  const place = (id: string) => data.measures.findIndex((measure) => measure.id === id);
  const value = ({ values }: Row, id: string) => values[place(id)];
  const told = (row: Row, id: string) => number(value(row, id), data.measures[place(id)]?.unit ?? "count", language);
  const title = ({ names }: Row) => words.figures[names[0] as keyof typeof words.figures] ?? names[0] ?? "";
  const count = (row: Row, part: Part) => {
    const figure = row.names[0] ?? "";
    const many = value(row, part);
    if (!many || figure === "services") return told(row, part);
    return (
      <Button look="link" aria-label={`${told(row, part)} ${words.behind(title(row), words.parts[part])}`} onClick={() => behind(figure, part)}>
        {told(row, part)}
      </Button>
    );
  };
  const time = (row: Row, what: "mean" | "median") => {
    const days = value(row, `${what}-days`);
    const hours = value(row, `${what}-hours`);
    if (typeof days === "number") return words.days(told(row, `${what}-days`));
    if (typeof hours === "number") return words.hours(told(row, `${what}-hours`));
    return "–";
  };
  return (
    <>
      <h2>{words.of(data.contractName, year)}</h2>
      <Table
        caption={words.caption(data.contractName, year)}
        rows={data.rows}
        keyOf={({ names }) => names[0] ?? ""}
        columns={[
          { key: "figure", label: words.figure, cell: title },
          { key: "numerator", label: words.parts.numerator, cell: (row) => count(row, "numerator") },
          { key: "denominator", label: words.parts.denominator, cell: (row) => count(row, "denominator") },
          { key: "percent", label: words.percent, cell: (row) => told(row, "percent") },
          { key: "mean", label: words.mean, cell: (row) => time(row, "mean") },
          { key: "median", label: words.median, cell: (row) => time(row, "median") },
        ]}
      />
      <h3>{words.howTitle}</h3>
      <ul className="usa-list">
        {words.how.map((line) => (
          <li key={line}>{line}</li>
        ))}
        <li>{all.reports.zone(data.timeZone)}</li>
      </ul>
      <div className="usa-button-group screen">
        <Download
          name={`${contract}-metrics-${year}`}
          text={all.reports.download}
          file={async () => (await body(api.GET("/staff/metrics", { params: { query: { ...query, format: "csv" } }, parseAs: "blob" }))) as Blob}
        />
        <Button look="outline" onClick={() => window.print()}>
          {words.print}
        </Button>
      </div>
      <Behind contract={contract} year={year} zone={data.timeZone} pressed={pressed} />
    </>
  );
}

/** The requests behind the figure in the address. */
function Behind({ contract, year, zone, pressed }: { contract: string; year: string; zone: string; pressed: number }) {
  const all = useWords();
  const words = all.reports.metrics;
  const [search] = useSearchParams();
  const figure = search.get("figure") as Figure | null;
  const part: Part = search.get("part") === "denominator" ? "denominator" : "numerator";
  if (!figure || !Object.keys(words.figures).slice(1).includes(figure)) return null;
  const query = { contract, year, part };
  const path = { figure };
  const title = words.behind(words.figures[figure], words.parts[part]);
  return (
    <section className="screen" aria-label={title}>
      <FormTitle key={`${pressed} ${title}`} focus={pressed > 0}>
        {title}
      </FormTitle>
      <PagedTable
        caption={title}
        headed
        queryKey={["metrics", contract, year, figure, part]}
        page={async (cursor) => {
          const paged = { ...query, ...(cursor ? { cursor } : {}) };
          const page = (await body(api.GET("/staff/metrics/{figure}", { params: { path, query: paged } }))) as Schemas["MetricCases"];
          return { rows: page.items, cursor: page.next };
        }}
        keyOf={(one) => `${one.case} ${one.request}`}
        columns={[
          { key: "case", label: words.case, cell: (one) => `${one.case} ${one.request}` },
          { key: "urgency", label: all.reports.columns.urgency, cell: (one) => all.requests.urgencies[one.urgency] },
          { key: "received", label: words.received, cell: (one) => <Time at={one.received} zone={zone} /> },
          { key: "decided", label: words.decided, cell: (one) => (one.decided ? <Time at={one.decided} zone={zone} /> : "–") },
          { key: "outcome", label: all.reports.columns.outcome, cell: (one) => (one.outcome ? all.requests.statuses[one.outcome] : "–") },
        ]}
        empty={all.reports.empty}
      >
        <Download
          name={`${contract}-metrics-${year}-${figure}`}
          text={words.downloadBehind}
          file={async () => {
            const call = api.GET("/staff/metrics/{figure}", { params: { path, query: { ...query, format: "csv" } }, parseAs: "blob" });
            return (await body(call)) as Blob;
          }}
        />
      </PagedTable>
    </section>
  );
}
