import { Uncovered } from "../ui/coverage";
import { Table } from "../ui/table";
import { Day } from "../ui/time";
import { useWords, type Words } from "../words/words";
import type { Line } from "./case-query";

/** What was asked for, beside what was authorized once it is decided. */
export function Lines({ lines }: { lines: readonly Line[] }) {
  const { request: words, decide } = useWords().reviews;
  const rows = lines.map((line, place) => ({ line, place }));
  const decided = lines.some(({ outcome }) => outcome);
  const columns = [
    { key: "code", label: words.code, cell: ({ line, place }: (typeof rows)[number]) => <Code line={line} place={place} /> },
    { key: "asked", label: words.asked, cell: ({ line }: (typeof rows)[number]) => <Asked line={line} /> },
    { key: "outcome", label: words.outcome, cell: ({ line: { outcome } }: (typeof rows)[number]) => (outcome ? decide.outcome[outcome.outcome] : "–") },
    { key: "authorized", label: words.authorized, cell: ({ line }: (typeof rows)[number]) => <Authorized line={line} /> },
    { key: "reason", label: words.reason, cell: ({ line: { outcome } }: (typeof rows)[number]) => (outcome?.reason ? <span lang="en">{outcome.reason}</span> : "–") },
  ];
  return <Table caption={words.lines} rows={rows} keyOf={({ place }) => String(place)} columns={decided ? columns : columns.slice(0, 2)} />;
}

function Code({ line: { code, modifiers, description }, place }: { line: Line; place: number }) {
  const words = useWords().reviews.request;
  return (
    <>
      {words.line(place + 1)}: {[code, ...modifiers].join(" ")} <span lang="en">{description}</span>
    </>
  );
}

export function Asked({ line }: { line: Line }) {
  const words = useWords().reviews.request;
  return (
    <>
      {amount(line.quantity, line.unit, words)}
      {line.frequency && `, ${words.frequency(line.frequency.units, words.per[line.frequency.per])}`}
      <br />
      <Day day={line.from} /> – <Day day={line.to} />
      <Uncovered days={line.uncovered} />
    </>
  );
}

function Authorized({ line: { outcome, unit } }: { line: Line }) {
  const words = useWords().reviews.request;
  const got = outcome?.authorized;
  if (!got) return words.nothing;
  return (
    <>
      {amount(got.units, unit, words)}
      <br />
      <Day day={got.from} /> – <Day day={got.to} />
    </>
  );
}

export function amount(units: number, unit: string | null | undefined, words: Words["reviews"]["request"]): string {
  return words.units(units, unit ?? "");
}
