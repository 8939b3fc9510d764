//! A function's life: configuration, one action, the runtime.

use std::sync::Arc;

pub use lambda_http::Error;
use portico_aws::Aws;
use tracing_subscriber::EnvFilter;

use crate::{Route, app::App};

/// Serves one action until the runtime ends it.
///
/// # Errors
/// When the environment lacks a variable (named), or the runtime fails.
pub async fn serve(route: fn() -> Route) -> Result<(), Error> {
    log_as_json();
    let app = Arc::new(App { aws: Aws::from_env()? });
    let (router, _) = route().split_for_parts();
    lambda_http::run(router.fallback(crate::problem::nothing_here).with_state(app)).await
}

/// One JSON line per event, without PHI: fields are ids, counts and states.
fn log_as_json() {
    tracing_subscriber::fmt()
        .json()
        .without_time()
        .with_target(false)
        .with_current_span(false)
        .with_env_filter(EnvFilter::new("info"))
        .init();
}
