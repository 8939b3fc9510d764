//! Lists the cases that the caller's groups see, newest first; with `status=draft` the "Requests saved but not
//! submitted" (CASE-01). What is asked for stands in the URL, so it is never PHI (OPS-06).

use std::sync::Arc;

use axum::{Json as Answer, extract::State};
use portico_domain::{field::FieldErrors, id::CaseId, wrong::Wrong};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::routes;

use super::listed::{ListedCase, ListedCases, Wanted, is_place, many, one, status};
use crate::{
    Route,
    app::App,
    caller::Token,
    page::{Page, Query},
    problem::{Problem, ProblemBody},
    words,
};

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

struct Asked {
    wanted: Wanted,
    case_id: Option<CaseId>,
    page: Page,
}

impl Asked {
    /// What the list was filtered by, for the record.
    fn what(&self) -> Option<String> {
        let number = self.case_id.as_ref().map(ToString::to_string);
        let all: Vec<String> = number.into_iter().chain(self.wanted.what()).collect();
        Some(all.join(" ")).filter(|what| !what.is_empty())
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
    let asked = parse(&query.0)?;
    let number = async {
        match &asked.case_id {
            Some(id) => app.table().case_key(id).await,
            None => Ok(None),
        }
    };
    let (caller, key) = futures::join!(app.caller(&token), number);
    let (caller, key) = (caller?, key?);
    let (found, next) = match (&asked.case_id, key) {
        (None, _) => many(&app, &caller, &asked.wanted, &asked.page).await?,
        (Some(_), None) => (Vec::new(), None),
        (Some(_), Some(key)) => (one(&app, &caller, &asked.wanted, key).await?, None),
    };
    let shown = found.iter().map(|case| case.key.to_string()).collect();
    app.audit_shown(&token, "list-cases", asked.what(), shown).await?;
    Ok(Answer(ListedCases { cases: found.into_iter().map(ListedCase::of).collect(), next }))
}

fn parse(query: &Filter) -> Result<Asked, FieldErrors> {
    let mut errors = FieldErrors::none();
    let status = status(&mut errors, query.status.as_deref());
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
    let wanted = Wanted { status, submitted, ..Wanted::default() };
    errors.finish(Some(Asked { wanted, case_id, page }))
}

#[cfg(test)]
mod tests {
    use portico_domain::status::Status;

    use super::*;
    use crate::page::cursor;

    /// REQ: CASE-01
    #[test]
    fn filters_are_checked() {
        let text = |text: &str| Some(text.to_owned());
        let draft = parse(&Filter { status: text("draft"), ..Filter::default() }).unwrap();
        assert_eq!((draft.wanted.status, draft.page.limit), (Some(Status::Draft), 25));
        let place = format!("CASE#2026-05-07#cas_{:032x}", 9);
        assert!(
            parse(&Filter { cursor: Some(cursor(&place)), ..Filter::default() }).unwrap().page.after == Some(place)
        );
        let submitted =
            |given| parse(&Filter { submitted: text(given), ..Filter::default() }).unwrap().wanted.submitted;
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
