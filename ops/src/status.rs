//! The stack at one look: queues, dead letters, outbox, imports, keys.

use anyhow::Result;
use jiff::{Timestamp, ToSpan};
use portico_domain::{
    events::lane::{Lane, Pause},
    feeds::import::{Counts, ImportState},
    id::ContractId,
};
use serde::Serialize;

use crate::{
    Operator,
    events::{self, Outbox},
    operator::now,
    secrets,
};

/// How long an event may wait before somebody should look: the reconciler comes every five minutes.
const PATIENCE_MINUTES: i64 = 15;

/// How many of a contract's imports are looked at, newest first.
const IMPORTS: u8 = 20;

/// A queue.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Queue {
    /// Its name in the record.
    pub name: String,
    /// Waits for a worker.
    pub waiting: u64,
    /// Is with a worker.
    pub in_flight: u64,
    /// Is held back until its time.
    pub delayed: u64,
    /// Lies in its dead letters.
    pub dead: u64,
    /// Who has paused it, and since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paused: Option<Pause>,
}

/// A file that is being imported.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Running {
    /// Whose.
    pub contract: ContractId,
    /// Providers or members.
    pub kind: String,
    /// When it arrived.
    pub arrived: Timestamp,
    /// Until then a function reads it; after that another one may carry on.
    pub until: Timestamp,
    /// Rows so far.
    pub counts: Counts,
}

/// Everything.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// Queues, and dead letters without one.
    pub queues: Vec<Queue>,
    /// Events that have not reached their queues.
    pub outbox: Outbox,
    /// Files that are being imported.
    pub imports: Vec<Running>,
    /// What somebody should look at, in words.
    pub attention: Vec<String>,
}

/// Looks at everything.
///
/// # Errors
/// When something does not answer.
pub async fn look(operator: &Operator) -> Result<Status> {
    let queues = queues(operator).await?;
    let outbox = events::outbox(operator).await?;
    let (imports, mut attention) = (imports(operator).await?, Vec::new());
    for queue in queues.iter().filter(|queue| queue.dead > 0) {
        attention.push(format!("{} in the dead letters: portico-ops dead-letters list {0}", queue.name));
    }
    for (queue, pause) in queues.iter().filter_map(|queue| Some((queue, queue.paused.as_ref()?))) {
        let Pause { by, at } = pause;
        attention.push(format!("{} is paused since {at} by {by}: portico-ops queues resume {0}", queue.name));
    }
    let late = now().checked_sub(PATIENCE_MINUTES.minutes())?;
    if outbox.oldest.is_some_and(|oldest| oldest < late) {
        attention.push(format!("events wait in the outbox for more than {PATIENCE_MINUTES} minutes"));
    }
    for import in imports.iter().filter(|import| import.until < late) {
        attention
            .push(format!("an import of {} of {} stands still since {}", import.kind, import.contract, import.until));
    }
    for key in secrets::list(operator).await?.iter().filter(|key| !key.set) {
        attention.push(format!("the {} key is a generated one: portico-ops secrets set {0}", key.carrier.name()));
    }
    Ok(Status { queues, outbox, imports, attention })
}

async fn queues(operator: &Operator) -> Result<Vec<Queue>> {
    let (stack, sqs) = (&operator.stack, operator.aws.queues());
    let mut names: Vec<&String> = stack.queues.keys().chain(stack.dead_letters.keys()).collect();
    names.sort();
    names.dedup();
    let pausable: Vec<Lane> = Lane::ALL.into_iter().filter(|lane| lane.may_pause()).collect();
    let mut paused = operator.table().all_paused(&pausable).await?;
    let mut all = Vec::new();
    for name in names {
        let depth = match stack.queues.get(name) {
            Some(url) => sqs.depth(url).await?,
            None => portico_aws::dead_letters::Depth::default(),
        };
        let dead = match stack.dead_letters.get(name) {
            Some(url) => sqs.depth(url).await?,
            None => portico_aws::dead_letters::Depth::default(),
        };
        all.push(Queue {
            name: name.clone(),
            waiting: depth.waiting,
            in_flight: depth.in_flight,
            delayed: depth.delayed,
            dead: dead.waiting + dead.in_flight,
            paused: paused.remove(name.as_str()),
        });
    }
    Ok(all)
}

async fn imports(operator: &Operator) -> Result<Vec<Running>> {
    let mut running = Vec::new();
    for listed in operator.table().contracts().await? {
        for (_, import) in operator.table().imports(&listed.id, None, IMPORTS).await? {
            let ImportState::Running { until } = import.state else { continue };
            running.push(Running {
                contract: import.file.contract,
                kind: import.file.kind.to_string(),
                arrived: import.arrived,
                until,
                counts: import.counts,
            });
        }
    }
    Ok(running)
}
