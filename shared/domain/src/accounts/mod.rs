//! User accounts: their states, sign-in failures, and the rules for passwords.

pub mod dormancy;
pub mod registration;
pub mod session;
pub mod terms;
pub mod tries;

use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use self::terms::{Acknowledged, TermsShown};
use crate::{
    caller::{Caller, Denied, Reviewer, RoleAt},
    contact::Contact,
    contracts::AccountRules,
    events::EventKind,
    factor::{Factors, Reach},
    field::AtField,
    id::Username,
    wrong::Wrong,
};

/// A person who signs in.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// Sign-in name.
    pub username: Username,
    /// Grows by one with every change.
    pub version: u64,
    /// How to reach them.
    pub contact: Contact,
    /// Where the account stands.
    pub state: UserState,
    /// Which door they use (ACC-18).
    pub door: Door,
    /// What they agreed to (ACC-08).
    #[serde(default, skip_serializing_if = "Acknowledged::is_empty")]
    pub terms: Acknowledged,
    /// The strictest rules of their contracts.
    pub rules: AccountRules,
    /// The second factors that were verified (ACC-11).
    #[serde(default)]
    pub factors: Factors,
    /// Of which news on cases they want mail (ACT-09).
    #[serde(default)]
    pub news_mail: NewsMail,
}

/// The field of a profile that says so, on record.
pub const NEWS_MAIL: &str = "newsMail";

/// Of which news on cases a user wants mail; in the portal stands all of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NewsMail {
    /// Of every case that they see.
    All,
    /// Of what they handed in themselves; a reviewer, of what they have.
    #[default]
    Own,
    /// Of none.
    None,
}

impl NewsMail {
    /// Whether a mail is wanted of a case that is the user's own, or another's.
    #[must_use]
    pub fn wants(self, own: bool) -> bool {
        match self {
            Self::All => true,
            Self::Own => own,
            Self::None => false,
        }
    }
}

/// The door a user signs in by.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Door {
    /// Provider users; their roles are kept one by one.
    Provider,
    /// Payer staff.
    Staff(Reviewer),
}

/// Where an account stands.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "is")]
pub enum UserState {
    /// The link was mailed; password and factor are not set yet.
    Invited {
        /// From which the link's token is made.
        nonce: String,
        /// End of the enrolment window (ACC-10).
        until: Timestamp,
    },
    /// May sign in.
    Active {
        /// Since when.
        since: Timestamp,
    },
    /// Too many failures in a row; support unlocks (ACC-14).
    Locked {
        /// Since when.
        since: Timestamp,
    },
    /// Not used for too long; support reactivates (ACC-15).
    Dormant {
        /// Since when.
        since: Timestamp,
    },
    /// Taken out by an administrator.
    Deactivated {
        /// Since when.
        since: Timestamp,
    },
}

/// Why an enrolment step is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnrolError {
    /// The link was used, replaced, or never was.
    #[error("This link is not valid. Ask your administrator for Reset Registration.")]
    NotInvited,
    /// The window is over (ACC-10).
    #[error("This link has expired. Ask your administrator for Reset Registration.")]
    Expired,
}

impl User {
    /// A new account that waits for enrolment. `nonce` is fresh randomness from which the mailed link is made (ACC-09).
    #[must_use]
    pub fn invite(
        username: Username,
        contact: Contact,
        door: Door,
        rules: AccountRules,
        (nonce, at): (String, Timestamp),
    ) -> Self {
        let state = UserState::Invited { nonce, until: enrolment_end(rules.enrolment_days, at) };
        Self {
            username,
            version: 1,
            contact,
            state,
            door,
            terms: Acknowledged::default(),
            rules,
            factors: Factors::default(),
            news_mail: NewsMail::default(),
        }
    }

    /// Whether terms of a contract of theirs are to be acknowledged still. Staff work for the payer, under its own rules.
    #[must_use]
    pub fn owes(&self, terms: &TermsShown) -> bool {
        self.door == Door::Provider && !self.terms.has(terms)
    }

    /// With these terms acknowledged; the version of the account is the caller's to raise.
    #[must_use]
    pub fn acknowledges(mut self, shown: &[TermsShown], at: Timestamp) -> (Self, Vec<EventKind>) {
        let events = self.terms.note(shown, at);
        (self, events)
    }

    /// Whether the link made from `nonce` opens enrolment at `now`.
    ///
    /// # Errors
    /// When it was used or replaced, or the window is over.
    pub fn may_enrol(&self, with: &str, now: Timestamp) -> Result<(), EnrolError> {
        match &self.state {
            UserState::Invited { nonce, until } if nonce == with => {
                if now <= *until {
                    Ok(())
                } else {
                    Err(EnrolError::Expired)
                }
            }
            UserState::Invited { .. }
            | UserState::Active { .. }
            | UserState::Locked { .. }
            | UserState::Dormant { .. }
            | UserState::Deactivated { .. } => Err(EnrolError::NotInvited),
        }
    }

    /// The account after a factor was verified: it is the only one, whatever was set up before (ACC-10).
    #[must_use]
    pub fn enrolled(mut self, verified: Reach, at: Timestamp) -> (Self, EventKind) {
        self.state = UserState::Active { since: at };
        self.factors = Factors::default().with(verified);
        self.version += 1;
        (self, EventKind::UserEnrolled)
    }

    /// The account with a further factor that was verified.
    #[must_use]
    pub fn with_factor(mut self, verified: Reach) -> (Self, EventKind) {
        let factor = verified.factor();
        self.factors = self.factors.with(verified);
        self.version += 1;
        (self, EventKind::FactorAdded { factor })
    }

    /// Whether nobody has enrolled as this user yet: until then an administrator may correct the address that the link goes
    /// to; afterwards that would make them the user.
    #[must_use]
    pub fn was_never_enrolled(&self) -> bool {
        matches!(self.state, UserState::Invited { .. }) && self.factors.iter().next().is_none()
    }

    /// The account after too many failures in a row.
    #[must_use]
    pub fn locked(mut self, at: Timestamp) -> (Self, EventKind) {
        self.state = UserState::Locked { since: at };
        self.version += 1;
        (self, EventKind::UserLocked)
    }

    /// Whether the user may sign in and call at all.
    #[must_use]
    pub fn is_active(&self) -> bool {
        matches!(self.state, UserState::Active { .. })
    }

    /// The caller that this user is, with roles as they are now.
    ///
    /// # Errors
    /// Hidden when the account is not active: a removed user is out at once.
    pub fn caller(self, roles: Vec<RoleAt>) -> Result<Caller, Denied> {
        match (self.is_active(), self.door) {
            (false, _) => Err(Denied::Hidden),
            (true, Door::Staff(reviewer)) => Ok(Caller::Staff(reviewer)),
            (true, Door::Provider) => Ok(Caller::Provider { username: self.username, fax: self.contact.fax, roles }),
        }
    }
}

/// The end of an enrolment window that opens at `at` (ACC-10).
#[must_use]
pub fn enrolment_end(days: u32, at: Timestamp) -> Timestamp {
    at.checked_add((i64::from(days) * 24).hours()).unwrap_or(Timestamp::MAX)
}

/// Characters of a password, at least (ACC-12).
pub const MIN_PASSWORD: usize = 14;

/// A rule that a password breaks (ACC-12).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRule {
    /// Too short.
    #[error("A password has at least {MIN_PASSWORD} characters.")]
    Length,
    /// Too long for the identity service.
    #[error("A password has at most 99 characters.")]
    TooLong,
    /// No upper case letter.
    #[error("A password has an upper case letter.")]
    Upper,
    /// No lower case letter.
    #[error("A password has a lower case letter.")]
    Lower,
    /// No digit.
    #[error("A password has a number.")]
    Number,
    /// No special character.
    #[error("A password has a special character, as ! # % or -.")]
    Special,
    /// Begins or ends with a blank.
    #[error("A password does not begin or end with a space.")]
    Blank,
}

impl AtField for PasswordRule {
    fn wrong(&self) -> Wrong {
        match self {
            Self::Length => Wrong::TooShort { least: MIN_PASSWORD },
            Self::TooLong => Wrong::TooLong { most: 99 },
            Self::Upper => Wrong::NoUpperCase,
            Self::Lower => Wrong::NoLowerCase,
            Self::Number => Wrong::NoDigit,
            Self::Special => Wrong::NoSpecialCharacter,
            Self::Blank => Wrong::OuterSpace,
        }
    }
}

/// The rules that a password breaks, each told by itself; empty for a good one.
#[must_use]
pub fn password_problems(password: &str) -> Vec<PasswordRule> {
    let has = |test: fn(&char) -> bool| password.chars().any(|c| test(&c));
    [
        (password.chars().count() < MIN_PASSWORD, PasswordRule::Length),
        (password.chars().count() > 99, PasswordRule::TooLong),
        (!has(char::is_ascii_uppercase), PasswordRule::Upper),
        (!has(char::is_ascii_lowercase), PasswordRule::Lower),
        (!has(char::is_ascii_digit), PasswordRule::Number),
        (!has(char::is_ascii_punctuation), PasswordRule::Special),
        (password.trim() != password, PasswordRule::Blank),
    ]
    .into_iter()
    .filter_map(|(broken, rule)| broken.then_some(rule))
    .collect()
}

#[cfg(test)]
pub(crate) mod samples {
    use super::{AccountRules, Contact, Door, User};

    /// Somebody who was invited by the link of "n1".
    pub(crate) fn invited(door: Door) -> User {
        let contact = Contact {
            first_name: "Jo".parse().unwrap(),
            last_name: "Smith".parse().unwrap(),
            address: crate::person::samples::address(),
            email: "jo@example.org".parse().unwrap(),
            phone: None,
            fax: "501-555-0123".parse().unwrap(),
        };
        let at = "2026-05-07T15:00:00Z".parse().unwrap();
        User::invite("jo.smith".parse().unwrap(), contact, door, rules(), ("n1".into(), at))
    }

    pub(crate) fn rules() -> AccountRules {
        AccountRules {
            enrolment_days: 2,
            lock_after_failures: 3,
            dormant_days: 30,
            dormancy_warning_days: [7, 1],
            reactivated_by: crate::contracts::ReactivatedBy::Support,
            idle_minutes: 15,
            absolute_hours: 10,
            email_undo_days: 7,
            factors: crate::factor::Allowed::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::factor::Factor;
    use proptest::prelude::*;

    fn invited() -> User {
        samples::invited(Door::Provider)
    }

    fn terms(contract: &str, version: &str) -> TermsShown {
        TermsShown { contract: contract.parse().unwrap(), version: version.to_owned() }
    }

    #[test]
    fn terms_are_owed_by_contract_until_this_version_is_acknowledged() {
        let user = invited();
        assert!(user.owes(&terms("arkansas", "1")));
        let (user, events) = user.acknowledges(&[terms("arkansas", "1")], Timestamp::UNIX_EPOCH);
        let first = EventKind::TermsAcknowledged { contract: "arkansas".parse().unwrap(), version: "1".into() };
        assert_eq!((events, user.version), (vec![first], 1));
        assert!(!user.owes(&terms("arkansas", "1")));
        assert!(user.owes(&terms("arkansas", "2")) && user.owes(&terms("colorado", "1")));
        let (user, _) = user.acknowledges(&[terms("arkansas", "2"), terms("colorado", "1")], Timestamp::UNIX_EPOCH);
        assert!(!user.owes(&terms("arkansas", "2")) && !user.owes(&terms("colorado", "1")));
    }

    #[test]
    fn staff_owe_no_terms() {
        let post = serde_json::json!({
            "username": "jo.smith", "name": "Jo Smith", "role": "nurse", "credential": "RN", "contracts": ["arkansas"],
        });
        let staff = samples::invited(Door::Staff(serde_json::from_value(post).unwrap()));
        assert!(!staff.owes(&terms("arkansas", "1")));
    }

    /// REQ: ACC-10
    #[test]
    fn a_link_opens_enrolment_for_its_window_and_once() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let user = invited();
        assert_eq!(user.may_enrol("n1", at("2026-05-09T15:00:00Z")), Ok(()));
        assert_eq!(user.may_enrol("n1", at("2026-05-09T15:00:01Z")), Err(EnrolError::Expired));
        assert_eq!(user.may_enrol("n0", at("2026-05-08T15:00:00Z")), Err(EnrolError::NotInvited));
        let (user, event) = user.enrolled(Reach::App, at("2026-05-08T15:00:00Z"));
        assert_eq!((user.version, event), (2, EventKind::UserEnrolled));
        assert_eq!(user.factors, Factors::default().with(Reach::App));
        let (user, event) = user.with_factor(Reach::Voice("501-555-0100".parse().unwrap()));
        assert_eq!((user.version, user.factors.iter().count()), (3, 2));
        assert_eq!(event, EventKind::FactorAdded { factor: Factor::Voice });
        assert_eq!(user.may_enrol("n1", at("2026-05-08T15:00:00Z")), Err(EnrolError::NotInvited));
    }

    /// REQ: ACC-14
    #[test]
    fn only_an_active_user_is_a_caller() {
        let at = "2026-05-08T15:00:00Z".parse().unwrap();
        assert_eq!(invited().caller(Vec::new()), Err(Denied::Hidden));
        let (user, _) = invited().enrolled(Reach::App, at);
        assert!(user.clone().caller(Vec::new()).is_ok());
        let (locked, event) = user.locked(at);
        assert_eq!((event, locked.caller(Vec::new())), (EventKind::UserLocked, Err(Denied::Hidden)));
    }

    /// REQ: ACC-12
    #[test]
    fn each_broken_password_rule_is_told() {
        assert_eq!(password_problems("River-Stone-2026"), []);
        assert_eq!(password_problems("River-Stone-20"), []);
        assert_eq!(password_problems("River-Stone-2"), [PasswordRule::Length]);
        assert_eq!(
            password_problems("riverstone"),
            [PasswordRule::Length, PasswordRule::Upper, PasswordRule::Number, PasswordRule::Special]
        );
    }

    proptest! {
        /// REQ: ACC-12
        #[test]
        fn no_password_without_each_kind_of_character_passes(text in "[a-zA-Z0-9!#%-]{0,30}") {
            let good = password_problems(&text).is_empty();
            let kinds = [char::is_ascii_uppercase, char::is_ascii_lowercase, char::is_ascii_digit, char::is_ascii_punctuation];
            let all = text.len() >= 14 && kinds.iter().all(|kind| text.chars().any(|c| kind(&c)));
            prop_assert_eq!(good, all);
        }
    }
}
