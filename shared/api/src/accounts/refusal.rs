//! The one refusal of a sign-in: the same words after the same time, whether the user is unknown, the password or the
//! code is wrong, or the account is locked, dormant or not enrolled.

use std::time::{Duration, Instant};

use crate::problem::{Kind, Problem};

/// Longer than Cognito usually takes to say no.
const FLOOR: Duration = Duration::from_millis(600);

/// Every refusal.
pub(super) fn refused() -> Problem {
    Problem::new(
        Kind::Refused,
        "What you entered does not match an account that may sign in. Check it and try again; after several failures in a row an account is locked until support unlocks it.",
    )
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
