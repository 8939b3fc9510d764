//! How often each action may wait for AWS (docs/architecture.md): a write at most twice before its one transaction, a
//! read at most twice. What differs says why.

use crate::trips::Budget;

const READ: Budget = Budget { before: 2, transactions: 0, after: 0, why: "" };
const WRITE: Budget = Budget { before: 2, transactions: 1, after: 0, why: "" };

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
    ("get-case", READ),
    ("list-cases", READ),
    ("upload-document", WRITE),
    ("submit-case", Budget { before: 3, why: "the Case ID is drawn in addition", ..WRITE }),
    ("get-letter", READ),
    ("list-worklist", READ),
    ("claim-request", WRITE),
    ("determine-request", WRITE),
    ("on-fax-event", WRITE),
];
