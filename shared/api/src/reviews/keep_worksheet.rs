//! Keeps what a reviewer types of a decision, as the steps of a case are kept, so that a reload or the end of a session loses
//! nothing (ACC-19). It is the claim's: nobody else reads it, and it is gone when the decision is issued or the claim ends.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use portico_aws::table::{Guard, Transaction};
use portico_domain::{
    cases::access::CaseAction,
    field::FieldErrors,
    id::{RequestNumber, Username},
    reviews::{
        self,
        worksheet::{TypedCriterion, TypedOutcome, Worksheet},
    },
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::{
    Route,
    app::App,
    caller::Token,
    form::fits,
    json::Json,
    problem::{Problem, ProblemBody},
    version::{IfMatch, etag},
};

/// How often a save follows a case that somebody else changes at the same moment.
const TRIES: usize = 3;

/// The routes.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(get_worksheet, save_worksheet))
}

/// What is typed of a decision, right or wrong.
#[derive(Serialize, Deserialize, ToSchema, Default)]
#[serde(default)]
struct WorksheetBody {
    /// For a referral: why a physician should look at it.
    #[schema(required = true)]
    note: String,
    /// One for each line, in order.
    #[schema(required = true)]
    lines: Vec<WorksheetLine>,
    /// What the decision rests on.
    #[schema(required = true)]
    criteria: Vec<WorksheetCriterion>,
}

/// What is typed of the outcome of a line.
#[derive(Serialize, Deserialize, ToSchema, Default)]
#[serde(default)]
struct WorksheetLine {
    /// Empty while none is chosen.
    #[schema(required = true)]
    outcome: String,
    /// Authorized units.
    #[schema(required = true)]
    units: String,
    /// First day.
    #[schema(required = true)]
    from: String,
    /// Last day.
    #[schema(required = true)]
    to: String,
    /// The specific reason.
    #[schema(required = true)]
    reason: String,
    /// The id of the contract's catalogue that it came from.
    #[serde(skip_serializing_if = "String::is_empty")]
    catalogue: String,
}

/// What is typed of a criterion.
#[derive(Serialize, Deserialize, ToSchema, Default)]
#[serde(default)]
struct WorksheetCriterion {
    /// Name of the policy, manual section or guideline.
    #[schema(required = true)]
    title: String,
    /// Where it stands.
    #[schema(required = true)]
    citation: String,
    /// What it says of this request.
    #[schema(required = true)]
    text: String,
    /// The id of the contract's catalogue that it came from.
    #[serde(skip_serializing_if = "String::is_empty")]
    catalogue: String,
}

/// A worksheet as it is kept.
#[derive(Serialize, ToSchema)]
struct WorksheetView {
    /// For If-Match; 0 while nothing is kept.
    version: u64,
    /// What is typed.
    typed: WorksheetBody,
}

/// The worksheet that was saved.
#[derive(Serialize, ToSchema)]
struct SavedWorksheet {
    /// For the next If-Match.
    version: u64,
}

/// Gives what the caller has typed of a decision on a request that they have claimed.
#[utoipa::path(
    get, path = "/staff/cases/{id}/requests/{number}/worksheet", tag = "reviews",
    params(
        ("id" = String, Path, description = "Opaque key or Case ID"),
        ("number" = String, Path, description = "As R01"),
    ),
    responses(
        (status = 200, body = WorksheetView, description = "What is kept, or nothing yet", headers(("ETag" = String, description = "Version, for If-Match"))),
        (status = 403, body = ProblemBody, description = "The caller's role does not work this request"),
        (status = 404, body = ProblemBody, description = "No such case or request, or not for the caller"),
        (status = 409, body = ProblemBody, description = "Not claimed, another's, or not in review"),
    ),
    security(("staff" = []))
)]
async fn get_worksheet(
    State(app): State<Arc<App>>,
    token: Token,
    Path((id, number)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let number: RequestNumber = number.parse().map_err(|_| Problem::not_found())?;
    let beside = |key| app.table().worksheet(key, number);
    let opened = app.open_with(&token, &id, CaseAction::Review, "get-worksheet", beside).await?.about(number);
    let (case, kept) = opened.found;
    let reviewer = opened.caller.reviewer()?;
    let contract = app.contract_for(&case).await?;
    reviews::held(&case, number, reviewer, &contract)?;
    app.table().audit(case.key, &opened.access).await?;
    let (typed, version) = match kept.filter(|(worksheet, _)| worksheet.by == reviewer.username) {
        Some((worksheet, version)) => (WorksheetBody::of(worksheet), version),
        None => (WorksheetBody::default(), 0),
    };
    Ok(([etag(version)], Answer(WorksheetView { version, typed })).into_response())
}

/// Keeps what the caller types of a decision on a request that they have claimed.
#[utoipa::path(
    put, path = "/staff/cases/{id}/requests/{number}/worksheet", tag = "reviews", request_body = WorksheetBody,
    params(
        ("id" = String, Path, description = "Opaque key or Case ID"),
        ("number" = String, Path, description = "As R01"),
        ("If-Match" = String, Header, description = "The ETag that was last received"),
    ),
    responses(
        (status = 200, body = SavedWorksheet, description = "Kept; the new version is the ETag", headers(("ETag" = String, description = "Version, for If-Match"))),
        (status = 403, body = ProblemBody, description = "The caller's role does not work this request"),
        (status = 404, body = ProblemBody, description = "No such case or request, or not for the caller"),
        (status = 409, body = ProblemBody, description = "Not claimed, another's, or not in review"),
        (status = 412, body = ProblemBody, description = "Another version was saved elsewhere; nothing was overwritten"),
        (status = 422, body = ProblemBody, description = "More lines or criteria than a decision has"),
        (status = 428, body = ProblemBody, description = "If-Match is missing"),
    ),
    security(("staff" = []))
)]
async fn save_worksheet(
    State(app): State<Arc<App>>,
    token: Token,
    Path((id, number)): Path<(String, String)>,
    seen: Result<IfMatch, Problem>,
    body: Json<WorksheetBody>,
) -> Result<Response, Problem> {
    let number: RequestNumber = number.parse().map_err(|_| Problem::not_found())?;
    let opened = app.open(&token, &id, CaseAction::Review, "save-worksheet").await?.about(number);
    let reviewer = opened.caller.reviewer()?;
    let contract = app.contract_for(&opened.found).await?;
    reviews::held(&opened.found, number, reviewer, &contract)?;
    let version = seen?.0.saturating_add(1);
    let worksheet = body.value.kept(reviewer.username.clone())?;
    let mut case = opened.found.clone();
    for _ in 0..TRIES {
        let mut transaction = Transaction::new();
        transaction.worksheet(app.table(), (&case, number), &worksheet, version)?;
        transaction.audit(app.table(), case.key, &opened.access)?;
        match app.table().commit(transaction).await {
            Ok(()) => return Ok(([etag(version)], Answer(SavedWorksheet { version })).into_response()),
            Err(error) if error.refused(Guard::Rights) && !error.refused(Guard::Version) => {
                case = app.reload(case.key).await?;
                reviews::held(&case, number, reviewer, &contract)?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Err(Problem::stale())
}

impl WorksheetBody {
    /// The lists have at most the lengths that a decision has. The body bounds the rest; what is wrong is told when the
    /// decision is sent.
    fn kept(self, by: Username) -> Result<Worksheet, FieldErrors> {
        let mut errors = FieldErrors::none();
        fits(&mut errors, "/lines", &self.lines, (50, "lines"));
        fits(&mut errors, "/criteria", &self.criteria, (20, "criteria"));
        errors.into_result()?;
        let line = |WorksheetLine { outcome, units, from, to, reason, catalogue }| TypedOutcome {
            outcome,
            units,
            from,
            to,
            reason,
            catalogue,
        };
        let criterion = |WorksheetCriterion { title, citation, text, catalogue }| TypedCriterion {
            title,
            citation,
            text,
            catalogue,
        };
        let (lines, criteria) = (self.lines.into_iter().map(line), self.criteria.into_iter().map(criterion));
        Ok(Worksheet { by, note: self.note, lines: lines.collect(), criteria: criteria.collect() })
    }

    fn of(kept: Worksheet) -> Self {
        let line = |TypedOutcome { outcome, units, from, to, reason, catalogue }| WorksheetLine {
            outcome,
            units,
            from,
            to,
            reason,
            catalogue,
        };
        let criterion = |TypedCriterion { title, citation, text, catalogue }| WorksheetCriterion {
            title,
            citation,
            text,
            catalogue,
        };
        let (lines, criteria) = (kept.lines.into_iter().map(line), kept.criteria.into_iter().map(criterion));
        Self { note: kept.note, lines: lines.collect(), criteria: criteria.collect() }
    }
}
