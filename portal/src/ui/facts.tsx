import type { ReactNode } from "react";

interface Fact {
  label: string;
  /** Of the label, where it is not that of the page. */
  labelLang?: string | undefined;
  value: ReactNode;
}

/** What is known of one thing, label by label. What is not known is left out. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="facts">
      {facts
        .filter(({ value }) => value !== undefined && value !== null && value !== "")
        .map(({ label, labelLang, value }) => (
          <div key={label}>
            <dt lang={labelLang}>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
