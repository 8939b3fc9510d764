import { useInfiniteQuery } from "@tanstack/react-query";
import { api, body } from "../api/client";
import { useKept } from "../api/kept";
import { queries } from "../api/queries";
import { Button } from "../ui/button";
import { Empty } from "../ui/empty";
import { TextArea } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { RefusalAlert } from "../ui/refusal";
import { useWords } from "../words/words";
import { Local } from "./local";
import type { CaseView } from "./queries";

interface FormProps {
  of: string;
  owner: string;
}

/** What is typed and not yet added is still there when the page is opened again. */
export function NoteForm({ of, owner }: FormProps) {
  const words = useWords();
  const form = useFields<{ text: string }>({ text: "" });
  useKept(form, `note ${of}`, owner);
  return (
    <Form
      form={form}
      label={words.cases.notes.add}
      send={async (note) => {
        await body(api.PUT("/cases/{id}/steps/{step}", { params: { path: { id: of, step: "notes" } }, body: note }));
        form.reset({ text: "" });
        await queries.invalidateQueries({ queryKey: ["case", of] });
      }}
    >
      <TextArea name="text" label={words.cases.notes.text} hint={words.cases.notes.hint} required maxLength={4000} />
      <Button type="submit" busy={form.formState.isSubmitting}>
        {words.cases.notes.add}
      </Button>
    </Form>
  );
}

/** Notes, the newest last; earlier ones are read when they are asked for. */
export function Notes({ found: { key, contract, notes, earlierNotes } }: { found: CaseView }) {
  const words = useWords().cases.notes;
  const earlier = useInfiniteQuery({
    queryKey: ["case", key, "notes", earlierNotes],
    queryFn: ({ pageParam }) => body(api.GET("/cases/{id}", { params: { path: { id: key }, query: { notesBefore: pageParam } } })),
    initialPageParam: earlierNotes ?? "",
    getNextPageParam: (page) => page.earlierNotes ?? undefined,
    enabled: false,
  });
  const before = (earlier.data?.pages ?? []).toReversed().flatMap((page) => page.notes);
  const more = earlier.data ? earlier.hasNextPage : Boolean(earlierNotes);
  if (notes.length === 0) return <Empty>{words.none}</Empty>;
  return (
    <>
      {earlier.isError && <RefusalAlert thrown={earlier.error} />}
      {more && (
        <Button look="outline" busy={earlier.isFetching} onClick={() => void (earlier.data ? earlier.fetchNextPage() : earlier.refetch())}>
          {words.earlier}
        </Button>
      )}
      <ul className="usa-list usa-list--unstyled">
        {[...before, ...notes].map(({ id, at, by, text }) => (
          <li key={id} className="card">
            <p className="margin-0 usa-hint">
              {by}, <Local at={at} contract={contract} />
            </p>
            <p className="margin-0 typed">{text}</p>
          </li>
        ))}
      </ul>
    </>
  );
}
