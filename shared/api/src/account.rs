//! What rooms that look after accounts share.

use portico_aws::{
    links::{link_hash, link_token},
    secrets::KeyRing,
    table::{Key, Table, Transaction, accounts::users::Link},
};
use portico_domain::{
    accounts::{User, UserState},
    contracts::{
        AccountRules,
        strictest::{Source, strictest},
    },
    field::Objection,
    id::{ContractId, Username},
    wrong::Wrong,
};

use crate::{
    app::App,
    problem::Problem,
    throttle::{INVITATIONS, STAFF_INVITATIONS, within},
};

/// The states of an account that can be asked for.
pub(crate) const STATES: [&str; 5] = ["invited", "active", "locked", "dormant", "deactivated"];

/// What is said of a username that somebody has.
pub(crate) fn username_taken() -> Objection {
    Wrong::Taken.says("This username is taken. Choose another one.")
}

/// The counter of an account's failures in a row.
pub(crate) fn failures(user: &Username) -> Key {
    Key::tries("sign-in", user.as_str())
}

/// Forgets failures in a row: support lifted the lock.
pub(crate) fn forget(transaction: &mut Transaction, table: &Table, user: &Username) {
    transaction.forget_tries(table, &failures(user));
}

/// Ends the link of a user who was invited, and keeps the one of a user who is.
///
/// # Errors
/// When it cannot be written as an item.
pub(crate) fn relink(
    transaction: &mut Transaction,
    table: &Table,
    tokens: &KeyRing,
    before: &User,
    after: &User,
) -> Result<(), Problem> {
    let hash = |nonce: &str| link_hash(&link_token(tokens, nonce));
    if let UserState::Invited { nonce, .. } = &before.state {
        transaction.unlink(table, &hash(nonce));
    }
    if let UserState::Invited { nonce, until } = &after.state {
        let link = Link { user: after.username.clone(), nonce: nonce.clone() };
        transaction.link(table, &hash(nonce), &link, *until)?;
    }
    Ok(())
}

/// Counts a mail with a link to somebody whom the user names.
///
/// # Errors
/// 429 when the user has sent as many as one may in an hour.
pub(crate) async fn may_invite(app: &App, by: &User) -> Result<(), Problem> {
    let limit = if by.post().is_some() { &STAFF_INVITATIONS } else { &INVITATIONS };
    within(app, limit, by.username.as_str(), "You have invited as many people as one person may in an hour.").await
}

/// The strictest account rules of these contracts, and whose each value is; `None` without contracts (ACC-16).
///
/// # Errors
/// When a contract cannot be read.
pub(crate) async fn rules_of(
    app: &App,
    contracts: &[ContractId],
) -> Result<Option<(AccountRules, Vec<Source>)>, Problem> {
    let contracts = futures::future::join_all(contracts.iter().map(|id| app.contract(id))).await;
    let mut rules = Vec::new();
    for contract in contracts {
        let contract = contract?;
        rules.push((contract.id.clone(), contract.accounts));
    }
    Ok(strictest(&rules))
}
