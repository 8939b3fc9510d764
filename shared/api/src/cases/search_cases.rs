//! Searches the cases that the caller's groups see, by what is left when the Case ID is not at hand (ACT-08). A POST,
//! because a member is searched for by what is PHI and has no place in a URL (OPS-06).
//!
//! A member's cases are read from the member, everything else from the lists of the caller's groups; nothing is scanned.

use std::sync::Arc;

use axum::{Json as Answer, extract::State};
use jiff::civil::Date;
use portico_aws::table::{cases::lists::CaseSummary, people::MemberSearch};
use portico_domain::{
    caller::Caller,
    cases::Case,
    field::FieldErrors,
    id::{CaseId, CaseKey, ContractId},
    wrong::Wrong,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{
    find_members::{is_given, sought},
    listed::{By, ListedCase, ListedCases, Span, Wanted, entries, is_place, many, status},
};
use crate::{
    Route,
    app::App,
    caller::Token,
    form::date,
    json::Json,
    page::{Page, cursor},
    problem::{Problem, ProblemBody},
    words,
};

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(search_cases))
}

/// What is known of the cases that are looked for; what is left out may be anything.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase", default)]
struct CaseSearch {
    /// The one of this number.
    #[schema(example = "261270001")]
    case_id: Option<String>,
    /// The contract of the member; needed with one.
    #[schema(example = "arkansas")]
    contract: Option<String>,
    /// The plan's number for the member.
    member_number: Option<String>,
    /// The member's last name, in full; with `birthDate`.
    last_name: Option<String>,
    /// The member's date of birth.
    #[schema(example = "2022-02-28")]
    birth_date: Option<String>,
    /// Requesting, servicing or attending: an NPI, or at least three letters that its name or a word of it begins with.
    provider: Option<String>,
    /// Only those in this status.
    #[schema(value_type = Option<words::Status>)]
    status: Option<String>,
    /// Only those that were submitted, or with `false` only those that were not.
    submitted: Option<bool>,
    /// Submitted on this day or later, in the contract's zone.
    #[schema(example = "2026-05-07")]
    submitted_from: Option<String>,
    /// Submitted on this day or before.
    submitted_to: Option<String>,
    /// With services on this day or later.
    service_from: Option<String>,
    /// With services on this day or before.
    service_to: Option<String>,
    /// Cases on a page: 1 to 100, usually 25.
    #[schema(example = 25)]
    limit: Option<i64>,
    /// `next` of the page before.
    cursor: Option<String>,
}

#[derive(Debug)]
struct Asked {
    case_id: Option<CaseId>,
    member: Option<(ContractId, MemberSearch)>,
    wanted: Wanted,
    page: Page,
}

/// Searches the cases of the caller's groups.
#[utoipa::path(
    post, path = "/cases/search", tag = "cases", request_body = CaseSearch,
    responses(
        (status = 200, body = ListedCases, description = "A page of cases, possibly none"),
        (status = 422, body = ProblemBody, description = "Fields are wrong"),
    ),
    security(("provider" = []))
)]
async fn search_cases(
    State(app): State<Arc<App>>,
    token: Token,
    body: Json<CaseSearch>,
) -> Result<Answer<ListedCases>, Problem> {
    let asked = parse(&body.value)?;
    let (caller, known) = futures::join!(app.caller(&token), known(&app, &asked));
    let (caller, (known, searched)) = (caller?, known?);
    let (found, next) = match known {
        None => Box::pin(many(&app, &caller, &asked.wanted, &asked.page)).await?,
        Some(cases) => some(&app, &caller, &asked, cases).await?,
    };
    let shown = found.iter().map(|case| case.key.to_string()).collect();
    app.audit_shown(&token, "search-cases", asked.what(searched), shown).await?;
    Ok(Answer(ListedCases { cases: found.into_iter().map(ListedCase::of).collect(), next }))
}

/// The cases of a number or a member, whoever may see them, and the hash of the member who was searched; none when the
/// caller's lists have to be looked through.
async fn known(app: &App, asked: &Asked) -> Result<(Option<Vec<Case>>, Option<String>), Problem> {
    let table = app.table();
    let number = async {
        match &asked.case_id {
            Some(id) => Ok(Some(table.case_key(id).await?.into_iter().collect::<Vec<_>>())),
            None => Ok::<_, Problem>(None),
        }
    };
    let member = async {
        let Some((contract, search)) = &asked.member else { return Ok(None) };
        let keys = app.lookups().await?;
        let members = table.find_members(&keys, contract, search).await?;
        let theirs = members.iter().map(|member| table.cases_of_member(member.id));
        let theirs: Vec<CaseKey> = futures::future::try_join_all(theirs).await?.concat();
        Ok::<_, Problem>(Some((theirs, search.searched(&keys, contract))))
    };
    let (number, member) = futures::join!(number, member);
    let (theirs, searched) = member?.unzip();
    let keys = match (number?, theirs) {
        (None, keys) | (keys, None) => keys,
        (Some(keys), Some(theirs)) => Some(keys.into_iter().filter(|key| theirs.contains(key)).collect()),
    };
    let cases = match keys {
        Some(keys) => Some(table.cases(keys).await?),
        None => None,
    };
    Ok((cases, searched.flatten()))
}

/// A page of those of these cases that the caller may see and that are as asked for.
async fn some(
    app: &App,
    caller: &Caller,
    asked: &Asked,
    cases: Vec<Case>,
) -> Result<(Vec<CaseSummary>, Option<String>), Problem> {
    let seen = app.seen(caller, cases).await?;
    let mut found = entries(app, &asked.wanted, &seen).await?;
    let (limit, after) = (usize::from(asked.page.limit), &asked.page.after);
    found.retain(|(place, _)| after.as_ref().is_none_or(|after| place < after));
    let next = (found.len() > limit).then(|| found.get(limit - 1).map(|(place, _)| cursor(place))).flatten();
    found.truncate(limit);
    Ok((found.into_iter().map(|(_, case)| case).collect(), next))
}

impl Asked {
    /// What was searched for, for the record: the member as a hash.
    fn what(&self, searched: Option<String>) -> Option<String> {
        let number = self.case_id.as_ref().map(ToString::to_string);
        let all: Vec<String> = number.into_iter().chain(searched).chain(self.wanted.what()).collect();
        Some(all.join(" ")).filter(|what| !what.is_empty())
    }
}

fn parse(body: &CaseSearch) -> Result<Asked, FieldErrors> {
    let mut errors = FieldErrors::none();
    let case_id = body.case_id.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let case_id = errors.parse_optional("/caseId", case_id);
    let by = (body.member_number.as_deref(), body.last_name.as_deref(), body.birth_date.as_deref());
    let member = sought(&mut errors, by);
    let contract = if is_given(by) { errors.parse("/contract", body.contract.as_deref()) } else { None };
    let provider = By::parse(&mut errors, body.provider.as_deref());
    let status = status(&mut errors, body.status.as_deref());
    let submitted_on =
        span(&mut errors, ("/submittedFrom", &body.submitted_from), ("/submittedTo", &body.submitted_to));
    let served_on = span(&mut errors, ("/serviceFrom", &body.service_from), ("/serviceTo", &body.service_to));
    let limit = body.limit.map(|limit| limit.to_string());
    let page = Page::parse(&mut errors, (limit.as_deref(), body.cursor.as_deref()), (25, 100), is_place);
    let wanted = Wanted { status, submitted: body.submitted, provider, submitted_on, served_on };
    errors.finish(Some(Asked { case_id, member: contract.zip(member), wanted, page }))
}

fn span(
    errors: &mut FieldErrors,
    (at_from, from): (&str, &Option<String>),
    (at_to, to): (&str, &Option<String>),
) -> Span {
    let mut day = |at: &str, text: &Option<String>| -> Option<Date> {
        let text = text.as_deref().filter(|text| !text.trim().is_empty());
        text.and_then(|text| date(errors, at, Some(text)))
    };
    let (from, to) = (day(at_from, from), day(at_to, to));
    if from.zip(to).is_some_and(|(from, to)| to < from) {
        errors.add(at_to, Wrong::EndsBeforeItBegins.says("The last day is before the first."));
    }
    Span { from, to }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(body: serde_json::Value) -> Result<Asked, Vec<String>> {
        parse(&serde_json::from_value(body).unwrap())
            .map_err(|errors| errors.as_slice().iter().map(|error| error.pointer.clone()).collect())
    }

    #[test]
    fn what_is_empty_is_not_looked_for() {
        let all =
            asked(serde_json::json!({ "caseId": " ", "provider": "", "status": "", "submittedFrom": "" })).unwrap();
        assert!(all.case_id.is_none() && all.member.is_none() && all.wanted == Wanted::default());
        assert_eq!(all.what(None), None);
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let wrong = serde_json::json!({
            "caseId": "12", "lastName": "Quill", "provider": "R", "status": "open", "submittedFrom": "5/7/2026",
            "serviceFrom": "2026-05-07", "serviceTo": "2026-05-06", "limit": 0, "cursor": "x",
        });
        let expected = [
            "/caseId",
            "/birthDate",
            "/contract",
            "/provider",
            "/status",
            "/submittedFrom",
            "/serviceTo",
            "/limit",
            "/cursor",
        ];
        assert_eq!(asked(wrong).unwrap_err(), expected);
    }

    #[test]
    fn the_record_says_what_was_searched_and_nothing_of_a_person() {
        let body = serde_json::json!({
            "contract": "arkansas", "lastName": "Quill", "birthDate": "2022-02-28", "provider": "Hale", "status": "denied",
            "submittedFrom": "2026-05-01",
        });
        let what = asked(body).unwrap().what(Some("a1b2".to_owned())).unwrap();
        assert_eq!(what, "a1b2 denied provider submitted 2026-05-01..");
    }
}
