//! Lists the dead letters of a queue, the oldest first (OPS-04): what was to be done, when, how often it was tried and why it failed. Their
//! bodies are never shown, nor whom they are about (OPS-06).

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use jiff::Timestamp;
use portico_aws::lanes::{self, Letter};
use portico_domain::field::FieldErrors;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use super::desk::lane;
use crate::{
    Route,
    app::App,
    caller::Token,
    page::{Page, Query},
    problem::{Problem, ProblemBody},
    words,
};

/// The route.
#[must_use]
pub(super) fn route() -> Route {
    Route::new().routes(routes!(list_dead_letters))
}

/// How many.
#[derive(Deserialize, IntoParams, Default)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Letters at most: 1 to 50, usually 25. A queue has no pages: who wants to see more sends those back that were seen.
    limit: Option<String>,
}

/// The dead letters of a queue.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DeadLetters {
    /// How many there are, about.
    count: u64,
    /// The oldest of those that were looked at first.
    items: Vec<DeadLetter>,
}

/// A message that no worker could do.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DeadLetter {
    /// The queue's id of it.
    message: String,
    /// When it was sent first.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    sent: Option<Timestamp>,
    /// The event that it follows from; absent where none is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<String>,
    /// What was to be done, by the name of its task; absent where none can be read.
    #[schema(value_type = Option<words::TaskName>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    task: Option<String>,
    /// How often it was tried; absent when its queue put it there after the last try.
    #[serde(skip_serializing_if = "Option::is_none")]
    tries: Option<u32>,
    /// Why it could not be done; absent when its queue put it there: then it is in the worker's log.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// Lists the dead letters of a queue.
#[utoipa::path(
    get, path = "/staff/queues/{queue}/dead-letters", tag = "events", params(
        ("queue" = String, Path, description = "Name of the queue"),
        Filter,
    ),
    responses(
        (status = 200, body = DeadLetters, description = "Those that nobody else looks at just now"),
        (status = 404, body = ProblemBody, description = "The caller is not of Operations, or there is no such queue"),
        (status = 422, body = ProblemBody, description = "Fields are wrong"),
    ),
    security(("staff" = []))
)]
async fn list_dead_letters(
    State(app): State<Arc<App>>,
    token: Token,
    Path(queue): Path<String>,
    query: Query<Filter>,
) -> Result<Answer<DeadLetters>, Problem> {
    app.operator(&token).await?;
    let limit = parse(&query.0)?;
    let lane = lane(&queue)?;
    let place = app.aws.config().place(lane);
    let found = lanes::list(&app.aws, &place.dead, usize::from(limit)).await;
    let (count, letters) = found.map_err(|error| Problem::unavailable(&error))?;
    let shown = letters.iter().map(|letter| letter.message.clone()).collect();
    app.audit_shown(&token, "list-dead-letters", Some(lane.to_string()), shown).await?;
    Ok(Answer(DeadLetters { count, items: letters.into_iter().map(view).collect() }))
}

fn parse(query: &Filter) -> Result<u8, FieldErrors> {
    let mut errors = FieldErrors::none();
    let page = Page::parse(&mut errors, (query.limit.as_deref(), None), (25, 50), |_| false);
    errors.finish(Some(page.limit))
}

fn view(letter: Letter) -> DeadLetter {
    DeadLetter {
        message: letter.message,
        sent: letter.sent,
        event: letter.event.map(|event| event.to_string()),
        task: letter.task,
        tries: letter.receives,
        reason: letter.reason,
    }
}
