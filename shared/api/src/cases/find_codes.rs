//! Finds diagnosis and procedure codes by code or by words of the description (CASE-12, CASE-14), for providers and
//! reviewers alike. CPT is not searched: its descriptions are licensed.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use portico_codes::{Entry, Finder};
use portico_domain::{field::FieldErrors, name::words, wrong::Wrong};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use crate::{
    Route,
    app::App,
    caller::Token,
    doors,
    page::{Page, Query, cursor},
    problem::{Problem, ProblemBody},
    words,
};

/// The farthest place of a search: who is there refines the words.
const FARTHEST: usize = 2000;

/// The routes.
#[must_use]
pub fn route() -> Route {
    doors::at_both(Route::new().routes(routes!(find_codes)))
}

/// What is looked for.
#[derive(Deserialize, IntoParams, Default)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Search {
    /// The beginning of a code, or words of its description.
    #[param(example = "sleep apnea")]
    q: Option<String>,
    /// Codes on a page: 1 to 50, usually 20.
    limit: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// A page of codes, the best first.
#[derive(Serialize, ToSchema)]
struct FoundCodes {
    /// The codes.
    codes: Vec<FoundCode>,
    /// The cursor of the next page, while there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A code with its description.
#[derive(Serialize, ToSchema)]
struct FoundCode {
    /// As people write it.
    #[schema(example = "G47.33")]
    code: String,
    /// The long description.
    description: String,
    /// Whether the newest release lets it be billed; headers are not.
    billable: bool,
    /// The newest release that lists it.
    #[schema(example = "FY2027")]
    listed: &'static str,
}

/// Finds codes of a system.
#[utoipa::path(
    get, path = "/codes/{system}", tag = "cases",
    params(("system" = inline(words::CodeSystem), Path, description = "Which set of codes"), Search),
    responses(
        (status = 200, body = FoundCodes, description = "A page of codes, possibly none"),
        (status = 404, body = ProblemBody, description = "No such code system"),
        (status = 422, body = ProblemBody, description = "Fields are wrong"),
    ),
    security(("provider" = []))
)]
async fn find_codes(
    State(app): State<Arc<App>>,
    token: Token,
    Path(system): Path<String>,
    query: Query<Search>,
) -> Result<Answer<FoundCodes>, Problem> {
    find(&app, &token, &system, &query.0).await
}

async fn find(app: &App, token: &Token, system: &str, search: &Search) -> Result<Answer<FoundCodes>, Problem> {
    app.caller(token).await?;
    let finder = match system {
        "icd10cm" => portico_codes::find_icd10cm(),
        "hcpcs" => portico_codes::find_hcpcs(),
        _ => return Err(Problem::not_found()),
    };
    Ok(Answer(page(finder, search)?))
}

fn page(finder: &Finder, search: &Search) -> Result<FoundCodes, FieldErrors> {
    let mut errors = FieldErrors::none();
    let query = search.q.as_deref().unwrap_or_default().trim();
    if query.is_empty() || query.chars().count() > portico_codes::MAX_QUERY {
        let most = portico_codes::MAX_QUERY;
        let text = format!("Enter 1 to {most} characters of a code or a description.");
        errors.add("/q", Wrong::length(query, most).says(text));
    }
    let place = |place: &str| place.parse::<usize>().ok().filter(|place| *place <= FARTHEST);
    let wanted = (search.limit.as_deref(), search.cursor.as_deref());
    let page = Page::parse(&mut errors, wanted, (20, 50), |text| place(text).is_some());
    errors.into_result()?;
    let (limit, offset) = (usize::from(page.limit), page.after.as_deref().and_then(place).unwrap_or(0));
    // Descriptions have no accents: `Sjögren` is looked for as `sjogren`.
    let plain = if query.is_ascii() { query.to_owned() } else { words(query).join(" ") };
    let mut entries = if plain.is_empty() { Vec::new() } else { finder.search(&plain, limit + 1, offset) };
    let more = entries.len() > limit && offset + limit <= FARTHEST;
    entries.truncate(limit);
    let shown = |entry: Entry| FoundCode {
        code: entry.display(),
        description: entry.description,
        billable: entry.billable,
        listed: entry.listed,
    };
    let next = more.then(|| cursor(&(offset + limit).to_string()));
    Ok(FoundCodes { codes: entries.into_iter().map(shown).collect(), next })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(q: &str, limit: Option<&str>, cursor: Option<String>) -> Search {
        Search { q: Some(q.to_owned()), limit: limit.map(ToOwned::to_owned), cursor }
    }

    /// REQ: CASE-12
    #[test]
    fn pages_follow_each_other_without_gap_or_double() {
        let icd = portico_codes::find_icd10cm();
        let first = page(icd, &search("sleep apnea", Some("3"), None)).unwrap();
        let second = page(icd, &search("sleep apnea", Some("3"), first.next.clone())).unwrap();
        let both: Vec<_> = first.codes.iter().chain(&second.codes).map(|code| code.code.clone()).collect();
        let whole = page(icd, &search("sleep apnea", Some("6"), None)).unwrap();
        assert_eq!(both, whole.codes.iter().map(|code| code.code.clone()).collect::<Vec<_>>());
        assert!(both.contains(&"G47.33".to_owned()));
        let found = |q: &str| {
            let codes = page(icd, &search(q, None, None)).unwrap().codes;
            codes.into_iter().map(|code| code.code).collect::<Vec<_>>()
        };
        assert_eq!(found("Sjögren"), found("Sjogren"));
        assert!(!found("Sjögren").is_empty() && found("病").is_empty());
    }

    /// REQ: CASE-12
    #[test]
    fn an_empty_search_and_a_far_cursor_are_refused() {
        let hcpcs = portico_codes::find_hcpcs();
        let far = cursor("2001");
        let errors = page(hcpcs, &search(" ", Some("51"), Some(far))).err().unwrap();
        let pointers: Vec<_> = errors.as_slice().iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/q", "/limit", "/cursor"]);
    }
}
