import { useWords } from "../words/words";

const FIGURES = ["waiting", "working", "oldest", "dead", "outbox", "due", "pause"] as const;

/** The runbook in short: what each figure means, and what to do. */
export function Meaning() {
  const { meaning: words } = useWords().events;
  return (
    <details>
      <summary>{words.title}</summary>
      <dl className="facts">
        {FIGURES.map((figure) => (
          <div key={figure}>
            <dt>{words.name[figure]}</dt>
            <dd>{words.text[figure]}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
