import { useState } from "react";
import { Link } from "react-router";
import { api, body } from "../api/client";
import { useProfile } from "../api/profile";
import type { Schemas } from "../api/types";
import { Button, ButtonLink } from "../ui/button";
import { Field } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { PagedTable, type Column } from "../ui/table";
import { Day } from "../ui/time";
import { Title } from "../ui/title";
import { Told } from "../ui/told";
import { useWords, type Words } from "../words/words";
import { CancelDraft } from "./cancel-draft";
import { Local } from "./local";

type Listed = Schemas["ListedCase"];
type Status = Schemas["Status"];

const STATUSES = ["submitted", "nurse-review", "physician-review", "approved", "modified", "denied", "withdrawn", "cancelled"] as const;

/** Where a provider's day begins: with what was saved and waits to be submitted. */
export function Home() {
  const words = useWords().cases;
  const { data: profile } = useProfile("provider");
  const [told, tell] = useState<string>();
  return (
    <>
      <Title>{words.home.title}</Title>
      <p>
        <ButtonLink to="/cases/new">{words.create.title}</ButtonLink>
      </p>
      {profile?.value.roles.length === 0 && <p>{words.home.noProviders}</p>}
      <h2>{words.home.saved}</h2>
      {told && <Told>{told}</Told>}
      <PagedTable
        caption={words.home.saved}
        headed
        queryKey={["cases", "draft"]}
        page={(cursor) => list({ status: "draft", cursor })}
        keyOf={({ key }) => key}
        columns={[memberColumn(words), requestingColumn(words), settingColumn(words), changedColumn(words), cancelColumn(words, tell)]}
        empty={words.home.none}
      />
      <Requests />
    </>
  );
}

/** All submitted cases, or those in one status, or the one of a number. What waits to be submitted has a list of its own. */
function Requests() {
  const words = useWords().cases;
  const [status, setStatus] = useState<Status | "">("");
  const [caseId, setCaseId] = useState("");
  const form = useFields<{ caseId: string }>({ caseId: "" });
  return (
    <section aria-labelledby="requests">
      <h2 id="requests">{words.home.requests}</h2>
      <div className="filters">
        <Form form={form} label={words.home.search} send={async (typed) => setCaseId(typed.caseId.trim())}>
          <Field name="caseId" label={words.caseId} inputMode="numeric" width="medium" plain />
          <Button type="submit" look="outline">
            {words.home.search}
          </Button>
        </Form>
        <div>
          <label className="usa-label" htmlFor="status">
            {words.home.status}
          </label>
          <select id="status" className="usa-select" value={status} onChange={(event) => setStatus(event.target.value as Status | "")}>
            <option value="">{words.home.all}</option>
            {STATUSES.map((key) => (
              <option key={key} value={key}>
                {words.statuses[key]}
              </option>
            ))}
          </select>
        </div>
      </div>
      <PagedTable
        caption={words.home.requests}
        headed
        queryKey={["cases", "all", status, caseId]}
        page={(cursor) => list({ status, caseId, submitted: status === "cancelled" ? undefined : "true", cursor })}
        keyOf={({ key }) => key}
        columns={[
          { key: "id", label: words.caseId, cell: ({ key, caseId: id, status: is }) => <Link to={`/cases/${key}`}>{id ?? words.statuses[is]}</Link> },
          { key: "member", label: words.member, cell: (row) => <Member row={row} /> },
          requestingColumn(words),
          { key: "status", label: words.home.status, cell: (row) => words.statuses[row.status] },
          { key: "due", label: words.due, cell: ({ due, contract }) => (due ? <Local at={due} contract={contract} /> : "–") },
          changedColumn(words),
        ]}
        empty={status || caseId ? words.home.nothingLikeThat : words.home.noRequests}
      />
    </section>
  );
}

async function list({ status, caseId, submitted, cursor }: { status?: Status | ""; caseId?: string; submitted?: "true" | undefined; cursor: string | undefined }) {
  const query = { ...(status ? { status } : {}), ...(submitted ? { submitted } : {}), ...(caseId ? { caseId } : {}), ...(cursor ? { cursor } : {}) };
  const { cases, next } = await body(api.GET("/cases", { params: { query } }));
  return { rows: cases, cursor: next };
}

function Member({ row: { memberName, memberBirthDate } }: { row: Listed }) {
  return (
    <>
      {memberName}, <Day day={memberBirthDate} />
    </>
  );
}

function memberColumn(words: Words["cases"]): Column<Listed> {
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

function requestingColumn(words: Words["cases"]): Column<Listed> {
  return { key: "requesting", label: words.requesting, cell: ({ requestingName }) => requestingName };
}

function settingColumn(words: Words["cases"]): Column<Listed> {
  return { key: "setting", label: words.setting, cell: ({ setting }) => words.settings[setting] };
}

function changedColumn(words: Words["cases"]): Column<Listed> {
  return { key: "changed", label: words.changed, cell: ({ changedAt, contract }) => <Local at={changedAt} contract={contract} /> };
}

function cancelColumn(words: Words["cases"], tell: (said: string) => void): Column<Listed> {
  return {
    key: "cancel",
    label: words.home.action,
    screen: true,
    cell: ({ key, memberName }) => <CancelDraft of={key} who={memberName} short onDone={tell} />,
  };
}
