import { useSpeech } from "../words/words";

interface Props {
  /** RFC 3339. */
  at: string;
  /** IANA name of the contract's zone; the reader's own, and named, where none is known. */
  zone?: string | undefined;
}

/** A moment in the contract's zone, with the zone's name: readers sit in other zones than the payer. */
export function Time({ at, zone }: Props) {
  const { language } = useSpeech();
  return <time dateTime={at}>{moment(at, zone, language)}</time>;
}

export function moment(at: string, zone: string | undefined, language: string): string {
  const format = new Intl.DateTimeFormat(language === "es" ? "es-US" : "en-US", {
    ...(zone ? { timeZone: zone } : {}),
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "numeric",
    minute: "2-digit",
    timeZoneName: "short",
  });
  return format.format(new Date(at));
}

/** A day of the calendar, which is the same everywhere. */
export function Day({ day }: { day: string }) {
  const { language } = useSpeech();
  const format = new Intl.DateTimeFormat(language === "es" ? "es-US" : "en-US", {
    timeZone: "UTC",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  return <time dateTime={day}>{format.format(new Date(`${day}T00:00:00Z`))}</time>;
}
