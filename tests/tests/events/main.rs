//! The operator's day: the queues at one look, dead letters sent back, queues paused. By itself: what is paused is paused for all.

#![cfg(test)]

mod dead_letters;
mod pauses;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result};
use portico_domain::caller::StaffRole;
use portico_testkit::{clinic, mailbox, people::Person, portal::Answer, seeding::World};
use serde_json::{Value, json};

const CONTRACT: &str = "colorado";

/// Each by itself: another's people wait for mail that a pause holds back.
static STACK: Mutex<()> = Mutex::new(());

/// The stack, for one test at a time.
fn alone() -> Result<(MutexGuard<'static, ()>, Arc<World>)> {
    // A test that failed has let go of it.
    Ok((STACK.lock().unwrap_or_else(PoisonError::into_inner), World::open()?))
}

/// Somebody who looks after the queues.
fn operator(world: &World) -> Result<Person> {
    Person::of_staff(world, CONTRACT, StaffRole::Operations)
}

/// A queue as the look shows it.
fn queue(look: &Answer, name: &str) -> Result<Value> {
    look.list("/queues")?.iter().find(|queue| queue["name"] == name).cloned().context("the queue")
}

/// Somebody with an account, and their address.
fn invited(world: &World) -> Result<(String, String)> {
    let (reviewer, contact) = clinic::invited_reviewer(world, CONTRACT, StaffRole::Support)?;
    mailbox::wait_for_link(&world.stack, contact.email.as_str())?;
    Ok((reviewer.username.to_string(), contact.email.to_string()))
}

/// A notice to them that their factors changed, as it stands in its queue.
fn notice(username: &str) -> (String, String) {
    let event = portico_domain::id::EventId::new(portico_aws::clock::new_uuid()).to_string();
    let body = json!({ "event": event, "task": "accountNotice", "user": username, "news": "factorAdded" }).to_string();
    (event, body)
}

/// Mails to an address, but for the invitation.
fn news(world: &World, address: &str) -> Result<usize> {
    Ok(mailbox::mails_to(&world.stack, address)?.len() - 1)
}
