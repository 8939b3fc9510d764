//! One try at a user's password or code, counted before it is made, so that many at once cannot pass the limit.

use portico_aws::table::{Guard, Table, Transaction};
use portico_domain::{
    account::{User, UserState},
    event::{About, Actor, EventKind},
    id::Username,
};

use super::refusal::refused;
use crate::{app::App, problem::Problem};

/// What the counter of failures in a row is called.
const WHAT: &str = "sign-in";

/// Forgets failures in a row: support lifted the lock.
pub(crate) fn forget(transaction: &mut Transaction, table: &Table, user: &Username) {
    transaction.forget_tries(table, WHAT, user.as_str());
}

/// A counted try of an active user.
pub(super) struct Attempt<'a> {
    app: &'a App,
    user: User,
    tries: u32,
}

impl<'a> Attempt<'a> {
    /// Counts the try. An account whose tries are used up is locked (ACC-14); one that nobody used for too long is
    /// refused also before a sweep has taken it out (ACC-15).
    ///
    /// # Errors
    /// The one refusal, when the account may not sign in.
    pub(super) async fn begin(app: &'a App, user: User) -> Result<Self, Problem> {
        if let Some(why) = why_not(&user.state) {
            return Err(refuse(app, &user, why).await);
        }
        let (limit, table) = (user.rules.lock_after_failures, app.table());
        let (counted, usage) =
            futures::join!(table.count_try(WHAT, user.username.as_str(), limit), table.usage(&user.username));
        if usage?.is_some_and(|usage| usage.is_over(&user.rules, app.now())) {
            return Err(refuse(app, &user, "dormant").await);
        }
        match counted? {
            Some(tries) => Ok(Self { app, user, tries }),
            None => Err(Self { app, user, tries: limit }.failed("too many tries").await),
        }
    }

    /// The try was a failure: the last one that the contract allows locks the account.
    pub(super) async fn failed(self, why: &str) -> Problem {
        if self.tries < self.user.rules.lock_after_failures {
            return refuse(self.app, &self.user, why).await;
        }
        let (table, now) = (self.app.table(), self.app.now());
        let (user, locked) = self.user.locked(now);
        let mut transaction = Transaction::new();
        let events = vec![EventKind::SignInRefused { why: why.to_owned() }, locked];
        if let Err(error) = transaction.user(table, &user, &Actor::System, events, now) {
            return error.into();
        }
        match table.commit(transaction).await {
            Ok(()) => refused(),
            // Somebody changed the account at the same moment, most often by locking it; a next try finds what it is now.
            Err(error) if error.refused(Guard::Version) => refused(),
            Err(error) => error.into(),
        }
    }

    /// The try was right, or could not be made: it counts no more. Earlier failures do until the sign-in is complete.
    ///
    /// # Errors
    /// When the table fails.
    pub(super) async fn give_back(self) -> Result<User, Problem> {
        self.app.table().give_back_try(WHAT, self.user.username.as_str()).await?;
        Ok(self.user)
    }

    /// The sign-in is complete: no failure in a row is left.
    ///
    /// # Errors
    /// When the table fails.
    pub(super) async fn complete(self) -> Result<User, Problem> {
        self.app.table().forget_tries(WHAT, self.user.username.as_str()).await?;
        Ok(self.user)
    }

    /// Whose.
    pub(super) fn user(&self) -> &User {
        &self.user
    }
}

/// Notes a refusal of a known user and gives the one answer to it.
pub(super) async fn refuse(app: &App, user: &User, why: &str) -> Problem {
    let (table, about) = (app.table(), About::User(user.username.clone()));
    let mut transaction = Transaction::new();
    let kind = EventKind::SignInRefused { why: why.to_owned() };
    if let Err(error) = transaction.event(table, about, Actor::System, kind, app.now()) {
        return error.into();
    }
    table.commit(transaction).await.map_or_else(Problem::from, |()| refused())
}

fn why_not(state: &UserState) -> Option<&'static str> {
    match state {
        UserState::Active { .. } => None,
        UserState::Invited { .. } => Some("not enrolled"),
        UserState::Locked { .. } => Some("locked"),
        UserState::Dormant { .. } => Some("dormant"),
        UserState::Deactivated { .. } => Some("deactivated"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    /// REQ: ACC-14, ACC-15
    #[test]
    fn only_an_active_account_may_try() {
        let since = Timestamp::UNIX_EPOCH;
        assert_eq!(why_not(&UserState::Active { since }), None);
        let others = [
            UserState::Invited { nonce: "n".into(), until: since },
            UserState::Locked { since },
            UserState::Dormant { since },
            UserState::Deactivated { since },
        ];
        assert!(others.iter().all(|state| why_not(state).is_some()));
    }
}
