import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { useContracts } from "../api/contracts";
import { messagesQuery } from "../api/messages";
import { useProfile } from "../api/profile";
import { Alert } from "../ui/alert";
import { AnsweredQuestionnaires } from "../ui/answers";
import { Button } from "../ui/button";
import { Loading } from "../ui/loading";
import { MessagesLink } from "../ui/messages-link";
import { RefusalAlert } from "../ui/refusal";
import { Time } from "../ui/time";
import { Title } from "../ui/title";
import { useWords } from "../words/words";
import { CaseFacts } from "./case-facts";
import { caseQuery, type Case } from "./case-query";
import { Documents } from "./documents";
import { Letters } from "./letters";
import { Notes, Timeline } from "./moments";
import { RequestSection } from "./request";

/** A case as reviewers see it: what is asked for, beside its documents. */
export function CasePage() {
  const words = useWords().reviews.case;
  const { case: id = "" } = useParams();
  const { data, error, refetch } = useQuery(caseQuery(id));
  return (
    <>
      <Title>{words.title}</Title>
      {error && <RefusalAlert thrown={error} again={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && <Open of={data.value} read={async () => void (await refetch())} />}
    </>
  );
}

/** What the provider answered, to be read. */
function Answers({ of: { questionnaires } }: { of: Case }) {
  const words = useWords().questionnaires;
  if (questionnaires.length === 0) return null;
  return (
    <>
      <h2>{words.title}</h2>
      <AnsweredQuestionnaires of={questionnaires} />
    </>
  );
}

function Open({ of, read }: { of: Case; read: () => Promise<void> }) {
  const { accesses, messages: words, reviews } = useWords();
  const { data: profile } = useProfile("staff");
  const unread = useQuery(messagesQuery("staff", of.key)).data?.unread;
  const contract = useContracts([of.contract])(of.contract);
  const zone = contract?.timeZone;
  return (
    <div className="beside">
      <div>
        {of.messagesSince && (
          <Alert tone="warning" title={words.freshSince}>
            <Time at={of.messagesSince} zone={zone} />
          </Alert>
        )}
        <MessagesLink to={`/staff/cases/${of.key}/messages`} unread={unread} />
        <p>
          <Button look="outline" onClick={() => window.print()}>
            {reviews.case.print}
          </Button>
        </p>
        <CaseFacts of={of} zone={zone} />
        <Answers of={of} />
        {profile && of.requests.map((request) => <RequestSection key={request.number} of={of} request={request} contract={contract} profile={profile.value} read={read} />)}
      </div>
      <div>
        <Documents of={of} zone={zone} />
        <Letters of={of} zone={zone} profile={profile?.value} read={read} />
        <Notes of={of} zone={zone} />
        <Timeline of={of} zone={zone} />
        <p className="screen">
          <Link to={`/staff/cases/${of.key}/accesses`}>{accesses.link}</Link>
        </p>
      </div>
    </div>
  );
}
