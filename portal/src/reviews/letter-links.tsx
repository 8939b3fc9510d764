import { useEffect, useState } from "react";
import type { Schemas } from "../api/types";
import { OpenFile } from "../ui/open-file";
import { WrittenIn } from "../ui/reading";
import { useWords } from "../words/words";

/** The letters as they would go out, each in a tab of its own. They are in this page's memory only, and go with it. */
export function LetterLinks({ letters }: { letters: readonly Schemas["PreviewedLetter"][] }) {
  const { decide: words, letters: { audience: names } } = useWords().reviews;
  const [opened] = useState(() => new Set<string>());
  useEffect(
    () => () => {
      for (const address of opened) URL.revokeObjectURL(address);
    },
    [opened],
  );
  const address = async (pdf: string) => {
    const made = URL.createObjectURL(new Blob([bytesOf(pdf)], { type: "application/pdf" }));
    opened.add(made);
    return made;
  };
  return (
    <>
      <h3>{words.letters}</h3>
      <p className="usa-hint">{words.lettersHint}</p>
      <ul className="usa-list">
        {letters.map(({ audience, language, format, pages, pdf }) => (
          <li key={audience}>
            {pdf ? <OpenFile label={words.see(names[audience], pages)} address={() => address(pdf)} /> : words.tooLarge(names[audience], pages)}
            <WrittenIn letter={{ language, format }} />
          </li>
        ))}
      </ul>
    </>
  );
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (byte) => byte.codePointAt(0) ?? 0);
}
