// Roles as the form has them, a row for each managed provider, and as the API takes them: only what changes.

import { Refused } from "../api/refused";
import type { Schemas } from "../api/types";
import type { Group } from "./own";
import type { RoleRow } from "./role-fields";
import type { User } from "./user";

interface Changes {
  parts: Schemas["PartForm"][];
  /** The row of the form that each part stands in. */
  rows: number[];
}

export function rowsOf(group: Group, user?: User): RoleRow[] {
  return group.managed.map(({ provider }) => ({ role: user?.roles.find((part) => part.provider === provider)?.role ?? "" }));
}

export function changes(group: Group, before: readonly RoleRow[], after: readonly RoleRow[]): Changes {
  const rows = group.managed.map((_, row) => row).filter((row) => (before[row]?.role ?? "") !== (after[row]?.role ?? ""));
  const parts = rows.map((row): Schemas["PartForm"] => {
    const provider = group.managed[row]?.provider ?? "";
    const role = after[row]?.role;
    return role ? { provider, role } : { provider, removed: true };
  });
  return { parts, rows };
}

/** A refusal that names the form's rows instead of the parts that were sent. */
export function atRows(thrown: unknown, rows: readonly number[]): unknown {
  if (!(thrown instanceof Refused) || thrown.errors.length === 0) return thrown;
  const errors = thrown.errors.map((error) => ({
    ...error,
    pointer: error.pointer.replace(/^\/roles\/(\d+)(\/.*)?$/, (whole, place: string) => {
      const row = rows[Number(place)];
      return row === undefined ? whole : `/roles/${row}/role`;
    }),
  }));
  const { title, detail, status } = thrown;
  return new Refused({ title, detail, status, errors }, thrown.kind, thrown.retryAfter);
}
