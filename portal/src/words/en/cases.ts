// Words of the room `cases`.
export const cases = {
  home: {
    link: "Home",
    title: "Home",
    saved: "Request saved but not submitted",
    member: "Member",
    requesting: "Requesting provider",
    status: "Status",
    changed: "Last changed",
    none: "You have no saved request that waits to be submitted.",
  },
};
