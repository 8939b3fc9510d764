//! A function's life: configuration, one action, the runtime.

use std::sync::Arc;

use axum::{
    Router,
    extract::{MatchedPath, Request},
    http::{HeaderName, HeaderValue, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::Response,
};
pub use lambda_http::Error;
use portico_aws::Aws;

use crate::{Route, app::App, edge, refusals};

/// Serves one action until the runtime ends it.
///
/// # Errors
/// When the environment lacks a variable (named), or the runtime fails.
pub async fn serve(route: fn() -> Route) -> Result<(), Error> {
    log_as_json();
    let app = Arc::new(App { aws: Aws::from_env()? });
    lambda_http::run(router(route, &app)).await
}

/// The action behind what every request passes: where it comes from, and what every answer carries.
pub fn router(route: fn() -> Route, app: &Arc<App>) -> Router {
    let (router, document) = route().split_for_parts();
    let router =
        router.fallback(crate::problem::nothing_here).method_not_allowed_fallback(crate::problem::nothing_here);
    let router = router.layer(from_fn_with_state(refusals::Operations::of(app, &document), refusals::note));
    let router = router.layer(from_fn_with_state(Arc::clone(app), edge::keep)).layer(from_fn(answer));
    router.with_state(Arc::clone(app))
}

/// What every answer carries (OWASP ASVS 14.4): it is kept by no browser and no proxy, for it may be PHI, unless its action
/// says otherwise; it is what its type says, came by TLS, and its address goes nowhere.
const ALWAYS: [(HeaderName, &str); 4] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains"),
    (header::REFERRER_POLICY, "no-referrer"),
];

/// One log line says which route answered what.
async fn answer(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let mut response = next.run(request).await;
    for (name, value) in ALWAYS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    tracing::info!(route, status = response.status().as_u16(), "answered");
    response
}

/// One JSON line per event, without PHI: fields are ids, counts and states.
fn log_as_json() {
    tracing_subscriber::fmt()
        .json()
        .without_time()
        .with_target(false)
        .with_current_span(false)
        .with_max_level(tracing::Level::INFO)
        .init();
}
