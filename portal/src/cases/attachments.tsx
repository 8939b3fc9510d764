import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client";
import { queries } from "../api/queries";
import type { Schemas } from "../api/types";
import { FileDrop } from "../ui/file-drop";
import { RefusalAlert } from "../ui/refusal";
import { useWords } from "../words/words";
import { DocumentTable } from "./document-table";
import { NotArrived } from "./not-arrived";
import { WayOn, type StepProps } from "./step-form";
import { useUploads } from "./uploads";

export function AttachmentsPage({ found, contract, owner }: StepProps) {
  const { cases: words, ui } = useWords();
  const { key, checklist, documents, requests } = found.value;
  const [documentType, choose] = useState("");
  const [unchosen, setUnchosen] = useState(false);
  const { uploads, kept } = useUploads(owner, key);
  const removal = useMutation({
    mutationFn: (document: string) => api.DELETE("/cases/{id}/documents/{document}", { params: { path: { id: key, document } } }),
    onSettled: () => queries.invalidateQueries({ queryKey: ["case", key] }),
  });
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
        aria-invalid={unchosen || undefined}
        aria-describedby={unchosen ? "documentType-error" : undefined}
        onChange={(event) => {
          choose(event.target.value);
          setUnchosen(false);
        }}
      >
        <option value="">{ui.choose}</option>
        {contract.documentTypes.map(({ id, label }) => (
          <option key={id} value={id} lang="en">
            {label}
          </option>
        ))}
      </select>
      {unchosen && (
        <p className="usa-error-message" role="alert" id="documentType-error">
          {words.attachments.chooseFirst}
        </p>
      )}
      <FileDrop
        id="file"
        label={words.attachments.file}
        hint={words.attachments.takes(contract.fileTypes.join(", "), Math.floor(contract.documentMaxBytes / 1_000_000))}
        accept={contract.fileTypes.map((ending) => `.${ending}`).join(",")}
        onFiles={(files) => {
          if (documentType) kept.add(files, documentType, requests.at(-1)?.number ?? "");
          else {
            setUnchosen(true);
            document.getElementById("documentType")?.focus();
          }
        }}
      />
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
