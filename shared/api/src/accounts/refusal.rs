//! The one refusal of a sign-in: the same words after the same time, whether the user is unknown, the password or the
//! code is wrong, or the account is locked, dormant or not enrolled.

use std::time::{Duration, Instant};

use portico_aws::table::Transaction;
use portico_domain::{
    events::{About, Actor, EventKind},
    id::Username,
};

use crate::{
    app::App,
    caller::From as Address,
    problem::{Kind, Problem},
    throttle::{self, ON_RECORD},
};

/// Longer than Cognito usually takes to say no.
const FLOOR: Duration = Duration::from_millis(600);

/// Every refusal.
pub(super) fn refused() -> Problem {
    Problem::new(
        Kind::Refused,
        "What you entered does not match an account that may sign in. Check it and try again; after several failures in a row an account is locked until support unlocks it.",
    )
}

/// Whose password, code or PIN was tried.
#[derive(Clone, Copy)]
pub(super) enum Whose<'a> {
    /// A user's.
    User(&'a Username),
    /// Nobody's, as far as is known: what was entered in place of a name.
    Unknown(&'a str),
}

/// Notes a try that was refused, where it has not left a record yet; also one that lost a race. One that was not even made
/// is noted once a minute for an address: anybody can have as many of them as they like.
pub(super) async fn noting<T>(
    app: &App,
    (whose, from): (Whose<'_>, &Address),
    attempt: impl Future<Output = Result<T, Problem>>,
) -> Result<T, Problem> {
    let problem = match attempt.await {
        Ok(done) => return Ok(done),
        Err(problem) => problem,
    };
    let why = match problem.kind() {
        Kind::Refused => "does not match",
        Kind::Throttled => "too many tries",
        _ => return Err(problem),
    };
    if problem.is_noted() || (problem.kind() == Kind::Throttled && is_told(app, &throttle::address(from)).await?) {
        return Err(problem);
    }
    note(app, whose, from, why).await?;
    Err(problem.noted())
}

/// Whether a refusal of this kind went on record within the minute.
///
/// # Errors
/// When the table fails.
pub(super) async fn is_told(app: &App, of: &str) -> Result<bool, Problem> {
    Ok(app.table().count_try_within(&ON_RECORD, of, app.now()).await?.is_none())
}

/// Notes a refusal. It is an event by itself: it meets no other write, so that none of many at once is lost.
///
/// # Errors
/// When the table fails.
pub(super) async fn note(app: &App, whose: Whose<'_>, from: &Address, why: &str) -> Result<(), Problem> {
    let about = match whose {
        Whose::User(name) => About::User(name.clone()),
        Whose::Unknown(entered) => About::Unknown(app.tokens().await?.hash(&["refused", entered])),
    };
    let kind = EventKind::SignInRefused { why: why.to_owned(), from: Some(from.0.clone()) };
    let mut transaction = Transaction::new();
    transaction.event(app.table(), about, Actor::System, kind, app.now())?;
    Ok(app.table().commit(transaction).await?)
}

/// Holds a refusal back until a whole number of floors has passed since the attempt began, so that what was looked at
/// before does not show.
pub(super) async fn evenly<T>(attempt: impl Future<Output = Result<T, Problem>>) -> Result<T, Problem> {
    let began = Instant::now();
    let result = attempt.await;
    if result.as_ref().is_err_and(|problem| problem.kind() == Kind::Refused) {
        wait(began).await;
    }
    result
}

/// The same for an answer that is alike for all: its time is, too.
pub(super) async fn alike<T>(answer: impl Future<Output = T>) -> T {
    let began = Instant::now();
    let answer = answer.await;
    wait(began).await;
    answer
}

async fn wait(began: Instant) {
    #[expect(clippy::disallowed_methods, reason = "waiting is the purpose: it hides what was looked at before")]
    tokio::time::sleep(rest(began.elapsed())).await;
}

/// What is left to the next whole floor.
fn rest(elapsed: Duration) -> Duration {
    let over = Duration::from_nanos(u64::try_from(elapsed.as_nanos() % FLOOR.as_nanos()).unwrap_or_default());
    FLOOR.saturating_sub(over)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// REQ: ACC-14
    #[test]
    fn a_refusal_ends_on_a_whole_floor() {
        for spent in [0, 1, 150, 599, 600, 601, 1250] {
            let spent = Duration::from_millis(spent);
            assert_eq!((spent + rest(spent)).as_millis() % FLOOR.as_millis(), 0, "{spent:?}");
            assert!(spent + rest(spent) >= FLOOR);
        }
    }
}
