//! Saves a step of the wizard, checked at its fields, so that nothing is lost and nothing waits until submit (CASE-08 to
//! CASE-15), the answers to a questionnaire beside the case (CASE-18); step `notes` adds a note, on a submitted case too (CASE-22).
//!
//! Whoever saves says which version they saw: two people cannot overwrite each other silently (CASE-08).

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use portico_aws::{
    clock::new_uuid,
    table::{Transaction, cases::Note},
};
use portico_domain::{
    cases::{Case, MOST_NOTES, Step, StepError, access::CaseAction, note::NoteType},
    contracts::Contract,
    field::FieldErrors,
    id::EventId,
    wrong::Wrong,
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{
    ask_hearing, ask_talk, end_case, hand_over,
    questionnaires::{QuestionnaireView, QuestionnairesStep, save_answers},
    steps::{DiagnosesStep, NoteStep, ProceduresStep, Providers, ProvidersStep, RequestStep, ServiceStep, StepBody},
    view::{DiagnosisView, NoteView, ProviderView, ServiceView},
    view_lines::LineView,
};
use crate::{
    Route,
    app::App,
    billable::unbillable,
    caller::Token,
    json::{self, Json},
    open::Opened,
    problem::{Problem, ProblemBody},
    version::{IfMatch, etag},
    words,
};

/// The routes: what ends a case needs the same of the table as what changes it.
#[must_use]
pub fn route() -> Route {
    Route::new()
        .routes(routes!(edit_case))
        .merge(end_case::route())
        .merge(ask_talk::route())
        .merge(ask_hearing::route())
        .merge(hand_over::route())
}

/// A step as it is saved now.
#[derive(Serialize, ToSchema)]
struct SavedCase {
    /// The version of the case, for If-Match.
    version: u64,
    /// What is stored.
    saved: SavedStep,
}

/// The stored values of one step.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "step")]
enum SavedStep {
    /// Providers and fax number.
    Providers { servicing: Option<ProviderView>, attending: Option<ProviderView>, fax: String },
    /// Service details.
    Service { service: Option<ServiceView> },
    /// Diagnoses, the primary one first.
    Diagnoses { diagnoses: Vec<DiagnosisView> },
    /// Kind and urgency.
    Request { review: String, urgency: String },
    /// Procedure lines.
    Procedures { lines: Vec<LineView> },
    /// The answers to one questionnaire.
    Questionnaires { questionnaire: QuestionnaireView },
    /// The note that was added.
    Notes { note: NoteView },
}

/// A step as it was read from the body.
enum Read {
    Providers(Providers),
    Ready(Box<Step>),
    Answers(QuestionnairesStep),
    Note(String),
}

/// Saves a step of a case.
#[utoipa::path(
    put, path = "/cases/{id}/steps/{step}", tag = "cases", request_body = StepBody,
    params(
        ("id" = String, Path, description = "Opaque key or Case ID"),
        ("step" = inline(words::StepName), Path, description = "Which step"),
        ("If-Match" = Option<String>, Header, description = "The ETag that was last received; not needed for notes"),
    ),
    responses(
        (status = 200, body = SavedCase, description = "Saved; the new version is the ETag", headers(("ETag" = String, description = "Version, for If-Match"))),
        (status = 404, body = ProblemBody, description = "No such case or step"),
        (status = 409, body = ProblemBody, description = "The case was submitted or cancelled, or has as many notes as a case may have"),
        (status = 412, body = ProblemBody, description = "Somebody saved another version; nothing was overwritten"),
        (status = 422, body = ProblemBody, description = "Fields are wrong"),
        (status = 428, body = ProblemBody, description = "If-Match is missing"),
    ),
    security(("provider" = []))
)]
async fn edit_case(
    State(app): State<Arc<App>>,
    token: Token,
    Path((id, step)): Path<(String, String)>,
    seen: Result<IfMatch, Problem>,
    body: Json<serde_json::Value>,
) -> Result<Response, Problem> {
    let read = match read(&step, &body.raw)? {
        Read::Note(text) => return Box::pin(add_note(&app, &token, &id, text)).await,
        Read::Answers(step) => {
            let saved = |case: &Case, questionnaire| answer(case, SavedStep::Questionnaires { questionnaire });
            return Box::pin(save_answers(&app, (&token, &id), seen?, step, saved)).await;
        }
        read => read,
    };
    let seen = seen?;
    let (opened, step) = futures::join!(app.open(&token, &id, CaseAction::Write, "edit-case"), load(&app, read));
    let opened = opened?;
    // What was submitted meanwhile is said as that: it goes on by itself, and whoever loads it again changes nothing.
    opened.found.may_be_written()?;
    seen.check(opened.found.version)?;
    let step = step?;
    let contract = app.contract(&opened.found.contract).await?;
    let lines = if let Step::Procedures(lines) = &step { lines.as_slice() } else { &[] };
    let codes = opened.found.codes().chain(lines.iter().map(|line| &line.code));
    let contract = app.table().with_rules(contract, codes).await?;
    let name = step.name();
    let change = save(opened.found.clone(), step, &contract, app.now())?;
    let transaction = app.save(&change, &contract.calendar, &opened)?;
    app.table().commit(transaction).await?;
    Ok(answer(&change.case, saved_step(&change.case, name, &contract)))
}

fn read(step: &str, raw: &str) -> Result<Read, Problem> {
    let ready = match step {
        "providers" => return Ok(Read::Providers(json::read::<ProvidersStep>(raw)?.parse()?)),
        "questionnaires" => return Ok(Read::Answers(json::read::<QuestionnairesStep>(raw)?)),
        "notes" => return Ok(Read::Note(json::read::<NoteStep>(raw)?.parse()?)),
        "service" => json::read::<ServiceStep>(raw)?.parse()?,
        "diagnoses" => Step::Diagnoses(json::read::<DiagnosesStep>(raw)?.parse()?),
        "request" => json::read::<RequestStep>(raw)?.parse()?,
        "procedures" => json::read::<ProceduresStep>(raw)?.parse()?,
        _ => return Err(Problem::not_found()),
    };
    Ok(Read::Ready(Box::new(ready)))
}

/// The step with its providers from the registry.
async fn load(app: &App, read: Read) -> Result<Step, Problem> {
    let Providers { servicing, attending, fax } = match read {
        Read::Providers(providers) => providers,
        Read::Ready(step) => return Ok(*step),
        Read::Answers(_) | Read::Note(_) => return Err(Problem::not_found()),
    };
    let table = app.table();
    let of_attending = async {
        match attending {
            Some(id) => table.provider(id).await,
            None => Ok(None),
        }
    };
    let (found, attending_found) = futures::join!(table.provider(servicing), of_attending);
    let (found, attending_found) = (found?, attending_found?);
    let unknown = "This provider is not in the registry. Choose one from the search.";
    let mut errors = FieldErrors::none();
    if found.is_none() {
        errors.add("/servicing", Wrong::NotFound.says(unknown));
    }
    if attending.is_some() && attending_found.is_none() {
        errors.add("/attending", Wrong::NotFound.says(unknown));
    }
    Ok(errors.finish(found.map(|servicing| Step::Providers { servicing, attending: attending_found, fax }))?)
}

/// The domain's decision, with what only the code set knows.
fn save(
    case: Case,
    step: Step,
    contract: &Contract,
    at: jiff::Timestamp,
) -> Result<portico_domain::cases::Change, Problem> {
    let day = case.service_date().unwrap_or_else(|| contract.calendar.time_zone.date_at(at));
    let mut errors = match &step {
        Step::Diagnoses(codes) => unbillable(codes, day),
        Step::Providers { .. } | Step::Service(_) | Step::Request { .. } | Step::Procedures(_) => FieldErrors::none(),
    };
    match case.save_step(step, contract, at) {
        Ok(change) => Ok(errors.finish(Some(change))?),
        Err(StepError::Fields(more)) => {
            errors.nest("", more);
            Err(errors.into())
        }
        Err(error @ StepError::NotDraft(_)) => Err(error.into()),
    }
}

async fn add_note(app: &App, token: &Token, id: &str, text: String) -> Result<Response, Problem> {
    let count = |key| app.table().count_notes(key);
    let Opened { found, access, caller } = app.open_with(token, id, CaseAction::Write, "edit-case", count).await?;
    let (case, notes) = found;
    if case.is_cancelled() {
        return Err(StepError::NotDraft(case.status()).into());
    }
    if notes >= MOST_NOTES {
        let detail = format!("A case has at most {MOST_NOTES} notes. Call support where more has to be said.");
        return Err(Problem::conflict(detail, "full"));
    }
    let by = caller.username().clone();
    let note = Note { id: EventId::new(new_uuid()), at: app.now(), by, text, request: None, of: NoteType::Note };
    let mut transaction = Transaction::new();
    transaction.note(app.table(), case.key, &note)?;
    transaction.audit(app.table(), case.key, &access)?;
    app.table().commit(transaction).await?;
    Ok(answer(&case, SavedStep::Notes { note: NoteView::of(&note, &case) }))
}

fn saved_step(case: &Case, step: &str, contract: &Contract) -> SavedStep {
    let request = case.requests.last();
    match step {
        "providers" => SavedStep::Providers {
            servicing: case.servicing.as_ref().map(ProviderView::of),
            attending: case.attending.as_ref().map(ProviderView::of),
            fax: case.fax.to_string(),
        },
        "service" => {
            SavedStep::Service { service: case.service.as_ref().map(|service| ServiceView::of(service, contract)) }
        }
        "diagnoses" => SavedStep::Diagnoses { diagnoses: DiagnosisView::all(&case.diagnoses) },
        "request" => SavedStep::Request {
            review: request.map(|request| crate::form::word(&request.review)).unwrap_or_default(),
            urgency: request.map(|request| crate::form::word(&request.urgency)).unwrap_or_default(),
        },
        _ => SavedStep::Procedures {
            lines: request.map(|request| LineView::all(request, None, (contract, case))).unwrap_or_default(),
        },
    }
}

fn answer(case: &Case, saved: SavedStep) -> Response {
    ([etag(case.version)], Answer(SavedCase { version: case.version, saved })).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    /// REQ: CASE-12
    #[test]
    fn codes_of_the_set_and_rules_of_the_case_are_told_together() {
        let contract = samples::contract();
        let case = samples::draft();
        let code = |text: &str| text.parse().unwrap();
        let step = Step::Diagnoses(vec![code("F84"), code("F84.0"), code("F84.0")]);
        let at = "2026-05-07T15:00:00Z".parse().unwrap();
        let problem = format!("{:?}", save(case.clone(), step, &contract, at).unwrap_err());
        assert!(problem.contains("/diagnoses/0") && problem.contains("/diagnoses/2"), "{problem}");
        let change = save(case, Step::Diagnoses(vec![code("F84.0")]), &contract, at).unwrap();
        assert_eq!(change.case.version, 2);
    }

    /// REQ: CASE-08
    #[test]
    fn an_unknown_step_is_not_found_and_a_wrong_type_has_its_pointer() {
        assert_eq!(read("disclaimer", "{}").err().unwrap().kind(), crate::problem::Kind::NotFound);
        let problem = format!("{:?}", read("procedures", r#"{"lines":[{"quantity":"many"}]}"#).err().unwrap());
        assert!(problem.contains("/lines/0/quantity"), "{problem}");
    }
}
