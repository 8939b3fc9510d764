//! What the notices say: no PHI, and nothing of what was decided (OPS-06).

use std::sync::Arc;

use jiff::Timestamp;
use portico_aws::table::accounts::users::UserFile;
use portico_domain::{
    accounts::{Door, UserState},
    contracts::{Contract, ReactivatedBy},
    events::{news::News, task::AccountNews},
    id::{CaseId, CaseKey, Username},
};

use crate::delivery::notice::Notice;

/// What a notice is about.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum About {
    Invitation(String),
    Password(String),
    Lock,
    Account(AccountNews),
    Dormancy(Timestamp),
    EmailPin(String),
    EmailUndo(String),
    /// A case: by its number, which a draft has not.
    Case(CaseKey, Option<CaseId>, News),
}

impl About {
    /// Whether its link would open nothing any more, or what it warns of will not happen.
    pub(crate) fn is_stale(&self, file: &UserFile) -> bool {
        match self {
            Self::Invitation(mailed) => {
                !matches!(&file.user.state, UserState::Invited { nonce, .. } if nonce == mailed)
            }
            Self::Dormancy(until) => {
                let end = file.usage.as_ref().map(|usage| usage.end(&file.user.rules));
                !file.user.is_active() || end != Some(*until)
            }
            Self::Password(_)
            | Self::Lock
            | Self::Account(_)
            | Self::EmailPin(_)
            | Self::EmailUndo(_)
            | Self::Case(..) => false,
        }
    }

    pub(crate) fn notice(
        &self,
        (file, clinic): (&UserFile, Option<&str>),
        contract: Option<&Arc<Contract>>,
        portal: &str,
        token: impl Fn(&str) -> String,
    ) -> Notice {
        let support = contract.map_or_else(String::new, |contract| contract.support_sentence());
        let name = &file.user.username;
        let (subject, paragraphs, link) = match self {
            Self::Invitation(nonce) => (
                "Set up your account".to_owned(),
                invitation(name, clinic.or(contract.map(|contract| contract.name.as_str())), until(file, contract)),
                format!("{portal}/enrol#{}", token(nonce)),
            ),
            Self::Password(nonce) => (
                "Set a new password".to_owned(),
                vec![
                    format!("A new password was asked for, for the account {name}."),
                    "If it was not you, ignore this mail: your password stays as it is. Else set it with this link:"
                        .to_owned(),
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
            Self::Account(news) => {
                let (subject, what) = account_news(*news, file.user.rules.reactivated_by);
                let told = format!("{what} This is about the account {name}.");
                let ask = "If you did not expect this, ask your administrator or support. The portal is at:";
                (subject.to_owned(), vec![told, ask.to_owned()], portal.to_owned())
            }
            Self::Dormancy(until) => dormancy(file, contract, *until, portal),
            Self::EmailPin(nonce) => (
                "Confirm your e-mail address".to_owned(),
                vec![
                    format!("This address was entered for the account {name}. The PIN is {}.", token(nonce)),
                    "It works for 30 minutes. If it was not you, ignore this mail. Enter the PIN at:".to_owned(),
                ],
                format!("{portal}/profile"),
            ),
            Self::EmailUndo(nonce) => (
                "Your e-mail address was changed".to_owned(),
                vec![
                    format!("Another e-mail address holds now for the account {name}. Mail goes there from now on."),
                    format!(
                        "If it was you, there is nothing to do. If it was not you, take the change back with the link below: it puts this address back, signs everybody out and asks you for a new password. It works once, for {} days.",
                        file.user.rules.email_undo_days
                    ),
                ],
                format!("{portal}/undo#{}", token(nonce)),
            ),
            Self::Case(key, number, news) => (
                // A subject stands on locked screens and in the lists of mail servers.
                "News on a case".to_owned(),
                vec![case_news(number.as_ref(), *news), "Sign in to read it:".to_owned()],
                match file.user.door {
                    Door::Provider => format!("{portal}/cases/{key}"),
                    Door::Staff(_) => format!("{portal}/staff/cases/{key}"),
                },
            ),
        };
        // Whoever was invited may be anybody: their name is what the inviter has typed, and is not repeated to them.
        let greeting = match self {
            Self::Invitation(_) => "Hello,".to_owned(),
            _ => format!("Hello {},", file.user.contact.full_name()),
        };
        Notice { subject, paragraphs: [vec![greeting], paragraphs].concat(), link, support }
    }
}

/// Says who invites: a clinic by the name that the plan's files have for it, or the agency, never by what somebody typed.
fn invitation(name: &Username, by: Option<&str>, until: Option<String>) -> Vec<String> {
    let at = by.map_or_else(String::new, |by| format!(" at {by}"));
    let mut paragraphs = vec![
        format!("There is an account for you for prior authorization requests{at}. Your username is {name}."),
        "Set your password and your second sign-in step with this link:".to_owned(),
    ];
    if let Some(day) = until {
        paragraphs.insert(
            1,
            format!("The link below works once, until {day}. After that, ask your administrator for a new one."),
        );
    }
    paragraphs
}

/// The warning of an account that nobody uses: until when to sign in, and what happens else (ACC-15). The day alone would
/// not do: a late warning may come on it.
fn dormancy(
    file: &UserFile,
    contract: Option<&Arc<Contract>>,
    until: Timestamp,
    portal: &str,
) -> (String, Vec<String>, String) {
    let (name, days) = (&file.user.username, file.user.rules.dormant_days);
    let time = local(until, contract, "%-I:%M %p on %B %-d, %Y");
    let paragraphs = vec![
        format!(
            "Nobody has signed in to the account {name} for a while. An account that is not used for {days} days is deactivated."
        ),
        format!(
            "To keep it, sign in before {time}. After that you cannot sign in, and have to ask for the account to be reactivated."
        ),
        "Sign in at:".to_owned(),
    ];
    ("Sign in to keep your account".to_owned(), paragraphs, portal.to_owned())
}

/// What was done to an account: subject and sentence.
fn account_news(news: AccountNews, reactivated_by: ReactivatedBy) -> (&'static str, &'static str) {
    match news {
        AccountNews::RolesChanged => (
            "Your roles have changed",
            "An administrator changed what you are at your providers. Your profile shows it.",
        ),
        AccountNews::Deactivated => {
            ("Your account was deactivated", "An administrator deactivated your account; you cannot sign in any more.")
        }
        AccountNews::Dormant => (
            "Your account was deactivated because it was not used",
            match reactivated_by {
                ReactivatedBy::Support => {
                    "Nobody signed in to your account for too long, so it was deactivated. Ask support to reactivate \
                     it: your username, your roles and what you have saved are kept."
                }
                ReactivatedBy::Administrator => {
                    "Nobody signed in to your account for too long, so it was deactivated. Ask your administrator or \
                     support to reactivate it: your username, your roles and what you have saved are kept."
                }
            },
        ),
        AccountNews::PostChanged => (
            "Your role or contracts have changed",
            "A Contract Manager changed your role, what belongs to it, or the contracts that you work for. Your profile \
             shows it.",
        ),
        AccountNews::Unlocked => ("You can sign in again", "Support has unlocked your account."),
        AccountNews::ProfileChanged => ("Your profile has changed", "Your contact information was changed."),
        AccountNews::EmailChanging => (
            "A new e-mail address was entered",
            "Another e-mail address was entered and waits to be confirmed. Until then this one holds.",
        ),
        AccountNews::PhoneChanging => (
            "A new phone number was entered",
            "Another phone number was entered and waits to be confirmed. Until then the old one holds.",
        ),
        AccountNews::FaxChanging => (
            "A new fax number was entered",
            "Another fax number was entered and waits to be confirmed: a page with a code is faxed to it. Until then \
             letters go to the old one.",
        ),
        AccountNews::FactorAdded => {
            ("A second sign-in step was added", "A further second sign-in step was set up. Your profile shows it.")
        }
        AccountNews::EmailPutBack => (
            "Your e-mail address is the old one again",
            "The change of your e-mail address was taken back, and every session ended. Look at your profile: what else was changed stays as it is.",
        ),
        AccountNews::PasswordChanged => {
            ("Your password has changed", "A new password was set, and every session ended.")
        }
    }
}

/// What is new, without what was decided.
fn case_news(number: Option<&CaseId>, news: News) -> String {
    let case = number.map_or_else(String::new, ToString::to_string);
    match news {
        News::DraftYours => "A request that is saved but not submitted is yours now. Somebody gave it to you.".to_owned(),
        News::DraftEndNear => "A request of yours is saved but not submitted, and nobody goes on with it. It ends soon: it says when. \
                               Whoever changes or submits it before keeps it."
            .to_owned(),
        News::DraftEnded => "A request of yours that was saved but not submitted has ended: nobody went on with it. It can still be read.".to_owned(),
        News::DraftToCorrect => "There are new rules. A request of yours that is saved but not submitted has something to correct.".to_owned(),
        News::Determined | News::Returned | News::LetterReady | News::DeadlineNear | News::Hearing | News::Message => {
            format!("There is news on case {case}.")
        }
        News::InformationRequested => {
            format!("The reviewer of case {case} needs information. The case says what to send, and until when.")
        }
        News::TimeExtended => {
            format!("A request in case {case} takes more time to decide. The case says why, and until when.")
        }
        News::TimeOver => format!("The time to decide a request in case {case} is over. The case says what followed."),
        News::FaxFiled => format!("A fax that you sent was filed to case {case}."),
        News::Withdrawn => format!("A request in case {case} was withdrawn. Nobody decides it any more."),
        News::CoverageAwaited => format!("A request in case {case} waits. The case says for what, and until when."),
        News::Corrected => {
            format!("The decision on a request in case {case} was corrected. The new one takes its place.")
        }
        News::Voided => format!("A request in case {case} was closed without a decision. The case says why."),
        News::MailRefused => {
            format!(
                "A letter about case {case} could not be mailed. The plan looks at the address; the case says when it is on its way."
            )
        }
        News::FaxGivenUp => {
            format!("A letter about case {case} could not be faxed to the number you gave. It goes to you by mail.")
        }
    }
}

/// The last day of an invitation, as the contract's calendar has it.
fn until(file: &UserFile, contract: Option<&Arc<Contract>>) -> Option<String> {
    let UserState::Invited { until, .. } = &file.user.state else { return None };
    contract.map(|_| local(*until, contract, "%B %-d, %Y"))
}

/// An instant as people of the contract write it; in UTC without one.
fn local(at: Timestamp, contract: Option<&Arc<Contract>>, form: &str) -> String {
    match contract {
        Some(contract) => contract.calendar.time_zone.rules().to_datetime(at).strftime(form).to_string(),
        None => at.strftime(form).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::tests::messages;
    use portico_domain::{
        accounts::dormancy::Usage,
        events::task::{Message, Task},
    };

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
        UserFile { user: serde_json::from_value(user).unwrap(), roles: Vec::new(), sessions: Vec::new(), usage: None }
    }

    fn invited() -> UserFile {
        user(&serde_json::json!({"is": "invited", "nonce": "n-1", "until": "2026-06-01T00:00:00Z"}))
    }

    fn notice(about: &About, file: &UserFile) -> Notice {
        about.notice((file, Some("River Day Clinic")), None, "https://portal.example.org", |nonce| {
            format!("token-of-{nonce}")
        })
    }

    /// REQ: ACC-10
    #[test]
    fn an_invitation_carries_the_token_and_never_the_nonce_by_itself() {
        let message = messages::<Message>(include_str!("../../../../events/send-notice/invited.json")).remove(0);
        let Task::InviteNotice { user, nonce } = message.task else { panic!("{message:?}") };
        assert_eq!(user, invited().user.username);
        let text = notice(&About::Invitation(nonce.clone()), &invited()).text();
        assert!(
            text.contains(&format!("https://portal.example.org/enrol#token-of-{nonce}\n")) && text.contains("jo.smith")
        );
        assert!(text.contains("requests at River Day Clinic.") && !text.contains("O<Smith"), "{text}");
    }

    /// REQ: ACC-17, ORG-08
    #[test]
    fn a_pin_stands_in_its_mail_and_changes_are_told() {
        let pin = notice(&About::EmailPin("n-1".to_owned()), &invited()).text();
        assert!(pin.contains("The PIN is token-of-n-1.") && pin.contains("https://portal.example.org/profile"));
        let told = notice(&About::Account(AccountNews::Deactivated), &invited());
        assert_eq!(told.subject, "Your account was deactivated");
        assert!(told.text().contains("jo.smith"));
    }

    /// REQ: ACC-10
    #[test]
    fn an_invitation_that_was_replaced_or_used_is_not_mailed() {
        assert!(!About::Invitation("n-1".to_owned()).is_stale(&invited()));
        assert!(About::Invitation("n-0".to_owned()).is_stale(&invited()));
        let active = user(&serde_json::json!({"is": "active", "since": "2026-05-01T00:00:00Z"}));
        assert!(About::Invitation("n-1".to_owned()).is_stale(&active));
    }

    /// REQ: ACC-15
    #[test]
    fn a_warning_says_until_when_and_is_not_mailed_to_who_has_signed_in_since() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let mut unused = user(&serde_json::json!({"is": "active", "since": "2026-05-01T00:00:00Z"}));
        unused.usage = Some(Usage::signed_in(at("2026-05-01T12:00:00Z")));
        let until = unused.usage.as_ref().unwrap().end(&unused.user.rules);
        let warning = About::Dormancy(until);
        let mail = notice(&warning, &unused);
        let text = mail.text();
        assert!(text.contains("not used for 90 days") && text.contains("before 12:00 PM on July 30, 2026"), "{text}");
        assert!(!warning.is_stale(&unused));
        unused.usage = Some(Usage::signed_in(at("2026-07-29T12:00:00Z")));
        assert!(warning.is_stale(&unused));
    }

    /// REQ: OPS-06
    #[test]
    fn news_on_a_case_says_neither_who_nor_what_was_decided() {
        let case: CaseKey = "cas_0197a3c2f0c07d0aa1b2c3d4e5f60001".parse().unwrap();
        let notice = notice(&About::Case(case, Some("242130030".parse().unwrap()), News::Determined), &invited());
        assert_eq!(notice.subject, "News on a case");
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
