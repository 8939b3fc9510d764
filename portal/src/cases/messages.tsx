import { Link, useParams } from "react-router";
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
import { useCase, useContract } from "./queries";

/** What the provider and the review team wrote on a case. */
export function Messages() {
  const words = useWords().messages;
  const { id = "" } = useParams();
  const found = useCase(id);
  const profile = useProfile("provider");
  const failed = [found, profile].find(({ isError }) => isError);
  const { caseId, key, contract } = found.data?.value ?? {};
  return (
    <>
      <Title>{words.title}</Title>
      <p>
        <Link to={`/cases/${id}`}>{words.back(caseId ?? "")}</Link>
      </p>
      {key && profile.data ? (
        <Written of={key} contract={contract} owner={profile.data.value.username} />
      ) : failed ? (
        <RefusalAlert thrown={failed.error} again={() => void failed.refetch()} />
      ) : (
        <Loading />
      )}
    </>
  );
}

function Written({ of, contract, owner }: { of: string; contract: string | undefined; owner: string }) {
  const words = useWords().messages;
  const zone = useContract(contract).data?.timeZone;
  const { written, error, refetch, sent, send, before, onRead } = useConversation("provider", of);
  const form = useFields<{ text: string }>({ text: "" });
  useKept(form, `message ${of}`, owner);
  const sendOne = async (text: string) => {
    await send(text);
    form.reset({ text: "" });
  };
  if (error) return <RefusalAlert thrown={error} again={() => void refetch()} />;
  if (!written) return <Loading />;
  return (
    <>
      {sent > 0 && <Told key={sent}>{words.sent.provider}</Told>}
      <Conversation {...{ written, zone, form, before, onRead }} send={sendOne} />
    </>
  );
}
