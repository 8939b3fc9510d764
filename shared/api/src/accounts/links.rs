//! Mailed links of this room: how their token comes back, and which of a user's links to a new password works.

use jiff::Timestamp;
use portico_aws::{
    links::link_hash,
    table::{Key, Transaction},
};
use portico_domain::{field::Objection, id::Username};
use serde::{Deserialize, Serialize};

use crate::{app::App, problem::Problem};

/// How long a link to a new password works.
pub(super) const MINUTES: i64 = 60;

/// The token of a mailed link as a body brings it: an address would stand in the logs of whatever it passes.
///
/// # Errors
/// 422 when there is none.
pub(super) fn token(sent: Option<&str>) -> Result<&str, Problem> {
    let sent = sent.map(str::trim).filter(|token| !token.is_empty());
    sent.ok_or_else(|| Problem::invalid_field("/token", Objection::required()))
}

/// The key of what a link to a new password stands for: another one than that of an enrolment link with the same token.
pub(super) fn link_key(token: &str) -> Key {
    Key::link(&link_hash(&format!("password:{token}")))
}

/// What a link to set a new password stands for.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PasswordLink {
    pub(super) user: Username,
}

/// The link of a user that works: a newer one takes the place of those before.
#[derive(Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub(super) struct CurrentLink {
    /// Hash of its token.
    pub(super) hash: String,
}

/// Keeps a link as the one that works.
///
/// # Errors
/// When it cannot be written as an item.
pub(super) fn keep_current(
    app: &App,
    transaction: &mut Transaction,
    key: &Key,
    user: &Username,
    until: Timestamp,
) -> Result<(), Problem> {
    let (table, current) = (app.table(), CurrentLink { hash: key.pk.clone() });
    transaction.keep(table, key, &PasswordLink { user: user.clone() }, until)?;
    Ok(transaction.keep(table, &Key::password_link(user), &current, until)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// REQ: ACC-10, ACC-13
    #[test]
    fn a_link_to_enrol_sets_no_password_and_the_other_way_round() {
        assert_ne!(link_key("t"), Key::link(&link_hash("t")));
        assert_eq!(link_key("t"), link_key("t"));
    }
}
