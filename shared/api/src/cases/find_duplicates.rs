//! Says what a draft asks for that was asked for before, and where: the same code for the same member, on days that overlap,
//! by the same servicing provider, and offers to extend or revise what is authorized instead (CASE-05). Only of what the caller
//! may see; the rest only review looks at.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use jiff::{Timestamp, civil::Date};
use portico_domain::{
    cases::{
        access::CaseAction,
        duplicates::{Coincidence, of_one_provider},
    },
    contracts::code_rule::{NoRule, rule_for},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{sight::Sight, view_follow::FollowUpView};
use crate::{
    Route,
    app::App,
    caller::Token,
    form::word,
    open::Opened,
    problem::{Problem, ProblemBody},
    words,
};

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(find_duplicates))
}

/// What may be asked for twice.
#[derive(Serialize, ToSchema)]
struct FoundDuplicates {
    /// The earlier requests, newest first; none is the usual.
    duplicates: Vec<Duplicate>,
}

/// A request that asks for the same.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Duplicate {
    /// Opaque key of its case.
    key: String,
    /// The number of its case.
    #[schema(example = "261270001")]
    case_id: String,
    #[schema(example = "R01")]
    request: String,
    #[schema(value_type = words::Status)]
    status: String,
    #[schema(value_type = String, format = DateTime)]
    submitted_at: Timestamp,
    /// Whoever performs both.
    servicing_name: String,
    /// What both ask for.
    lines: Vec<SharedLine>,
    /// What the caller may do about it there now: `note` adds what is new to the case, where it is not decided yet.
    #[schema(value_type = Vec<words::CaseMay>)]
    may: Vec<&'static str>,
    /// What the caller may ask for there instead, `extension` and `revision` of what is authorized, and until when.
    follows: Vec<FollowUpView>,
}

/// A service that both ask for.
#[derive(Serialize, ToSchema)]
struct SharedLine {
    code: String,
    /// As in the earlier request.
    modifiers: Vec<String>,
    /// The contract's words for the service.
    description: Option<String>,
    /// The first day that is in both.
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// The last day that is in both.
    #[schema(value_type = String, format = Date)]
    to: Date,
}

/// Finds what a draft may ask for twice.
#[utoipa::path(
    get, path = "/cases/{id}/duplicates", tag = "cases",
    params(("id" = String, Path, description = "Opaque key or Case ID")),
    responses(
        (status = 200, body = FoundDuplicates, description = "The requests that ask for the same, most often none"),
        (status = 403, body = ProblemBody, description = "Not one of the requesting provider's group"),
        (status = 404, body = ProblemBody, description = "No such case, or not for the caller"),
    ),
    security(("provider" = []))
)]
async fn find_duplicates(
    State(app): State<Arc<App>>,
    token: Token,
    Path(id): Path<String>,
) -> Result<Answer<FoundDuplicates>, Problem> {
    let opened = app.open(&token, &id, CaseAction::Write, "find-duplicates").await?;
    // For the rule alone, until it is known who may see them.
    let others = app.table().others(opened.found.member.id, opened.found.key);
    let (contract, others) = futures::join!(app.contract_for(&opened.found), others);
    let (contract, others) = (contract?, app.seen(&opened.caller, others?).await?);
    let Opened { caller, found: case, access } = opened;
    let mut duplicates = Vec::new();
    if let Some(request) = case.requests.last() {
        for found in of_one_provider(&case, request, &others) {
            let may_note = caller.may(CaseAction::Write, found.case).is_ok() && found.request.decided().is_none();
            let sight = Sight { caller: &caller, contract: &contract, now: app.now() };
            duplicates.extend(Duplicate::of(&found, sight, may_note));
        }
    }
    duplicates.sort_by_key(|duplicate| std::cmp::Reverse(duplicate.submitted_at));
    let shown = duplicates.iter().map(|duplicate| duplicate.key.clone()).collect();
    let listed = app.audit_shown(&token, "find-duplicates", Some(case.key.to_string()), shown);
    let (read, listed) = futures::join!(app.table().audit(case.key, &access), listed);
    read?;
    listed?;
    Ok(Answer(FoundDuplicates { duplicates }))
}

impl Duplicate {
    fn of(found: &Coincidence<'_>, sight: Sight<'_>, may_note: bool) -> Option<Self> {
        let submission = found.case.submission.as_ref()?;
        let line = |shared: &portico_domain::cases::duplicates::Shared<'_>| SharedLine {
            code: shared.code.to_string(),
            modifiers: shared.modifiers.iter().map(ToString::to_string).collect(),
            description: rule_for(
                &sight.contract.codes,
                &found.case.wanted(shared.code, shared.modifiers, shared.days.from()),
            )
            .map_or_else(NoRule::nearest, Some)
            .map(|rule| rule.description.clone()),
            from: shared.days.from(),
            to: shared.days.to(),
        };
        Some(Self {
            key: found.case.key.to_string(),
            case_id: submission.case_id.to_string(),
            request: found.request.number.to_string(),
            status: word(&found.request.status()),
            submitted_at: submission.at,
            servicing_name: found.case.servicing.as_ref().map(|is| is.name.to_string()).unwrap_or_default(),
            lines: found.lines.iter().map(line).collect(),
            may: if may_note { vec!["note"] } else { Vec::new() },
            follows: FollowUpView::changes(found.case, found.request, sight),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn it_says_which_request_which_services_which_days_and_who_performs_them() {
        let (draft, mut earlier) = (samples::draft(), samples::submitted());
        earlier.key = "cas_00000000000000000000000000000077".parse().unwrap();
        let (contract, others) = (samples::contract(), [earlier]);
        let (caller, now) = (samples::clerk(), samples::MORNING.parse().unwrap());
        let sight = Sight { caller: &caller, contract: &contract, now };
        let found = of_one_provider(&draft, draft.requests.last().unwrap(), &others);
        let told = serde_json::to_value(Duplicate::of(&found[0], sight, true)).unwrap();
        assert_eq!(
            (&told["caseId"], &told["request"], &told["status"]),
            (&"261270001".into(), &"R01".into(), &"nurse-review".into())
        );
        assert_eq!(told["servicingName"], "River Day Clinic");
        let line = &told["lines"][0];
        assert_eq!(
            (&line["code"], &line["from"], &line["to"]),
            (&"T1015".into(), &"2026-05-11".into(), &"2026-06-09".into())
        );
        assert!(line["description"].is_string() && told["may"] == serde_json::json!(["note"]));
        assert_eq!(told["follows"], serde_json::json!([]), "nothing is authorized");

        // What is authorized is extended or revised there, while it lasts.
        let mut approved = samples::decided().file.case;
        approved.key = "cas_00000000000000000000000000000077".parse().unwrap();
        let others = [approved];
        let found = of_one_provider(&draft, draft.requests.last().unwrap(), &others);
        let told = serde_json::to_value(Duplicate::of(&found[0], sight, false)).unwrap();
        let offers = serde_json::json!([
            { "kind": "extension", "until": "2026-06-09" }, { "kind": "revision", "until": "2026-06-09" }
        ]);
        assert_eq!(told["follows"], offers);
    }
}
