//! Submits a case: everything that is needed is there, the clock starts, and the case gets its number (CASE-21 to
//! CASE-26). Letters will be faxed to the submitter's own number (LTR-03).
//!
//! However often and however many at once submit, the case is submitted once, and all are told the same (CASE-25).

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use portico_domain::{
    cases::{
        Case,
        access::CaseAction,
        questionnaires::Beside,
        submit::{self, Ready, Said, SubmitError},
    },
    contracts::Contract,
    field::FieldErrors,
    glyphs::clean,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::{
    Route,
    app::App,
    billable::unbillable,
    caller::Token,
    form::word,
    json::Json,
    once,
    problem::{Kind, Problem, ProblemBody},
    words,
};

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(submit_case))
}

/// A submit.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase", default)]
struct SubmitBody {
    /// Whether the contract's disclaimer was agreed to.
    disclaimer_agreed: bool,
    /// Why something is asked for again; needed where `find-duplicates` finds something.
    duplicate_reason: Option<String>,
}

/// The submitted case.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SubmittedCase {
    /// Opaque key.
    key: String,
    /// The number to track it by.
    #[schema(example = "261270001")]
    case_id: String,
    /// Where it stands.
    #[schema(value_type = words::Status)]
    status: String,
    /// When the decision is due.
    #[schema(value_type = Option<String>, format = DateTime)]
    due: Option<Timestamp>,
}

/// Submits a case.
#[utoipa::path(
    post, path = "/cases/{id}/submission", tag = "cases", request_body = SubmitBody,
    params(
        ("id" = String, Path, description = "Opaque key or Case ID"),
        ("Idempotency-Key" = String, Header, description = "A new value for each new submit"),
    ),
    responses(
        (status = 200, body = SubmittedCase, description = "Submitted, now or before"),
        (status = 404, body = ProblemBody, description = "No such case"),
        (status = 409, body = ProblemBody, description = "Somebody changed the case at the same moment"),
        (status = 422, body = ProblemBody, description = "What is missing, each with a pointer to its step"),
    ),
    security(("provider" = []))
)]
async fn submit_case(
    State(app): State<Arc<App>>,
    token: Token,
    key: once::Key,
    Path(id): Path<String>,
    body: Json<SubmitBody>,
) -> Result<Response, Problem> {
    let key = key.scoped(token.username.as_str(), "submit-case", &format!("{id}\n{}", body.raw));
    let (replay, opened) = futures::join!(
        app.replay(&key),
        app.open_with(&token, &id, CaseAction::Write, "submit-case", |key| app.table().beside(key))
    );
    let opened = opened?;
    if let Some(answer) = replay?.give(&opened) {
        return Ok(answer);
    }
    let (case, (documents, answers)) = &opened.found;
    let beside = Beside { documents, answers };
    let unregistered = case.unregistered();
    let (contract, providers, others) = futures::join!(
        app.contract_for(case),
        app.table().providers(&unregistered),
        app.table().others(case.member.id, case.key)
    );
    // Whoever has registered a provider since it was chosen has the case in their list from now on.
    let (contract, case) = (contract?, &case.clone().with_groups(&providers?));
    if let Some(answer) = submitted(case, &contract) {
        return Ok(Answer(answer).into_response());
    }
    let now = app.now();
    let reason = reason(&body.value)?;
    let others = &app.seen(&opened.caller, others?).await?;
    let said = Said { agreed: body.value.disclaimer_agreed, reason: reason.as_deref(), others, with_documents: false };
    let ready = check(case, beside, &contract, said, now)?;
    let case_id = app.table().draw_case_id(contract.calendar.time_zone.date_at(now)).await?;
    let change = ready.submit(case_id.clone(), opened.caller.fax()?, now, token.username.clone());
    let mut transaction = app.save(&change, &contract.calendar, &opened)?;
    transaction.case_number(app.table(), &case_id, change.case.key)?;
    let answer = submitted(&change.case, &contract);
    match app.commit_once(transaction, &key, StatusCode::OK, &answer).await {
        Err(problem) if problem.kind() == Kind::Stale => {
            let now_stored = app.reload(change.case.key).await?;
            let answer = submitted(&now_stored, &contract).ok_or_else(|| {
                let detail = "Somebody changed the case at the same moment. Look at it again and submit it then.";
                Problem::conflict(detail, word(&now_stored.status()))
            })?;
            Ok(Answer(answer).into_response())
        }
        answer => answer,
    }
}

/// Why something is asked for again, as it is kept.
fn reason(body: &SubmitBody) -> Result<Option<String>, FieldErrors> {
    let mut errors = FieldErrors::none();
    let reason = body.duplicate_reason.as_deref().map(|text| errors.keep("/duplicateReason", clean(text)));
    errors.finish(Some(reason.flatten()))
}

/// What the domain finds missing, with the diagnoses that cannot be billed on the day of service.
fn check<'a>(
    case: &Case,
    beside: Beside<'_>,
    contract: &'a Contract,
    said: Said<'_>,
    now: Timestamp,
) -> Result<Ready<'a>, Problem> {
    let day = case.service_date().unwrap_or_else(|| contract.calendar.time_zone.date_at(now));
    let mut errors = FieldErrors::none();
    // A service date that was saved after the diagnoses may have left one behind.
    errors.nest("", unbillable(&case.diagnoses, day));
    match submit::check(case.clone(), beside, contract, said, now) {
        Ok(ready) => Ok(errors.finish(Some(ready))?),
        Err(SubmitError::Incomplete(missing)) => {
            errors.nest("", missing);
            Err(errors.into())
        }
        Err(error @ SubmitError::NotDraft(_)) => Err(error.into()),
    }
}

/// The answer for a case that is submitted.
fn submitted(case: &Case, contract: &Contract) -> Option<SubmittedCase> {
    let submission = case.submission.as_ref()?;
    let clock = case.requests.first().and_then(|request| request.clock());
    Some(SubmittedCase {
        key: case.key.to_string(),
        case_id: submission.case_id.to_string(),
        status: word(&case.status()),
        due: clock.and_then(|clock| clock.due(&contract.calendar)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    /// REQ: CASE-21, CASE-23
    #[test]
    fn everything_missing_is_said_at_once_by_name() {
        let mut case = samples::draft();
        case.diagnoses = vec!["F84".parse().unwrap()];
        let now = samples::MORNING.parse().unwrap();
        let problem =
            format!("{:?}", check(&case, Beside::default(), &samples::contract(), Said::default(), now).unwrap_err());
        for word in ["/diagnoses/0", "This document is required: Therapy evaluations.", "/disclaimerAgreed"] {
            assert!(problem.contains(word), "{word}: {problem}");
        }
    }

    #[test]
    fn a_reason_is_kept_as_it_is_printed_and_told_at_its_field() {
        let of = |text: &str| reason(&SubmitBody { duplicate_reason: Some(text.to_owned()), ..SubmitBody::default() });
        assert_eq!(reason(&SubmitBody::default()).unwrap(), None);
        assert_eq!(of("For school.\r\nAnd home.").unwrap().as_deref(), Some("For school.\nAnd home."));
        assert_eq!(of("\u{7}").unwrap_err().as_slice()[0].pointer, "/duplicateReason");
    }

    /// REQ: CASE-24, CASE-25
    #[test]
    fn a_submitted_case_answers_with_its_number_and_due_time() {
        let contract = samples::contract();
        assert!(submitted(&samples::draft(), &contract).is_none());
        let answer = submitted(&samples::submitted(), &contract).unwrap();
        assert_eq!((answer.case_id.as_str(), answer.status.as_str()), ("261270001", "nurse-review"));
        assert_eq!(answer.due.unwrap().to_string(), "2026-05-17T04:59:59Z");
    }
}
