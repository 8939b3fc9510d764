import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client";
import { queries } from "../api/queries";
import type { Schemas } from "../api/types";
import { Button } from "../ui/button";
import { FileDrop } from "../ui/file-drop";
import { RefusalAlert } from "../ui/refusal";
import { useWords } from "../words/words";
import { DocumentTable } from "./document-table";
import { NotArrived } from "./not-arrived";
import { WayOn, type StepProps } from "./step-form";
import { useUploads, type Upload, type Uploads } from "./uploads";

export function AttachmentsPage({ found, contract, owner }: StepProps) {
  const { cases: words, ui } = useWords();
  const { key, checklist, documents, requests } = found.value;
  const [documentType, choose] = useState("");
  const [lacks, setLacks] = useState<"type" | "file">();
  const { uploads, kept } = useUploads(owner, key);
  const removal = useMutation({
    mutationFn: (document: string) => api.DELETE("/cases/{id}/documents/{document}", { params: { path: { id: key, document } } }),
    onSettled: () => queries.invalidateQueries({ queryKey: ["case", key] }),
  });
  const waiting = uploads.filter(({ waits }) => waits);
  const shown = documents.filter(({ state }) => state !== "removed");
  return (
    <>
      <Checklist checklist={checklist} />
      <h2>{words.attachments.upload}</h2>
      <label className="usa-label" htmlFor="documentType">
        {words.attachments.type}
      </label>
      <select
        id="documentType"
        className="usa-select"
        value={documentType}
        aria-invalid={lacks === "type" || undefined}
        aria-describedby={lacks === "type" ? "documentType-error" : undefined}
        onChange={(event) => {
          choose(event.target.value);
          setLacks(undefined);
        }}
      >
        <option value="">{ui.choose}</option>
        {contract.documentTypes.map(({ id, label }) => (
          <option key={id} value={id} lang="en">
            {label}
          </option>
        ))}
      </select>
      {lacks === "type" && (
        <p className="usa-error-message" role="alert" id="documentType-error">
          {words.attachments.chooseFirst}
        </p>
      )}
      <FileDrop
        id="file"
        label={words.attachments.file}
        hint={words.attachments.takes(contract.fileTypes.join(", "), Math.floor(contract.documentMaxBytes / 1_000_000))}
        accept={contract.fileTypes.map((ending) => `.${ending}`).join(",")}
        error={lacks === "file" ? words.attachments.noFile : undefined}
        onFiles={(files) => {
          setLacks(documentType ? undefined : "type");
          if (documentType) kept.choose(files, documentType, requests.at(-1)?.number ?? "");
          else document.getElementById("documentType")?.focus();
        }}
      />
      <Waiting uploads={waiting} kept={kept} contract={contract} />
      <Button
        onClick={() => {
          if (waiting.length > 0) return kept.sendChosen();
          setLacks("file");
          return document.getElementById("file")?.focus();
        }}
      >
        {words.attachments.send}
      </Button>
      <NotArrived uploads={uploads} kept={kept} />
      <h2>{words.attachments.documents}</h2>
      {removal.isError && <RefusalAlert thrown={removal.error} />}
      <DocumentTable
        of={found.value}
        documents={shown}
        uploads={uploads}
        contract={contract}
        onRemove={(id) => removal.mutate(id)}
        removing={removal.isPending ? removal.variables : undefined}
      />
      <WayOn of={found.value} step="attachments" />
    </>
  );
}

/** What was chosen, until it is uploaded. */
function Waiting({ uploads, kept, contract }: { uploads: readonly Upload[]; kept: Uploads; contract: StepProps["contract"] }) {
  const words = useWords().cases;
  return (
    <div role="status">
      {uploads.length > 0 && (
        <>
          <p className="margin-bottom-0">{words.attachments.chosen}:</p>
          <ul className="usa-list">
            {uploads.map((upload) => (
              <li key={upload.id}>
                {upload.file.name}, <span lang="en">{contract.documentTypes.find(({ id }) => id === upload.documentType)?.label}</span>{" "}
                <Button look="link" aria-label={words.removeWhat(upload.file.name)} onClick={() => kept.drop(upload)}>
                  {words.remove}
                </Button>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

/** The documents without which the case cannot be submitted. */
function Checklist({ checklist }: { checklist: Schemas["ChecklistView"][] }) {
  const words = useWords().cases.attachments;
  if (checklist.length === 0) return <p>{words.nothingRequired}</p>;
  return (
    <>
      <h2>{words.required}</h2>
      <div role="status">
        <ul className="rules">
          {checklist.map(({ documentType, label, status }) => (
            <li key={documentType} data-kept={status === "attached"}>
              <span lang="en">{label}</span>: <strong>{words.checks[status]}</strong>
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}
