//! How often each action may wait for AWS (docs/architecture.md): a write at most twice before its one transaction, a
//! read at most twice. What differs says why.

use crate::trips::Budget;

const READ: Budget = Budget { before: 2, transactions: 0, after: 0, why: "" };
const WRITE: Budget = Budget { before: 2, transactions: 1, after: 0, why: "" };
/// What shows PHI is noted before it is shown (OPS-05): one write after at most two reads.
const AUDITED: Budget = Budget { before: 3, why: "the last one notes who looked", ..READ };

/// What mails a link to somebody counts it once everything else is right.
const INVITES: Budget = Budget { before: 3, why: "invitations of an hour are counted", ..WRITE };

/// The budget of every action.
pub const BUDGETS: &[(&str, Budget)] = &[
    ("list-contracts", READ),
    ("get-contract", READ),
    (
        "check-requirement",
        Budget { before: 4, why: "its number is drawn in addition, and who asked for whom is noted", ..WRITE },
    ),
    ("get-check", AUDITED),
    ("verify-registration", READ),
    ("check-username", READ),
    ("register", WRITE),
    (
        "enrol",
        Budget { before: 7, why: "five are Cognito's: the user anew, the password, and the app to set up", ..WRITE },
    ),
    (
        "sign-in",
        Budget {
            before: 5,
            why: "whose networks are known is read first; one is Cognito's; a factor with PINs has a limit to count; what counts failures only is given back",
            ..WRITE
        },
    ),
    (
        "answer-challenge",
        Budget { before: 6, why: "as sign-in; two are Cognito's: the code of a new app, or the spoken PIN", ..WRITE },
    ),
    ("resend-pin", WRITE),
    ("find-members", READ),
    ("add-temporary-member", WRITE),
    ("list-imports", READ),
    (
        "list-queues",
        Budget {
            before: 6,
            why: "what a contract has due is read to its end after the contract; dead letters are taken, and each is given back",
            ..READ
        },
    ),
    (
        "redrive-letters",
        Budget {
            before: 3,
            why: "how much lies there is asked before and after; with letters, what each takes",
            ..READ
        },
    ),
    ("pause-queue", WRITE),
    ("get-report", AUDITED),
    ("find-providers", READ),
    ("find-codes", READ),
    ("create-case", WRITE),
    ("edit-case", WRITE),
    ("get-case", AUDITED),
    ("list-cases", AUDITED),
    (
        "search-cases",
        Budget {
            before: 5,
            why: "from what is searched to the member, to their cases, to each; the last one notes who looked",
            ..READ
        },
    ),
    ("list-requests", AUDITED),
    ("list-accesses", AUDITED),
    (
        "find-duplicates",
        Budget { before: 4, why: "from the case to its member's others; the last one notes who looked", ..READ },
    ),
    ("send-message", Budget { before: 3, why: "who reads messages is noted", ..WRITE }),
    ("upload-document", WRITE),
    (
        "submit-case",
        Budget { before: 4, why: "the member's other cases are looked at, and the Case ID is drawn", ..WRITE },
    ),
    ("get-document", AUDITED),
    ("remove-document", WRITE),
    ("get-letter", AUDITED),
    ("list-held-letters", AUDITED),
    ("ask-letter", WRITE),
    ("list-worklist", AUDITED),
    ("list-staff", READ),
    ("add-staff", INVITES),
    ("update-staff", WRITE),
    ("claim-request", Budget { before: 3, why: "whether another who has it may still work it", ..WRITE }),
    ("keep-worksheet", WRITE),
    ("preview-letters", AUDITED),
    ("determine-request", WRITE),
    ("on-fax-event", WRITE),
    ("list-faxes", AUDITED),
    (
        "handle-fax",
        Budget {
            before: 6,
            why: "a case that is opened from it has its member looked for: a search is counted, goes from number to member, and is noted",
            ..WRITE
        },
    ),
    ("refresh-session", Budget { before: 3, why: "the last one is Cognito's; each token works once", ..WRITE }),
    ("sign-out", Budget { after: 1, why: "Cognito is told after our own record", ..WRITE }),
    ("forgot-password", WRITE),
    ("reset-password", Budget { after: 1, why: "Cognito's: the link is used up before", ..WRITE }),
    ("get-profile", READ),
    ("list-alerts", READ),
    ("update-profile", WRITE),
    ("add-factor", Budget { before: 3, why: "two are Cognito's, which is told of a factor by e-mail", ..WRITE }),
    ("list-users", READ),
    ("list-providers", READ),
    ("add-user", INVITES),
    ("update-user", WRITE),
    ("reset-registration", INVITES),
    (
        "find-accounts",
        Budget {
            before: 6,
            why: "from a clinic to its group, to its users, to their accounts; the last one notes who looked",
            ..READ
        },
    ),
    ("unlock-user", WRITE),
    ("grant-reports", WRITE),
    ("add-provider", WRITE),
    ("list-packs", READ),
    ("keep-pack", WRITE),
    ("simulate-pack", Budget { before: 3, why: "the requests in short, by month", ..WRITE }),
    (
        "merge-member",
        Budget {
            before: 4,
            transactions: 3,
            after: 1,
            why: "the member becomes a pointer, each case is moved, and who waits is one fewer: each a step of its own",
        },
    ),
    ("keep-gold-card", Budget { before: 3, why: "the decisions on each code that is listed", ..WRITE }),
    ("list-clients", READ),
    ("keep-client", WRITE),
    ("issue-token", WRITE),
    ("describe-fhir", READ),
    (
        "inquire-claim",
        Budget {
            before: 5,
            why: "from the token to its client, to the member, to their cases, to each; the last one notes who looked",
            ..READ
        },
    ),
    (
        "submit-claim",
        Budget {
            before: 9,
            after: 1,
            why: "from the token to its client, to the member, to their cases and the providers, to each; then the Case ID is drawn while the Bundle is kept; a change reads its case with the decisions, and keeps its Bundle once it is held to them; documents go where uploads go",
            ..WRITE
        },
    ),
    (
        "package-questionnaires",
        Budget {
            before: 5,
            why: "from the token to its client, to the member, to their cases, to each; the last one notes who looked",
            ..READ
        },
    ),
    (
        "submit-attachment",
        Budget {
            before: 3,
            after: 1,
            why: "from the token to its client, from the Case ID to the case; what is added goes where uploads go",
            ..WRITE
        },
    ),
    (
        "keep-subscription",
        Budget {
            before: 3,
            why: "from the token to its client; the key that headers are sealed with is read anew",
            ..WRITE
        },
    ),
];
