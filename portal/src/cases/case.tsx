import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, Navigate, useLocation, useParams } from "react-router";
import { unwritten } from "../api/awaited";
import { messagesQuery } from "../api/messages";
import { useProfile } from "../api/profile";
import type { Schemas } from "../api/types";
import { Alert } from "../ui/alert";
import { Button } from "../ui/button";
import { CopyText } from "../ui/copy-text";
import { Facts } from "../ui/facts";
import { Loading } from "../ui/loading";
import { MessagesLink } from "../ui/messages-link";
import { Reads } from "../ui/reading";
import { RefusalAlert } from "../ui/refusal";
import { Day, Time } from "../ui/time";
import { Title } from "../ui/title";
import { Told } from "../ui/told";
import { useWords } from "../words/words";
import { Actions } from "./actions";
import { Deliveries } from "./deliveries";
import { DocumentTable } from "./document-table";
import { FollowUps } from "./follow-ups";
import { Information } from "./information";
import { Letters } from "./letters";
import { NoteForm, Notes } from "./notes";
import { useCase, useContract, type CaseView, type Contract } from "./queries";
import { AnsweredOf } from "./questionnaires";
import { RequestCard } from "./request-card";
import { Timeline } from "./timeline";
import { useUploads } from "./uploads";

const PATIENCE = 120_000;

/** A submitted or a cancelled case; a draft goes on in its steps. */
export function Case() {
  const words = useWords().cases.page;
  const { id = "" } = useParams();
  const found = useCase(id, follows);
  const contract = useContract(found.data?.value.contract);
  const profile = useProfile("provider");
  const failed = found.isError ? found : contract.isError ? contract : profile.isError ? profile : undefined;
  const { state } = useLocation();
  const submitted = (state as { submitted?: boolean } | null)?.submitted ?? false;
  // Right after the submit the draft is still what was read last.
  const draft = found.data?.value.may.includes("edit") ?? false;
  const ready = found.data && !draft && contract.data && profile.data;
  if (draft && !submitted) return <Navigate to={`/cases/${id}/providers`} replace />;
  return (
    <>
      <Title>{words.title}</Title>
      {ready ? (
        <Shown found={found.data.value} contract={contract.data} owner={profile.data.value.username} submitted={submitted} />
      ) : failed ? (
        <RefusalAlert thrown={failed.error} again={() => void failed.refetch()} />
      ) : (
        <Loading />
      )}
    </>
  );
}

/** What a rule decides, the letters and the checks of files come by themselves, within moments: they are looked for that long. */
function follows({ requests, letters, documents }: CaseView): number | false {
  const begun = requests.flatMap((request) => unwritten(request, letters).map(({ at }) => at));
  begun.push(...requests.flatMap(({ status, clock }) => (status === "submitted" ? (clock?.ledger.slice(0, 1).map(({ at }) => at) ?? []) : [])));
  begun.push(...documents.filter(({ state }) => state === "awaited").map(({ at }) => at));
  return begun.some((at) => Date.now() - Date.parse(at) < PATIENCE) && 2000;
}

interface ShownProps {
  found: CaseView;
  contract: Contract;
  owner: string;
  /** Just now. */
  submitted: boolean;
}

function Shown({ found, contract, owner, submitted }: ShownProps) {
  const { cases: words, accesses } = useWords();
  const [told, tell] = useState<string>();
  const { cancellation } = found;
  const unread = useQuery(messagesQuery("provider", found.key)).data?.unread;
  const { uploads } = useUploads(owner, found.key);
  const documents = found.documents.filter(({ state: is }) => is !== "removed");
  return (
    <>
      {submitted && (
        <Alert tone="success" title={words.page.submitted}>
          {words.page.keepId}
        </Alert>
      )}
      {told && <Told>{told}</Told>}
      {cancellation && (
        <Alert tone="info" title={words.ends.wasCancelled}>
          {cancellation.by ? words.ends.cancelledBy(cancellation.by) : words.ends.endedByItself}, <Time at={cancellation.at} zone={contract.timeZone} />
        </Alert>
      )}
      {found.caseId && (
        <p className="case-id">
          {words.caseId}: <CopyText text={found.caseId} what={words.caseId} />
        </p>
      )}
      <p>
        <span className="usa-tag">{words.statuses[found.status]}</span>
      </p>
      <MessagesLink to={`/cases/${found.key}/messages`} unread={unread} />
      <p>
        <Button look="outline" onClick={() => window.print()}>
          {words.page.print}
        </Button>
      </p>
      <Actions of={found} />
      <About found={found} contract={contract} />
      <h2>{words.page.requests}</h2>
      {found.requests.map((request) => (
        <RequestCard key={request.number} request={request} of={found} owner={owner} onDone={tell}>
          <Information found={found} request={request} contract={contract} owner={owner} />
          <FollowUps found={found} request={request} contract={contract} owner={owner} />
        </RequestCard>
      ))}
      <AnsweredOf asked={found.questionnaires} />
      {!cancellation && (
        <>
          <h2>{words.letters.title}</h2>
          <Letters found={found} />
        </>
      )}
      {found.deliveries.length > 0 && (
        <>
          <h2>{words.deliveries.title}</h2>
          <Deliveries found={found} zone={contract.timeZone} />
        </>
      )}
      {!cancellation && (
        <>
          <h2>{words.attachments.documents}</h2>
          <DocumentTable of={found} documents={documents} uploads={uploads} contract={contract} />
        </>
      )}
      <h2>{words.notes.title}</h2>
      <Notes found={found} />
      {found.may.includes("note") && <NoteForm of={found.key} owner={owner} />}
      <h2>{words.timeline.title}</h2>
      <Timeline found={found} zone={contract.timeZone} />
      <p className="screen">
        <Link to={`/cases/${found.key}/accesses`}>{accesses.link}</Link>
      </p>
    </>
  );
}

function About({ found, contract }: { found: CaseView; contract: Contract }) {
  const { cases: words, requests: { reading } } = useWords();
  const { member, requesting, servicing, attending, service, diagnoses, submission, authorizations } = found;
  const stay = service?.stay;
  return (
    <Facts
      facts={[
        {
          label: words.member,
          value: (
            <>
              {member.firstName} {member.lastName}, <Day day={member.birthDate} />, {member.memberNumber ?? words.temporary}
            </>
          ),
        },
        { label: reading.title, value: <Reads member={member} /> },
        { label: words.create.contract, value: contract.name },
        { label: words.setting, value: words.settings[found.setting] },
        { label: words.requesting, value: `${requesting.name}${requesting.npi ? `, ${requesting.npi}` : ""}` },
        { label: words.providers.servicing, value: servicing?.name ?? "–" },
        { label: words.providers.attending, value: attending?.name },
        { label: words.service.type, value: service && <span lang="en">{service.serviceTypeLabel}</span> },
        { label: words.service.place, value: service && <span lang="en">{service.placeOfServiceLabel}</span> },
        { label: words.service.admission, value: stay && words.service.admissions[stay.admission] },
        { label: words.service.admitted, value: stay && <Day day={stay.admitted} /> },
        { label: words.service.discharged, value: stay?.discharged && <Day day={stay.discharged} /> },
        {
          label: words.diagnoses.list,
          value: (
            <span className="typed" lang="en">
              {diagnoses.map(({ code, description }) => `${code} ${description ?? ""}`).join("\n")}
            </span>
          ),
        },
        {
          label: words.page.submittedAt,
          value: submission && (
            <>
              <Time at={submission.at} zone={contract.timeZone} />, {submission.system ? words.page.bySystem(submission.system) : submission.by}
            </>
          ),
        },
        { label: words.providers.fax, value: submission?.fax },
        { label: words.follow.authorization, value: authorizations && <Authorizations of={authorizations} /> },
      ]}
    />
  );
}

/** Each number with the requests that gave or changed it. */
function Authorizations({ of }: { of: readonly Schemas["AuthorizationView"][] }) {
  const words = useWords().cases.follow;
  return of.map(({ number, requests, until, billed, billedUnits }) => (
    <span key={number} className="display-block">
      <CopyText text={number} what={words.authorization} />: {words.authorizationOf(requests.join(", "))}
      {until && (
        <>
          , {words.until} <Day day={until} />
        </>
      )}
      {billed && `, ${words.billedUnits(billedUnits.reduce((sum, units) => sum + units, 0))}`}
    </span>
  ));
}
