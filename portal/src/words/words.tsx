// The portal's own words in the reader's language. English is the type: what Spanish lacks does not compile.

import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from "react";
import { en as everywhere } from "./en/all";
import type { inside } from "./en/inside";

/** The shape of the English words with any text in it. */
type Text<T> = T extends string ? string : T extends (...values: infer V) => infer R ? (...values: V) => R extends string ? string : R : { [K in keyof T]: Text<T[K]> };
export type Words = Text<typeof everywhere & typeof inside>;
export type Language = "en" | "es";

interface Speech {
  language: Language;
  words: Words;
  speak: (language: Language) => void;
}

/** Whole once a page behind a door is shown: no other has the words of its rooms. */
const en = { ...everywhere } as Words;

/** The words of the pages behind the doors. */
export async function wordsInside(): Promise<void> {
  Object.assign(en, (await import("./en/inside")).inside);
}

const LANGUAGE = "portico.language";
/** What was chosen here before, else the browser's language. */
let first: { language: Language; words: Words } = { language: "en", words: en };

/** Before anything is shown: nothing is said in one language and then in another. */
export async function wordsAtFirst(): Promise<void> {
  const language = preferred();
  try {
    first = { language, words: await wordsOf(language) };
  } catch {
    // The network is away: what is there already is English.
  }
  document.documentElement.lang = first.language;
}

const SpeechContext = createContext<Speech>({ language: "en", words: en, speak: () => undefined });

export function Speaking({ children }: { children: ReactNode }) {
  const [speech, setSpeech] = useState(first);
  const speak = useCallback((language: Language) => {
    void wordsOf(language).then((words) => {
      document.documentElement.lang = language;
      localStorage.setItem(LANGUAGE, language);
      setSpeech({ language, words });
    });
  }, []);
  const value = useMemo(() => ({ ...speech, speak }), [speech, speak]);
  return <SpeechContext value={value}>{children}</SpeechContext>;
}

export function useWords(): Words {
  return useContext(SpeechContext).words;
}

export function useSpeech(): Speech {
  return useContext(SpeechContext);
}

async function wordsOf(language: Language): Promise<Words> {
  return language === "es" ? (await import("./es/all")).es : en;
}

function preferred(): Language {
  const chosen = localStorage.getItem(LANGUAGE) ?? navigator.language;
  return chosen.startsWith("es") ? "es" : "en";
}
