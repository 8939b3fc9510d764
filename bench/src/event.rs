//! HTTP requests as the API's gateway hands them to a function.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

use crate::http::Request;

/// The event of payload format 2.0. The claims are those of the bearer token: verifying it is the gateway's work. The
/// caller's address is what `X-Forwarded-For` says, so that a test may come from where it likes.
#[must_use]
pub fn of(request: &Request) -> Value {
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    let headers: Map<String, Value> =
        request.headers.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect();
    let mut context = json!({
        "accountId": "000000000000", "apiId": "bench", "stage": "$default", "requestId": "bench",
        "routeKey": "$default", "domainName": "localhost", "domainPrefix": "localhost",
        "time": "01/Jan/2026:00:00:00 +0000", "timeEpoch": 1_767_225_600_000_i64,
        "http": {
            "method": request.method, "path": path, "protocol": "HTTP/1.1",
            "sourceIp": request.header("x-forwarded-for").unwrap_or("127.0.0.1"), "userAgent": "bench",
        },
    });
    if let (Some(claims), Some(context)) = (request.header("authorization").and_then(claims), context.as_object_mut()) {
        context.insert("authorizer".to_owned(), json!({ "jwt": { "claims": claims, "scopes": null } }));
    }
    json!({
        "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": query, "headers": headers,
        "requestContext": context, "body": String::from_utf8_lossy(&request.body), "isBase64Encoded": false,
    })
}

fn claims(header: &str) -> Option<Value> {
    let payload = header.strip_prefix("Bearer ")?.split('.').nth(1)?;
    let claims: Map<String, Value> = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
    // The gateway gives every claim as text.
    let text = |value: Value| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
    Some(claims.into_iter().map(|(name, value)| (name, Value::from(text(value)))).collect::<Map<_, _>>().into())
}
