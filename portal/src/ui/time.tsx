import { useEffect, useState } from "react";
import { useSpeech, type Language } from "../words/words";
import { isDay } from "./dates";

interface Props {
  /** RFC 3339. */
  at: string;
  /** IANA name of the contract's zone; the reader's own, and named, where none is known after a while. */
  zone?: string | undefined;
}

/** As long as a contract's document may be on its way. */
const PATIENCE = 2000;

/** A moment in the contract's zone, with the zone's name: readers sit in other zones than the payer. No hour is told that changes a moment later. */
export function Time({ at, zone }: Props) {
  const { language } = useSpeech();
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (zone) return undefined;
    const timer = setTimeout(() => setLate(true), PATIENCE);
    return () => clearTimeout(timer);
  }, [zone]);
  return <time dateTime={at}>{zone || late ? moment(at, zone, language) : "…"}</time>;
}

/**
 * The months have names in Spanish: its readers are used to the day first, the forms of this country to the month, and 03/06
 * would be both.
 */
function parts(language: Language): Intl.DateTimeFormatOptions {
  return { year: "numeric", month: language === "es" ? "short" : "2-digit", day: language === "es" ? "numeric" : "2-digit" };
}

const tag = (language: Language) => (language === "es" ? "es-US" : "en-US");

export function moment(at: string, zone: string | undefined, language: Language): string {
  const clock = { hour: "numeric", minute: "2-digit", timeZoneName: "short" } as const;
  return new Intl.DateTimeFormat(tag(language), { ...(zone ? { timeZone: zone } : {}), ...parts(language), ...clock }).format(new Date(at));
}

/** A day of the calendar, which is the same everywhere. */
export function Day({ day }: { day: string }) {
  const { language } = useSpeech();
  return <time dateTime={day}>{dayText(day, language)}</time>;
}

/** The same as text; what is no day stays as it was typed. */
export function dayText(day: string, language: Language): string {
  if (!isDay(day)) return day;
  return new Intl.DateTimeFormat(tag(language), { timeZone: "UTC", ...parts(language) }).format(new Date(`${day}T00:00:00Z`));
}
