//! Lists the cases that the caller's groups see, newest first; with `status=draft` the "Requests saved but not
//! submitted" (CASE-01). What is asked for stands in the URL, so it is never PHI (OPS-06).

use std::sync::Arc;

use axum::{Json as Answer, extract::State};
use futures::future::try_join_all;
use jiff::{Timestamp, civil::Date};
use portico_aws::table::cases::lists::CaseSummary;
use portico_domain::{
    caller::Caller,
    cases::access::CaseAction,
    field::FieldErrors,
    id::{CaseId, CaseKey},
    status::Status,
    wrong::Wrong,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use crate::{
    Route,
    app::App,
    caller::Token,
    form::word,
    page::{Page, Query, cursor},
    problem::{Problem, ProblemBody},
    words,
};

/// Entries of a group that are looked through at once for those of a status.
const LOOK: u8 = 100;
/// How often, before a page is given that is not full.
const ROUNDS: usize = 5;

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(list_cases))
}

/// Which cases.
#[derive(Deserialize, IntoParams, Default)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct Filter {
    /// Only those in this status.
    #[param(value_type = Option<words::Status>, inline, example = "draft")]
    status: Option<String>,
    /// Only those that were submitted, or with `false` only those that wait to be.
    #[param(value_type = Option<words::YesNo>, inline)]
    submitted: Option<String>,
    /// Only the one of this number.
    case_id: Option<String>,
    /// Cases on a page: 1 to 100, usually 25.
    limit: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// A page of cases. It may hold fewer than asked for while there is a next one.
#[derive(Serialize, ToSchema)]
struct ListedCases {
    /// Newest first.
    cases: Vec<ListedCase>,
    /// The cursor of the next page, while there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A case in the list.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ListedCase {
    key: String,
    /// Once submitted.
    case_id: Option<String>,
    contract: String,
    #[schema(value_type = words::Setting)]
    setting: String,
    member_name: String,
    #[schema(value_type = String, format = Date)]
    member_birth_date: Date,
    requesting_name: String,
    service_type: Option<String>,
    /// The latest request.
    request: String,
    #[schema(value_type = words::ReviewKind)]
    review: String,
    #[schema(value_type = words::Urgency)]
    urgency: String,
    #[schema(value_type = words::Status)]
    status: String,
    /// The status in words.
    status_label: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    changed_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    submitted_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    due: Option<Timestamp>,
}

struct Wanted {
    status: Option<Status>,
    submitted: Option<bool>,
    case_id: Option<CaseId>,
    page: Page,
}

impl Wanted {
    /// What the list was filtered by, for the record.
    fn what(&self) -> Option<String> {
        let status = self.status.as_ref().map(word);
        let submitted =
            self.submitted.map(|submitted| if submitted { "submitted" } else { "not submitted" }.to_owned());
        let number = self.case_id.as_ref().map(ToString::to_string);
        let all: Vec<String> = number.into_iter().chain(status).chain(submitted).collect();
        Some(all.join(" ")).filter(|what| !what.is_empty())
    }

    fn fits(&self, case: &CaseSummary) -> bool {
        self.status.is_none_or(|status| status == case.status)
            && self
                .submitted
                .is_none_or(|submitted| submitted == case.submitted_at.is_some() && case.status != Status::Cancelled)
    }

    /// Whether some of what is looked through may not be shown.
    fn leaves_out(&self) -> bool {
        self.status.is_some() || self.submitted.is_some()
    }
}

/// Lists the cases of the caller's groups.
#[utoipa::path(
    get, path = "/cases", tag = "cases", params(Filter),
    responses(
        (status = 200, body = ListedCases, description = "A page of cases, possibly none"),
        (status = 422, body = ProblemBody, description = "Fields are wrong"),
    ),
    security(("provider" = []))
)]
async fn list_cases(
    State(app): State<Arc<App>>,
    token: Token,
    query: Query<Filter>,
) -> Result<Answer<ListedCases>, Problem> {
    let wanted = parse(&query.0)?;
    let number = async {
        match &wanted.case_id {
            Some(id) => app.table().case_key(id).await,
            None => Ok(None),
        }
    };
    let (caller, key) = futures::join!(app.caller(&token), number);
    let (caller, key) = (caller?, key?);
    let (found, next) = match (&wanted.case_id, key) {
        (None, _) => many(&app, &caller, &wanted).await?,
        (Some(_), None) => (Vec::new(), None),
        (Some(_), Some(key)) => (one(&app, &caller, key).await?, None),
    };
    let found: Vec<_> = found.into_iter().filter(|case| wanted.fits(case)).collect();
    let shown = found.iter().map(|case| case.key.to_string()).collect();
    app.audit_shown(&token, "list-cases", wanted.what(), shown).await?;
    Ok(Answer(ListedCases { cases: found.into_iter().map(ListedCase::of).collect(), next }))
}

fn parse(query: &Filter) -> Result<Wanted, FieldErrors> {
    let mut errors = FieldErrors::none();
    let known =
        "Choose draft, submitted, nurse-review, physician-review, approved, modified, denied, withdrawn or cancelled.";
    let status = query.status.as_deref().filter(|text| !text.is_empty());
    let status = status.and_then(|text| crate::form::choice(&mut errors, "/status", Some(text), known));
    let submitted = match query.submitted.as_deref() {
        None | Some("") => None,
        Some("true") => Some(true),
        Some("false") => Some(false),
        Some(_) => {
            errors.add("/submitted", Wrong::NotAChoice.says("Choose true or false."));
            None
        }
    };
    let case_id = errors.parse_optional("/caseId", query.case_id.as_deref());
    let page = Page::parse(&mut errors, (query.limit.as_deref(), query.cursor.as_deref()), (25, 100), is_place);
    errors.finish(Some(Wanted { status, submitted, case_id, page }))
}

/// `CASE#2026-05-07#cas_…`: the place of a case in a group's list.
fn is_place(text: &str) -> bool {
    let parts: Vec<&str> = text.split('#').collect();
    matches!(parts[..], ["CASE", day, key] if day.len() == 10 && day.parse::<Date>().is_ok() && key.parse::<CaseKey>().is_ok())
}

/// The case of a key, if the caller may see it.
async fn one(app: &App, caller: &Caller, key: CaseKey) -> Result<Vec<CaseSummary>, Problem> {
    let Some(case) = app.table().case(key).await? else { return Ok(Vec::new()) };
    if app.may(caller, CaseAction::Read, &case).await?.is_err() {
        return Ok(Vec::new());
    }
    let contract = app.contract(&case.contract).await?;
    Ok(CaseSummary::of(&case, &contract.calendar).into_iter().collect())
}

/// A page over all groups of the caller.
async fn many(app: &App, caller: &Caller, wanted: &Wanted) -> Result<(Vec<CaseSummary>, Option<String>), Problem> {
    let (limit, mut before) = (usize::from(wanted.page.limit), wanted.page.after.clone());
    let look = if wanted.leaves_out() { LOOK } else { wanted.page.limit };
    let (mut found, groups, mut held) = (Vec::new(), caller.groups(), None);
    for _ in 0..ROUNDS {
        let pages = try_join_all(groups.iter().map(|group| app.table().group_cases(*group, before.as_deref(), look)));
        let (mut pages, providers) = match held.take() {
            Some(providers) => (pages.await?, providers),
            None => {
                let held = try_join_all(groups.iter().map(|group| app.table().held_providers(*group)));
                let (pages, held) = futures::join!(pages, held);
                (pages?, held?.concat())
            }
        };
        // Cases that a provider was on before the group registered it (ACT-07).
        let theirs = providers.iter().map(|id| app.table().provider_cases(*id, before.as_deref(), look));
        pages.extend(try_join_all(theirs).await?);
        held = Some(providers);
        let (entries, more) = merge(pages, usize::from(look));
        for (place, case) in entries {
            if wanted.fits(&case) {
                if found.len() == limit {
                    return Ok((found, before.as_deref().map(cursor)));
                }
                found.push(case);
            }
            before = Some(place);
        }
        if !more {
            return Ok((found, None));
        }
        if found.len() == limit {
            break;
        }
    }
    Ok((found, before.as_deref().map(cursor)))
}

/// The newest `limit` of several groups' entries, each case once, and whether there are more.
fn merge(pages: Vec<Vec<(String, CaseSummary)>>, limit: usize) -> (Vec<(String, CaseSummary)>, bool) {
    let mut entries: Vec<_> = pages.into_iter().flatten().collect();
    entries.sort_by(|a, b| b.0.cmp(&a.0));
    entries.dedup_by(|a, b| a.0 == b.0);
    let more = entries.len() > limit;
    entries.truncate(limit);
    (entries, more)
}

impl ListedCase {
    fn of(case: CaseSummary) -> Self {
        Self {
            key: case.key.to_string(),
            case_id: case.case_id.map(|id| id.to_string()),
            contract: case.contract.to_string(),
            setting: word(&case.setting),
            member_name: case.member_name,
            member_birth_date: case.member_birth_date,
            requesting_name: case.requesting_name,
            service_type: case.service_type,
            request: case.request.to_string(),
            review: word(&case.review),
            urgency: word(&case.urgency),
            status: word(&case.status),
            status_label: case.status.to_string(),
            created_at: case.created_at,
            changed_at: case.changed_at,
            submitted_at: case.submitted_at,
            due: case.due,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    fn entry(day: &str, key: u8) -> (String, CaseSummary) {
        let summary = CaseSummary::of(&samples::draft(), &samples::contract().calendar).unwrap();
        (format!("CASE#{day}#cas_{key:032x}"), summary)
    }

    /// REQ: CASE-01
    #[test]
    fn groups_are_merged_newest_first_and_each_case_once() {
        let pages = vec![
            vec![entry("2026-05-07", 9), entry("2026-05-05", 1)],
            vec![entry("2026-05-07", 9), entry("2026-05-06", 4)],
        ];
        let (entries, more) = merge(pages.clone(), 3);
        let days: Vec<_> = entries.iter().map(|(place, _)| &place[5..15]).collect();
        assert_eq!((days, more), (vec!["2026-05-07", "2026-05-06", "2026-05-05"], false));
        assert!(merge(pages, 2).1);
    }

    /// REQ: CASE-01
    #[test]
    fn filters_are_checked() {
        let text = |text: &str| Some(text.to_owned());
        let draft = parse(&Filter { status: text("draft"), ..Filter::default() }).unwrap();
        assert_eq!((draft.status, draft.page.limit), (Some(Status::Draft), 25));
        let place = entry("2026-05-07", 9).0;
        assert!(
            parse(&Filter { cursor: Some(cursor(&place)), ..Filter::default() }).unwrap().page.after == Some(place)
        );
        let submitted = |given| parse(&Filter { submitted: text(given), ..Filter::default() }).unwrap().submitted;
        assert_eq!((submitted("true"), submitted("false"), submitted("")), (Some(true), Some(false), None));
        let wrong = Filter {
            status: text("open"),
            submitted: text("yes"),
            case_id: text("12"),
            limit: text("0"),
            cursor: Some(cursor("CASE#a#b")),
        };
        let errors = parse(&wrong).err().unwrap();
        let pointers: Vec<_> = errors.as_slice().iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/status", "/submitted", "/caseId", "/limit", "/cursor"]);
    }
}
