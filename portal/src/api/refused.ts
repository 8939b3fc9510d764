// Every answer that is no success, as one thing to catch.

import type { FieldProblem, ProblemBody } from "./types";

/** Stable names of the kinds of problems (the last part of their `type`), and `unreachable` when there was no answer. */
export type Kind =
  | "malformed" | "signed-out" | "sign-in-refused" | "signature" | "forbidden" | "proof-required" | "not-found" | "conflict"
  | "stale" | "too-large" | "invalid" | "key-reused" | "version-required" | "throttled" | "internal" | "unavailable"
  | "unreachable";

export class Refused extends Error {
  override readonly name = "Refused";
  readonly kind: Kind;
  readonly status: number;
  readonly title: string;
  /** The API's own sentence. */
  readonly detail: string;
  readonly errors: readonly FieldProblem[];
  /** The current state, where a conflict is with it. */
  readonly state: string | undefined;
  /** Seconds to wait. */
  readonly retryAfter: number | undefined;

  constructor(problem: Partial<ProblemBody>, kind: Kind, retryAfter?: number) {
    super(kind);
    this.kind = kind;
    this.status = problem.status ?? 0;
    this.title = problem.title ?? "";
    this.detail = problem.detail ?? "";
    this.errors = problem.errors ?? [];
    this.state = problem.state ?? undefined;
    this.retryAfter = retryAfter;
  }

  /** Whether the same call may succeed a little later. */
  get passes(): boolean {
    return this.kind === "unreachable" || this.kind === "unavailable" || this.kind === "internal" || this.status >= 500;
  }

  static async of(response: Response): Promise<Refused> {
    const after = Number(response.headers.get("retry-after") ?? Number.NaN);
    const retryAfter = Number.isFinite(after) ? after : undefined;
    const text = await response.text().catch(() => "");
    const problem = parse(text);
    const kind = problem.type?.split("/").pop() as Kind | undefined;
    return new Refused({ ...problem, status: response.status }, kind ?? generic(response.status), retryAfter);
  }

  static unreachable(): Refused {
    return new Refused({}, "unreachable");
  }
}

function parse(text: string): Partial<ProblemBody> {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && body ? body : {};
  } catch {
    return {};
  }
}

/** An answer that is no problem document comes from something before the API. */
function generic(status: number): Kind {
  if (status === 401) return "signed-out";
  if (status === 403) return "forbidden";
  if (status === 404) return "not-found";
  if (status === 413) return "too-large";
  if (status === 429) return "throttled";
  return status >= 500 ? "unavailable" : "malformed";
}

/** Kept apart from what broke in the portal itself. */
export function isRefused(thrown: unknown, kind?: Kind): thrown is Refused {
  return thrown instanceof Refused && (kind === undefined || thrown.kind === kind);
}
