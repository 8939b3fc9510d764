import { get, useFormContext } from "react-hook-form";
import { offered } from "../api/contracts";
import type { Schemas } from "../api/types";
import { Button } from "../ui/button";
import { Select } from "../ui/choices";
import { Errors } from "../ui/field";
import { FileDrop } from "../ui/file-drop";
import { useWords } from "../words/words";
import type { Contract } from "./queries";

/** A file that goes with what is sent, once it is. */
export interface Chosen {
  id: string;
  file: File;
  documentType: string;
}

/** As they are announced. */
export const announced = (chosen: readonly Chosen[]) => chosen.map(({ file, documentType }) => ({ documentType, fileName: file.name, bytes: file.size }));

/** Each with where it is to be brought. */
export function targets(chosen: readonly Chosen[], documents: readonly Schemas["AwaitedDocument"][], request: string) {
  return chosen.flatMap((one, place) => {
    const awaited = documents[place];
    return awaited ? [{ ...one, request, awaited }] : [];
  });
}

interface FilesProps {
  contract: Contract;
  /** Tells the field from those of other forms. */
  id: string;
  chosen: readonly Chosen[];
  choose: (chosen: readonly Chosen[]) => void;
}

/** What the API may say of a file. */
const PARTS = ["documentType", "fileName", "bytes"];

/** The files that go with it, each with the type that was chosen before. */
export function ChosenFiles({ contract, id: name, chosen, choose }: FilesProps) {
  const words = useWords().cases;
  const { getValues, setError, setFocus, clearErrors, formState } = useFormContext<{ documentType: string }>();
  const told = (place: string) => (get(formState.errors, place) as { message?: string } | undefined)?.message;
  const labelOf = (type: string) => contract.documentTypes.find(({ id }) => id === type)?.label ?? type;
  return (
    <>
      <Select name="documentType" label={words.attachments.type} options={offered(contract.documentTypes)} />
      <FileDrop
        id={`file-${name}`}
        label={words.attachments.file}
        hint={words.attachments.takes(contract.fileTypes.join(", "), Math.floor(contract.documentMaxBytes / 1_000_000))}
        accept={contract.fileTypes.map((ending) => `.${ending}`).join(",")}
        onFiles={(files) => {
          const documentType = getValues("documentType");
          if (!documentType) {
            setError("documentType", { type: "required", message: words.attachments.chooseFirst });
            return setFocus("documentType");
          }
          clearErrors("documentType");
          return choose([...chosen, ...files.map((file) => ({ id: crypto.randomUUID(), file, documentType }))]);
        }}
      />
      <div role="status">
        {chosen.length > 0 && (
          <ul className="usa-list" id="documents" tabIndex={-1}>
            {chosen.map(({ id, file, documentType }, place) => (
              <li key={id}>
                {PARTS.map((part) => (
                  <span key={part} id={`documents-${place}-${part}`} tabIndex={-1}>
                    <Errors id={`documents-${place}-${part}`} text={told(`documents.${place}.${part}`)} />
                  </span>
                ))}
                {file.name}, <span lang="en">{labelOf(documentType)}</span>{" "}
                <Button look="link" aria-label={words.removeWhat(file.name)} onClick={() => choose(chosen.filter((one) => one.id !== id))}>
                  {words.remove}
                </Button>
              </li>
            ))}
          </ul>
        )}
      </div>
    </>
  );
}
