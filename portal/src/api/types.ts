// Names for what the API's document calls its schemas.

import type { components, paths } from "./schema.gen";

export type Schemas = components["schemas"];
export type Profile = Schemas["Profile"];
export type SignedIn = Schemas["SignedIn"];
export type FieldProblem = Schemas["FieldProblem"];
export type ProblemBody = Schemas["ProblemBody"];

/** Provider users and payer staff sign in at doors of their own. */
export type Door = "provider" | "staff";

/** Paths that stand at both doors: one handler, two prefixes. */
export type AtBoth = { [P in keyof paths]: `/staff${P & string}` extends keyof paths ? P : never }[keyof paths];

/** The path at a door. The same handler answers at both, so the provider's types hold for staff too. */
export function at<P extends AtBoth>(door: Door, path: P): P {
  return door === "staff" ? (`/staff${path}` as P) : path;
}
