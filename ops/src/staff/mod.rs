//! Whom an operator invites: the first Contract Manager of a contract, who adds everybody further in the portal (ACC-18), and
//! other operators, whom nobody else gives their role.

mod form;
mod operators;

use anyhow::{Context, Result, anyhow, bail, ensure};
use jiff::Timestamp;
use portico_aws::{
    links::{link_hash, link_token},
    secrets::KeyRing,
    table::{Guard, Transaction, accounts::users::Link, contracts::Listed},
};
use portico_domain::{
    accounts::{Door, User, UserState},
    caller::{Reviewer, StaffRole},
    contracts::{AccountRules, strictest::strictest},
    events::{About, EventKind},
    id::{ContractId, Username},
    staff::may_be_first_manager,
};
use serde::Serialize;

pub use form::{Form, Invitee};
pub use operators::{end_operator, invite_operator};

use crate::{Operator, operator::now};

/// What an invitation did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// They are new, and the link was mailed.
    Invited,
    /// Their link was past its time, or they were taken out; a fresh one was mailed.
    InvitedAgain,
    /// They have an account, and work for other contracts than before.
    Changed,
    /// They were invited before, and the link still works or was used.
    Nothing,
}

/// An invitation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Invitation {
    /// Sign-in name.
    pub username: Username,
    /// What it did.
    pub effect: Effect,
    /// Until then the mailed link works; none once it was used.
    pub link_valid_until: Option<Timestamp>,
}

/// Invites the first Contract Manager of one or more contracts, as a Contract Manager adds staff: the same event mails the
/// link. The same person again gets a fresh link when the first one is past its time, and else nothing.
///
/// # Errors
/// When a contract has no pack in force or has a Contract Manager, or the username is somebody else's.
pub async fn invite_first(operator: &Operator, person: &Invitee) -> Result<Invitation> {
    let (table, now) = (operator.table(), now());
    let mut transaction = Transaction::new();
    let (rules, listed) = ruled(operator, person, now).await?;
    for entry in &listed {
        unmanaged(operator, person, &entry.id).await?;
        let first = Listed { first_manager: Some(person.username.clone()), ..entry.clone() };
        transaction.list_contract(table, &first, Some(entry))?;
    }
    let post = post(person, StaffRole::ContractManager);
    let known = table.user(&person.username).await?;
    let (user, effect) = match known {
        None => (invited(operator, person, post.clone(), rules).await?, Effect::Invited),
        Some(known) if has(&known, &post) && known.contact.email != person.contact.email => {
            return Err(other_mail(person));
        }
        Some(known) if has(&known, &post) => match known.state {
            UserState::Invited { until, .. } if until < now => (known, Effect::InvitedAgain),
            UserState::Invited { until, .. } => return Ok(nothing(known, Some(until))),
            _ => return Ok(nothing(known, None)),
        },
        Some(_) => bail!("the username {} is taken: choose another one", person.username),
    };
    let user = match effect {
        Effect::Invited => first_link(operator, &mut transaction, user).await?,
        Effect::InvitedAgain | Effect::Changed | Effect::Nothing => {
            fresh_link(operator, &mut transaction, user).await?
        }
    };
    commit(operator, transaction, "staff invite-first", (&person.username, &person.contracts)).await?;
    let UserState::Invited { until, .. } = user.state else { bail!("the account waits for no link") };
    Ok(Invitation { username: user.username, effect, link_valid_until: Some(until) })
}

/// A link goes to the e-mail on record: whoever names another one is told.
fn other_mail(person: &Invitee) -> anyhow::Error {
    let name = &person.username;
    anyhow!("{name} has another e-mail on record, where the link would go: give that one, or choose another username")
}

/// Writes a new account with the link and the post.
async fn first_link(operator: &Operator, transaction: &mut Transaction, user: User) -> Result<User> {
    let (table, tokens, by) = (operator.table(), tokens(operator).await?, operator.actor());
    transaction.invite(table, &tokens, &user, &by, now())?;
    if let Some(post) = user.post() {
        let given = EventKind::PostGiven { role: post.role, contracts: post.contracts.clone() };
        transaction.event(table, About::User(user.username.clone()), by, given, now())?;
    }
    Ok(user)
}

/// Writes an account with a fresh link in place of the one before.
async fn fresh_link(operator: &Operator, transaction: &mut Transaction, user: User) -> Result<User> {
    let (table, tokens) = (operator.table(), tokens(operator).await?);
    let hash = |nonce: &str| link_hash(&link_token(&tokens, nonce));
    unlinked(operator, transaction, &user).await?;
    let (user, event) = user.invited_again(tokens.nonce().context("the machine has no randomness")?, now())?;
    if let UserState::Invited { nonce, until } = &user.state {
        let link = Link { user: user.username.clone(), nonce: nonce.clone() };
        transaction.link(table, &hash(nonce), &link, *until)?;
    }
    transaction.user(table, &user, &operator.actor(), vec![event], now())?;
    Ok(user)
}

/// The link that waits for somebody works no more.
async fn unlinked(operator: &Operator, transaction: &mut Transaction, user: &User) -> Result<()> {
    if let UserState::Invited { nonce, .. } = &user.state {
        transaction.unlink(operator.table(), &link_hash(&link_token(&tokens(operator).await?, nonce)));
    }
    Ok(())
}

async fn tokens(operator: &Operator) -> Result<KeyRing> {
    Ok(operator.aws.secrets().ring(&operator.aws.config().token_secret).await?)
}

/// Writes the change with who made it.
async fn commit(
    operator: &Operator,
    mut transaction: Transaction,
    operation: &str,
    (whom, contracts): (&Username, &[ContractId]),
) -> Result<()> {
    let table = operator.table();
    let mut on = vec![whom.to_string()];
    on.extend(contracts.iter().map(ToString::to_string));
    transaction.audit_operation(table, &operator.operation(operation, on))?;
    match table.commit(transaction).await {
        Ok(()) => Ok(()),
        Err(error) if error.refused(Guard::Version) => {
            bail!("somebody else took the username or changed the same person or contract at the same time: look again")
        }
        Err(error) => Err(error.into()),
    }
}

/// Whether somebody is already what they would be invited to be.
fn has(known: &User, post: &Reviewer) -> bool {
    let same = |before: &Reviewer| before.role == post.role && before.contracts == post.contracts;
    !known.is_deactivated() && known.post().is_some_and(same)
}

fn nothing(known: User, link_valid_until: Option<Timestamp>) -> Invitation {
    Invitation { username: known.username, effect: Effect::Nothing, link_valid_until }
}

/// The strictest account rules of the contracts, and the contracts as they are listed now.
async fn ruled(operator: &Operator, person: &Invitee, now: Timestamp) -> Result<(AccountRules, Vec<Listed>)> {
    let (table, mut rules, mut listed) = (operator.table(), Vec::new(), Vec::new());
    for id in &person.contracts {
        let contract = table.contract(id, now).await?;
        let contract = contract.with_context(|| format!("the contract {id} has no pack in force: apply one first"))?;
        rules.push((id.clone(), contract.accounts));
        listed
            .push(table.listed(id).await?.with_context(|| format!("the contract {id} is not listed: apply its pack"))?);
    }
    ensure!(!rules.is_empty(), "name at least one contract");
    Ok((strictest(&rules).context("no contract has rules")?.0, listed))
}

/// Nobody manages the contract, or only whoever is invited.
async fn unmanaged(operator: &Operator, person: &Invitee, id: &ContractId) -> Result<()> {
    let mut staff = Vec::new();
    loop {
        let page = operator.table().staff_of(id, staff.last().map(|user: &User| &user.username), 100).await?;
        if page.is_empty() {
            break;
        }
        staff.extend(page);
    }
    Ok(may_be_first_manager(&person.username, id, &staff)?)
}

fn post(person: &Invitee, role: StaffRole) -> Reviewer {
    Reviewer {
        username: person.username.clone(),
        name: person.contact.full_name(),
        role,
        credential: String::new(),
        specialty: None,
        license: None,
        lead: false,
        contracts: person.contracts.clone(),
    }
}

async fn invited(operator: &Operator, person: &Invitee, post: Reviewer, rules: AccountRules) -> Result<User> {
    let nonce = tokens(operator).await?.nonce().context("the machine has no randomness")?;
    let (username, contact) = (person.username.clone(), person.contact.clone());
    Ok(User::invite(username, contact, Door::Staff(post), rules, (nonce, now())))
}
