//! Sessions of our own beside Cognito's: they end after an idle and an absolute time, and at once when they are ended
//! (ACC-19).

use portico_aws::{
    accounts::{Tokens, session_of},
    secrets::sha256,
    table::{Key, Transaction},
};
use portico_domain::{
    accounts::{
        User,
        dormancy::Usage,
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
    /// For further access tokens; a refreshed session keeps its own.
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

/// What a refresh token belongs to.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Refreshable {
    pub(super) user: Username,
    pub(super) session: String,
}

/// Begins the session of these tokens; disuse counts anew from now (ACC-15). Of the sessions `before` it the oldest end
/// where there would be too many.
///
/// # Errors
/// When the token names no session, or it cannot be written as an item.
pub(super) fn begin(
    app: &App,
    transaction: &mut Transaction,
    user: &User,
    tokens: &Tokens,
    before: &[Session],
) -> Result<(), Problem> {
    let session = Session::begin(session_of(&tokens.access)?, &user.rules, app.now());
    // Of very many, which only sign-ins all at once can leave, some give way with this one and some with the next.
    let give_way = give_way(before, app.now()).into_iter().take(MOST_GIVING_WAY);
    transaction.end_sessions(app.table(), &user.username, give_way);
    transaction.session(app.table(), &user.username, &session)?;
    transaction.usage(app.table(), user, &Usage::signed_in(session.since))?;
    if let Some(token) = &tokens.refresh {
        let refreshable = Refreshable { user: user.username.clone(), session: session.id };
        transaction.keep(app.table(), &refresh_key(token), &refreshable, session.until)?;
    }
    Ok(())
}

/// The key of what a refresh token belongs to: its hash.
pub(super) fn refresh_key(token: &str) -> Key {
    Key::session(&sha256(&format!("refresh:{token}")))
}
