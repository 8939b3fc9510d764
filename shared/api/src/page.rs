//! Queries of lists: bounded limits, and cursors that nobody has to understand. No query carries PHI.

use axum::{
    extract::{FromRequestParts, rejection::QueryRejection},
    http::request::Parts,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use portico_domain::{
    field::{FieldErrors, Objection},
    wrong::Wrong,
};
use serde::de::DeserializeOwned;

use crate::{json::unknown_field, problem::Problem};

/// The query of a request, all its fields optional text. A field that nobody reads is refused: a filter with a slip in its
/// name would show everything.
#[derive(Clone, Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let malformed = || Problem::malformed("The query cannot be read.");
        let pairs: Result<axum::extract::Query<Vec<(String, String)>>, QueryRejection> =
            axum::extract::Query::from_request_parts(parts, state).await;
        let pairs = pairs.map_err(|_| malformed())?.0;
        let mut unknown = FieldErrors::none();
        let mut ignored = |path: serde_ignored::Path<'_>| unknown.add(format!("/{path}"), unknown_field());
        let count = pairs.len();
        let fields: serde_json::Map<_, _> = pairs.into_iter().map(|(name, text)| (name, text.into())).collect();
        if fields.len() < count {
            return Err(malformed());
        }
        let fields = serde_json::Value::Object(fields);
        let query = T::deserialize(serde_ignored::Deserializer::new(fields, &mut ignored)).map_err(|_| malformed())?;
        unknown.into_result()?;
        Ok(Self(query))
    }
}

/// Where a page begins and how long it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Page {
    /// Entries, at most.
    pub limit: u8,
    /// The place of the last entry of the page before.
    pub after: Option<String>,
}

impl Page {
    /// Reads `limit` (`usual` when absent, at most `most`) and `cursor`, which must be a place that `is_place` knows.
    pub fn parse(
        errors: &mut FieldErrors,
        (limit, cursor): (Option<&str>, Option<&str>),
        (usual, most): (u8, u8),
        is_place: impl Fn(&str) -> bool,
    ) -> Self {
        let limit = match limit.map(str::parse::<u8>) {
            None => usual,
            Some(Ok(limit)) if (1..=most).contains(&limit) => limit,
            Some(_) => {
                let wrong = Wrong::OutOfRange { least: 1, most: most.into() };
                errors.add("/limit", wrong.says(format!("A page has 1 to {most} entries.")));
                usual
            }
        };
        let read =
            |text: &str| String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok().filter(|place| is_place(place));
        let after = cursor.and_then(|text| {
            let place = read(text);
            if place.is_none() {
                errors.add("/cursor", not_a_cursor());
            }
            place
        });
        Self { limit, after }
    }
}

impl Page {
    /// The page of several lists together, each read with one entry more than the page has, by their places; and the cursor of the next
    /// one, while there is one.
    pub(crate) fn of_all<T>(&self, lists: Vec<Vec<(String, T)>>) -> (Vec<T>, Option<String>) {
        let mut found: Vec<(String, T)> = lists.into_iter().flatten().collect();
        found.sort_by(|(one, _), (other, _)| one.cmp(other));
        let more = found.len() > usize::from(self.limit);
        found.truncate(usize::from(self.limit));
        let next = found.last().filter(|_| more).map(|(place, _)| cursor(place));
        (found.into_iter().map(|(_, entry)| entry).collect(), next)
    }
}

/// What is said of a cursor that leads nowhere.
#[must_use]
pub fn not_a_cursor() -> Objection {
    Wrong::NotACursor.says("Send the value of next as it was received, or begin without a cursor.")
}

/// The cursor of a place.
#[must_use]
pub fn cursor(place: &str) -> String {
    URL_SAFE_NO_PAD.encode(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(limit: Option<&str>, cursor: Option<&str>) -> (Page, Vec<String>) {
        let mut errors = FieldErrors::none();
        let page = Page::parse(&mut errors, (limit, cursor), (20, 50), |place| place.starts_with("CASE#"));
        (page, errors.as_slice().iter().map(|error| error.pointer.clone()).collect())
    }

    #[test]
    fn a_cursor_comes_back_as_it_was_given() {
        let place = "CASE#2026-05-07#cas_1";
        assert_eq!(parse(Some("5"), Some(&cursor(place))), (Page { limit: 5, after: Some(place.to_owned()) }, vec![]));
        assert_eq!(parse(None, None), (Page { limit: 20, after: None }, vec![]));
    }

    #[derive(Debug, PartialEq, serde::Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    #[derive(Default)]
    struct Filter {
        case_id: Option<String>,
        limit: Option<String>,
    }

    #[test]
    fn a_filter_that_nobody_reads_is_refused_by_name() {
        let query = |text: &str| {
            let uri = format!("/cases?{text}").parse().unwrap_or_default();
            let (mut parts, ()) = axum::http::Request::new(()).into_parts();
            parts.uri = uri;
            let query = futures::executor::block_on(Query::<Filter>::from_request_parts(&mut parts, &()));
            query.map(|query| query.0).map_err(|problem| problem.pointers())
        };
        let read = query("caseId=26%201&limit=5");
        assert_eq!(read, Ok(Filter { case_id: Some("26 1".to_owned()), limit: Some("5".to_owned()) }));
        assert_eq!(query(""), Ok(Filter::default()));
        assert_eq!(query("caseid=1&page=2"), Err(vec!["/caseid".to_owned(), "/page".to_owned()]));
        assert_eq!(query("limit=5&limit=6"), Err(vec![]));
    }

    #[test]
    fn limits_are_bounded_and_made_up_cursors_refused() {
        assert_eq!(parse(Some("0"), None).1, ["/limit"]);
        assert_eq!(parse(Some("51"), Some(&cursor("AUDIT#1"))).1, ["/limit", "/cursor"]);
        assert_eq!(parse(None, Some("%%%")).1, ["/cursor"]);
    }
}
