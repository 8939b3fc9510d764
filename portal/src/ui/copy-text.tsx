import { useState } from "react";
import { useWords } from "../words/words";
import { Button } from "./button";

/** Something to take elsewhere, such as a Case ID. */
export function CopyText({ text, what }: { text: string; what: string }) {
  const words = useWords().ui;
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <span className="copy-text">
      <strong>{text}</strong>{" "}
      <Button look="link" onClick={() => void copy()}>
        {words.copy(what)}
      </Button>{" "}
      <span role="status">{copied ? words.copied : ""}</span>
    </span>
  );
}
