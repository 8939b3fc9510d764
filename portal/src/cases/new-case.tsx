import { useState } from "react";
import { Navigate, Outlet, useLocation, useNavigate, useOutletContext } from "react-router";
import { api, body } from "../api/client";
import { useIntent } from "../api/intent";
import { queries } from "../api/queries";
import type { Schemas } from "../api/types";

/** What a new case begins with; kept while its pages are open, for no address names a member. */
export interface Begun {
  contract: string;
  requesting: string;
  setting: Schemas["Setting"];
}

/** Last name and birth date that were searched: they are not typed twice. */
export interface Searched {
  lastName: string;
  birthDate: string;
}

/** Whom the case is for. */
export type Member = Schemas["FoundMember"];

export interface NewCaseState {
  begun: Begun | undefined;
  begin: (begun: Begun) => void;
  searched: Searched | undefined;
  keepSearch: (searched: Searched) => void;
  member: Member | undefined;
  choose: (member: Member) => void;
  /** Creates the case and opens its first step. */
  create: (member: string) => Promise<void>;
}

export function NewCase() {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const intent = useIntent();
  const [begun, begin] = useState<Begun>();
  const [searched, keepSearch] = useState<Searched>();
  const [member, choose] = useState<Member>();
  const create = async (of: string) => {
    if (!begun) return;
    const { requesting, setting } = begun;
    const created = await intent.send((header) => body(api.POST("/cases", { params: { header }, body: { member: of, requesting, setting } })));
    await queries.invalidateQueries({ queryKey: ["cases"] });
    await navigate(`/cases/${created.key}/providers`);
  };
  // After a reload the first page has to be answered again.
  if (!begun && pathname !== "/cases/new") return <Navigate to="/cases/new" replace />;
  return <Outlet context={{ begun, begin, searched, keepSearch, member, choose, create } satisfies NewCaseState} />;
}

export function useNewCase(): NewCaseState {
  return useOutletContext<NewCaseState>();
}
