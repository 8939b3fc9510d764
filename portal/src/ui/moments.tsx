import { useState } from "react";
import { useWords } from "../words/words";
import { Button } from "./button";
import { RefusalAlert } from "./refusal";
import { Time } from "./time";

export interface Moment {
  key: string;
  at: string;
  by: string;
  text: string;
  /** What stands out about it. */
  mark?: string | undefined;
}

export interface Part {
  moments: readonly Moment[];
  /** Where there is more before these. */
  earlier: string | null | undefined;
}

const LOOKS = { timeline: "timeline", notes: "notes" };

interface Props {
  look: keyof typeof LOOKS;
  part: Part;
  zone: string | undefined;
  /** On the button for what was before. */
  more: string;
  before: (cursor: string) => Promise<Part>;
}

/** What happened or was said, oldest first; what was before is read when it is asked for. */
export function Moments({ look, part, zone, more, before }: Props) {
  const words = useWords().requests.timeline;
  const [earlier, setEarlier] = useState<{ of: string; parts: Part[] }>();
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<{ thrown: unknown }>();
  // What was read goes before exactly this part: when that has moved on, there would be a gap.
  const parts = earlier && earlier.of === part.earlier ? earlier.parts : [];
  const next = parts[0] ? parts[0].earlier : part.earlier;
  const show = async (cursor: string) => {
    setBusy(true);
    setRefused(undefined);
    try {
      const found = await before(cursor);
      setEarlier({ of: part.earlier ?? "", parts: [found, ...parts] });
    } catch (thrown) {
      setRefused({ thrown });
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      {next && (
        <Button look="outline" busy={busy} onClick={() => void show(next)}>
          {more}
        </Button>
      )}
      {refused && <RefusalAlert thrown={refused.thrown} />}
      <ol className={LOOKS[look]}>
        {[...parts, part].flatMap(({ moments }) =>
          moments.map(({ key, at, by, text, mark }) => (
            <li key={key}>
              <span className="usa-hint">
                <Time at={at} zone={zone} />, {look === "timeline" ? words.by(by) : by}
              </span>
              {mark && <strong className="usa-tag margin-left-1">{mark}</strong>}
              <br />
              <span className="typed">{look === "timeline" ? <Happened text={text} /> : text}</span>
            </li>
          )),
        )}
      </ol>
    </>
  );
}

/** In the reader's language; in the API's own where there are no words for it. */
function Happened({ text }: { text: string }) {
  return useWords().requests.timeline.happened(text) ?? <span lang="en">{text}</span>;
}
