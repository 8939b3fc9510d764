// Words of the room `reviews` about its worklists.

/** How much waits on a worklist. */
interface Waiting {
  waiting: number;
  overdue: number;
  dueSoon: number;
  more: boolean;
}

export const list = {
  nurse: "Nurse worklist",
  physician: "Physician worklist",
  lead: "What is due first stands first.",
  filters: "Which requests",
  contract: "Contract",
  anyContract: "Any contract",
  caseId: "Case ID",
  member: "Member",
  service: "Service",
  requesting: "Requesting provider",
  request: "Request",
  due: "Due",
  overdue: "Overdue",
  escalated: "Escalated",
  extended: (days: number) => (days === 1 ? "Extended by one day" : `Extended by ${days} days`),
  talk: "Peer-to-peer",
  paused: "Clock stands still",
  news: "New information",
  message: "New message",
  reviewer: "Reviewer",
  nobody: "Nobody",
  you: "You",
  heldBy: "Held by",
  anybody: "Anybody or nobody",
  mine: "Mine",
  action: "Give",
  anyDue: "Any time",
  dueIn: { overdue: "Overdue", day: "In the next 24 hours, or overdue" },
  howFast: "Urgency",
  anyUrgency: "Any urgency",
  kind: "Kind of request",
  anyKind: "Any kind",
  waits: ({ waiting, overdue, dueSoon, more }: Waiting) =>
    `${more ? `more than ${waiting} wait` : waiting === 1 ? "1 waits" : `${waiting} wait`}, ${overdue} overdue, ${dueSoon} due in the next 24 hours`,
  age: (days: number) => (days === 0 ? "Came less than a day ago" : days === 1 ? "Came a day ago" : `Came ${days} days ago`),
  none: "Nothing waits here.",
  noneSuch: "Nothing of this kind waits here.",
  noneMineSuch: "You have claimed no request of this kind.",
  noneMine: "You have claimed no request on this list.",
  again: "Read again",
};
