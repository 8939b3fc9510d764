import { useState, type ReactNode } from "react";
import { useWords } from "../words/words";
import { Labelled } from "./field";

interface Props {
  id: string;
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  /** Endings that are taken, as `.pdf,.docx`. */
  accept: string;
  onFiles: (files: readonly File[]) => void;
}

/** Files dragged here or chosen. */
export function FileDrop({ id, label, hint, error, accept, onFiles }: Props) {
  const words = useWords().ui;
  const [over, setOver] = useState(false);
  return (
    <Labelled id={id} label={label} hint={hint} error={error}>
      <div className="usa-file-input">
        <div className={over ? "usa-file-input__target usa-file-input--drag" : "usa-file-input__target"}>
          <div className="usa-file-input__instructions" aria-hidden="true">
            <span className="usa-file-input__drag-text">{words.drop}</span>
            <span className="usa-file-input__choose">{words.chooseFile}</span>
          </div>
          <div className="usa-file-input__box" />
          <input
            id={id}
            className="usa-file-input__input"
            type="file"
            multiple
            accept={accept}
            aria-describedby={[hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ") || undefined}
            onDragOver={() => setOver(true)}
            onDragLeave={() => setOver(false)}
            onDrop={() => setOver(false)}
            onChange={(event) => {
              onFiles([...(event.target.files ?? [])]);
              // The same file once more is a new choice.
              event.target.value = "";
            }}
          />
        </div>
      </div>
    </Labelled>
  );
}

/** How far a file is, on one line. */
export function Progress({ of, percent }: { of: string; percent: number }) {
  const words = useWords().ui;
  return (
    <>
      <progress max={100} value={percent} aria-label={of} /> {words.uploaded(percent)}
    </>
  );
}
