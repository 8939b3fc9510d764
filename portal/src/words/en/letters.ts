// Words of the room `letters`.
import { lettersAbout } from "./requests";

export const letters = {
  link: "Letters to repair",
  title: "Letters to repair",
  lead: "Letters that lack something that they must have, and were not sent, or that the mail carrier did not take. The one held longest is first.",
  mend: "A name or an address is mended in the plan's file or the registry's, a text of the contract in its pack. Then have the letter written again: it is written with what stands there now.",
  filters: "Which letters",
  contract: "Contract",
  anyContract: "Any contract",
  again: "Read again",
  caseId: "Case ID",
  letter: "Letter",
  about: lettersAbout,
  missing: "What is missing",
  refused: (status: number) => `An address that the mail carrier takes: it refused this one (status ${status}).`,
  since: "Held since",
  due: "Request is due",
  tried: "Last tried",
  never: "Not yet",
  action: "Repair",
  none: "No letter waits for repair.",
  write: "Write it again",
  writeWhat: (what: string, where: string) => `Write it again: ${what}, ${where}`,
  beingWritten: "It is being written.",
  issued: (what: string, where: string) => `${what}, ${where}: it is issued and on its way.`,
  still: (what: string, where: string) => `${what}, ${where}: it is not issued. It still lacks:`,
};
