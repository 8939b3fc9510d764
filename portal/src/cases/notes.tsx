import { api, body } from "../api/client";
import { useKept } from "../api/kept";
import { queries } from "../api/queries";
import { Button } from "../ui/button";
import { Empty } from "../ui/empty";
import { TextArea } from "../ui/field";
import { Form, useFields } from "../ui/form";
import { Moments, type Part } from "../ui/moments";
import { useWords } from "../words/words";
import { useContract, type CaseView } from "./queries";

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

/** Notes, the newest last. */
export function Notes({ found }: { found: CaseView }) {
  const words = useWords().cases.notes;
  const { data: contract } = useContract(found.contract);
  if (found.notes.length === 0) return <Empty>{words.none}</Empty>;
  const part = ({ notes, earlierNotes }: CaseView): Part => ({ moments: notes.map((note) => Object.assign({ key: note.id, mark: `${words.type}: ${words.types[note.type]}` }, note)), earlier: earlierNotes });
  const before = async (notesBefore: string) => part(await body(api.GET("/cases/{id}", { params: { path: { id: found.key }, query: { notesBefore } } })));
  return <Moments look="notes" part={part(found)} zone={contract?.timeZone} more={words.earlier} before={before} />;
}
