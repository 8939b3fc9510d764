//! Pauses a queue of what leaves the house, and lets it go on (OPS-04): while a carrier has trouble nothing is handed to it, and nothing is lost.
//! Said again, what is so already stays as it is, with whoever said it first.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use portico_aws::table::{Guard, Transaction};
use portico_domain::events::lane::{Lane, Pause};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::desk::{PauseView, lane};
use crate::{
    Route,
    app::App,
    caller::Token,
    problem::{Problem, ProblemBody},
    words,
};

/// The routes.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(pause_queue, resume_queue))
}

/// Whether a queue is paused.
#[derive(Serialize, ToSchema)]
struct PausedView {
    #[schema(value_type = words::WorkQueue)]
    name: Lane,
    /// Who has paused it, while somebody has.
    #[serde(skip_serializing_if = "Option::is_none")]
    paused: Option<PauseView>,
}

impl PausedView {
    fn of(name: Lane, pause: Option<&Pause>) -> Self {
        Self { name, paused: pause.map(PauseView::of) }
    }
}

/// Pauses a queue.
#[utoipa::path(
    put, path = "/staff/queues/{queue}/pause", tag = "events",
    params(("queue" = String, Path, description = "Name of the queue")),
    responses(
        (status = 200, body = PausedView, description = "It is paused, now or before"),
        (status = 404, body = ProblemBody, description = "The caller is not of Operations, or there is no such queue"),
        (status = 409, body = ProblemBody, description = "This queue cannot be paused"),
    ),
    security(("staff" = []))
)]
async fn pause_queue(
    State(app): State<Arc<App>>,
    token: Token,
    Path(queue): Path<String>,
) -> Result<Answer<PausedView>, Problem> {
    let reviewer = app.operator(&token).await?;
    let (lane, table) = (pausable(&queue)?, app.table());
    if let Some(pause) = table.paused(lane).await? {
        return Ok(Answer(PausedView::of(lane, Some(&pause))));
    }
    let pause = Pause { by: reviewer.username.to_string(), at: app.now() };
    let mut transaction = Transaction::new();
    transaction.pause(table, lane, &pause)?;
    app.note_operation(&mut transaction, &token, "pause-queue", vec![lane.to_string()])?;
    match table.commit(transaction).await {
        Ok(()) => Ok(Answer(PausedView::of(lane, Some(&pause)))),
        // Somebody else was a moment before.
        Err(error) if error.refused(Guard::New) => Ok(Answer(PausedView::of(lane, table.paused(lane).await?.as_ref()))),
        Err(error) => Err(error.into()),
    }
}

/// Lets a queue go on.
#[utoipa::path(
    delete, path = "/staff/queues/{queue}/pause", tag = "events",
    params(("queue" = String, Path, description = "Name of the queue")),
    responses(
        (status = 200, body = PausedView, description = "It goes on, now or before; what was held back comes within a quarter of an hour"),
        (status = 404, body = ProblemBody, description = "The caller is not of Operations, or there is no such queue"),
        (status = 409, body = ProblemBody, description = "This queue cannot be paused"),
    ),
    security(("staff" = []))
)]
async fn resume_queue(
    State(app): State<Arc<App>>,
    token: Token,
    Path(queue): Path<String>,
) -> Result<Answer<PausedView>, Problem> {
    app.operator(&token).await?;
    let (lane, table) = (pausable(&queue)?, app.table());
    if table.paused(lane).await?.is_some() {
        let mut transaction = Transaction::new();
        transaction.resume(table, lane);
        app.note_operation(&mut transaction, &token, "resume-queue", vec![lane.to_string()])?;
        table.commit(transaction).await?;
    }
    Ok(Answer(PausedView::of(lane, None)))
}

fn pausable(name: &str) -> Result<Lane, Problem> {
    let lane = lane(name)?;
    let text = "Only faxes, letters by mail and notices can wait: their queues alone are paused.";
    if lane.may_pause() { Ok(lane) } else { Err(Problem::conflict(text, "not-paused")) }
}
