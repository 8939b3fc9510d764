import { api, body } from "../api/client";
import type { Schemas } from "../api/types";
import { Button } from "../ui/button";
import { OpenFile } from "../ui/open-file";
import { Table } from "../ui/table";
import { useWords } from "../words/words";
import { Local } from "./local";
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
  const address = async (document: string) => (await body(api.GET("/cases/{id}/documents/{document}", { params: { path: { id: of.key, document } } }))).url;
  return (
      <Table
        caption={words.attachments.documents}
        headed
        rows={documents}
        keyOf={({ id }) => id}
        columns={[
          {
            key: "name",
            unbroken: true,
            label: words.attachments.fileName,
            cell: ({ id, fileName, state }) => (state === "accepted" ? <OpenFile label={fileName} address={() => address(id)} /> : fileName),
          },
          { key: "type", label: words.attachments.type, cell: ({ documentTypeLabel }) => documentTypeLabel },
          { key: "state", label: words.home.status, cell: (row) => <State document={row} /> },
          { key: "at", label: words.attachments.at, cell: ({ at }) => <Local at={at} contract={of.contract} /> },
          ...(onRemove
            ? [
                {
                  key: "remove",
                  screen: true,
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
