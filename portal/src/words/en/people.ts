// Words about people and their accounts that rooms share.
export const people = {
  username: "Username",
  name: "Name",
  email: "E-mail",
  phone: "Phone",
  fax: "Fax",
  status: "Status",
  anyStatus: "Any status",
  since: "Since",
  until: "Link works until",
  state: { invited: "Invited", active: "Active", locked: "Locked", dormant: "Dormant", deactivated: "Deactivated" },
  role: {
    staff: "Provider Staff Account",
    "provider-admin": "Provider Admin",
    "group-admin": "Provider Group Admin",
    "provider-admin-reports": "Provider Admin + Reports",
    "group-admin-reports": "Provider Group Admin + Reports",
  },
  /** Posts of payer staff. */
  post: {
    intake: "Intake",
    nurse: "Nurse Reviewer",
    physician: "Physician Reviewer",
    support: "Support",
    "contract-manager": "Contract Manager",
    operations: "Operations",
  },
  /** Behind the post of a nurse or a physician who leads the others. */
  lead: "lead",
  linkSent: "A link to set up the account was mailed.",
  works: "The link works until",
  usernameHint: "3 to 64 characters: letters, digits, period, underscore, hyphen or @.",
  reset: {
    button: "Reset Registration",
    title: (name: string) => `Reset the registration of ${name}?`,
    text: "A link is mailed, by which they set a new password and a new second factor. Until then they cannot log in, and an earlier link works no more.",
    done: (name: string) => `The registration of ${name} is reset.`,
  },
  deactivate: {
    button: "Deactivate",
    title: (name: string) => `Deactivate ${name}?`,
    text: "They are signed out everywhere and cannot log in. What they did stays as it is.",
    done: (name: string) => `${name} is deactivated.`,
  },
  back: {
    button: "Bring back",
    title: (name: string) => `Bring ${name} back?`,
    text: "A link is mailed, by which they set a new password and a new second factor. Their roles are as they were.",
    done: (name: string) => `${name} is brought back.`,
  },
  saved: "Saved. The person was told by e-mail.",
};
