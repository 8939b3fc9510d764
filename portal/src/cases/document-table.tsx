import type { Schemas } from "../api/types";
import { Button } from "../ui/button";
import { RefusalAlert } from "../ui/refusal";
import { Table } from "../ui/table";
import { useWords } from "../words/words";
import { Local } from "./local";
import { useOpenFile } from "./open-file";
import type { CaseView } from "./queries";

type Document = Schemas["DocumentView"];

interface Props {
  of: CaseView;
  documents: readonly Document[];
  /** Takes one out; only from a draft. */
  onRemove?: (id: string) => void;
  removing?: string | undefined;
}

export function DocumentTable({ of, documents, onRemove, removing }: Props) {
  const words = useWords().cases;
  const opening = useOpenFile();
  return (
    <>
      {opening.isError && <RefusalAlert thrown={opening.error} />}
      <Table
        caption={words.attachments.documents}
        rows={documents}
        keyOf={({ id }) => id}
        columns={[
          {
            key: "name",
            label: words.attachments.fileName,
            cell: ({ id, fileName, state }) =>
              state === "accepted" ? (
                <Button look="link" onClick={() => opening.mutate({ of: of.key, document: id })}>
                  {fileName}
                </Button>
              ) : (
                fileName
              ),
          },
          { key: "type", label: words.attachments.type, cell: ({ documentTypeLabel }) => documentTypeLabel },
          { key: "state", label: words.home.status, cell: (row) => <State document={row} /> },
          { key: "at", label: words.attachments.at, cell: ({ at }) => <Local at={at} contract={of.contract} /> },
          ...(onRemove
            ? [
                {
                  key: "remove",
                  label: words.remove,
                  cell: ({ id, fileName }: Document) => (
                    <Button look="link" busy={removing === id} aria-label={words.removeWhat(fileName)} onClick={() => onRemove(id)}>
                      {words.remove}
                    </Button>
                  ),
                },
              ]
            : []),
        ]}
      />
    </>
  );
}

function State({ document: { state, reason, pages } }: { document: Document }) {
  const words = useWords().cases.attachments;
  return (
    <>
      {words.states[state]}
      {state === "accepted" && pages ? `, ${words.pages(pages)}` : ""}
      {reason && (
        <span className="display-block" lang="en">
          {reason}
        </span>
      )}
    </>
  );
}
