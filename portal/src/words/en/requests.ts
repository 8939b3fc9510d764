// Words about a case and its requests that `cases` and `reviews` share: what is one thing has one name.

export { followed } from "./follow";
export { hearings } from "./hearings";

export const statuses = {
  draft: "Saved, not submitted",
  submitted: "Submitted",
  "nurse-review": "In nurse review",
  "physician-review": "In physician review",
  pended: "Waiting for information",
  "pended-eligibility": "Waiting for eligibility",
  approved: "Approved",
  modified: "Approved in part",
  denied: "Denied",
  void: "Closed without a decision",
  withdrawn: "Withdrawn",
  cancelled: "Cancelled",
};

export const reviewKinds = {
  initial: "Initial",
  concurrent: "Concurrent",
  retrospective: "Retrospective",
  renewal: "Renewal",
  reconsideration: "Reconsideration",
  appeal: "Appeal",
  revision: "Revision",
  extension: "Extension",
};

export const urgencies = { standard: "Standard", expedited: "Expedited" };

export const settings = { inpatient: "Inpatient", outpatient: "Outpatient" };

export const admissions = { elective: "Elective", emergent: "Emergent" };

export const pers = { day: "a day", week: "a week", month: "a month" };

export const clockStates = { running: "Running", paused: "Paused", met: "Decided in time", missed: "Decided late", stopped: "Ended without a decision" };

export const documentStates = { awaited: "Being checked", accepted: "Attached", refused: "Refused", failed: "Not attached", removed: "Taken out" };

/** What the scan found in a file that it kept out: to whoever attached it, and to whoever looks at the case. */
export const scans = {
  toSender: {
    harmful: "A virus or other harmful content was found in this file. It was not kept, and nobody can open it. Do not send it again: have the computer that it comes from checked, and attach a copy from a clean one.",
    unscannable: "This file could not be checked for viruses, so it was not kept. Save it as a PDF without a password, and attach that.",
    unscanned: "This file could not be checked for viruses because of a fault on our side, so it was not kept. Please attach it again.",
  },
  toReader: { harmful: "harmful content was found in it", unscannable: "it could not be checked for viruses", unscanned: "the check for viruses failed" },
};

export const attached = { states: documentStates, scans: scans.toSender };

export const letterTo = { provider: "Letter to the provider", member: "Letter to the member" };

/** By what a letter tells, and to whom. */
export const lettersAbout = {
  determination: letterTo,
  information: { provider: "Request for information to the provider", member: "Request for information, letter to the member" },
  void: { provider: "Letter to the provider: closed without a decision", member: "Letter to the member: closed without a decision" },
  withdrawal: { provider: "Letter to the provider: withdrawn", member: "Letter to the member: withdrawn" },
  extension: { provider: "Letter to the provider: more time to decide", member: "Letter to the member: more time to decide" },
};

/** In which language and print the member reads letters. The languages are those spoken most beside English (45 CFR 92.11). */
export const reading = {
  languages: { ar: "Arabic", de: "German", en: "English", es: "Spanish", fa: "Persian", fr: "French", gu: "Gujarati", hi: "Hindi", hmn: "Hmong", ht: "Haitian Creole", hy: "Armenian", it: "Italian", ja: "Japanese", km: "Khmer", ko: "Korean", lo: "Lao", mh: "Marshallese", pl: "Polish", pt: "Portuguese", ru: "Russian", so: "Somali", tl: "Tagalog", ur: "Urdu", vi: "Vietnamese", zh: "Chinese" },
  title: "Letters to the member",
  languageHint: "The language in which the member wants letters. They are written in it where the program does so, else in English with an offer of help.",
  none: "Not known",
  format: "Print of letters",
  formats: { standard: "usual print", "large-print": "large print" },
  formatNames: { standard: "Usual print", "large-print": "Large print (18 points)" },
  letter: (language: string, format: string) => `In ${language}, ${format}`,
  asked: (asked: string, written: string) => `The member asks for ${asked}. The program writes none: letters are in ${written}, with an offer of help.`,
};

/** That the time for a decision was extended. */
export const moreTime = {
  title: (days: number) => (days === 1 ? "The time to decide was extended by one day" : `The time to decide was extended by ${days} days`),
  until: "The decision is due by",
  askedBy: { member: "The member asked for it.", provider: "The provider asked for it.", plan: "The plan needs more information." },
  escalated: "Not decided in time; those who lead the reviewers were told",
};

/** The last days that count for a request. */
export const lastDays = {
  title: (request: string) => `Last days for ${request}`,
  over: "over",
  of: {
    decision: "Decision",
    information: "Answer to what was asked",
    "peer-to-peer": "Ask for peer-to-peer",
    reconsideration: "Ask for a reconsideration",
    appeal: "Ask for an appeal",
    hearing: "Ask for a State fair hearing",
  },
};

/** On which days the plan's file does not cover the member, and what follows from it. */
export const coverage = {
  outside: "Outside the member's coverage:",
  hint: "The plan's file does not cover the member on these days. You can submit all the same: the request waits for the next files, and a reviewer looks at it when they do not bring the coverage.",
  waits: (request: string) => `${request} waits for the member's eligibility`,
  until: "The plan's file does not cover the member on all days that were asked for. The request goes on by itself as soon as a file does; a reviewer looks at it at the latest from",
};

/** That a request was closed without a decision, and why. */
export const closings = {
  title: "Closed without a decision",
  because: { "not-eligible": "Closed without a decision: not eligible", "not-required": "Closed without a decision: authorization not required", duplicate: "Closed without a decision: duplicate" },
  other: (request: string, caseId: string) => `It repeats request ${request} of case ${caseId}.`,
  rule: "Rule",
};

/** What was decided before, where a decision was corrected. */
export const corrections = {
  /** Of the decision that holds. */
  corrects: (number: number) => `Corrects decision ${number}`,
  title: "Earlier decisions",
  decision: (number: number) => `Decision ${number}`,
  replaced: (by: number) => `replaced by decision ${by}`,
  line: (place: number) => `Line ${place}`,
};

/** What came of a request for information. */
export const pendStates = { waiting: "waiting for the provider", answered: "answered", silent: "no answer came in time", withdrawn: "the request was withdrawn" };

export const pages = (count: number) => (count === 1 ? "1 page" : `${count} pages`);

/** Conversations between the ordering provider and a physician of the payer. */
export const talks = {
  title: (request: string, state: string) => `Peer-to-peer about ${request}: ${state}`,
  states: { asked: "asked for", scheduled: "scheduled", held: "held", missed: "missed" },
  provider: "Ordering provider",
  phone: "Phone",
  times: "Offered",
  time: "Scheduled for",
  outcome: "What came of it",
};

/** How one is asked for. */
export const askTalk = {
  ask: (request: string) => `Ask for peer-to-peer about ${request}`,
  lead: "The ordering provider talks with a physician of the plan about this decision. The decision stands until another one is made.",
  until: "To be asked for by",
  provider: "Ordering provider",
  providerHint: "Name and credential of who will be called.",
  phone: "Phone to call",
  zone: (name: string) => `Three separate times, as clocks show them in ${name}. The plan chooses one.`,
  date: (place: number) => `Date ${place}`,
  time: (place: number) => `Time ${place}`,
  timeHint: "As 14:30 or 2:30 PM.",
  send: "Submit",
  asked: (request: string) => `Peer-to-peer about ${request} is asked for. The chosen time will stand here.`,
};

/** What a request may repeat. */
export const repeats = {
  title: "It may repeat an earlier request",
  of: "Asked for before",
  reason: "Why it was asked for again",
};

export const notes = {
  title: "Notes",
  none: "There are no notes.",
  earlier: "Show earlier notes",
  type: "Note type",
  types: {
    "note": "Note",
    "information": "Additional information",
    "peer-to-peer": "Peer-to-peer review",
    "reconsideration": "Reconsideration",
    "appeal": "Appeal",
    "revision": "Revision",
    "extension": "Extension",
  },
};

export const timeline = {
  title: "Timeline",
  earlier: "Show what was before",
  /** Who or what did it, where it is no person. */
  by: (who: string) => who,
  /** What happened, from the API's own sentence: none where there are no words for it. */
  happened: (sentence: string): string | undefined => sentence,
};
