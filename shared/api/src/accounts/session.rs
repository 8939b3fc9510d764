//! Sessions of our own beside Cognito's: they end after an idle and an absolute time, and at once when they are ended
//! (ACC-19).

use jiff::Timestamp;
use portico_aws::{
    accounts::{Tokens, session_of},
    links::refresh_seal,
    secrets::{KeyRing, sha256},
    table::{Key, Transaction},
};
use portico_domain::{
    accounts::{
        User,
        session::{Session, give_way},
    },
    contracts::AccountRules,
    id::Username,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{app::App, problem::Problem};

/// A session, as the portal gets it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SignedIn {
    /// Bearer token of every further call.
    access_token: String,
    /// Seconds that it is valid.
    expires_in: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
    /// For further access tokens: each use gives another one, which takes its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    /// Minutes without a call after which the session ends.
    idle_minutes: u32,
    /// Hours after sign-in at which it ends in any case.
    absolute_hours: u32,
}

impl SignedIn {
    /// The tokens with the limits of the session.
    pub(super) fn of(tokens: Tokens, rules: &AccountRules) -> Self {
        Self {
            access_token: tokens.access,
            expires_in: tokens.expires_in,
            id_token: tokens.id,
            refresh_token: tokens.refresh,
            idle_minutes: rules.idle_minutes,
            absolute_hours: rules.absolute_hours,
        }
    }
}

/// As many sessions end with one that begins.
const MOST_GIVING_WAY: usize = 40;

/// What a refresh token belongs to. Each use gives another one in its place; one that was used before ends the session.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Refreshable {
    pub(super) user: Username,
    pub(super) session: String,
    /// The end of the session in any case.
    pub(super) until: Timestamp,
    /// From which the seal of the token that works is made.
    pub(super) nonce: String,
    /// The same of the one before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) before: Option<String>,
    /// Since when the one that works does.
    pub(super) since: Timestamp,
}

/// Seconds in which the token before still works: two tabs, or an answer that was lost on the way.
const GRACE: i64 = 10;

/// What may be done with a refresh token.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Turn {
    /// It is the one that works: another takes its place.
    Next,
    /// The one before, used at the same time: the one that works is given once more.
    Same,
    /// It was used before: somebody else has it.
    Reused,
}

impl Refreshable {
    /// What may be done with the token of this seal now.
    pub(super) fn turn(&self, keys: &KeyRing, seal: &str, now: Timestamp) -> Turn {
        let just_now = now.duration_since(self.since).as_secs() <= GRACE;
        if seal == refresh_seal(keys, &self.nonce) {
            Turn::Next
        } else if just_now && self.before.as_ref().is_some_and(|before| seal == refresh_seal(keys, before)) {
            Turn::Same
        } else {
            Turn::Reused
        }
    }

    /// After the token that works was used.
    pub(super) fn next(&self, nonce: String, now: Timestamp) -> Self {
        Self { before: Some(self.nonce.clone()), nonce, since: now, ..self.clone() }
    }

    /// The token as the portal gets it: that of Cognito, which stays the same, under our own seal, which does not.
    pub(super) fn token(&self, keys: &KeyRing, token: &str) -> String {
        format!("{token}~{}", refresh_seal(keys, &self.nonce))
    }
}

/// Cognito's token, and the seal.
pub(super) fn opened(token: &str) -> Option<(&str, &str)> {
    token.rsplit_once('~')
}

/// Begins the session of these tokens. Of the sessions `before` it the oldest end
/// where there would be too many.
///
/// # Errors
/// When the token names no session, or it cannot be written as an item.
pub(super) fn begin(
    app: &App,
    transaction: &mut Transaction,
    user: &User,
    (tokens, keys): (&mut Tokens, &KeyRing),
    before: &[Session],
) -> Result<(), Problem> {
    let session = Session::begin(session_of(&tokens.access)?, &user.rules, app.now());
    // Of very many, which only sign-ins all at once can leave, some give way with this one and some with the next.
    let give_way = give_way(before, app.now()).into_iter().take(MOST_GIVING_WAY);
    transaction.end_sessions(app.table(), &user.username, give_way);
    transaction.session(app.table(), &user.username, &session)?;
    if let Some(token) = &mut tokens.refresh {
        let nonce = keys.nonce().map_err(|error| Problem::internal(&error))?;
        let (user, since, until) = (user.username.clone(), session.since, session.until);
        let refreshable = Refreshable { user, session: session.id, until, nonce, before: None, since };
        transaction.keep(app.table(), &refresh_key(token), &refreshable, until)?;
        *token = refreshable.token(keys, token);
    }
    Ok(())
}

/// The key of what a refresh token belongs to: its hash.
pub(super) fn refresh_key(token: &str) -> Key {
    Key::session(&sha256(&format!("refresh:{token}")))
}

#[cfg(test)]
mod tests {
    use portico_aws::secrets::Secret;

    use super::*;

    #[test]
    fn a_refresh_token_works_once_and_its_reuse_is_seen() {
        let keys = KeyRing::of(Secret::new("key"));
        let at = |seconds: i64| Timestamp::from_second(1_800_000_000 + seconds).unwrap();
        let nonce = || keys.nonce().unwrap();
        let first = Refreshable {
            user: "jo.smith".parse().unwrap(),
            session: "s".to_owned(),
            until: at(36_000),
            nonce: nonce(),
            before: None,
            since: at(0),
        };
        let token = first.token(&keys, "a.b.c");
        let (cognito, seal) = opened(&token).unwrap();
        assert_eq!((cognito, first.turn(&keys, seal, at(900))), ("a.b.c", Turn::Next));
        let second = first.next(nonce(), at(900));
        let token = second.token(&keys, "a.b.c");
        assert_eq!(second.turn(&keys, opened(&token).unwrap().1, at(5000)), Turn::Next);
        assert_eq!(second.turn(&keys, seal, at(910)), Turn::Same, "a second tab at the same time");
        assert_eq!(second.turn(&keys, seal, at(911)), Turn::Reused);
        let third = second.next(nonce(), at(912));
        assert_eq!(third.turn(&keys, seal, at(913)), Turn::Reused);
        assert_eq!(third.turn(&keys, "", at(913)), Turn::Reused);
        assert_eq!(opened("a.b.c"), None);
    }
}
