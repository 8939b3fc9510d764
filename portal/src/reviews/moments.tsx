import { api, body } from "../api/client";
import { Moments, type Part } from "../ui/moments";
import { useWords } from "../words/words";
import type { Case } from "./case-query";

interface Props {
  of: Case;
  zone: string | undefined;
}

export function Notes({ of, zone }: Props) {
  const words = useWords().reviews.notes;
  const part = ({ notes, earlierNotes }: Case): Part => ({ moments: notes.map((note) => Object.assign({ key: note.id, mark: `${words.type}: ${words.types[note.type]}` }, note)), earlier: earlierNotes });
  return (
    <section aria-label={words.title}>
      <h2>{words.title}</h2>
      {of.notes.length === 0 && <p>{words.none}</p>}
      <Moments look="notes" part={part(of)} zone={zone} more={words.earlier} before={async (notesBefore) => part(await before(of, { notesBefore }))} />
    </section>
  );
}

export function Timeline({ of, zone }: Props) {
  const words = useWords().reviews.timeline;
  const part = ({ timeline, earlierTimeline }: Case): Part => ({
    moments: timeline.map((moment) => Object.assign({ key: moment.at + moment.text }, moment)),
    earlier: earlierTimeline,
  });
  return (
    <section aria-label={words.title}>
      <h2>{words.title}</h2>
      <Moments look="timeline" part={part(of)} zone={zone} more={words.earlier} before={async (timelineBefore) => part(await before(of, { timelineBefore }))} />
    </section>
  );
}

function before({ key }: Case, query: { notesBefore: string } | { timelineBefore: string }): Promise<Case> {
  return body(api.GET("/staff/cases/{id}", { params: { path: { id: key }, query } }));
}
