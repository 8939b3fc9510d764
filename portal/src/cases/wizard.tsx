import type { ComponentType } from "react";
import { Navigate, useLocation, useParams } from "react-router";
import { useProfile } from "../api/profile";
import { Alert } from "../ui/alert";
import { Loading } from "../ui/loading";
import { RefusalAlert } from "../ui/refusal";
import { Steps } from "../ui/steps";
import { Day } from "../ui/time";
import { Title } from "../ui/title";
import { useWords } from "../words/words";
import { AttachmentsPage } from "./attachments";
import { CancelDraft } from "./cancel-draft";
import { CommunicationsPage } from "./communications";
import { DiagnosesPage } from "./diagnoses";
import { DraftHands } from "./draft-hands";
import { ProceduresPage } from "./procedures";
import { ProvidersPage } from "./providers";
import { useCase, useContract, type CaseView } from "./queries";
import { QuestionnairesPage } from "./questionnaires";
import { RequestTypePage } from "./request-type";
import { ServicePage } from "./service";
import type { StepProps } from "./step-form";
import { STEPS, isDone, standingOf, type StepName } from "./steps";
import { SubmitPage } from "./submit";

/** In one piece: without the network one still goes from step to step. */
const PAGES: Record<StepName, ComponentType<StepProps>> = {
  providers: ProvidersPage,
  service: ServicePage,
  diagnoses: DiagnosesPage,
  request: RequestTypePage,
  procedures: ProceduresPage,
  questionnaires: QuestionnairesPage,
  attachments: AttachmentsPage,
  communications: CommunicationsPage,
  submit: SubmitPage,
};

/** A case that is being written: the steps across the top, and one of them. */
export function Wizard() {
  const words = useWords().cases;
  const { id = "", step: name = "" } = useParams();
  const step = STEPS.find((known) => known === name);
  const found = useCase(id, awaited);
  const contract = useContract(found.data?.value.contract);
  const profile = useProfile("provider");
  if (!step) return <Navigate to={`/cases/${id}`} replace />;
  const failed = found.isError ? found : contract.isError ? contract : profile.isError ? profile : undefined;
  // What was read before is not taken away because reading it again failed.
  const ready = found.data && contract.data && profile.data;
  if (ready && !found.data.value.may.includes("edit")) return <Navigate to={`/cases/${id}`} replace />;
  const Page = PAGES[step];
  return (
    <>
      <Title>{words.steps[step]}</Title>
      {ready ? (
        <>
          <About found={found.data.value} />
          <Steps
            label={words.wizard.steps}
            at={step}
            steps={STEPS.map((key) => ({
              key,
              label: words.steps[key],
              to: `/cases/${id}/${key}`,
              done: isDone(key, found.data.value),
              optional: standingOf(key, found.data.value) === "not-needed",
            }))}
          />
          <Filled />
          <DraftHands of={found.data.value} zone={contract.data.timeZone} me={profile.data.value.username} step={step} />
          <Page key={`${id} ${step}`} found={found.data} contract={contract.data} owner={profile.data.value.username} />
          <p className="margin-top-4">
            <CancelDraft of={found.data.value.key} who={nameOf(found.data.value)} />
          </p>
        </>
      ) : failed ? (
        <RefusalAlert thrown={failed.error} again={() => void failed.refetch()} />
      ) : (
        <Loading />
      )}
    </>
  );
}

/** Right after a case was begun like an earlier one: what is filled in, and to be looked at. */
function Filled() {
  const words = useWords().cases;
  const { state } = useLocation();
  const steps = (state as { filled?: string[] } | null)?.filled;
  if (!steps) return null;
  const names = STEPS.filter((step) => steps.includes(step)).map((step) => words.steps[step]);
  return (
    <Alert tone="info" title={words.earlier.filledTitle}>
      {names.length > 0 ? words.earlier.filled(names.join(", ")) : words.earlier.nothingFilled}
    </Alert>
  );
}

function nameOf({ member: { firstName, lastName } }: CaseView): string {
  return `${firstName} ${lastName}`;
}

/** Documents are checked by a worker: a moment later it is known what came of them. */
function awaited({ documents }: CaseView): number | false {
  return documents.some(({ state }) => state === "awaited") && 1500;
}

function About({ found: { member, contractName, setting } }: { found: CaseView }) {
  const words = useWords().cases;
  return (
    <p className="margin-top-0">
      <strong>
        {member.firstName} {member.lastName}
      </strong>
      , <Day day={member.birthDate} />
      {member.memberNumber ? `, ${member.memberNumber}` : `, ${words.temporary}`} · {contractName} · {words.settings[setting]}
    </p>
  );
}
