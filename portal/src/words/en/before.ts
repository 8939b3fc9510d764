// Words of the room `cases` about what was asked for before: earlier requests, the search for cases, possible duplicates.

export const earlier = {
  title: "Earlier Requests",
  about: "Look whether the service was asked for already. If it was not, create the case.",
  requesting: "Requests of your providers",
  servicing: "Servicing requests",
  none: {
    requesting: "Your providers have asked for nothing for this member yet.",
    servicing: "No other provider has named one of yours for a service of this member.",
  },
  sorting: "Order of the requests",
  sort: "Sort by",
  sorts: {
    submitted: "Submitted",
    request: "Request",
    status: "Status",
    setting: "Category",
    discharged: "Discharge date",
    "service-type": "Service type",
    days: "Service dates",
  },
  order: "Order",
  orders: { descending: "Descending", ascending: "Ascending" },
  savedAtOnce: "Once you click “Create Case”, the case is created and saved, but not submitted.",
};

export const search = {
  more: "By member, provider or dates",
  member: "Member: number, or last name and date of birth",
  provider: "Provider",
  providerHint: "Requesting, servicing or attending: NPI, or at least three letters of the name.",
  submittedFrom: "Submitted from",
  submittedTo: "Submitted to",
  serviceFrom: "Services from",
  serviceTo: "Services to",
};

export const duplicates = {
  title: "This may have been asked for before",
  about: "The same procedure, for the same member, by the same servicing provider, on days that overlap:",
  one: (caseId: string, request: string) => `Case ${caseId}, ${request}`,
  performedBy: (provider: string) => `Performed by ${provider}.`,
  addNote: "It is not decided yet. If something is missing there, add a note to that case instead of asking again.",
  instead: "Instead of asking again, change what is authorized there:",
  lookThere: "Look there first what was decided, before you ask again.",
  reason: "Why do you ask again?",
  reasonHint: "At most 1,000 characters. The reviewer reads it.",
};
