// The caller's groups as their own roles tell them, and which roles they may give there. The API decides: this only spares
// refusals.

import type { Profile, Schemas } from "../api/types";

export type Role = Schemas["ProviderRole"];
type OwnRole = Profile["roles"][number];
/** A provider of a group, whether the caller has a role there or not. */
export type Place = Schemas["GroupProvider"];

export const ROLES = ["staff", "provider-admin", "group-admin", "provider-admin-reports", "group-admin-reports"] as const satisfies readonly Role[];

export interface Group {
  id: string;
  providers: OwnRole[];
  /** The whole group is the caller's to manage. */
  managesAll: boolean;
  /** So are the users of these; of a whole group, as far as the own roles tell. */
  managed: Place[];
}

const groupAdmin = (role: Role) => role === "group-admin" || role === "group-admin-reports";
const reports = (role: Role) => role === "group-admin-reports" || role === "provider-admin-reports";

export function groupsOf(roles: readonly OwnRole[]): Group[] {
  const byGroup = Map.groupBy(roles, ({ group }) => group);
  return [...byGroup].map(([id, providers]) => {
    const managesAll = providers.some(({ role }) => groupAdmin(role));
    return { id, providers, managesAll, managed: providers.filter(({ role }) => managesAll || role !== "staff") };
  });
}

/** A group that is the caller's as a whole, with all of its providers: those first that the caller has a role at. */
export function withAll(group: Group, all: readonly Place[]): Group {
  const own = (place: Place) => group.providers.some(({ provider }) => provider === place.provider);
  const others = all.filter((place) => !own(place)).toSorted((one, other) => one.providerName.localeCompare(other.providerName));
  return { ...group, managed: [...group.managed, ...others] };
}

/** Nobody gives what they do not hold. Reports of a whole group hold at its other providers of the same contract. */
export function givable({ providers }: Group, at: Place): Role[] {
  const own = providers.filter(({ provider, role }) => provider === at.provider || groupAdmin(role));
  const all = own.some(({ role }) => groupAdmin(role));
  const withReports = own.filter(({ role, contract }) => reports(role) && contract === at.contract);
  return ROLES.filter((role) => {
    if (groupAdmin(role) && !all) return false;
    if (!reports(role)) return true;
    return withReports.some((held) => groupAdmin(held.role) || !groupAdmin(role));
  });
}
