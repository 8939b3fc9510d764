//! Sends notices by e-mail: links to set a password, a locked account, news on a case.
//!
//! No PHI and nothing of what was decided goes out this way (OPS-06): a notice says that there is news, on which case, and
//! where to sign in. A link carries its token behind `#`, which browsers keep from servers and their logs.
//!
//! **At least once**: SES has no idempotency key, so a notice is noted after it was sent. A crash between the two sends
//! it twice, which costs a reader a glance; the other order would lose it, and with it the only way into an account.

use jiff::{Timestamp, ToSpan};
use portico_aws::{
    Aws, clock,
    links::{link_token, pin, undo_hash},
    table::{
        Key,
        accounts::{
            pending::{EmailBefore, PendingEmail},
            users::UserFile,
        },
    },
};
use portico_domain::{
    accounts::Door,
    events::task::{Message, Task},
    id::ContractId,
};

use crate::{
    delivery::{
        case_news::{Told, tell},
        news::About,
        systems::count,
    },
    failure::{Failure, found},
};

/// Which notice of its event a task is: one event tells a user of a change and mails a PIN to the new address, and neither
/// stands for the other.
fn mark(task: &Task) -> &'static str {
    if matches!(task, Task::EmailPinNotice { .. }) { "PIN" } else { "NOTICE" }
}

/// Sends the notice, unless it was sent.
///
/// # Errors
/// When something cannot be loaded, or the mail is not taken.
pub async fn handle(aws: &Aws, message: Message) -> Result<(), Failure> {
    let (table, now, sent) = (aws.table(), clock::now(), Key::notice(message.event, mark(&message.task)));
    if table.kept::<Timestamp>(&sent, now).await?.is_some() {
        return Ok(());
    }
    let (user, about) = match message.task {
        Task::InviteNotice { user, nonce } => (user, About::Invitation(nonce)),
        Task::PasswordNotice { user, nonce } => (user, About::Password(nonce)),
        Task::LockedNotice { user } => (user, About::Lock),
        Task::DormancyNotice { user, until } => (user, About::Dormancy(until)),
        Task::AccountNotice { user, news } => (user, About::Account(news)),
        Task::EmailUndoNotice { user, nonce } => (user, About::EmailUndo(nonce)),
        Task::EmailPinNotice { user, nonce } => (user, About::EmailPin(nonce)),
        Task::CaseNotice { case, request, news, to, answered } => {
            let told = Told { event: message.event, case, request, news, to };
            tell(aws, told).await?;
            return if answered { Ok(()) } else { count(aws, told).await };
        }
        Task::CaseMail { user, case, news, .. } => {
            let stored = found(table.case(case).await?, "case")?;
            (user, About::Case(case, stored.submission.map(|submission| submission.case_id), news))
        }
        Task::Review { .. }
        | Task::WriteLetters { .. }
        | Task::WriteInformationLetters { .. }
        | Task::WriteVoidLetters { .. }
        | Task::WriteWithdrawalLetters { .. }
        | Task::WriteExtensionLetters { .. }
        | Task::WriteLetterAgain { .. }
        | Task::WriteFaxCode { .. }
        | Task::FaxCode { .. }
        | Task::Fax { .. }
        | Task::Mail { .. }
        | Task::PinCall { .. }
        | Task::ReceiveFax { .. }
        | Task::Notify { .. } => {
            return Err(Failure::WrongQueue);
        }
    };
    let file = found(table.user_file(&user).await?, "user")?;
    if about.is_stale(&file) {
        tracing::info!("a newer link was mailed, this one was used, or the user has signed in since");
        return Ok(());
    }
    let contract = match contract_of(&file) {
        Some(id) => table.contract(id, now).await?,
        None => None,
    };
    let clinic = match (&about, file.roles.first()) {
        (About::Invitation(_), Some(role)) => table.group(role.group).await?.map(|group| group.name),
        _ => None,
    };
    let tokens = aws.secrets().ring(&aws.config().token_secret).await?;
    let to = match &about {
        About::EmailPin(asked) => {
            let pending: Option<PendingEmail> = table.kept(&Key::pending_email(&user), now).await?;
            match pending.filter(|pending| pending.nonce == *asked) {
                Some(pending) => pending.email,
                // Another address was entered meanwhile, or the PIN came back: this one opens nothing.
                None => return Ok(()),
            }
        }
        About::EmailUndo(nonce) => {
            let key = Key::link(&undo_hash(&link_token(&tokens, nonce)));
            match table.kept::<EmailBefore>(&key, now).await? {
                Some(before) => before.email,
                // The link was used, or is too old.
                None => return Ok(()),
            }
        }
        _ => file.user.contact.email.clone(),
    };
    let is_pin = matches!(about, About::EmailPin(_));
    let token = |nonce: &str| if is_pin { pin(&tokens, nonce) } else { link_token(&tokens, nonce) };
    let notice = about.notice((&file, clinic.as_deref()), contract.as_ref(), &aws.config().portal_url, token);
    aws.mail().send(&to, &notice.subject, &notice.text(), &notice.html()).await?;
    // As long as the message may still come again: queues and dead letters keep one for 14 days each.
    Ok(table.keep(&sent, &now, now.checked_add((30 * 24).hours()).unwrap_or(now)).await?)
}

/// The contract whose support answers this user.
fn contract_of(file: &UserFile) -> Option<&ContractId> {
    match &file.user.door {
        Door::Provider => file.roles.first().map(|role| &role.contract),
        Door::Staff(reviewer) => reviewer.contracts.first(),
    }
}

#[cfg(test)]
mod tests {
    use portico_domain::events::{Actor, Event, EventKind};

    use super::*;

    /// REQ: ACC-17, OPS-04
    #[test]
    fn two_notices_of_one_event_do_not_stand_for_each_other() {
        let event = Event {
            id: "evt_0197a3c2f0c07d0aa1b2c3d4e5f60718".parse().unwrap(),
            at: Timestamp::UNIX_EPOCH,
            by: Actor::System,
            about: portico_domain::events::About::User("jo.smith".parse().unwrap()),
            kind: EventKind::EmailChangeAsked { nonce: "k1.n".into() },
        };
        let tasks = event.tasks();
        let keys: Vec<Key> = tasks.iter().map(|(task, _)| Key::notice(event.id, mark(task))).collect();
        assert_eq!(keys.len(), 2);
        assert_ne!(keys[0], keys[1]);
    }
}
