//! How often each action may wait for AWS (docs/architecture.md): a write at most twice before its one transaction, a
//! read at most twice. What differs says why.

use crate::trips::Budget;

const READ: Budget = Budget { before: 2, transactions: 0, after: 0, why: "" };
const WRITE: Budget = Budget { before: 2, transactions: 1, after: 0, why: "" };
/// What shows PHI is noted before it is shown (OPS-05): one write after at most two reads.
const AUDITED: Budget = Budget { before: 3, why: "the last one notes who looked", ..READ };

/// The budget of every action.
pub const BUDGETS: &[(&str, Budget)] = &[
    ("verify-registration", READ),
    ("check-username", READ),
    ("register", WRITE),
    ("enrol", WRITE),
    ("sign-in", READ),
    ("answer-challenge", READ),
    ("find-members", READ),
    ("find-providers", READ),
    ("find-codes", READ),
    ("create-case", WRITE),
    ("edit-case", WRITE),
    ("get-case", AUDITED),
    ("list-cases", AUDITED),
    ("upload-document", WRITE),
    ("submit-case", Budget { before: 3, why: "the Case ID is drawn in addition", ..WRITE }),
    ("get-letter", AUDITED),
    ("list-worklist", AUDITED),
    ("list-staff", READ),
    ("add-staff", WRITE),
    ("update-staff", WRITE),
    ("claim-request", WRITE),
    ("determine-request", WRITE),
    ("on-fax-event", WRITE),
    ("refresh-session", READ),
    ("sign-out", WRITE),
    ("forgot-password", WRITE),
    ("reset-password", WRITE),
    ("get-profile", READ),
    ("update-profile", WRITE),
    ("list-users", READ),
    ("add-user", WRITE),
    ("update-user", WRITE),
    ("reset-registration", WRITE),
    ("unlock-user", WRITE),
    ("grant-reports", WRITE),
    ("add-provider", WRITE),
];
