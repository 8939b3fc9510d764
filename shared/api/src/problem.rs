//! Errors on the wire: RFC 9457, with a stable type and the fields that are wrong.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use portico_aws::table::{self, Guard};
use portico_domain::{
    caller::Denied,
    cases::{StepError, ends::EndError, heard::HearingError, submit::SubmitError},
    delivery::intake::IntakeError,
    field::{FieldErrors, Objection},
    reviews::ReviewError,
};
use serde::Serialize;
use utoipa::{
    ToSchema,
    openapi::{
        RefOr,
        schema::{ObjectBuilder, Schema, Type},
    },
};

use crate::field_problem::FieldProblem;

/// Goes with an answer: its refusal is on record already.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Noted;

/// Goes with an answer: what a refused request asked for, where its path does not say so.
#[derive(Clone, Debug)]
pub(crate) struct Asked(pub(crate) String);

/// The kinds of problems: the list is the documentation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "title() says what each is")]
pub enum Kind {
    Malformed,
    SignedOut,
    Refused,
    Signature,
    Forbidden,
    ProofRequired,
    NotFound,
    Conflict,
    Stale,
    TooLarge,
    Invalid,
    KeyReused,
    VersionRequired,
    Throttled,
    Internal,
    Unavailable,
}

impl Kind {
    /// All of them.
    const ALL: [Self; 16] = [
        Self::Malformed,
        Self::SignedOut,
        Self::Refused,
        Self::Signature,
        Self::Forbidden,
        Self::ProofRequired,
        Self::NotFound,
        Self::Conflict,
        Self::Stale,
        Self::TooLarge,
        Self::Invalid,
        Self::KeyReused,
        Self::VersionRequired,
        Self::Throttled,
        Self::Internal,
        Self::Unavailable,
    ];

    /// The stable type on the wire.
    fn uri(self) -> String {
        format!("https://portico.example/problems/{}", self.facts().1)
    }

    fn facts(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::Malformed => (StatusCode::BAD_REQUEST, "malformed", "The request cannot be read"),
            Self::SignedOut => (StatusCode::UNAUTHORIZED, "signed-out", "Please sign in"),
            Self::Refused => (StatusCode::UNAUTHORIZED, "sign-in-refused", "Sign-in failed"),
            Self::Signature => (StatusCode::UNAUTHORIZED, "signature", "The signature is not valid"),
            Self::Forbidden => (StatusCode::FORBIDDEN, "forbidden", "Your role does not allow this"),
            Self::ProofRequired => (StatusCode::FORBIDDEN, "proof-required", "Please sign in once more"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found", "There is nothing here"),
            Self::Conflict => (StatusCode::CONFLICT, "conflict", "This cannot be done in the current state"),
            Self::Stale => (StatusCode::PRECONDITION_FAILED, "stale", "Somebody changed this in the meantime"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The request is too large"),
            Self::Invalid => (StatusCode::UNPROCESSABLE_ENTITY, "invalid", "Please correct the marked fields"),
            Self::KeyReused => {
                (StatusCode::UNPROCESSABLE_ENTITY, "key-reused", "Idempotency-Key was used for another request")
            }
            Self::VersionRequired => (StatusCode::PRECONDITION_REQUIRED, "version-required", "If-Match is required"),
            Self::Throttled => (StatusCode::TOO_MANY_REQUESTS, "throttled", "Too many tries"),
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something went wrong on our side"),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Try again in a moment"),
        }
    }
}

/// A problem on its way to the caller. Nothing in it is PHI.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    kind: Kind,
    detail: String,
    errors: FieldErrors,
    retry_after: Option<u32>,
    state: Option<String>,
    /// Whether the refusal is on record already.
    noted: bool,
    /// What was asked for, for the record, where the path does not say so.
    asked: Option<String>,
}

/// As many wrong fields an answer names: who sends more corrects these first.
const MOST_ERRORS: usize = 100;

/// Problem details (RFC 9457).
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProblemBody {
    /// Stable name of the kind of problem.
    #[serde(rename = "type")]
    #[schema(schema_with = kinds)]
    kind: String,
    /// The kind in words.
    title: &'static str,
    /// HTTP status.
    status: u16,
    /// What went wrong here, and what to do.
    detail: String,
    /// The fields that are wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldProblem>,
    /// The current state, where a conflict is with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
}

/// Every kind, by its stable name.
fn kinds() -> RefOr<Schema> {
    let kinds = Kind::ALL.map(Kind::uri);
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(kinds)).into()
}

impl Problem {
    /// A problem of a kind with words for the caller.
    #[must_use]
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
            errors: FieldErrors::none(),
            retry_after: None,
            state: None,
            noted: false,
            asked: None,
        }
    }

    /// The same; its record has been written.
    #[must_use]
    pub(crate) fn noted(self) -> Self {
        Self { noted: true, ..self }
    }

    /// Whether its record has been written.
    pub(crate) fn is_noted(&self) -> bool {
        self.noted
    }

    /// The same, with what was asked for as it goes on record: ids, or the keyed hash of what was searched.
    #[must_use]
    pub(crate) fn asked(self, what: impl Into<String>) -> Self {
        Self { asked: Some(what.into()), ..self }
    }

    /// 400: not even readable.
    #[must_use]
    pub fn malformed(detail: &str) -> Self {
        Self::new(Kind::Malformed, detail)
    }

    /// 401: no token, or its user may not act any more.
    #[must_use]
    pub fn signed_out() -> Self {
        Self::new(Kind::SignedOut, "Your session has ended. Sign in again; what you saved is kept.")
    }

    /// 403: what lets somebody in later is changed only by who has just signed in.
    #[must_use]
    pub fn proof_required() -> Self {
        Self::new(
            Kind::ProofRequired,
            "For this change, sign in once more with your password and second factor: your last sign-in was a while ago. Nothing that you entered is lost.",
        )
    }

    /// 404: hidden things and things that do not exist look alike.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(Kind::NotFound, "What you asked for does not exist, or you may not see it.")
    }

    /// 409 with the current state.
    #[must_use]
    pub fn conflict(detail: impl Into<String>, state: impl Into<String>) -> Self {
        Self { state: Some(state.into()), ..Self::new(Kind::Conflict, detail) }
    }

    /// 412: the version in If-Match is not the current one.
    #[must_use]
    pub fn stale() -> Self {
        Self::new(
            Kind::Stale,
            "Load it again, and repeat your change where it is still needed. Nothing was overwritten.",
        )
    }

    /// 413.
    #[must_use]
    pub fn too_large(limit: usize) -> Self {
        Self::new(Kind::TooLarge, format!("The body may have at most {limit} bytes."))
    }

    /// 422 with every field that is wrong.
    #[must_use]
    pub fn invalid(errors: FieldErrors) -> Self {
        Self { errors, ..Self::new(Kind::Invalid, "Nothing was saved; correct the fields and send it again.") }
    }

    /// 422 at one field.
    #[must_use]
    pub fn invalid_field(pointer: &str, objection: impl Into<Objection>) -> Self {
        let mut errors = FieldErrors::none();
        errors.add(pointer, objection);
        Self::invalid(errors)
    }

    /// 429.
    #[must_use]
    pub fn throttled(seconds: u32) -> Self {
        let detail = format!("Too many tries. Wait {seconds} seconds and try again.");
        Self { retry_after: Some(seconds), ..Self::new(Kind::Throttled, detail) }
    }

    /// 429 for what is meant well, and happens more often than a person does it.
    #[must_use]
    pub fn too_often(what: &str, seconds: u32) -> Self {
        let wait = match seconds.div_ceil(60) {
            0 | 1 => "one minute".to_owned(),
            minutes @ 2..=90 => format!("{minutes} minutes"),
            minutes => format!("{} hours", minutes.div_ceil(60)),
        };
        let detail = format!("{what} Please go on in {wait}; what you entered before is kept.");
        Self { retry_after: Some(seconds), ..Self::new(Kind::Throttled, detail) }
    }

    /// 500: what failed goes to the log, never to the caller. Its source does not: words about a stored value may quote it.
    #[must_use]
    pub fn internal(cause: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(cause = %cause, "a request failed");
        Self::new(Kind::Internal, "We have been told. What you sent before is kept; try again later.")
    }

    /// 503: the cause goes to the log.
    #[must_use]
    pub fn unavailable(cause: &(dyn std::error::Error + 'static)) -> Self {
        log(cause);
        Self { retry_after: Some(2), ..Self::new(Kind::Unavailable, "Nothing is lost. Please try again in a moment.") }
    }

    /// Status, words and seconds to wait, for an answer of another form.
    pub(crate) fn in_short(&self) -> (StatusCode, &str, Option<u32>) {
        (self.kind.facts().0, &self.detail, self.retry_after)
    }

    /// The kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Where the wrong fields are.
    #[must_use]
    pub fn pointers(&self) -> Vec<String> {
        self.errors.as_slice().iter().map(|error| error.pointer.clone()).collect()
    }
}

fn log(cause: &(dyn std::error::Error + 'static)) {
    let mut chain = cause.to_string();
    let mut source = cause.source();
    while let Some(next) = source {
        chain.push_str(": ");
        chain.push_str(&next.to_string());
        source = next.source();
    }
    tracing::error!(cause = chain, "a request failed");
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, _, title) = self.kind.facts();
        let body = ProblemBody {
            kind: self.kind.uri(),
            title,
            status: status.as_u16(),
            detail: self.detail,
            errors: self.errors.as_slice().iter().take(MOST_ERRORS).map(FieldProblem::from).collect(),
            state: self.state,
        };
        let mut response = (status, axum::Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.noted {
            response.extensions_mut().insert(Noted);
        }
        if let Some(what) = self.asked {
            response.extensions_mut().insert(Asked(what));
        }
        response
    }
}

impl From<table::Error> for Problem {
    fn from(error: table::Error) -> Self {
        match &error {
            table::Error::Refused(_) if error.refused(Guard::Version) => Self::stale(),
            table::Error::Refused(_) => Self::conflict("This was done by somebody else at the same time.", "changed"),
            table::Error::TooLarge(_) => {
                tracing::error!(cause = %error, "a write was too large");
                Self::conflict(
                    "Nothing was saved: with this it would be larger than what can be kept in one piece. Shorten the text, or do it in several steps.",
                    "too-large",
                )
            }
            table::Error::Throttled
            | table::Error::Busy
            | table::Error::Unanswered(_)
            | table::Error::Unavailable(_) => Self::unavailable(&error),
            table::Error::Corrupt(..) => Self::internal(&error),
        }
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Hidden => Self::not_found(),
            Denied::Forbidden => Self::new(Kind::Forbidden, denied.to_string()),
        }
    }
}

impl From<FieldErrors> for Problem {
    fn from(errors: FieldErrors) -> Self {
        Self::invalid(errors)
    }
}

impl From<StepError> for Problem {
    fn from(error: StepError) -> Self {
        match error {
            StepError::NotDraft(status) => Self::conflict(error.to_string(), state_name(status)),
            StepError::Fields(errors) => Self::invalid(errors),
        }
    }
}

impl From<SubmitError> for Problem {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Incomplete(errors) => Self::invalid(errors),
            SubmitError::NotDraft(status) => Self::conflict(error.to_string(), state_name(status)),
        }
    }
}

impl From<EndError> for Problem {
    fn from(error: EndError) -> Self {
        match error {
            EndError::NoRequest => Self::not_found(),
            EndError::Submitted(status) | EndError::Over(status) => {
                Self::conflict(error.to_string(), state_name(status))
            }
            EndError::Ordered => Self::conflict(error.to_string(), "ordered"),
            EndError::NotSubmitted => Self::conflict(error.to_string(), "draft"),
            EndError::Fields(errors) => Self::invalid(errors),
        }
    }
}

impl From<HearingError> for Problem {
    fn from(error: HearingError) -> Self {
        match error {
            HearingError::NoRequest => Self::not_found(),
            HearingError::NotDecided(status) => Self::conflict(error.to_string(), state_name(status)),
            HearingError::Fields(errors) => Self::invalid(errors),
            HearingError::NothingAdverse
            | HearingError::NotOffered
            | HearingError::AppealFirst
            | HearingError::WindowOver(_)
            | HearingError::LookedAtAgain(_)
            | HearingError::Open
            | HearingError::Over(_)
            | HearingError::Full
            | HearingError::None
            | HearingError::NotScheduled
            | HearingError::NoRoom => Self::conflict(error.to_string(), error.code()),
        }
    }
}

impl From<ReviewError> for Problem {
    fn from(error: ReviewError) -> Self {
        match error {
            ReviewError::NoRequest => Self::not_found(),
            ReviewError::State(state) => Self::conflict(error.to_string(), state_name(state.status)),
            ReviewError::ClaimedByOther(_) => Self::conflict(error.to_string(), "claimed"),
            ReviewError::Ordered => Self::conflict(error.to_string(), "ordered"),
            ReviewError::NoTalk(_) => Self::conflict(error.to_string(), "peer-to-peer"),
            ReviewError::NoMoreTime(_) => Self::conflict(error.to_string(), "more-time"),
            ReviewError::NotClaimed => Self::conflict(error.to_string(), "unclaimed"),
            ReviewError::Followed(_) => Self::conflict(error.to_string(), "followed"),
            ReviewError::Heard => Self::conflict(error.to_string(), "heard"),
            ReviewError::CorrectedSince => Self::conflict(error.to_string(), "corrected"),
            ReviewError::NeedsPhysician
            | ReviewError::NeedsLead
            | ReviewError::OtherRole
            | ReviewError::TookPart(_) => Self::new(Kind::Forbidden, error.to_string()),
            ReviewError::Fields(errors) => Self::invalid(errors),
        }
    }
}

impl From<IntakeError> for Problem {
    fn from(error: IntakeError) -> Self {
        match error {
            IntakeError::Denied(denied) => denied.into(),
            IntakeError::Request(error) => error.into(),
            IntakeError::Ended => Self::conflict(error.to_string(), "ended"),
            IntakeError::TakenByOther(_) => Self::conflict(error.to_string(), "claimed"),
            IntakeError::NotTaken => Self::conflict(error.to_string(), "unclaimed"),
            IntakeError::NoPages => Self::conflict(error.to_string(), "unreadable"),
            IntakeError::Full => Self::conflict(error.to_string(), "full"),
        }
    }
}

impl From<portico_aws::secrets::SecretError> for Problem {
    fn from(error: portico_aws::secrets::SecretError) -> Self {
        Self::unavailable(&error)
    }
}

/// A status as it stands in JSON.
#[must_use]
pub fn state_name(status: portico_domain::status::Status) -> String {
    match serde_json::to_value(status) {
        Ok(serde_json::Value::String(name)) => name,
        _ => status.to_string(),
    }
}

/// The answer to a path that no route has.
pub async fn nothing_here() -> Problem {
    Problem::not_found()
}
