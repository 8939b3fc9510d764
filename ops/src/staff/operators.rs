//! People of the role Operations: it acts for the whole stack, so it is given and taken here alone, by somebody with credentials of
//! the account.

use anyhow::{Result, bail};
use portico_aws::table::Transaction;
use portico_domain::{
    accounts::{Door, User, UserState},
    caller::{Reviewer, StaffRole},
    contracts::AccountRules,
    events::EventKind,
    id::Username,
};

use super::{
    Effect, Invitation, Invitee, commit, first_link, fresh_link, has, invited, nothing, other_mail, post, ruled,
    unlinked,
};
use crate::{Operator, operator::now};

/// Invites somebody as an operator. The same person again gets a fresh link when the first one is past its time or they were
/// taken out, works for these contracts from now on when they worked for others, and else nothing changes.
///
/// # Errors
/// When a contract has no pack in force, or the username is that of somebody who is no operator.
pub async fn invite_operator(operator: &Operator, person: &Invitee) -> Result<Invitation> {
    let (table, now) = (operator.table(), now());
    let (rules, _) = ruled(operator, person, now).await?;
    let (given, mut transaction) = (post(person, StaffRole::Operations), Transaction::new());
    let (user, effect) = match table.user(&person.username).await? {
        None => {
            let user = invited(operator, person, given, rules).await?;
            (first_link(operator, &mut transaction, user).await?, Effect::Invited)
        }
        Some(known) => match (post_of(&known), &known.state) {
            (None, _) => bail!("the username {} is taken by somebody else: choose another one", person.username),
            (Some(_), _) if known.contact.email != person.contact.email => return Err(other_mail(person)),
            (Some(_), UserState::Invited { until, .. }) if has(&known, &given) && *until >= now => {
                let until = *until;
                return Ok(nothing(known, Some(until)));
            }
            (Some(before), UserState::Deactivated { .. } | UserState::Invited { .. }) => {
                let known = moved(operator, &mut transaction, (&known, before), (given, rules));
                (fresh_link(operator, &mut transaction, known).await?, Effect::InvitedAgain)
            }
            (Some(_), _) if has(&known, &given) => return Ok(nothing(known, None)),
            (Some(before), _) => {
                let changed = EventKind::PostChanged { role: given.role, contracts: given.contracts.clone() };
                let known = moved(operator, &mut transaction, (&known, before), (given, rules));
                let known = User { version: known.version + 1, ..known };
                transaction.user(table, &known, &operator.actor(), vec![changed], now)?;
                (known, Effect::Changed)
            }
        },
    };
    commit(operator, transaction, "staff invite-operator", (&person.username, &person.contracts)).await?;
    let link_valid_until = match user.state {
        UserState::Invited { until, .. } => Some(until),
        _ => None,
    };
    Ok(Invitation { username: user.username, effect, link_valid_until })
}

fn post_of(known: &User) -> Option<&Reviewer> {
    known.post().filter(|post| post.role == StaffRole::Operations)
}

/// Somebody with another post and the rules of its contracts; what they leave lists them no more. When their account becomes
/// unused is looked at again at the time that was noted before.
fn moved(
    operator: &Operator,
    transaction: &mut Transaction,
    (known, before): (&User, &Reviewer),
    (given, rules): (Reviewer, AccountRules),
) -> User {
    let left: Vec<_> = before.contracts.iter().filter(|id| !given.contracts.contains(id)).cloned().collect();
    transaction.leave_contracts(operator.table(), &known.username, &left);
    let door = Door::Staff(Reviewer { contracts: given.contracts, ..before.clone() });
    User { door, rules, ..known.clone() }
}

/// Takes an operator out: their sessions end, a link that waits for them works no more. Gives whether anything changed.
///
/// # Errors
/// When nobody of this name is an operator.
pub async fn end_operator(operator: &Operator, name: &Username) -> Result<bool> {
    let (table, now) = (operator.table(), now());
    let Some(file) = table.user_file(name).await? else { bail!("there is no operator {name}") };
    let Some(post) = post_of(&file.user) else { bail!("there is no operator {name}") };
    if file.user.is_deactivated() {
        return Ok(false);
    }
    let contracts = post.contracts.clone();
    let mut transaction = Transaction::new();
    unlinked(operator, &mut transaction, &file.user).await?;
    let (user, event) = file.user.clone().deactivated(now)?;
    transaction.user(table, &user, &operator.actor(), vec![event], now)?;
    transaction.end_sessions(table, name, &table.to_end(name, &file.sessions, now).await?);
    commit(operator, transaction, "staff end-operator", (name, &contracts)).await?;
    Ok(true)
}
