//! The stack at one look (OPS-04): how much waits in each queue and since when, what lies in its dead letters, whether it is paused;
//! events that have not reached their queues; and of each of the caller's contracts how many requests are due soon and overdue. Counts
//! and times alone, nothing of anybody (OPS-06).

use std::{collections::HashMap, sync::Arc};

use axum::{Json as Answer, extract::State};
use jiff::{Timestamp, ToSpan};
use portico_aws::{
    dead_letters::Depth,
    lanes::{Home, Place},
    outbox,
    queues::QueueError,
};
use portico_domain::{
    events::lane::{Lane, Pause},
    id::ContractId,
    status::Queue,
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{desk::PauseView, list_dead_letters};
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
    Route::new().routes(routes!(list_queues)).merge(list_dead_letters::route())
}

/// The stack at one look.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct QueuesView {
    /// When it was looked at.
    #[schema(value_type = String, format = DateTime)]
    read_at: Timestamp,
    /// All queues, and dead letters without one.
    queues: Vec<QueueView>,
    outbox: OutboxView,
    /// The caller's contracts.
    contracts: Vec<DueView>,
}

/// A queue.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct QueueView {
    #[schema(value_type = words::WorkQueue)]
    name: Lane,
    /// False for dead letters alone, in which nothing waits.
    has_queue: bool,
    /// Messages that wait for a worker, about.
    waiting: u64,
    /// Messages that are with a worker or hidden until their next try, about.
    in_flight: u64,
    /// Messages that are held back until their time, about.
    delayed: u64,
    /// Messages in its dead letters, about.
    dead_letters: u64,
    /// When the oldest of those that are tried again was sent; absent when none was tried in the last hour.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    oldest: Option<Timestamp>,
    /// Whether it may be paused.
    may_pause: bool,
    /// Who has paused it, while somebody has.
    #[serde(skip_serializing_if = "Option::is_none")]
    paused: Option<PauseView>,
}

/// Events whose tasks are not in their queues yet.
#[derive(Serialize, ToSchema)]
struct OutboxView {
    /// How many.
    waiting: usize,
    /// When the oldest of them happened.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    oldest: Option<Timestamp>,
}

/// How a contract's reviewers are in time; of very many requests only some are counted.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DueView {
    contract: String,
    /// Requests on worklists that should be decided by now.
    overdue: usize,
    /// Requests that are to be decided within these hours.
    due_soon: usize,
    within_hours: u32,
}

/// Shows the queues of the stack and how the caller's contracts are in time.
#[utoipa::path(
    get, path = "/staff/queues", tag = "events",
    responses(
        (status = 200, body = QueuesView, description = "As it was at this moment"),
        (status = 404, body = ProblemBody, description = "The caller is not of Operations"),
    ),
    security(("staff" = []))
)]
async fn list_queues(State(app): State<Arc<App>>, token: Token) -> Result<Answer<QueuesView>, Problem> {
    let reviewer = app.operator(&token).await?;
    let (now, table) = (app.now(), app.table());
    // An event of this moment is on its way, not waiting.
    let settled = now.checked_sub(1.minute()).unwrap_or(now);
    let pausable: Vec<Lane> = Lane::ALL.into_iter().filter(|lane| lane.may_pause()).collect();
    let (depths, paused, oldest, waiting, contracts, audited) = futures::join!(
        futures::future::try_join_all(Lane::ALL.map(|lane| depths(&app, lane))),
        table.all_paused(&pausable),
        table.waiting(&Lane::ALL, now),
        outbox::waiting(&app.aws, settled),
        futures::future::try_join_all(reviewer.contracts.iter().map(|contract| due(&app, contract))),
        app.audit_shown(&token, "list-queues", None, Vec::new()),
    );
    audited?;
    let (mut paused, oldest, waiting) = (paused?, oldest?, waiting?);
    let queues = depths.map_err(|error| Problem::unavailable(&error))?;
    let queues = queues.into_iter().map(|depths| view(depths, &mut paused, &oldest)).collect();
    let outbox = OutboxView { waiting: waiting.0, oldest: waiting.1.and_then(outbox::made) };
    let contracts = contracts?.into_iter().flatten().collect();
    Ok(Answer(QueuesView { read_at: now, queues, outbox, contracts }))
}

/// A queue and its dead letters.
async fn depths(app: &App, lane: Lane) -> Result<(Lane, Depth, Depth), QueueError> {
    let (queues, Place { dead, home }) = (app.aws.queues(), app.aws.config().place(lane));
    let of_queue = async {
        match &home {
            Home::Queue(url) => queues.depth(url).await,
            Home::Events | Home::Nowhere => Ok(Depth::default()),
        }
    };
    let (depth, dead) = futures::try_join!(of_queue, queues.depth(&dead))?;
    Ok((lane, depth, dead))
}

fn view(
    (name, depth, dead): (Lane, Depth, Depth),
    paused: &mut HashMap<&'static str, Pause>,
    oldest: &HashMap<&'static str, Timestamp>,
) -> QueueView {
    let empty = depth == Depth::default();
    QueueView {
        name,
        has_queue: name.has_queue(),
        waiting: depth.waiting,
        in_flight: depth.in_flight,
        delayed: depth.delayed,
        dead_letters: dead.waiting + dead.in_flight,
        // What was tried before is done when nothing is there.
        oldest: oldest.get(name.name()).copied().filter(|_| !empty),
        may_pause: name.may_pause(),
        paused: paused.remove(name.name()).as_ref().map(PauseView::of),
    }
}

/// None while no pack of the contract is in force: nothing is due under it.
async fn due(app: &App, id: &ContractId) -> Result<Option<DueView>, Problem> {
    let (now, table) = (app.now(), app.table());
    let Some(contract) = table.contract(id, now).await? else { return Ok(None) };
    let within_hours = contract.reviews.remind_hours;
    let then = now.checked_add(i64::from(within_hours).hours()).unwrap_or(now);
    let (nurses, physicians, nurses_soon, physicians_soon) = futures::try_join!(
        table.overdue(id, Queue::Nurse, now),
        table.overdue(id, Queue::Physician, now),
        table.due_soon(id, Queue::Nurse, (now, then)),
        table.due_soon(id, Queue::Physician, (now, then)),
    )?;
    Ok(Some(DueView {
        contract: id.to_string(),
        overdue: nurses + physicians,
        due_soon: nurses_soon + physicians_soon,
        within_hours,
    }))
}
