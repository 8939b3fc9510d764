// Letters that follow by themselves: two for each thing that they tell, within moments.

import type { Schemas } from "./types";

interface Told {
  number: string;
  determination?: { at: string } | null;
  pends?: readonly { at: string }[];
  voided?: { at: string } | null;
  moreTime?: { at: string } | null;
  withdrawal?: { at: string } | null;
}

type Letter = Pick<Schemas["LetterView"], "request" | "about" | "at">;

/** What is not told yet by both of its letters: when it happened, and how many are to come. Of decisions the one that holds counts: letters of one that was corrected may be dropped. */
export function unwritten(request: Told, letters: readonly Letter[]): { at: string; missing: number }[] {
  const { number, determination, pends = [], voided, moreTime, withdrawal } = request;
  const missing = (about: Letter["about"], times: readonly string[]) => {
    const since = about === "determination" ? times[0] : undefined;
    const there = letters.filter((letter) => letter.request === number && letter.about === about && (since === undefined || Date.parse(letter.at) >= Date.parse(since))).length;
    const last = times.at(-1);
    return last !== undefined && there < 2 * times.length ? [{ at: last, missing: 2 * times.length - there }] : [];
  };
  const once = (of: { at: string } | null | undefined) => (of ? [of.at] : []);
  return [
    ...missing("determination", once(determination)),
    ...missing("information", pends.map(({ at }) => at)),
    ...missing("void", once(voided)),
    ...missing("extension", once(moreTime)),
    ...missing("withdrawal", once(withdrawal)),
  ];
}
