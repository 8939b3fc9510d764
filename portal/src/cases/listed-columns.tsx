// Columns of lists of cases.

import { Link } from "react-router";
import type { Schemas } from "../api/types";
import type { Column } from "../ui/table";
import { Day } from "../ui/time";
import type { Words } from "../words/words";
import { Local } from "./local";

type Listed = Schemas["ListedCase"];

export function Member({ row: { memberName, memberBirthDate } }: { row: Listed }) {
  return (
    <>
      {memberName}, <Day day={memberBirthDate} />
    </>
  );
}

export function memberColumn(words: Words["cases"]): Column<Listed> {
  return {
    key: "member",
    label: words.member,
    cell: (row) => (
      <Link to={`/cases/${row.key}`}>
        <Member row={row} />
      </Link>
    ),
  };
}

export function requestingColumn(words: Words["cases"]): Column<Listed> {
  return { key: "requesting", label: words.requesting, cell: ({ requestingName }) => requestingName };
}

export function settingColumn(words: Words["cases"]): Column<Listed> {
  return { key: "setting", label: words.setting, cell: ({ setting }) => words.settings[setting] };
}

export function changedColumn(words: Words["cases"]): Column<Listed> {
  return { key: "changed", label: words.changed, cell: ({ changedAt, contract }) => <Local at={changedAt} contract={contract} /> };
}
