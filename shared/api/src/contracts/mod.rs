//! What anybody may know of the contracts, which a portal shows before somebody signs in and offers as the wizard's choices; and
//! whether authorization is required. The packs that say so, for those who put them in place.

pub mod check_requirement;
pub mod get_check;
pub mod get_contract;
pub mod keep_pack;
pub mod list_contracts;
pub mod list_packs;
pub mod simulate_pack;
mod view_check;
mod view_pack;

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use portico_aws::secrets::sha256;
use serde::Serialize;

use crate::{Action, problem::Problem};

/// The actions of this room.
pub(crate) const ACTIONS: &[Action] = &[
    ("check-requirement", check_requirement::route),
    ("get-check", get_check::route),
    ("get-contract", get_contract::route),
    ("list-contracts", list_contracts::route),
    ("list-packs", list_packs::route),
    ("keep-pack", keep_pack::route),
    ("simulate-pack", simulate_pack::route),
];

/// An answer that is the same for everybody: browsers and the edge keep it for five minutes, and then ask whether it has
/// changed.
fn shared(headers: &HeaderMap, answer: &impl Serialize) -> Result<Response, Problem> {
    let body = serde_json::to_string(answer).map_err(|error| Problem::internal(&error))?;
    let tag: String = sha256(&body).chars().take(32).collect();
    let tag = format!("\"{tag}\"");
    // A proxy that compressed the answer has made the tag a weak one.
    let known = headers.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok()).unwrap_or_default();
    let known = known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag);
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response()
    };
    let tag = HeaderValue::from_str(&tag).map_err(|error| Problem::internal(&error))?;
    response.headers_mut().insert(header::ETAG, tag);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(known: &str) -> Response {
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_NONE_MATCH, HeaderValue::from_str(known).unwrap());
        shared(&headers, &"text").unwrap()
    }

    #[test]
    fn whoever_has_the_answer_is_told_so() {
        let first = answered("\"other\"");
        assert_eq!(first.status(), StatusCode::OK);
        assert_eq!(first.headers()["cache-control"], "public, max-age=300");
        let tag = first.headers()["etag"].to_str().unwrap();
        for known in [tag.to_owned(), format!("\"a\", W/{tag}")] {
            let again = answered(&known);
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
            assert_eq!(again.headers()["etag"], tag);
        }
    }
}
