//! Queries of lists: bounded limits, and cursors that nobody has to understand. No query carries PHI.

use axum::{
    extract::{FromRequestParts, rejection::QueryRejection},
    http::request::Parts,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use portico_domain::field::FieldErrors;
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// The query of a request, all its fields optional text.
#[derive(Clone, Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let query: Result<axum::extract::Query<T>, QueryRejection> =
            axum::extract::Query::from_request_parts(parts, state).await;
        query.map(|query| Self(query.0)).map_err(|_| Problem::malformed("The query cannot be read."))
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
                errors.add("/limit", format!("A page has 1 to {most} entries."));
                usual
            }
        };
        let read =
            |text: &str| String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok().filter(|place| is_place(place));
        let after = cursor.and_then(|text| {
            let place = read(text);
            if place.is_none() {
                errors.add("/cursor", "Send the value of next as it was received, or begin without a cursor.");
            }
            place
        });
        Self { limit, after }
    }
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

    #[test]
    fn limits_are_bounded_and_made_up_cursors_refused() {
        assert_eq!(parse(Some("0"), None).1, ["/limit"]);
        assert_eq!(parse(Some("51"), Some(&cursor("AUDIT#1"))).1, ["/limit", "/cursor"]);
        assert_eq!(parse(None, Some("%%%")).1, ["/cursor"]);
    }
}
