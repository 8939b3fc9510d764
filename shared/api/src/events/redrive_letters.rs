//! Sends dead letters back to their queue, one or all of it (OPS-04). Each is sent before it is removed, and workers do a task once however
//! often it comes; what went already goes no second time. None is dropped here: that is the operator's program's.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use portico_aws::lanes::{self, Failed, Stopped, Which};
use portico_domain::{
    events::lane::Lane,
    field::{FieldErrors, Objection},
    wrong::Wrong,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{desk::lane, replay_event};
use crate::{
    Route,
    app::App,
    caller::Token,
    json::Json,
    problem::{Problem, ProblemBody},
};

/// As many go in one call: it has half a minute.
const MOST: u64 = 100;
/// As long as a queue's id of a message is at most.
const LONGEST_ID: usize = 100;

/// The routes.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(redrive_letters)).merge(replay_event::route())
}

/// Which go back.
#[derive(Deserialize, ToSchema, Default)]
#[serde(default)]
struct Redrive {
    /// The one with this id.
    message: Option<String>,
    /// All that lie there, a hundred in one call.
    all: Option<bool>,
}

/// What became of them.
#[derive(Serialize, ToSchema)]
struct RedrivenView {
    /// Went back: none when they were not there any more, or somebody else was at them.
    redriven: usize,
    /// Stay, for nothing tells what is to be made anew.
    stay: usize,
    /// How many lie there now, about.
    left: u64,
}

/// Sends dead letters of a queue back to it.
#[utoipa::path(
    post, path = "/staff/queues/{queue}/redrive", tag = "events", request_body = Redrive,
    params(("queue" = String, Path, description = "Name of the queue")),
    responses(
        (status = 200, body = RedrivenView, description = "They are in their queue again, now or before"),
        (status = 404, body = ProblemBody, description = "The caller is not of Operations, or there is no such queue"),
        (status = 409, body = ProblemBody, description = "What lies there cannot be sent again: a schedule, or an event that is not there"),
        (status = 422, body = ProblemBody, description = "Neither one nor all are meant"),
    ),
    security(("staff" = []))
)]
async fn redrive_letters(
    State(app): State<Arc<App>>,
    token: Token,
    Path(queue): Path<String>,
    body: Json<Redrive>,
) -> Result<Answer<RedrivenView>, Problem> {
    app.operator(&token).await?;
    let lane = lane(&queue)?;
    let message = parse(&body.value)?;
    let which = message.as_deref().map_or(Which::All, Which::Message);
    let place = app.aws.config().place(lane);
    let note = |ids: Vec<String>| {
        let on = [vec![lane.to_string()], ids].concat();
        app.note(&token, "redrive-letters", on)
    };
    let done = lanes::redrive(&app.aws, &place, (which, MOST), &note).await;
    let done = done.map_err(|stopped| refused(lane, &stopped))?;
    let depth = app.aws.queues().depth(&place.dead).await.map_err(|error| Problem::unavailable(&error))?;
    Ok(Answer(RedrivenView { redriven: done.redriven, stay: done.stay, left: depth.waiting + depth.in_flight }))
}

/// The message that is meant, or none when all are.
fn parse(body: &Redrive) -> Result<Option<String>, FieldErrors> {
    let mut errors = FieldErrors::none();
    let message = body.message.as_deref().map(str::trim).filter(|id| !id.is_empty());
    let all = body.all.unwrap_or(false);
    match message {
        None if !all => errors.add("/message", Objection::required()),
        Some(_) if all => errors.add("/all", Wrong::NotBoth.says("Name one message, or say that all are meant.")),
        Some(id) if id.len() > LONGEST_ID => errors.add("/message", Wrong::NotFound.says("There is no such message.")),
        _ => {}
    }
    errors.finish(Some(message.map(ToOwned::to_owned)))
}

fn refused(lane: Lane, stopped: &Stopped) -> Problem {
    tracing::warn!(%lane, done = stopped.done, why = %stopped.why, "dead letters were not all sent back");
    let words = format!("{} went back, then one could not: {}.", stopped.done, stopped.why);
    match &stopped.why {
        Failed::Queue(_) | Failed::Unnoted(_) | Failed::Untaken(_) => Problem::unavailable(stopped),
        Failed::Schedule => Problem::conflict(
            "A schedule that did not start is not sent again: it starts at its next time.",
            "schedule",
        ),
        Failed::NoKey(_) | Failed::NoEvent(_) => Problem::conflict(words, "no-event"),
        Failed::Unreadable(..) => Problem::conflict(words, "unreadable"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_one_is_named_or_all_are_meant() {
        let parsed = |message: Option<&str>, all| {
            parse(&Redrive { message: message.map(ToOwned::to_owned), all })
                .map_err(|errors| errors.as_slice().iter().map(|error| error.pointer.clone()).collect::<Vec<_>>())
        };
        assert_eq!(parsed(None, Some(true)), Ok(None));
        assert_eq!(parsed(Some(" a-b "), None), Ok(Some("a-b".to_owned())));
        assert_eq!(parsed(None, None), Err(vec!["/message".to_owned()]));
        assert_eq!(parsed(Some(" "), Some(false)), Err(vec!["/message".to_owned()]));
        assert_eq!(parsed(Some("a"), Some(true)), Err(vec!["/all".to_owned()]));
        assert_eq!(parsed(Some(&"a".repeat(101)), None), Err(vec!["/message".to_owned()]));
    }
}
