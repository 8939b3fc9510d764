//! One try at a user's password or code, counted before it is made, so that many at once cannot pass the limit.

use portico_aws::{
    accounts::Pool,
    table::{Guard, Transaction},
};
use portico_domain::{
    accounts::{User, UserState},
    events::{About, Actor, EventKind},
    id::Username,
};

use super::refusal::refused;
use crate::{account::FAILURES, app::App, problem::Problem};

/// A counted try of an active user.
pub(super) struct Attempt<'a> {
    app: &'a App,
    user: User,
    tries: u32,
}

impl<'a> Attempt<'a> {
    /// Counts a try of this name and reads whose it is, both at once. An account whose tries are used up is locked
    /// (ACC-14); one that nobody used for too long is refused also before a sweep has taken it out (ACC-15).
    ///
    /// # Errors
    /// The one refusal, when there is no such account behind this door, or it may not sign in.
    pub(super) async fn begin(app: &'a App, pool: Pool, name: &Username) -> Result<Self, Problem> {
        let table = app.table();
        let (user, tries, usage) =
            futures::join!(table.user(name), table.count_try(FAILURES, name.as_str()), table.usage(name));
        let (user, tries, usage) = (user?, tries?, usage?);
        let Some(user) = user else {
            table.forget_tries(FAILURES, name.as_str()).await?;
            return Err(refused());
        };
        let unused = usage.is_some_and(|usage| usage.is_over(&user.rules, app.now()));
        let attempt = Self { app, user, tries };
        let why = if Pool::of(&attempt.user.door) == pool { why_not(&attempt.user.state) } else { Some("other door") };
        match why.or(unused.then_some("dormant")) {
            Some(why) => Err(attempt.none(why).await),
            None if !attempt.user.rules.may_try(attempt.tries) => Err(attempt.failed("too many tries").await),
            None => Ok(attempt),
        }
    }

    /// The try was a failure: the last one that the contract allows locks the account.
    pub(super) async fn failed(self, why: &str) -> Problem {
        if !self.user.rules.locks(self.tries) {
            return refuse(self.app, &self.user, why, Transaction::new()).await;
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

    /// There was nothing to try: it is refused and does not count.
    pub(super) async fn none(self, why: &str) -> Problem {
        let mut transaction = Transaction::new();
        let (app, user) = (self.app, self.give_back(&mut transaction));
        refuse(app, &user, why, transaction).await
    }

    /// The try could not be made: it does not count.
    pub(super) async fn broken(self, error: impl Into<Problem>) -> Problem {
        let mut transaction = Transaction::new();
        let app = self.app;
        self.give_back(&mut transaction);
        app.table().commit(transaction).await.map_or_else(Problem::from, |()| error.into())
    }

    /// The try was right, with what follows: it counts no more. Earlier failures do until the sign-in is complete.
    pub(super) fn give_back(self, transaction: &mut Transaction) -> User {
        transaction.give_back_try(self.app.table(), FAILURES, self.user.username.as_str());
        self.user
    }

    /// The sign-in is complete, with what follows: no failure in a row is left. The account must still be as it was.
    pub(super) fn complete(self, transaction: &mut Transaction) -> User {
        let table = self.app.table();
        transaction.forget_tries(table, FAILURES, self.user.username.as_str());
        transaction.witness(table, &self.user.username, self.user.version);
        self.user
    }

    /// Whose.
    pub(super) fn user(&self) -> &User {
        &self.user
    }
}

/// Notes a refusal of a known user and gives the one answer to it.
async fn refuse(app: &App, user: &User, why: &str, mut transaction: Transaction) -> Problem {
    let (table, about) = (app.table(), About::User(user.username.clone()));
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
