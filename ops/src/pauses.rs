//! Pauses of what leaves the house, set and ended as in the portal (OPS-04). Said again, what is so already stays as it is, with whoever
//! said it first.

use anyhow::{Context, Result, ensure};
use portico_aws::table::{Guard, Transaction};
use portico_domain::events::lane::{Lane, Pause};

use crate::{Operator, operator::now};

/// The queue of this name, which may be paused.
///
/// # Errors
/// When there is none, or it waits for nobody outside.
pub fn pausable(name: &str) -> Result<Lane> {
    let names = || {
        let all: Vec<&str> = Lane::ALL.into_iter().filter(|lane| lane.may_pause()).map(Lane::name).collect();
        all.join(", ")
    };
    let lane: Option<Lane> = name.parse().ok();
    let lane = lane.with_context(|| format!("there is no queue {name}; those that can be paused: {}", names()))?;
    ensure!(lane.may_pause(), "the queue {name} cannot be paused; those that can: {}", names());
    Ok(lane)
}

/// Pauses a queue. Gives who holds it back, now or before, and since when.
///
/// # Errors
/// When the table fails.
pub async fn pause(operator: &Operator, lane: Lane) -> Result<Pause> {
    let table = operator.table();
    for _ in 0..3 {
        if let Some(pause) = table.paused(lane).await? {
            return Ok(pause);
        }
        let (pause, mut transaction) = (Pause { by: operator.name.clone(), at: now() }, Transaction::new());
        transaction.pause(table, lane, &pause)?;
        transaction.audit_operation(table, &operator.operation("queues pause", vec![lane.to_string()]))?;
        match table.commit(transaction).await {
            Ok(()) => return Ok(pause),
            // Somebody else was a moment before.
            Err(error) if error.refused(Guard::New) => {}
            Err(error) => return Err(error.into()),
        }
    }
    anyhow::bail!("others pause and resume {lane} at the same time: try again")
}

/// Lets a queue go on. Gives whether anybody held it back.
///
/// # Errors
/// When the table fails.
pub async fn resume(operator: &Operator, lane: Lane) -> Result<bool> {
    let table = operator.table();
    if table.paused(lane).await?.is_none() {
        return Ok(false);
    }
    let mut transaction = Transaction::new();
    transaction.resume(table, lane);
    transaction.audit_operation(table, &operator.operation("queues resume", vec![lane.to_string()]))?;
    table.commit(transaction).await?;
    Ok(true)
}
