import type { Schemas } from "../api/types";
import { useSpeech, useWords, type Language } from "../words/words";

type Member = Pick<Schemas["MemberView"], "language" | "lettersIn" | "format">;
type Letter = Pick<Schemas["LetterView"], "language" | "format">;

/** Languages that are spoken most in the country beside English (45 CFR 92.11), by their codes. */
const LANGUAGES = ["en", "es", "ar", "de", "fa", "fr", "gu", "hi", "hmn", "ht", "hy", "it", "ja", "km", "ko", "lo", "mh", "pl", "pt", "ru", "so", "tl", "ur", "vi", "zh", "zh-Hant"];

/** What a language is called in the reader's own; its code where nobody knows a name. */
export function languageName(code: string, language: Language): string {
  return new Intl.DisplayNames([language], { type: "language", fallback: "code" }).of(code) ?? code;
}

/** To choose from, in the order of their names. */
export function useLanguages(): { value: string; label: string }[] {
  const { language } = useSpeech();
  return LANGUAGES.map((value) => ({ value, label: languageName(value, language) })).toSorted((a, b) => a.label.localeCompare(b.label, language));
}

/** In which language and print a member's letters are written, and that they asked for another one where there is none. */
export function Reads({ member: { language: asked, lettersIn, format } }: { member: Member }) {
  const { language } = useSpeech();
  const words = useWords().requests.reading;
  const written = languageName(lettersIn, language);
  const other = asked && asked.split("-")[0] !== lettersIn;
  return (
    <>
      {words.letter(written, words.formats[format])}
      {other && <span className="display-block">{words.asked(languageName(asked, language), written)}</span>}
    </>
  );
}

/** The same of a letter; nothing of one in usual print and English. */
export function WrittenIn({ letter: { language: code, format } }: { letter: Letter }) {
  const { language } = useSpeech();
  const words = useWords().requests.reading;
  if (code === "en" && format === "standard") return null;
  return <span className="usa-hint display-block">{words.letter(languageName(code, language), words.formats[format])}</span>;
}
