import { useWords, type Words } from "../words/words";

type Reading = Words["requests"]["reading"];

/** A letter, by its language and print. */
interface Letter {
  language: string;
  format: keyof Reading["formats"];
}

/** How a member reads, as far as somebody said it, and in which language the contract writes to them. */
interface Member {
  language?: string | null | undefined;
  lettersIn: string;
  format: Letter["format"];
}

/** What a language is called; its code where there is no name for it. */
function named(code: string, { languages }: Reading): string {
  const [primary = code] = code.split("-");
  return Object.entries(languages).find(([known]) => known === primary)?.[1] ?? code;
}

/** To choose from, in the order of their names. */
export function useLanguages(): { value: string; label: string }[] {
  const { languages } = useWords().requests.reading;
  return Object.entries(languages)
    .map(([value, label]) => ({ value, label }))
    .toSorted((a, b) => a.label.localeCompare(b.label));
}

/** In which language and print a member's letters are written, and that they asked for another one where there is none. */
export function Reads({ member: { language: asked, lettersIn, format } }: { member: Member }) {
  const words = useWords().requests.reading;
  const written = named(lettersIn, words);
  const other = asked && asked.split("-")[0] !== lettersIn;
  return (
    <>
      {words.letter(written, words.formats[format])}
      {other && <span className="display-block">{words.asked(named(asked, words), written)}</span>}
    </>
  );
}

/** The same of a letter; nothing of one in English and usual print. */
export function WrittenIn({ letter: { language, format } }: { letter: Letter }) {
  const words = useWords().requests.reading;
  if (language === "en" && format === "standard") return null;
  return <span className="usa-hint display-block">{words.letter(named(language, words), words.formats[format])}</span>;
}
