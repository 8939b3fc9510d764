//! Why something cannot follow a decision, in words and by a stable name.

use jiff::civil::Date;

use crate::{cases::Case, field::FieldErrors, id::RequestNumber, service::ReviewKind, status::Status};

/// As many requests a case may have.
const MOST_REQUESTS: usize = 30;

/// Why something cannot follow a decision.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FollowError {
    /// No such request on the case.
    #[error("This case has no such request.")]
    NoRequest,
    /// It is not decided, or never will be.
    #[error("This request is {0}. Only what is decided can be followed.")]
    NotDecided(Status),
    /// The contract does not take it.
    #[error("This contract does not take a request for {0} here. Call support.")]
    NotOffered(ReviewKind),
    /// All was granted.
    #[error("All that was asked for was approved: there is nothing to look at again.")]
    NothingAdverse,
    /// A second look is not followed by a third of its kind.
    #[error("This was already the {0}. What can be done now is in the letter.")]
    SecondLook(ReviewKind),
    /// The window is over.
    #[error("The time to ask for {kind} was until {}.", last.strftime("%B %-d, %Y"))]
    WindowOver {
        /// What is asked for.
        kind: ReviewKind,
        /// The last day on which it could be.
        last: Date,
    },
    /// It is being looked at, or is being changed.
    #[error("{0} was asked for already and is not decided yet. Wait for its decision, or withdraw it.")]
    Open(RequestNumber),
    /// What a hearing orders is carried out by itself.
    #[error("A State fair hearing about this decision was asked for. Wait for what comes of it.")]
    ToBeHeard,
    /// A later decision has taken its place.
    #[error("{0} was decided since. Ask there.")]
    Superseded(RequestNumber),
    /// Nothing is authorized.
    #[error("Nothing is authorized by this request.")]
    NotApproved,
    /// What was authorized is over.
    #[error("The authorization ended on {}. Ask for what is needed in a new case.", .0.strftime("%B %-d, %Y"))]
    Expired(Date),
    /// The revision is what is authorized.
    #[error("Nothing is changed. Change what is to be revised.")]
    NothingChanged,
    /// The case has as many requests as a case may have.
    #[error("A case has at most {MOST_REQUESTS} requests. Call support.")]
    Full,
    /// Something is wrong at the fields.
    #[error("Please correct the marked fields.")]
    Fields(FieldErrors),
}

impl Case {
    /// Whether no further request has a place in the case.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.requests.len() >= MOST_REQUESTS
    }
}

impl FollowError {
    /// Its stable name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoRequest => "no-request",
            Self::NotDecided(_) => "not-decided",
            Self::NotOffered(_) => "not-offered",
            Self::NothingAdverse => "nothing-adverse",
            Self::SecondLook(_) => "second-look",
            Self::WindowOver { .. } => "window-over",
            Self::Open(_) => "already-open",
            Self::ToBeHeard => "to-be-heard",
            Self::Superseded(_) => "superseded",
            Self::NotApproved => "not-approved",
            Self::Expired(_) => "expired",
            Self::NothingChanged => "nothing-changed",
            Self::Full => "full",
            Self::Fields(_) => "fields",
        }
    }
}
