//! Events and what follows from them: which have not reached their queues, and sending their tasks again. Workers do a task
//! once however often it comes, so a replay does nothing twice.

use anyhow::{Context, Result, bail};
use jiff::{Timestamp, ToSpan};
use portico_aws::{outbox, table::key::OUTBOX_SHARDS};
use portico_domain::{
    events::{About, Event},
    id::{CaseId, CaseKey, EventId, Username},
};
use serde::Serialize;

use crate::{Operator, operator::now};

/// What to replay, as typed.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Form {
    /// Everything of this case, by its key (`cas_…`) or its Case ID
    #[arg(long, conflicts_with = "user")]
    pub case: Option<String>,
    /// Everything of this user
    #[arg(long)]
    pub user: Option<String>,
    /// This event alone; while it waits in the outbox its case or user need not be named
    #[arg(long)]
    pub event: Option<String>,
}

/// An event that gives tasks.
#[derive(Clone, Debug, Serialize)]
pub struct Given {
    /// Which.
    pub event: EventId,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub kind: String,
    /// The tasks that it gives.
    pub tasks: Vec<String>,
}

/// What a replay is about.
#[derive(Clone, Debug)]
pub struct Replay {
    about: About,
    event: Option<EventId>,
    /// The events whose tasks go out again.
    pub events: Vec<Given>,
}

/// What a replay did.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Replayed {
    /// Events whose tasks are in their queues.
    pub events: usize,
    /// Tasks that went to a queue.
    pub tasks: usize,
    /// Events whose tasks were not all taken.
    pub unsent: usize,
}

/// Looks up what would be replayed.
///
/// # Errors
/// When nothing is named, or it is not there, or none of it gives tasks.
pub async fn look(operator: &Operator, form: &Form) -> Result<Replay> {
    let event = form.event.as_deref().map(str::parse::<EventId>).transpose().context("--event is no event's id")?;
    let about = match (&form.case, &form.user, event) {
        (Some(case), _, _) => About::Case(case_key(operator, case).await?),
        (None, Some(user), _) => About::User(user.parse::<Username>().context("--user is no username")?),
        (None, None, Some(event)) => waiting_event(operator, event).await?,
        (None, None, None) => bail!("name a --case, a --user or an --event"),
    };
    let all = operator.table().events(&about).await?;
    if all.is_empty() {
        bail!("nothing happened to {}: there is no such case or user", name(&about));
    }
    let meant = all.iter().filter(|one| event.is_none_or(|id| one.id == id));
    let events: Vec<Given> = meant.map(given).filter(|one| !one.tasks.is_empty()).collect();
    match event {
        Some(id) if !all.iter().any(|one| one.id == id) => bail!("{} has no event {id}", name(&about)),
        _ if events.is_empty() => bail!("nothing of {} gives tasks", name(&about)),
        _ => Ok(Replay { about, event, events }),
    }
}

pub(crate) async fn case_key(operator: &Operator, text: &str) -> Result<CaseKey> {
    if let Ok(key) = text.parse() {
        return Ok(key);
    }
    let id: CaseId = text.parse().ok().context("a case is named by its key (cas_…) or its Case ID")?;
    operator.table().case_key(&id).await?.with_context(|| format!("there is no case {id}"))
}

/// The case or user of an event that waits in the outbox.
async fn waiting_event(operator: &Operator, id: EventId) -> Result<About> {
    let found = outbox::about_of_waiting(&operator.aws, id, soon()?).await;
    found
        .with_context(|| format!("the event {id} cannot be looked up"))?
        .with_context(|| format!("the event {id} does not wait in the outbox: name its --case or --user too"))
}

fn name(about: &About) -> String {
    match about {
        About::Case(key) => key.to_string(),
        About::User(name) => name.to_string(),
        About::Fax(fax) => fax.to_string(),
        About::Unknown(hash) => hash.clone(),
    }
}

fn given(event: &Event) -> Given {
    let word = |value: Option<serde_json::Value>, field: &str| {
        value.and_then(|value| value.get(field)?.as_str().map(ToOwned::to_owned)).unwrap_or_default()
    };
    let tasks = event.tasks().into_iter().map(|(task, _)| word(serde_json::to_value(task).ok(), "task"));
    Given {
        event: event.id,
        at: event.at,
        kind: word(serde_json::to_value(event).ok(), "kind"),
        tasks: tasks.collect(),
    }
}

/// Sends the tasks again.
///
/// # Errors
/// When the table fails.
pub async fn replay(operator: &Operator, replay: &Replay) -> Result<Replayed> {
    let mut on = vec![name(&replay.about)];
    on.extend(replay.event.iter().map(ToString::to_string));
    operator.note("events replay", on).await?;
    let (aws, about) = (&operator.aws, &replay.about);
    let resent = match replay.event {
        Some(id) => outbox::replay_one(aws, about, id, now()).await?.context("the event is gone")?,
        None => outbox::replay(aws, about, now()).await?,
    };
    Ok(Replayed { events: resent.events, tasks: resent.tasks, unsent: resent.unsent })
}

/// What waits in the outbox.
#[derive(Clone, Debug, Serialize)]
pub struct Outbox {
    /// How many events.
    pub waiting: usize,
    /// Since when the oldest of them waits.
    pub oldest: Option<Timestamp>,
}

/// An event that waits in the outbox.
#[derive(Clone, Debug, Serialize)]
pub struct Waiting {
    /// Which.
    pub event: EventId,
    /// Since when.
    pub since: Option<Timestamp>,
}

/// How much waits in the outbox.
///
/// # Errors
/// When the table fails.
pub async fn outbox(operator: &Operator) -> Result<Outbox> {
    let (waiting, oldest) = outbox::waiting(&operator.aws, soon()?).await?;
    Ok(Outbox { waiting, oldest: oldest.and_then(outbox::made) })
}

/// What waits in the outbox, oldest first: at most `limit` of each shard.
///
/// # Errors
/// When the table fails.
pub async fn pending(operator: &Operator, limit: u16) -> Result<Vec<Waiting>> {
    let mut all = Vec::new();
    for shard in 0..OUTBOX_SHARDS {
        let page = outbox::pending(&operator.aws, shard, soon()?, None, i32::from(limit)).await?;
        all.extend(page.iter().map(|pending| Waiting { event: pending.event, since: outbox::made(pending.event) }));
    }
    all.sort_by_key(|one| one.since);
    Ok(all)
}

/// Behind everything that happened until now, be another machine's clock a little ahead.
fn soon() -> Result<Timestamp> {
    Ok(now().checked_add(1.minute())?)
}
