//! `ETag` and `If-Match`: nobody overwrites what they have not seen (CASE-08).

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{HeaderValue, header, request::Parts},
};

use crate::problem::{Kind, Problem};

/// The version that the caller has seen, from `If-Match`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct IfMatch(pub u64);

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let missing = || Problem::new(Kind::VersionRequired, "Send the ETag that you last received as If-Match.");
        let value = parts.headers.get(header::IF_MATCH).ok_or_else(missing)?;
        let text = value.to_str().unwrap_or_default().trim().trim_matches('"');
        text.parse().map(Self).map_err(|_| Problem::stale())
    }
}

/// For what somebody may do who does not see the case: whoever sees it names the version.
impl<S: Sync> OptionalFromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Problem> {
        if !parts.headers.contains_key(header::IF_MATCH) {
            return Ok(None);
        }
        <Self as FromRequestParts<S>>::from_request_parts(parts, state).await.map(Some)
    }
}

impl IfMatch {
    /// Whether `version` is the one that the caller has seen.
    ///
    /// # Errors
    /// 412 when it is not.
    pub fn check(self, version: u64) -> Result<(), Problem> {
        if self.0 == version { Ok(()) } else { Err(Problem::stale()) }
    }
}

/// The `ETag` of a version.
#[must_use]
pub fn etag(version: u64) -> (header::HeaderName, HeaderValue) {
    let value = HeaderValue::from_str(&format!("\"{version}\"")).unwrap_or_else(|_| HeaderValue::from_static("\"0\""));
    (header::ETAG, value)
}
