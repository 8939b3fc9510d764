import type { Schemas } from "../api/types";
import { isDay } from "../ui/dates";
import { Empty } from "../ui/empty";
import { Table } from "../ui/table";
import { dayText } from "../ui/time";
import { useSpeech, type Language, type Words } from "../words/words";

export type Report = Schemas["ReportSheet"];
type Row = Report["rows"][number];

/** A word of the report in the reader's language: an id has one, a name of the contract's own stays as it is. */
function Named({ row, place, of, words, language }: { row: Row; place: number; of: Report; words: Words["reports"]; language: Language }) {
  const id = row.names[place] ?? "";
  if (isDay(id)) return dayText(id, language);
  const known = (words.values as { [id: string]: string })[id];
  return known ?? <span lang={CONTRACTS.has(of.names[place] ?? "") ? "en" : undefined}>{id}</span>;
}

/** What names a row by a label of the contract, which is English. */
const CONTRACTS: ReadonlySet<string> = new Set(["service-type", "service"]);

export const label = (id: string, words: Words["reports"]) => (words.columns as { [id: string]: string })[id] ?? id;

/** A number as the reader's language writes it; a dash where nothing can be said. */
export function number(value: number | null | undefined, unit: string, language: Language): string {
  if (value === null || value === undefined) return "–";
  const text = new Intl.NumberFormat(language === "es" ? "es-US" : "en-US", { maximumFractionDigits: 2 }).format(value);
  return unit === "percent" ? `${text} %` : text;
}

/** A report as a chart and as the table that it is drawn from. */
export function Sheet({ report, caption, empty }: { report: Report; caption: string; empty: string }) {
  const { words: all, language } = useSpeech();
  const words = all.reports;
  const { names, measures, rows } = report;
  const key = (row: Row) => row.names.join(" ");
  if (rows.every(({ values }) => values.length > 0 && values.every((value) => !value))) return <Empty>{empty}</Empty>;
  return (
    <>
      {measures.length > 0 && <Chart report={report} />}
      <Table
        caption={caption}
        rows={rows}
        keyOf={key}
        columns={[
          ...names.map((id, place) => ({ key: id, label: label(id, words), cell: (row: Row) => <Named {...{ row, place, of: report, words, language }} /> })),
          ...measures.map(({ id, unit }, place) => ({
            key: id,
            label: `${label(id, words)}${words.units[unit]}`,
            cell: (row: Row) => number(row.values[place], unit, language),
          })),
        ]}
      />
    </>
  );
}

/** The first measure of each row as a bar. Who hears the page has the table: it says the same. */
function Chart({ report }: { report: Report }) {
  const { names: columns, measures, rows } = report;
  const { words: all, language } = useSpeech();
  const words = all.reports;
  const [measure] = measures;
  const shown = rows.filter(({ names, values }) => names[0] !== "all" && typeof values[0] === "number");
  const most = Math.max(...shown.map(({ values }) => values[0] ?? 0));
  if (!measure || most <= 0) return null;
  return (
    <figure className="chart" aria-hidden="true">
      <figcaption>{label(measure.id, words)}</figcaption>
      {shown.map((row) => (
        <div key={row.names.join(" ")} className="chart-row">
          <span>
            {columns.map((column, place) => (
              <span key={column}>
                {place > 0 && ", "}
                <Named {...{ row, place, of: report, words, language }} />
              </span>
            ))}
          </span>
          <svg width="100%" height="16">
            <rect width={`${(100 * (row.values[0] ?? 0)) / most}%`} height="16" />
          </svg>
          <span>{number(row.values[0], measure.unit, language)}</span>
        </div>
      ))}
    </figure>
  );
}
