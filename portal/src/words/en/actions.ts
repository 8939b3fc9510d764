// What may be done about a submitted case, by the names of the field.
export const actions = {
  title: "Actions",
  selecting: "Selecting Request",
  select: "Select the appropriate request",
  next: "Next",
  of: {
    information: "Additional Clinical Information",
    reconsideration: "Reconsideration",
    appeal: "Appeal",
    revision: "Authorization Revision",
    extension: "Extension",
    "peer-to-peer": "Peer-to-Peer Review",
    hearing: "State fair hearing",
    withdraw: "Withdraw a Request",
  },
};
