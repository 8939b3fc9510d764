import { api, body } from "../api/client";
import { Empty } from "../ui/empty";
import { OpenFile } from "../ui/open-file";
import { WrittenIn } from "../ui/reading";
import { Table } from "../ui/table";
import { useWords } from "../words/words";
import { Local } from "./local";
import type { CaseView } from "./queries";

/** The letters that were issued; each opens as the PDF that was sent, from where it is saved or printed. */
export function Letters({ found: { key, contract, letters } }: { found: CaseView }) {
  const words = useWords().cases;
  const address = async (letter: string) => (await body(api.GET("/cases/{id}/letters/{letter}", { params: { path: { id: key, letter } } }))).url;
  if (letters.length === 0) return <Empty>{words.letters.none}</Empty>;
  return (
      <Table
        caption={words.letters.title}
        headed
        rows={letters}
        keyOf={({ id }) => id}
        columns={[
          {
            key: "letter",
            label: words.letters.letter,
            cell: (letter) => (
              <>
                {`${words.letters.to[letter.about][letter.audience]}, ${letter.request}`}
                <WrittenIn letter={letter} />
              </>
            ),
          },
          { key: "at", label: words.letters.issued, cell: ({ at }) => <Local at={at} contract={contract} /> },
          { key: "pages", label: words.letters.size, cell: ({ pages }) => words.attachments.pages(pages) },
          {
            key: "open",
            screen: true,
            label: words.letters.open,
            cell: ({ id, about, audience, request }) => (
              <OpenFile label={words.letters.open} spoken={words.letters.openWhat(words.letters.to[about][audience], request)} address={() => address(id)} />
            ),
          },
        ]}
      />
  );
}
