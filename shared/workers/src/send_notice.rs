//! Sends notices by e-mail: links to set a password, a locked account, news on a case.
//!
//! No PHI and nothing of what was decided goes out this way (OPS-06): a notice says that there is news, on which case, and
//! where to sign in. A link carries its token behind `#`, which browsers keep from servers and their logs.
//!
//! **At least once**: SES has no idempotency key, so a notice is noted after it was sent. A crash between the two sends
//! it twice, which costs a reader a glance; the other order would lose it, and with it the only way into an account.

use jiff::{Timestamp, ToSpan};
use portico_aws::{Aws, clock, links::link_token, table::Key, table::users::UserFile};
use portico_domain::{
    account::{Door, UserState},
    case::Submission,
    contract::Contract,
    event::{Message, News, Task},
    id::{CaseKey, ContractId, Username},
};
use std::sync::Arc;

use crate::failure::{Failure, found};

/// What is read in an e-mail: paragraphs, then one link, then whom to ask.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Notice {
    subject: String,
    paragraphs: Vec<String>,
    link: String,
    support: String,
}

/// Sends the notice, unless it was sent.
///
/// # Errors
/// When something cannot be loaded, or the mail is not taken.
pub async fn handle(aws: &Aws, message: Message) -> Result<(), Failure> {
    let (table, now, sent) = (aws.table(), clock::now(), Key::notice(message.event));
    if table.kept::<Timestamp>(&sent, now).await?.is_some() {
        return Ok(());
    }
    let (user, about) = match message.task {
        Task::InviteNotice { user, nonce } => (user, About::Invitation(nonce)),
        Task::PasswordNotice { user, nonce } => (user, About::Password(nonce)),
        Task::LockedNotice { user } => (user, About::Lock),
        Task::CaseNotice { case, news } => {
            let submission = found(table.case(case).await?, "case")?.submission;
            let submission = found(submission, "submission")?;
            (submission.by.clone(), About::Case(case, submission, news))
        }
        Task::Review { .. } | Task::WriteLetters { .. } | Task::Fax { .. } | Task::Mail { .. } => {
            return Err(Failure::WrongQueue);
        }
    };
    let file = found(table.user_file(&user).await?, "user")?;
    if about.is_stale(&file) {
        tracing::info!("a newer link was mailed, or this one was used");
        return Ok(());
    }
    let contract = match contract_of(&file) {
        Some(id) => table.contract(id, now).await?,
        None => None,
    };
    let tokens = aws.secrets().get(&aws.config().token_secret).await?;
    let token = |nonce: &str| link_token(&tokens, nonce);
    let notice = about.notice(&file, contract.as_ref(), &aws.config().portal_url, token);
    aws.mail().send(&file.user.contact.email, &notice.subject, &notice.text(), &notice.html()).await?;
    // As long as the message may still come again: queues and dead letters keep one for 14 days each.
    Ok(table.keep(&sent, &now, now.checked_add((30 * 24).hours()).unwrap_or(now)).await?)
}

/// What a notice is about.
#[derive(Clone, PartialEq, Debug)]
enum About {
    Invitation(String),
    Password(String),
    Lock,
    Case(CaseKey, Submission, News),
}

impl About {
    /// Whether its link would open nothing any more.
    fn is_stale(&self, file: &UserFile) -> bool {
        match self {
            Self::Invitation(mailed) => {
                !matches!(&file.user.state, UserState::Invited { nonce, .. } if nonce == mailed)
            }
            Self::Password(_) | Self::Lock | Self::Case(..) => false,
        }
    }

    fn notice(
        &self,
        file: &UserFile,
        contract: Option<&Arc<Contract>>,
        portal: &str,
        token: impl Fn(&str) -> String,
    ) -> Notice {
        let support = contract.map_or_else(String::new, |contract| contract.support_sentence());
        let name = &file.user.username;
        let (subject, paragraphs, link) = match self {
            Self::Invitation(nonce) => (
                "Set up your account".to_owned(),
                invitation(name, until(file, contract)),
                format!("{portal}/enrol#{}", token(nonce)),
            ),
            Self::Password(nonce) => (
                "Set a new password".to_owned(),
                vec![
                    format!("A new password was asked for, for the account {name}. Set it with this link:"),
                    "If it was not you, ignore this mail: your password stays as it is.".to_owned(),
                ],
                format!("{portal}/reset#{}", token(nonce)),
            ),
            Self::Lock => (
                "Your account is locked".to_owned(),
                vec![
                    format!("The account {name} is locked after too many failed sign-ins in a row."),
                    "If it was not you, tell support. Support unlocks the account. The portal is at:".to_owned(),
                ],
                portal.to_owned(),
            ),
            Self::Case(key, submission, news) => (
                format!("News on case {}", submission.case_id),
                vec![case_news(&submission.case_id.to_string(), *news), "Sign in to read it:".to_owned()],
                format!("{portal}/cases/{key}"),
            ),
        };
        let greeting = format!("Hello {},", file.user.contact.full_name());
        Notice { subject, paragraphs: [vec![greeting], paragraphs].concat(), link, support }
    }
}

fn invitation(name: &Username, until: Option<String>) -> Vec<String> {
    let mut paragraphs = vec![
        format!("You have an account for prior authorization requests. Your username is {name}."),
        "Set your password and your second sign-in step with this link:".to_owned(),
    ];
    if let Some(day) = until {
        paragraphs
            .insert(1, format!("The link works once, until {day}. After that, ask your administrator for a new one."));
    }
    paragraphs
}

/// What is new, without what was decided.
fn case_news(case: &str, news: News) -> String {
    match news {
        News::Determined => format!("There is news on case {case}."),
        News::FaxGivenUp => {
            format!("A letter about case {case} could not be faxed to the number you gave. It goes to you by mail.")
        }
    }
}

/// The last day of an invitation, as the contract's calendar has it.
fn until(file: &UserFile, contract: Option<&Arc<Contract>>) -> Option<String> {
    let UserState::Invited { until, .. } = &file.user.state else { return None };
    Some(contract?.calendar.time_zone.date_at(*until).strftime("%B %-d, %Y").to_string())
}

/// The contract whose support answers this user.
fn contract_of(file: &UserFile) -> Option<&ContractId> {
    match &file.user.door {
        Door::Provider => file.roles.first().map(|role| &role.contract),
        Door::Staff(reviewer) => reviewer.contracts.first(),
    }
}

impl Notice {
    fn text(&self) -> String {
        let parts = [self.paragraphs.join("\n\n"), self.link.clone(), self.support.clone()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n") + "\n"
    }

    fn html(&self) -> String {
        let paragraph = |text: &String| format!("<p>{}</p>", escaped(text));
        let (link, support) = (escaped(&self.link), paragraph(&self.support));
        let paragraphs: String = self.paragraphs.iter().map(paragraph).collect();
        format!(
            "<!DOCTYPE html><html lang=\"en\"><body>{paragraphs}<p><a href=\"{link}\">{link}</a></p>{support}</body></html>"
        )
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::tests::messages;

    fn user(state: &serde_json::Value) -> UserFile {
        let user = serde_json::json!({
            "username": "jo.smith", "version": 1, "state": state, "door": "provider",
            "contact": {
                "firstName": "Jo", "lastName": "O<Smith", "email": "jo@example.org", "fax": "501-555-0123",
                "address": {"line1": "12 Elm Street", "city": "Little Rock", "state": "AR", "zip": "72201"},
            },
            "rules": {
                "enrolment-days": 30, "lock-after-failures": 3, "dormant-days": 90, "idle-minutes": 15, "absolute-hours": 10,
            },
        });
        UserFile { user: serde_json::from_value(user).unwrap(), roles: Vec::new() }
    }

    fn invited() -> UserFile {
        user(&serde_json::json!({"is": "invited", "nonce": "n-1", "until": "2026-06-01T00:00:00Z"}))
    }

    fn notice(about: &About, file: &UserFile) -> Notice {
        about.notice(file, None, "https://portal.example.org", |nonce| format!("token-of-{nonce}"))
    }

    /// REQ: ACC-10
    #[test]
    fn an_invitation_carries_the_token_and_never_the_nonce_by_itself() {
        let message = messages::<Message>(include_str!("../../../events/send-notice/invited.json")).remove(0);
        let Task::InviteNotice { user, nonce } = message.task else { panic!("{message:?}") };
        assert_eq!(user, invited().user.username);
        let text = notice(&About::Invitation(nonce.clone()), &invited()).text();
        assert!(
            text.contains(&format!("https://portal.example.org/enrol#token-of-{nonce}\n")) && text.contains("jo.smith")
        );
    }

    /// REQ: ACC-10
    #[test]
    fn an_invitation_that_was_replaced_or_used_is_not_mailed() {
        assert!(!About::Invitation("n-1".to_owned()).is_stale(&invited()));
        assert!(About::Invitation("n-0".to_owned()).is_stale(&invited()));
        let active = user(&serde_json::json!({"is": "active", "since": "2026-05-01T00:00:00Z"}));
        assert!(About::Invitation("n-1".to_owned()).is_stale(&active));
    }

    /// REQ: OPS-06
    #[test]
    fn news_on_a_case_says_neither_who_nor_what_was_decided() {
        let submission = serde_json::from_value(serde_json::json!({
            "caseId": "242130030", "at": "2026-05-01T00:00:00Z", "by": "jo.smith", "fax": "501-555-0123", "contractVersion": "1",
        }));
        let case: CaseKey = "cas_0197a3c2f0c07d0aa1b2c3d4e5f60001".parse().unwrap();
        let notice = notice(&About::Case(case, submission.unwrap(), News::Determined), &invited());
        assert_eq!(notice.subject, "News on case 242130030");
        assert_eq!(
            notice.text(),
            "Hello Jo O<Smith,\n\nThere is news on case 242130030.\n\nSign in to read it:\n\n\
             https://portal.example.org/cases/cas_0197a3c2f0c07d0aa1b2c3d4e5f60001\n"
        );
    }

    #[test]
    fn names_cannot_bring_their_own_markup() {
        let html = notice(&About::Lock, &invited()).html();
        assert!(html.contains("Hello Jo O&lt;Smith,") && !html.contains("O<Smith"));
    }
}
