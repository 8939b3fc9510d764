//! What is kept between two steps of signing in or enrolling. The caller holds a random handle, the table its hash:
//! no step can be skipped, repeated elsewhere or made up.

use jiff::{Timestamp, ToSpan};
use portico_aws::{
    accounts::{Asked, Pool, Proof},
    clock::new_nonce,
    passwords::History,
    secrets::sha256,
    table::{Key, Transaction},
};
use portico_domain::{
    accounts::terms::TermsShown,
    contact::Phone,
    events::{About, Actor, EventKind},
    factor::{Factor, Reach},
    id::Username,
};
use serde::{Deserialize, Serialize};

use crate::{app::App, problem::Problem};

/// A started sign-in or enrolment.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Pending {
    /// Whose.
    pub(super) user: Username,
    /// Through which door.
    pub(super) pool: Pool,
    /// What comes next.
    pub(super) step: Step,
    /// The terms of use that were shown: the code is taken with their acknowledgement (ACC-08).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) terms: Vec<TermsShown>,
}

/// What comes next. The steps of a sign-in exist only after a right password.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(super) enum Step {
    /// The code of a second factor that the pool checks.
    Code { asked: Asked },
    /// The PIN that was spoken, made from this nonce.
    Call { nonce: String },
    /// The first code or PIN of a factor that is being set up.
    SetUp(SetUp),
    /// The first code or PIN of a further factor of somebody who is signed in.
    Add { first: First, reach: Reach },
}

/// A factor that is being set up.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SetUp {
    /// How the first code or PIN is checked.
    pub(super) first: First,
    /// The factor.
    pub(super) reach: Reach,
    /// Hash of the token of the link that opened the enrolment.
    pub(super) link: String,
    /// Nonce of that link.
    pub(super) nonce: String,
    /// The passwords with the new one, remembered once the factor is verified.
    pub(super) history: History,
}

/// How the first code or PIN is checked.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(super) enum First {
    /// By the pool, against the secret of an authenticator app.
    App { proof: Proof },
    /// By the pool, which has sent it.
    Sent { asked: Asked },
    /// By us: it was spoken, made from this nonce.
    Call { nonce: String },
}

impl Step {
    /// Minutes to take it: an app is at hand, a PIN is on its way, and for a set-up an app has to be installed first.
    fn minutes(&self) -> i64 {
        match self {
            Self::Code { asked } if asked.factor() == Factor::App => 3,
            Self::Code { .. } | Self::Call { .. } => 5,
            Self::SetUp(_) | Self::Add { .. } => 15,
        }
    }
}

impl Pending {
    fn until(&self, now: Timestamp) -> Timestamp {
        now.checked_add(self.step.minutes().minutes()).unwrap_or(now)
    }
}

/// Keeps it and gives the handle.
///
/// # Errors
/// When there is no randomness, or it cannot be written as an item.
pub(super) fn keep(app: &App, transaction: &mut Transaction, pending: &Pending) -> Result<String, Problem> {
    let handle = new_nonce().map_err(|error| Problem::internal(&error))?;
    transaction.keep(app.table(), &key(&handle), pending, pending.until(app.now()))?;
    Ok(handle)
}

/// Keeps a further PIN under a handle that nobody has used meanwhile.
///
/// # Errors
/// When it cannot be written as an item.
pub(super) fn keep_on(app: &App, transaction: &mut Transaction, at: &Key, pending: &Pending) -> Result<(), Problem> {
    Ok(transaction.keep_on(app.table(), at, pending, pending.until(app.now()))?)
}

/// Has a PIN spoken; gives the nonce that it is made from.
///
/// # Errors
/// When there are no keys or no randomness, or it cannot be written as an item.
pub(super) async fn call(
    app: &App,
    transaction: &mut Transaction,
    user: &Username,
    to: &Phone,
) -> Result<String, Problem> {
    let (nonce, now) = (app.fresh_nonce().await?, app.now());
    let until = now.checked_add(PIN_MINUTES.minutes()).unwrap_or(now);
    transaction.pin_call(app.table(), &nonce, to, until)?;
    let (about, by) = (About::User(user.clone()), Actor::User(user.clone()));
    transaction.event(app.table(), about, by, EventKind::PinCallAsked { nonce: nonce.clone() }, now)?;
    Ok(nonce)
}

/// How long a call that could not be made at once is still made.
const PIN_MINUTES: i64 = 5;

/// The key of what a handle stands for.
pub(super) fn key(handle: &str) -> Key {
    Key::session(&sha256(handle))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// REQ: ACC-11
    #[test]
    fn a_pin_works_for_five_minutes_and_a_set_up_for_fifteen() {
        let now: Timestamp = "2026-05-07T15:00:00Z".parse().unwrap();
        let until = |step| {
            let pending = Pending { user: "jo.smith".parse().unwrap(), pool: Pool::Providers, step, terms: Vec::new() };
            pending.until(now).duration_since(now).as_secs() / 60
        };
        assert_eq!(until(Step::Call { nonce: "n".into() }), 5);
        let first = First::Call { nonce: "n".into() };
        assert_eq!(until(Step::Add { first, reach: Reach::Voice("501-555-0100".parse().unwrap()) }), 15);
    }
}
