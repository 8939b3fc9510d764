//! Where a request comes from: with an edge in front of the API it is the edge that knows the caller's address, and
//! whoever comes past it is sent away.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use lambda_http::request::RequestContext;
use sha2::{Digest, Sha256};

use crate::{app::App, problem::Problem};

/// The header with the edge's key; only the edge sends it.
const KEY: &str = "x-origin-key";
/// Address and port of the caller as the edge saw them.
const VIEWER: &str = "cloudfront-viewer-address";

/// The caller's address, as far as it can be believed.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Viewer(String);

/// Lets in what came by the edge, or everything where there is none.
pub(crate) async fn keep(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let source = match request.extensions().get::<RequestContext>() {
        Some(RequestContext::ApiGatewayV2(context)) => context.http.source_ip.clone(),
        _ => None,
    };
    match viewer(request.headers(), source, app.aws.config().origin_key_sha256.as_deref()) {
        Some(address) => {
            request.extensions_mut().insert(Viewer(address));
            next.run(request).await
        }
        // As an address that does not exist: what is behind it is nobody's business.
        None => Problem::not_found().into_response(),
    }
}

/// The address of whoever called.
pub(crate) fn address(parts: &Parts) -> String {
    parts.extensions.get::<Viewer>().map(|viewer| viewer.0.clone()).unwrap_or_default()
}

/// None for a request that should have come by the edge and did not.
fn viewer(headers: &HeaderMap, source: Option<String>, wanted: Option<&str>) -> Option<String> {
    let Some(wanted) = wanted else { return Some(source.unwrap_or_default()) };
    let key = headers.get(KEY).map_or(&b""[..], |key| key.as_bytes());
    if !same(&hex::encode(Sha256::digest(key)), wanted) {
        return None;
    }
    let seen = headers.get(VIEWER).and_then(|viewer| viewer.to_str().ok());
    let address = seen.and_then(|seen| seen.rsplit_once(':')).map(|(address, _)| address.trim_matches(['[', ']']));
    Some(address.map(ToOwned::to_owned).or(source).unwrap_or_default())
}

/// Takes as long for digests that differ in their first letter as for those that differ in their last.
fn same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().zip(other.bytes()).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    // SHA-256 of `abc`, of the standard that defines it.
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    fn headers(all: &[(&'static str, &str)]) -> HeaderMap {
        all.iter().map(|(name, value)| (axum::http::HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[expect(clippy::unnecessary_wraps, reason = "the gateway's context has it so")]
    fn source() -> Option<String> {
        Some("130.176.1.1".to_owned())
    }

    #[test]
    fn without_an_edge_the_api_says_who_calls_and_a_header_says_nothing() {
        let claimed = headers(&[(VIEWER, "203.0.113.9:4711"), (KEY, "abc")]);
        assert_eq!(viewer(&claimed, source(), None).unwrap(), "130.176.1.1");
        assert_eq!(viewer(&HeaderMap::new(), None, None).unwrap(), "");
    }

    #[test]
    fn the_edge_says_who_calls_by_either_kind_of_address() {
        for (seen, address) in [
            ("203.0.113.9:46532", "203.0.113.9"),
            ("2001:db8:0:0:0:0:0:1:46532", "2001:db8:0:0:0:0:0:1"),
            ("[2001:db8::1]:46532", "2001:db8::1"),
        ] {
            let sent = headers(&[(KEY, "abc"), (VIEWER, seen)]);
            assert_eq!(viewer(&sent, source(), Some(ABC)).unwrap(), address);
        }
        assert_eq!(viewer(&headers(&[(KEY, "abc")]), source(), Some(ABC)).unwrap(), "130.176.1.1");
    }

    #[test]
    fn with_an_edge_whoever_comes_past_it_is_sent_away() {
        assert_eq!(viewer(&headers(&[(VIEWER, "203.0.113.9:1")]), source(), Some(ABC)), None);
        for key in ["", "abd", "ABC", ABC] {
            assert_eq!(viewer(&headers(&[(KEY, key)]), source(), Some(ABC)), None, "{key}");
        }
        assert_eq!(viewer(&headers(&[(KEY, "abc")]), source(), Some("ba78")), None);
    }

    #[test]
    fn digests_are_the_same_only_when_every_letter_is() {
        assert!(same("", "") && same(ABC, ABC));
        for place in 0..ABC.len() {
            let mut other = ABC.to_owned().into_bytes();
            other[place] = b'x';
            assert!(!same(ABC, std::str::from_utf8(&other).unwrap()));
        }
        assert!(!same(ABC, &ABC[1..]));
    }
}
