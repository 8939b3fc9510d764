import { useLocation } from "react-router";
import { useWords, type Words } from "../words/words";
import { Alert } from "./alert";
import { keepBack, lastField } from "./back";
import { Button, ButtonLink } from "./button";
import type { FieldProblem } from "./wrong";

/** A problem as the API tells it, or that it could not be asked. */
export interface Refusal {
  kind: string;
  status: number;
  title: string;
  detail: string;
  errors: readonly FieldProblem[];
  retryAfter: number | undefined;
}

export function isRefusal(thrown: unknown): thrown is Refusal {
  return thrown instanceof Error && thrown.name === "Refused";
}

/** The API's own sentence; ours where it could not answer. */
export function sentence(refusal: Refusal, words: Words): string {
  if (refusal.kind === "unreachable") return words.ui.refused.unreachable;
  if (!refusal.detail || refusal.status >= 500) return refusal.detail || words.ui.refused.unavailable;
  return refusal.detail;
}

interface Props {
  thrown: unknown;
  again?: () => void;
}

/** What is shown in place of something that was refused. */
export function RefusalAlert({ thrown, again }: Props) {
  const words = useWords();
  if (!isRefusal(thrown)) throw thrown;
  const { refused } = words.ui;
  // The API counts seconds, for programs: people are told in their own words.
  const wait = thrown.kind === "throttled" && thrown.retryAfter;
  const ours = wait ? refused.throttled : thrown.kind === "invalid" ? refused.correct : undefined;
  return (
    // The API speaks English.
    <Alert tone="error" title={ours ?? (thrown.title || refused.problem)} titleLang={!ours && thrown.title ? "en" : undefined}>
      {!wait && <p lang={thrown.detail ? "en" : undefined}>{sentence(thrown, words)}</p>}
      {thrown.retryAfter ? <p>{refused.wait(thrown.retryAfter)}</p> : null}
      {thrown.kind === "proof-required" && <ProveAgain />}
      {again && (
        <Button look="outline" onClick={again}>
          {words.ui.tryAgain}
        </Button>
      )}
    </Alert>
  );
}

/** What matters most is asked for by whoever has just signed in: there, and back to the same field. */
function ProveAgain() {
  const words = useWords().ui.refused;
  const { pathname, search } = useLocation();
  const door = pathname === "/staff" || pathname.startsWith("/staff/") ? "/staff" : "";
  return (
    <p>
      <ButtonLink to={`${door}/sign-in?again`} onClick={() => keepBack(pathname + search, lastField())}>
        {words.proveAgain}
      </ButtonLink>
    </p>
  );
}
