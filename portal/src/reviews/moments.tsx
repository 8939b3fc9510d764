import { useState } from "react";
import { api, body } from "../api/client";
import { Button } from "../ui/button";
import { RefusalAlert } from "../ui/refusal";
import { Time } from "../ui/time";
import { useWords } from "../words/words";
import type { Case } from "./case-query";

interface Entry {
  key: string;
  at: string;
  by: string;
  text: string;
}

interface Part {
  entries: readonly Entry[];
  /** Where there is more before these. */
  earlier: string | null | undefined;
}

interface Props {
  of: Case;
  zone: string | undefined;
}

export function Notes({ of, zone }: Props) {
  const words = useWords().reviews.notes;
  const part = ({ notes, earlierNotes }: Case): Part => ({ entries: notes.map((note) => Object.assign(note, { key: note.id })), earlier: earlierNotes });
  return (
    <section aria-label={words.title}>
      <h2>{words.title}</h2>
      {of.notes.length === 0 && <p>{words.none}</p>}
      <Entries part={part(of)} zone={zone} more={words.earlier} before={async (notesBefore) => part(await before(of, { notesBefore }))} />
    </section>
  );
}

export function Timeline({ of, zone }: Props) {
  const words = useWords().reviews.timeline;
  const part = ({ timeline, earlierTimeline }: Case): Part => ({
    entries: timeline.map((moment) => Object.assign(moment, { key: moment.at + moment.text })),
    earlier: earlierTimeline,
  });
  return (
    <section aria-label={words.title}>
      <h2>{words.title}</h2>
      <Entries part={part(of)} zone={zone} more={words.earlier} before={async (timelineBefore) => part(await before(of, { timelineBefore }))} />
    </section>
  );
}

function before({ key }: Case, query: { notesBefore: string } | { timelineBefore: string }): Promise<Case> {
  return body(api.GET("/staff/cases/{id}", { params: { path: { id: key }, query } }));
}

interface EntriesProps {
  part: Part;
  zone: string | undefined;
  more: string;
  before: (cursor: string) => Promise<Part>;
}

/** Oldest first; what was before is read when it is asked for. */
function Entries({ part, zone, more, before: read }: EntriesProps) {
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
      const found = await read(cursor);
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
      <ol className="timeline">
        {[...parts, part].flatMap(({ entries }) =>
          entries.map(({ key, at, by, text }) => (
            <li key={key}>
              <span className="usa-hint">
                <Time at={at} zone={zone} />, {by}
              </span>
              <br />
              <span className="typed">{text}</span>
            </li>
          )),
        )}
      </ol>
    </>
  );
}
