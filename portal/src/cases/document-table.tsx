import { api, body } from "../api/client";
import type { Schemas } from "../api/types";
import { Button } from "../ui/button";
import { Empty } from "../ui/empty";
import { Progress } from "../ui/file-drop";
import { OpenFile } from "../ui/open-file";
import { Table } from "../ui/table";
import { useWords } from "../words/words";
import { Local } from "./local";
import type { CaseView, Contract } from "./queries";
import type { Upload } from "./uploads";

type Document = Schemas["DocumentView"];

interface Props {
  of: CaseView;
  documents: readonly Document[];
  /** On their way: each has its row from the beginning, so that nothing moves when it arrives. */
  uploads: readonly Upload[];
  contract: Contract;
  /** Takes one out; only from a draft. */
  onRemove?: (id: string) => void;
  removing?: string | undefined;
}

/** A document, or a file that is still on its way to be one. */
interface Row {
  id: string;
  document?: Document | undefined;
  upload?: Upload | undefined;
}

export function DocumentTable({ of, documents, uploads, contract, onRemove, removing }: Props) {
  const words = useWords().cases;
  const onTheWay = uploads.filter(({ refused, waits }) => !refused && !waits);
  const uploadOf = (id: string) => onTheWay.find(({ awaited }) => awaited?.id === id);
  const known = new Set(documents.map(({ id }) => id));
  const rows: Row[] = [
    ...documents.map((document) => ({ id: document.id, document, upload: document.state === "awaited" ? uploadOf(document.id) : undefined })),
    ...onTheWay.filter(({ awaited }) => !awaited || !known.has(awaited.id)).map((upload) => ({ id: upload.awaited?.id ?? upload.id, upload })),
  ];
  const typeOf = ({ document, upload }: Row) => document?.documentTypeLabel ?? contract.documentTypes.find(({ id }) => id === upload?.documentType)?.label;
  const nameOf = ({ document, upload }: Row) => document?.fileName ?? upload?.file.name ?? "";
  if (rows.length === 0) return <Empty>{words.attachments.none}</Empty>;
  const address = async (document: string) => (await body(api.GET("/cases/{id}/documents/{document}", { params: { path: { id: of.key, document } } }))).url;
  return (
      <Table
        caption={words.attachments.documents}
        headed
        rows={rows}
        keyOf={({ id }) => id}
        columns={[
          { key: "request", label: words.attachments.request, cell: ({ document, upload }) => document?.request ?? upload?.request },
          {
            key: "name",
            heads: true,
            unbroken: true,
            label: words.attachments.fileName,
            cell: (row) => (row.document?.state === "accepted" ? <OpenFile label={nameOf(row)} address={() => address(row.id)} /> : nameOf(row)),
          },
          { key: "type", label: words.attachments.type, cell: (row) => <span lang="en">{typeOf(row)}</span> },
          { key: "state", label: words.home.status, cell: ({ document, upload }) => (upload ? <Progress of={upload.file.name} percent={upload.percent} /> : document && <State document={document} />) },
          { key: "at", label: words.attachments.at, cell: ({ document }) => (document ? <Local at={document.at} contract={of.contract} /> : "–") },
          ...(onRemove
            ? [
                {
                  key: "remove",
                  screen: true,
                  label: words.remove,
                  cell: (row: Row) =>
                    row.document && (
                      <Button look="link" busy={removing === row.id} aria-label={words.removeWhat(nameOf(row))} onClick={() => onRemove(row.id)}>
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

/** What the scan found is said in the reader's language; what else was wrong with a file, as the API says it. */
function State({ document: { state, reason, scan, pages } }: { document: Document }) {
  const words = useWords().cases.attachments;
  return (
    <>
      {words.states[state]}
      {state === "accepted" && pages ? `, ${words.pages(pages)}` : ""}
      {scan && <span className="display-block">{words.scans[scan]}</span>}
      {reason && !scan && (
        <span className="display-block" lang="en">
          {reason}
        </span>
      )}
    </>
  );
}
