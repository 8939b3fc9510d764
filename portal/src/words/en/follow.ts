// What follows a decision: words that `cases` and `reviews` share, and those of the forms.

/** What a request follows. */
export const followed = {
  title: (of: string) => `This follows ${of}`,
  decided: (of: string) => `${of} was decided`,
  said: "What was said with it",
  before: "Authorized before",
  nothing: "nothing",
  amount: (units: number) => (units === 1 ? "1 unit" : `${units} units`),
  removed: (count: number) => (count === 1 ? "One line is not to be authorized any more." : `${count} lines are not to be authorized any more.`),
  servicing: "To be performed by",
  hadAPart: "You had a part in the decision that this request is about. Another reviewer decides it.",
};

export const follow = {
  title: (of: string) => `After the decision on ${of}`,
  ask: {
    reconsideration: "Ask for a reconsideration",
    appeal: "Appeal",
    extension: "Extend",
    revision: "Revise",
  },
  askOf: {
    reconsideration: (of: string) => `Ask for a reconsideration of ${of}`,
    appeal: (of: string) => `Appeal ${of}`,
    extension: (of: string) => `Extend ${of}`,
    revision: (of: string) => `Revise ${of}`,
  },
  until: "until",
  not: "What cannot be asked for now, and why",
  /** Why something may not follow: the API's own sentence. */
  refused: (_code: string, detail: string) => detail,
  lead: {
    reconsideration: "Another reviewer looks at what was not approved. Say what was not considered, and add what supports it.",
    appeal: "Somebody who had no part in the decision looks at what was not approved. Say why it should be approved, and add what supports it.",
    extension: "The authorization keeps its number and ends later; its units stay as they are. Say why more time is needed.",
    revision: "The authorization keeps its number. Change the lines to what they are to be, and say what changes and why.",
  },
  to: "New last day",
  lastDay: "The authorization lasts until",
  urgency: "Urgency",
  lines: "All lines as they are to be",
  add: "Add a line",
  removeLine: (place: number) => `Remove line ${place}`,
  servicing: "Another servicing provider",
  findServicing: "Search for new provider",
  billed: "It was billed already: its provider and modifiers cannot change, and nothing that was billed can be removed.",
  send: "Submit",
  asked: (request: string) => `${request} was submitted. Its decision comes by letter, and stands here.`,
  authorization: "Authorizations",
  billedUnits: (units: number) => `${units} ${units === 1 ? "unit" : "units"} billed so far`,
  authorizationOf: (requests: string) => `Given or changed by ${requests}`,
};
