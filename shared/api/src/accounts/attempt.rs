//! One try at a user's password or code, counted before it is made, so that many at once cannot pass the limit (ACC-14).
//!
//! It counts for the account where the user has signed in from that network before. A stranger's tries count for the
//! stranger: they run out without locking anybody.

use jiff::{Timestamp, ToSpan};
use portico_aws::{
    accounts::Pool,
    table::{Guard, Key, Transaction, accounts::tries::Throttle},
};
use portico_domain::{
    accounts::{
        User, UserState,
        dormancy::Usage,
        terms::TermsShown,
        tries::{Tries, Verdict, with_place},
    },
    events::{Actor, EventKind},
    id::Username,
};

use super::refusal::{Whose, is_told, note, refused};
use crate::{
    account::failures,
    app::App,
    caller::From as Address,
    problem::Problem,
    throttle::{self, SIGN_INS_BY_ADDRESS, STRANGERS_BY_NAME},
};

/// How long a stranger's failures are remembered.
const STRANGER_HOURS: i64 = 24;

/// A counted try of an active user.
pub(super) struct Attempt<'a> {
    app: &'a App,
    user: User,
    from: Address,
    places: Vec<String>,
    count: Count,
}

/// Where a try is counted.
struct Count {
    /// Network of the caller, hashed.
    place: String,
    /// With this the throttles counted it.
    at: Timestamp,
    /// The counter of failures in a row.
    key: Key,
    /// Whether that is the account's own, which locks.
    own: bool,
}

impl Count {
    fn of(name: &Username, from: &Address, places: &[String], at: Timestamp) -> Self {
        let place = throttle::address(from);
        let own = places.contains(&place);
        let day = at.as_second().div_euclid(STRANGER_HOURS * 3600);
        let key = if own { failures(name) } else { Key::tries("stranger", &format!("{name}#{place}#{day}")) };
        Self { place, at, key, own }
    }

    /// The throttles that count failures only: each try is counted when it begins, and given back unless it fails.
    fn throttles<'n>(&'n self, name: &'n Username) -> Vec<(&'static Throttle, &'n str)> {
        let by_address = (&SIGN_INS_BY_ADDRESS, self.place.as_str());
        if self.own { vec![by_address] } else { vec![by_address, (&STRANGERS_BY_NAME, name.as_str())] }
    }

    async fn begin(&self, app: &App, name: &Username) -> Result<Tries, Problem> {
        let until = (!self.own).then(|| self.at.checked_add((STRANGER_HOURS * 2).hours()).unwrap_or(self.at));
        let throttles = futures::future::join_all(
            self.throttles(name)
                .into_iter()
                .map(|(throttle, hash)| app.table().count_try_within(throttle, hash, self.at)),
        );
        let (throttles, tries) = futures::join!(throttles, app.table().begin_try(&self.key, self.at, until));
        for allowed in throttles {
            // Which of them it was would say whether the name is known here.
            allowed?.ok_or_else(|| Problem::throttled(SIGN_INS_BY_ADDRESS.wait(self.at)))?;
        }
        Ok(tries?)
    }

    /// It was no failure: the throttles do not count it.
    async fn spare(&self, app: &App, name: &Username) -> Result<(), Problem> {
        let back = self.throttles(name).into_iter();
        let back = back.map(|(throttle, hash)| app.table().give_back_try_within(throttle, hash, self.at));
        Ok(futures::future::try_join_all(back).await.map(|_| ())?)
    }
}

impl<'a> Attempt<'a> {
    /// Counts a try of this name from this address and reads whose it is. One that nobody used for too long is refused
    /// also before a sweep has taken it out (ACC-15).
    ///
    /// # Errors
    /// The one refusal, when there is no such account behind this door, or it may not sign in; 429 when the address has
    /// failed too often.
    pub(super) async fn begin(app: &'a App, pool: Pool, name: &Username, from: &Address) -> Result<Self, Problem> {
        let (table, now) = (app.table(), app.now());
        let (user, usage) = futures::join!(table.user(name), table.usage(name));
        let (user, usage) = (user?, usage?);
        let places = usage.as_ref().map(|usage| usage.places.clone()).unwrap_or_default();
        let count = Count::of(name, from, &places, now);
        let tries = count.begin(app, name).await?;
        let Some(user) = user else {
            table.forget_tries(&count.key).await?;
            return Err(refused());
        };
        let unused = usage.is_some_and(|usage| usage.is_over(&user.rules, now));
        let attempt = Self { app, user, from: from.clone(), places, count };
        let why = if Pool::of(&attempt.user.door) == pool { why_not(&attempt.user.state) } else { Some("other door") };
        if let Some(why) = why.or(unused.then_some("dormant")) {
            return Err(attempt.shut(why).await);
        }
        match tries.verdict(&attempt.user.rules, now) {
            Verdict::Made => Ok(attempt),
            Verdict::MadeAnew => {
                table.begin_anew(&attempt.count.key, tries.failed).await?;
                Ok(attempt)
            }
            Verdict::Waits => Err(attempt.none("too many at once").await),
            Verdict::UsedUp => Err(attempt.used_up("too many tries", tries.failed).await),
        }
    }

    /// The try was a failure: the last one that the contract allows locks the account, or leaves a stranger without.
    pub(super) async fn failed(self, why: &str) -> Problem {
        match self.app.table().fail_try(&self.count.key).await {
            Ok(failed) => self.used_up(why, failed).await,
            Err(error) => error.into(),
        }
    }

    async fn used_up(self, why: &str, failed: u32) -> Problem {
        if !self.count.own || !self.user.rules.locks(failed) {
            return self.refuse(why).await;
        }
        let (table, now) = (self.app.table(), self.app.now());
        let (user, locked) = self.user.clone().locked(now);
        let mut transaction = Transaction::new();
        let events = vec![EventKind::SignInRefused { why: why.to_owned(), from: Some(self.from.0.clone()) }, locked];
        if let Err(error) = transaction.user(table, &user, &Actor::System, events, now) {
            return error.into();
        }
        match table.commit(transaction).await {
            Ok(()) => refused().noted(),
            // Somebody changed the account at the same moment, most often by locking it; a next try finds what it is now.
            Err(error) if error.refused(Guard::Version) || error.passes() => self.refuse(why).await,
            Err(error) => error.into(),
        }
    }

    /// There was nothing to try: it is refused and does not count for the account.
    pub(super) async fn none(self, why: &str) -> Problem {
        let (given_back, refused) = futures::join!(self.app.table().give_back_try(&self.count.key), self.refuse(why));
        given_back.map_or_else(Problem::from, |()| refused)
    }

    /// The account takes no tries at all: one refusal a minute goes on record, however often anybody asks.
    async fn shut(self, why: &str) -> Problem {
        let (given_back, told) = futures::join!(
            self.app.table().give_back_try(&self.count.key),
            is_told(self.app, self.user.username.as_str())
        );
        match given_back.map_err(Problem::from).and(told) {
            Ok(true) => refused().noted(),
            Ok(false) => self.refuse(why).await,
            Err(problem) => problem,
        }
    }

    /// Notes a refusal and gives the one answer to it.
    async fn refuse(&self, why: &str) -> Problem {
        let noted = note(self.app, Whose::User(&self.user.username), &self.from, why).await;
        noted.map_or_else(|problem| problem, |()| refused().noted())
    }

    /// The try could not be made: it does not count.
    pub(super) async fn broken(self, error: impl Into<Problem>) -> Problem {
        let mut transaction = Transaction::new();
        let app = self.app;
        match self.give_back(&mut transaction).await {
            Ok(_) => app.table().commit(transaction).await.map_or_else(Problem::from, |()| error.into()),
            Err(problem) => problem,
        }
    }

    /// The try was right, with what follows: it counts no more. Earlier failures do until the sign-in is complete.
    ///
    /// # Errors
    /// When the table fails.
    pub(super) async fn give_back(self, transaction: &mut Transaction) -> Result<User, Problem> {
        transaction.give_back_try(self.app.table(), &self.count.key);
        self.count.spare(self.app, &self.user.username).await?;
        Ok(self.user)
    }

    /// The sign-in is complete, with what follows: no failure in a row is left, and the network is one of the user's. The
    /// account must still be as it was; these terms stand there as agreed to.
    ///
    /// # Errors
    /// When the table fails.
    pub(super) async fn complete(
        self,
        transaction: &mut Transaction,
        agreed: &[TermsShown],
    ) -> Result<(User, Usage), Problem> {
        let table = self.app.table();
        transaction.forget_tries(table, &self.count.key);
        self.count.spare(self.app, &self.user.username).await?;
        let now = self.app.now();
        let user = if agreed.is_empty() {
            transaction.witness(table, &self.user.username, self.user.version);
            self.user
        } else {
            let (mut user, events) = self.user.acknowledges(agreed, now);
            user.version += 1;
            transaction.user(table, &user, &Actor::User(user.username.clone()), events, now)?;
            user
        };
        let usage = Usage::signed_in(now).from(with_place(&self.places, &self.count.place));
        Ok((user, usage))
    }

    /// Whose.
    pub(super) fn user(&self) -> &User {
        &self.user
    }
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

    #[test]
    fn a_stranger_uses_up_tries_of_their_own() {
        let (name, at): (Username, Timestamp) = ("jo.smith".parse().unwrap(), "2026-05-07T15:00:00Z".parse().unwrap());
        let from = |address: &str| Address(address.to_owned());
        let home = vec![throttle::address(&from("203.0.113.9"))];
        let owner = Count::of(&name, &from("203.0.113.9"), &home, at);
        assert!(owner.own && owner.key == failures(&name) && owner.throttles(&name).len() == 1);
        let stranger = Count::of(&name, &from("198.51.100.7"), &home, at);
        let other = Count::of(&name, &from("198.51.100.8"), &home, at);
        assert!(!stranger.own && stranger.key != owner.key && stranger.key != other.key);
        assert_eq!(stranger.throttles(&name).len(), 2);
    }

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
