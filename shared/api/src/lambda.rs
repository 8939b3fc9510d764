//! A function's life: configuration, one action, the runtime.

use std::sync::Arc;

use axum::{
    Router,
    extract::{MatchedPath, Request},
    http::{HeaderValue, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::Response,
};
pub use lambda_http::Error;
use portico_aws::Aws;

use crate::{Route, app::App, edge};

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
    let (router, _) = route().split_for_parts();
    let router = router.fallback(crate::problem::nothing_here);
    let router = router.layer(from_fn_with_state(Arc::clone(app), edge::keep)).layer(from_fn(answer));
    router.with_state(Arc::clone(app))
}

/// Nothing of an answer is kept by a browser or a proxy, for it may be PHI, unless its action says otherwise. One log line says which route answered what.
async fn answer(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let mut response = next.run(request).await;
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
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
