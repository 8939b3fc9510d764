import { Link } from "react-router";
import { useWords } from "../words/words";

export interface Step {
  key: string;
  label: string;
  to: string;
  done: boolean;
  /** Nothing has to be entered there. */
  optional?: boolean;
}

/** The steps across the top: where one is, what is done, and a way to each. */
export function Steps({ steps, at, label }: { steps: readonly Step[]; at: string; label: string }) {
  const words = useWords().ui;
  const index = steps.findIndex(({ key }) => key === at);
  return (
    <nav className="usa-step-indicator usa-step-indicator--counters-sm" aria-label={label}>
      <ol className="usa-step-indicator__segments">
        {steps.map((step) => (
          <li key={step.key} className={segment(step, at)} aria-current={step.key === at ? "step" : undefined}>
            <Link className="usa-step-indicator__segment-label" to={step.to}>
              {step.label}
              <span className="usa-sr-only"> {step.key === at ? words.stepNow : step.done ? words.stepDone : step.optional ? "" : words.stepToDo}</span>
              {step.optional && !step.done && <span className="step-note">{words.stepNotNeeded}</span>}
            </Link>
          </li>
        ))}
      </ol>
      <p className="usa-step-indicator__heading-counter">{words.step(index + 1, steps.length)}</p>
    </nav>
  );
}

function segment(step: Step, at: string): string {
  if (step.key === at) return "usa-step-indicator__segment usa-step-indicator__segment--current";
  return step.done ? "usa-step-indicator__segment usa-step-indicator__segment--complete" : "usa-step-indicator__segment";
}
