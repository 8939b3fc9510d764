import { Navigate, Outlet, useLocation, useNavigate, useOutletContext } from "react-router";
import { api, body } from "../api/client";
import { useIntent } from "../api/intent";
import { useKeptState } from "../api/kept";
import { useProfile } from "../api/profile";
import { queries } from "../api/queries";
import type { Profile, Schemas } from "../api/types";
import { Loading } from "../ui/loading";
import { RefusalAlert } from "../ui/refusal";
import { Title } from "../ui/title";
import { useWords } from "../words/words";

/** What a new case begins with. */
export interface Begun {
  contract: string;
  requesting: string;
  setting: Schemas["Setting"];
}

/** What was searched for, which is not typed twice, and who was found. */
export interface Searched {
  typed: { memberNumber: string; lastName: string; birthDate: string };
  found: Schemas["FoundMembers"];
}

/** Whom the case is for. */
export type Member = Schemas["FoundMember"];

/** Kept in memory until the case is there, for no address names a member: a session that ends in the middle loses nothing. */
interface Known {
  begun?: Begun;
  searched?: Searched | undefined;
  member?: Member;
}

const NOTHING: Known = {};

export interface NewCaseState extends Known {
  profile: Profile;
  begin: (begun: Begun) => void;
  keepSearch: (searched: Searched | undefined) => void;
  choose: (member: Member) => void;
  /** Creates the case and opens its first step; like an earlier case, as far as that is still true. */
  create: (member: string, like?: string) => Promise<void>;
}

export function NewCase() {
  const words = useWords().cases.create;
  const { data, error, refetch } = useProfile("provider");
  if (data) return <Begins profile={data.value} />;
  return (
    <>
      <Title>{words.title}</Title>
      {error ? <RefusalAlert thrown={error} again={() => void refetch()} /> : <Loading />}
    </>
  );
}

function Begins({ profile }: { profile: Profile }) {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const intent = useIntent();
  const { state: known, change, forget } = useKeptState("new-case", profile.username, NOTHING);
  const { begun } = known;
  // Members are of a contract: with another one they are searched for anew.
  const begin = (now: Begun) => change((before) => (before.begun?.contract === now.contract ? { ...before, begun: now } : { begun: now }));
  const keepSearch = (searched: Searched | undefined) => change((before) => ({ ...before, searched }));
  const choose = (member: Member) => change((before) => ({ ...before, member }));
  const create = async (of: string, like?: string) => {
    if (!begun) return;
    const { requesting, setting } = begun;
    const created = await intent.send((header) => body(api.POST("/cases", { params: { header }, body: { member: of, requesting, setting, ...(like ? { like } : {}) } })));
    forget();
    await queries.invalidateQueries({ queryKey: ["cases"] });
    await navigate(`/cases/${created.key}/providers`, like ? { state: { filled: created.filled } } : {});
  };
  // After a reload the first page has to be answered again.
  if (!begun && pathname !== "/cases/new") return <Navigate to="/cases/new" replace />;
  return <Outlet context={{ ...known, profile, begin, keepSearch, choose, create } satisfies NewCaseState} />;
}

export function useNewCase(): NewCaseState {
  return useOutletContext<NewCaseState>();
}
