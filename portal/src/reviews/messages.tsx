import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { useContracts } from "../api/contracts";
import { useKept } from "../api/kept";
import { useConversation } from "../api/messages";
import { useProfile } from "../api/profile";
import { Conversation } from "../ui/conversation";
import { useFields } from "../ui/form";
import { Loading } from "../ui/loading";
import { RefusalAlert } from "../ui/refusal";
import { Title } from "../ui/title";
import { Told } from "../ui/told";
import { useWords } from "../words/words";
import { caseQuery, type Case } from "./case-query";

/** What the provider and the review team wrote on a case. */
export function MessagesPage() {
  const words = useWords().messages;
  const { case: id = "" } = useParams();
  const found = useQuery(caseQuery(id));
  const profile = useProfile("staff");
  const failed = [found, profile].find(({ isError }) => isError);
  const of = found.data?.value;
  return (
    <>
      <Title>{words.title}</Title>
      <p>
        <Link to={`/staff/cases/${id}`}>{words.back(of?.caseId ?? "")}</Link>
      </p>
      {of && profile.data ? (
        <Written of={of} owner={profile.data.value.username} />
      ) : failed ? (
        <RefusalAlert thrown={failed.error} again={() => void failed.refetch()} />
      ) : (
        <Loading />
      )}
    </>
  );
}

function Written({ of, owner }: { of: Case; owner: string }) {
  const words = useWords().messages;
  const { key } = of;
  const zone = useContracts([of.contract])(of.contract)?.timeZone;
  const { written, error, refetch, sent, send, before, onRead } = useConversation("staff", key);
  const form = useFields<{ text: string }>({ text: "" });
  useKept(form, `message ${key}`, owner);
  const sendOne = async (text: string) => {
    await send(text);
    form.reset({ text: "" });
  };
  if (error) return <RefusalAlert thrown={error} again={() => void refetch()} />;
  if (!written) return <Loading />;
  return (
    <>
      {sent > 0 && <Told key={sent}>{words.sent.staff}</Told>}
      <Conversation {...{ written, zone, form, before, onRead }} send={sendOne} />
    </>
  );
}
