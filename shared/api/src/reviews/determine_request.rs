//! A reviewer decides a request they have claimed, line by line, or refers it to a physician (REV-03 to REV-05, REV-10).
//!
//! Nothing is saved whose letters could not be issued: what they would lack is told before (LTR-04, LTR-09).

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use portico_aws::table::Guard;
use portico_domain::{
    caller::Reviewer,
    cases::{Case, Change, access::CaseAction, determination::Determination},
    contracts::Contract,
    field::FieldErrors,
    id::RequestNumber,
    reviews::{
        self, Decision, ReviewError,
        correct::{self, Corrected},
        eligibility, letter_facts, sources,
    },
    service::Line,
    wrong::Wrong,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{
    closing::{self, DuplicateBody},
    extend_time,
    lacking::lacking,
    note_talk,
    outcomes::{self, CriterionBody, OutcomeBody, text},
    pend_request, record_hearing,
};
use crate::{
    Route,
    app::App,
    caller::Token,
    form::word,
    json::Json,
    open::Opened,
    problem::{Problem, ProblemBody},
    version::etag,
    words,
};

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new()
        .routes(routes!(determine_request))
        .merge(pend_request::route())
        .merge(extend_time::route())
        .merge(note_talk::route())
        .merge(record_hearing::route())
}

/// A decision.
#[derive(Deserialize, ToSchema, Default)]
pub(super) struct DeterminationBody {
    /// `refer`, `determine`, `void`: closed without a decision, or `correct`: a new decision in the place of one that was wrong.
    #[schema(value_type = words::Decision, required = true)]
    decision: Option<String>,
    /// For `refer`: why a physician should look at it. For `void`: what was found, which may be empty where a rule or another request says
    /// it. For `correct`: why. It stands in the letters.
    note: Option<String>,
    /// For `void`: why. `not-eligible` when absent.
    #[schema(value_type = Option<words::Closed>)]
    because: Option<String>,
    /// For `void` as `duplicate`: the request that asks for the same.
    #[serde(rename = "duplicateOf")]
    duplicate_of: Option<DuplicateBody>,
    /// For `correct`: the number of the decision that is corrected, as the request has it.
    corrects: Option<i64>,
    /// For `determine` and `correct`: one outcome for each line, in order.
    #[serde(default)]
    lines: Vec<OutcomeBody>,
    /// For an adverse outcome: what it rests on.
    #[serde(default)]
    criteria: Vec<CriterionBody>,
}

/// The request after the decision.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DeterminedRequest {
    request: String,
    #[schema(value_type = words::Status)]
    status: String,
    /// When anything was approved.
    authorization_number: Option<String>,
    /// Version of the case.
    version: u64,
}

/// Decides a request.
#[utoipa::path(
    post, path = "/staff/cases/{id}/requests/{number}/determination", tag = "reviews", request_body = DeterminationBody,
    params(
        ("id" = String, Path, description = "Opaque key or Case ID"),
        ("number" = String, Path, description = "As R01"),
    ),
    responses(
        (status = 200, body = DeterminedRequest, description = "Saved; letters follow by themselves", headers(("ETag" = String, description = "Version, for If-Match"))),
        (status = 403, body = ProblemBody, description = "Only a physician may decide so"),
        (status = 404, body = ProblemBody, description = "No such case or request, or not for the caller"),
        (status = 409, body = ProblemBody, description = "Not claimed, another's, decided, or changed at the same moment"),
        (status = 422, body = ProblemBody, description = "Fields are wrong, or a letter would lack an element"),
    ),
    security(("staff" = []))
)]
async fn determine_request(
    State(app): State<Arc<App>>,
    token: Token,
    Path((id, number)): Path<(String, String)>,
    body: Json<DeterminationBody>,
) -> Result<Response, Problem> {
    let number: RequestNumber = number.parse().map_err(|_| Problem::not_found())?;
    let opened = app.open(&token, &id, CaseAction::Review, "determine-request").await?.about(number);
    let reviewer = opened.caller.reviewer()?;
    let grounds = to_decide(&app, &opened, number, &body.value).await?;
    let change = decided(&grounds, number, reviewer, &body.value, app.now())?;
    let transaction = app.save(&change, &grounds.now.calendar, &opened)?;
    match app.table().commit(transaction).await {
        Ok(()) => answer(&change.case, number),
        Err(error) if error.refused(Guard::Version) => {
            let stored = app.reload(opened.found.key).await?;
            let status = stored.request(number).ok_or(ReviewError::NoRequest)?.status();
            let detail = format!("The request was changed at the same moment and is {status} now. Nothing was saved.");
            Err(Problem::conflict(detail, word(&status)))
        }
        Err(error) => Err(error.into()),
    }
}

/// What a decision rests on.
pub(super) struct Grounds {
    /// The contract as it held when the request was submitted: its rules decide.
    rules: Arc<Contract>,
    /// The contract as it holds now: letters and the catalogue of their words say what is true today.
    pub(super) now: Arc<Contract>,
    /// Whether the member is eligible says the plan's file as it is now.
    case: Case,
    /// For a duplicate: the member's other cases that the reviewer sees.
    others: Vec<Case>,
    /// For a correction: what was decided in the case.
    determinations: Vec<Determination>,
}

/// The contract, and the case as it is decided.
pub(super) async fn to_decide(
    app: &App,
    opened: &Opened,
    number: RequestNumber,
    body: &DeterminationBody,
) -> Result<Grounds, Problem> {
    let (case, is) = (&opened.found, |decision| body.decision.as_deref() == Some(decision));
    let (voids, corrects) = (is("void"), is("correct"));
    let repeats = voids && body.because.as_deref() == Some("duplicate");
    let table = app.table();
    let member = async { if voids { table.unmerged_member(case.member.id).await } else { Ok(None) } };
    let others = async { if repeats { table.others(case.member.id, case.key).await } else { Ok(Vec::new()) } };
    let file = async { if corrects { table.case_file(case.key).await } else { Ok(None) } };
    let (now, member, others, file) = futures::join!(app.contract_for(case), member, others, file);
    let others = app.seen(&opened.caller, others?).await?;
    let determinations = file?.map(|file| file.determinations).unwrap_or_default();
    let case = match member? {
        Some(member) => eligibility::known(case.clone(), &member),
        None => case.clone(),
    };
    // Both were read with the first.
    Ok(Grounds { now: now?, rules: app.rules_of(&case, number).await?, case, others, determinations })
}

/// The case as this decision leaves it, when its letters can be issued.
pub(super) fn decided(
    grounds: &Grounds,
    number: RequestNumber,
    by: &Reviewer,
    body: &DeterminationBody,
    at: Timestamp,
) -> Result<Change, Problem> {
    let Grounds { rules, now, case, others, determinations } = grounds;
    let asked = case.request(number).ok_or(ReviewError::NoRequest)?;
    let mut change = match body.decision.as_deref() {
        Some("void") => {
            let why = (body.because.as_deref(), body.duplicate_of.as_ref(), body.note.as_deref());
            let (closing, reason) = closing::parse(why, (case, number), others, &[rules, now])?;
            reviews::decide(case.clone(), number, by, Decision::Void { closing, reason }, rules, at)?
        }
        Some("correct") => {
            let corrected = corrected(body, &asked.lines)?;
            correct::correct(case.clone(), number, by, corrected, determinations, rules, at)?
        }
        _ => reviews::decide(case.clone(), number, by, parse(body, &asked.lines)?, rules, at)?,
    };
    if let Some(made) = &mut change.determination {
        made.sources = outcomes::sources(&body.lines, &body.criteria);
        let service = case.service.as_ref().map(|service| service.service_type.as_str());
        sources::check(now, service, (&made.lines, &made.criteria), &made.sources).into_result()?;
    }
    check_letters(&change, number, now)?;
    Ok(change)
}

/// What is decided instead.
fn corrected(body: &DeterminationBody, asked: &[Line]) -> Result<Corrected, FieldErrors> {
    let mut errors = FieldErrors::none();
    let reason = text(&mut errors, "/note", body.note.as_deref());
    let of = body.corrects.and_then(|number| u32::try_from(number).ok());
    if of.is_none() {
        let wrong = if body.corrects.is_none() { Wrong::Missing } else { Wrong::NotFound };
        errors.add("/corrects", wrong.says("Send the number of the decision that you correct, as the request has it."));
    }
    let parsed = outcomes::parse((&body.lines, &body.criteria), asked, &mut errors);
    errors.finish(parsed.zip(of).map(|((lines, criteria), of)| Corrected { of, reason, lines, criteria }))
}

fn parse(body: &DeterminationBody, asked: &[Line]) -> Result<Decision, FieldErrors> {
    let mut errors = FieldErrors::none();
    let decision = match body.decision.as_deref() {
        Some("refer") => {
            let note = text(&mut errors, "/note", body.note.as_deref());
            Some(Decision::Refer { note })
        }
        Some("determine") => {
            let determined = outcomes::parse((&body.lines, &body.criteria), asked, &mut errors);
            determined.map(|(lines, criteria)| Decision::Determine { lines, criteria })
        }
        _ => {
            let wrong = Wrong::word(body.decision.as_deref());
            errors.add("/decision", wrong.says("Choose refer, determine, void or correct."));
            None
        }
    };
    errors.finish(decision)
}

/// A decision whose letters would lack a required element, or could not be printed, is not saved; each fault is named.
fn check_letters(change: &Change, number: RequestNumber, contract: &Contract) -> Result<(), FieldErrors> {
    let closed = change.case.request(number).is_some_and(|request| request.voided().is_some());
    let missing = match &change.determination {
        Some(determination) => letter_facts::check(&change.case, determination, contract),
        None if closed => letter_facts::check_voided(&change.case, number, contract),
        None => Vec::new(),
    };
    lacking(missing).into_result()
}

fn answer(case: &Case, number: RequestNumber) -> Result<Response, Problem> {
    let request = case.request(number).ok_or(ReviewError::NoRequest)?;
    let authorization = request.decided().and_then(|decided| decided.authorization.as_ref());
    let determined = DeterminedRequest {
        request: number.to_string(),
        status: word(&request.status()),
        authorization_number: authorization.map(ToString::to_string),
        version: case.version,
    };
    Ok(([etag(case.version)], Answer(determined)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use portico_domain::cases::determination::LineOutcome;
    use serde_json::{Value, json};

    fn parsed(body: Value) -> Result<Decision, Vec<String>> {
        let asked = samples::draft().requests[0].lines.clone();
        parse(&serde_json::from_value(body).unwrap(), &asked)
            .map_err(|errors| errors.as_slice().iter().map(|error| error.pointer.clone()).collect())
    }

    /// REQ: REV-04
    #[test]
    fn what_a_modified_line_does_not_say_stays_as_asked() {
        let body =
            json!({ "decision": "determine", "lines": [{ "outcome": "modified", "units": 90, "reason": "Enough." }] });
        let Ok(Decision::Determine { lines, .. }) = parsed(body) else { panic!() };
        let asked = samples::draft().requests[0].lines[0].period;
        assert!(
            matches!(&lines[0], LineOutcome::Modified { units, period, .. } if u32::from(*units) == 90 && *period == asked)
        );
    }

    /// REQ: REV-04, REV-05
    #[test]
    fn everything_wrong_is_said_at_once() {
        let body = json!({
            "decision": "determine",
            "lines": [{ "outcome": "approved", "units": 90 }, { "outcome": "denied" }],
            "criteria": [{ "title": "Day services" }]
        });
        assert_eq!(
            parsed(body).unwrap_err(),
            ["/lines/0/outcome", "/lines/1", "/criteria/0/citation", "/criteria/0/text"]
        );
        let dates = json!({ "decision": "determine", "lines": [{ "outcome": "modified", "units": 0, "from": "2026-06-09", "to": "2026-06-01" }] });
        assert_eq!(parsed(dates).unwrap_err(), ["/lines/0/units", "/lines/0/to"]);
        assert_eq!(parsed(json!({})).unwrap_err(), ["/decision"]);
        assert!(parsed(json!({ "decision": "refer", "note": "Please look." })).is_ok());
    }

    #[test]
    fn words_that_no_letter_can_print_are_refused_at_their_field() {
        let of = |reason: &str, words: &str| {
            parsed(json!({
                "decision": "determine",
                "lines": [{ "outcome": "denied", "reason": reason }],
                "criteria": [{ "title": words, "citation": words, "text": words }]
            }))
        };
        for odd in ["📄", "\0", "\u{8}", "\u{202E}", "✅", "\u{FFFD}", "\u{F0F0}"] {
            let expected = ["/lines/0/reason", "/criteria/0/title", "/criteria/0/citation", "/criteria/0/text"];
            assert_eq!(of(&format!("No need {odd} is shown."), odd).unwrap_err(), expected, "{odd:?}");
        }
        let pasted = "\u{F0B7} Goals 1 and 2 are met;\r\n\tgoal 3\u{2028}has no data. 𝐓ｒｉａｌ \u{26A0}\u{FE0F}";
        let Ok(Decision::Determine { lines, criteria }) = of(pasted, pasted) else { panic!() };
        let printed = "• Goals 1 and 2 are met;\n goal 3\nhas no data. Trial \u{26A0}";
        assert_eq!(lines, [LineOutcome::Denied { reason: printed.to_owned() }]);
        assert_eq!(criteria[0].text, printed);
    }

    #[test]
    fn a_letter_that_cannot_be_printed_stops_the_decision() {
        let mut file = samples::decided().file;
        let Some(mut determination) = file.determinations.pop() else { panic!() };
        determination.lines = vec![LineOutcome::Denied { reason: "The file 📄 shows no need at home.".to_owned() }];
        let change = Change { case: file.case, events: Vec::new(), determination: Some(determination) };
        let errors = check_letters(&change, RequestNumber::FIRST, &samples::contract()).unwrap_err();
        let said: Vec<_> = errors.as_slice().iter().map(|error| error.objection.sentence.as_str()).collect();
        assert!(
            said.contains(&"The character “📄” (U+1F4C4) cannot be printed in a letter. Please remove it."),
            "{said:?}"
        );
    }

    /// What holds now says what letters say, what held then what may be decided.
    #[test]
    fn a_request_is_decided_by_the_rules_under_which_it_was_submitted() {
        let (then, mut stricter) = (samples::contract(), samples::contract());
        for rule in &mut stricter.codes {
            rule.max_units_per_day = Some(1);
        }
        let of = |rules: &Contract, now: &Contract| {
            let grounds = Grounds {
                rules: Arc::new(rules.clone()),
                now: Arc::new(now.clone()),
                case: samples::claimed("nurse.ann"),
                others: Vec::new(),
                determinations: Vec::new(),
            };
            let body = serde_json::from_value(json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] }))
                .unwrap();
            let nurse = samples::nurse("nurse.ann");
            decided(
                &grounds,
                RequestNumber::FIRST,
                nurse.reviewer().unwrap(),
                &body,
                "2026-05-08T14:00:00Z".parse().unwrap(),
            )
        };
        assert!(of(&then, &stricter).is_ok());
        assert_eq!(of(&stricter, &then).unwrap_err().pointers(), ["/lines/0/units"]);
        let mut silent = samples::contract();
        silent.letters.letterhead.agency.clear();
        assert!(of(&silent, &then).is_ok() && of(&then, &silent).is_err());
    }

    /// REQ: LTR-04
    #[test]
    fn a_letter_without_a_required_element_stops_the_decision() {
        let (file, mut contract) = (samples::decided().file, samples::contract());
        let change =
            Change { case: file.case, events: Vec::new(), determination: file.determinations.first().cloned() };
        assert_eq!(check_letters(&change, RequestNumber::FIRST, &contract), Ok(()));
        contract.letters.letterhead.agency.clear();
        let errors = check_letters(&change, RequestNumber::FIRST, &contract).unwrap_err();
        assert!(errors.as_slice().iter().all(|error| error.objection.sentence.starts_with("The letter would lack")));
        assert!(check_letters(&Change { determination: None, ..change }, RequestNumber::FIRST, &contract).is_ok());
    }
}
