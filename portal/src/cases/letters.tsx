import { Button } from "../ui/button";
import { Empty } from "../ui/empty";
import { RefusalAlert } from "../ui/refusal";
import { Table } from "../ui/table";
import { useWords } from "../words/words";
import { Local } from "./local";
import { useOpenFile } from "./open-file";
import type { CaseView } from "./queries";

/** The letters that were issued; each opens as the PDF that was sent, from where it is saved or printed. */
export function Letters({ found: { key, contract, letters } }: { found: CaseView }) {
  const words = useWords().cases;
  const opening = useOpenFile();
  if (letters.length === 0) return <Empty>{words.letters.none}</Empty>;
  return (
    <>
      {opening.isError && <RefusalAlert thrown={opening.error} />}
      <Table
        caption={words.letters.title}
        rows={letters}
        keyOf={({ id }) => id}
        columns={[
          { key: "letter", label: words.letters.letter, cell: ({ audience, request }) => `${words.letters.to[audience]}, ${request}` },
          { key: "at", label: words.letters.issued, cell: ({ at }) => <Local at={at} contract={contract} /> },
          { key: "pages", label: words.letters.size, cell: ({ pages }) => words.attachments.pages(pages) },
          {
            key: "open",
            label: words.letters.open,
            cell: ({ id, audience, request }) => (
              <Button
                look="link"
                busy={opening.isPending && "letter" in opening.variables && opening.variables.letter === id}
                aria-label={words.letters.openWhat(words.letters.to[audience], request)}
                onClick={() => opening.mutate({ of: key, letter: id })}
              >
                {words.letters.open}
              </Button>
            ),
          },
        ]}
      />
    </>
  );
}
