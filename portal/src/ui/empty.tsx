import type { ReactNode } from "react";

/** A list without rows: says what would stand here, and what one can do. */
export function Empty({ children }: { children: ReactNode }) {
  return <div className="bg-base-lightest padding-3 margin-y-2" data-empty>{children}</div>;
}
