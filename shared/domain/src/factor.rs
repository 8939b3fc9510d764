//! Second factors: what a user signs in with beside the password (ACC-11).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    contact::{Contact, Email, Phone},
    field::AtField,
    wrong::Wrong,
};

/// A kind of second factor, in the order in which one is asked for when the user does not say which.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Factor {
    /// The code that an authenticator app shows (TOTP).
    App,
    /// A PIN by e-mail.
    Email,
    /// A PIN by text message.
    Text,
    /// A PIN that a call speaks.
    Voice,
}

/// Text that names no second factor.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("A second factor is app, email, text or voice.")]
pub struct FactorError;

impl AtField for FactorError {
    fn wrong(&self) -> Wrong {
        Wrong::NotAChoice
    }
}

impl Factor {
    /// All, in their order.
    pub const ALL: [Self; 4] = [Self::App, Self::Email, Self::Text, Self::Voice];

    /// Stable name, as on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Email => "email",
            Self::Text => "text",
            Self::Voice => "voice",
        }
    }

    fn bit(self) -> u8 {
        match self {
            Self::App => 1,
            Self::Email => 2,
            Self::Text => 4,
            Self::Voice => 8,
        }
    }
}

impl fmt::Display for Factor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for Factor {
    type Err = FactorError;
    fn from_str(text: &str) -> Result<Self, FactorError> {
        Self::ALL.into_iter().find(|factor| factor.name() == text).ok_or(FactorError)
    }
}

/// The factors that a contract allows. Of several contracts those hold that all allow (ACC-16).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(from = "Vec<Factor>", into = "Vec<Factor>")]
pub struct Allowed(u8);

impl Allowed {
    /// Whether a factor is allowed.
    #[must_use]
    pub fn has(self, factor: Factor) -> bool {
        self.0 & factor.bit() != 0
    }

    /// What both allow.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// One by one, in their order.
    pub fn iter(self) -> impl Iterator<Item = Factor> {
        Factor::ALL.into_iter().filter(move |factor| self.has(*factor))
    }
}

/// The authenticator app: what every contract allows.
impl Default for Allowed {
    fn default() -> Self {
        Self(Factor::App.bit())
    }
}

impl From<Vec<Factor>> for Allowed {
    fn from(factors: Vec<Factor>) -> Self {
        Self(factors.into_iter().fold(0, |all, factor| all | factor.bit()))
    }
}

impl From<Allowed> for Vec<Factor> {
    fn from(allowed: Allowed) -> Self {
        allowed.iter().collect()
    }
}

/// A factor with where its PINs go.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// An authenticator app: nothing is sent.
    App,
    /// To this address.
    Email(Email),
    /// To this number.
    Text(Phone),
    /// To this number.
    Voice(Phone),
}

/// Why a factor cannot be set up.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ReachError {
    /// A contract of the user does not have it.
    #[error("Your contract does not offer this second factor. Choose another one.")]
    NotAllowed,
    /// There is no number for it.
    #[error(
        "There is no phone number in your profile. Choose another second factor, or ask your administrator to add one."
    )]
    NoPhone,
}

impl AtField for ReachError {
    fn wrong(&self) -> Wrong {
        match self {
            Self::NotAllowed => Wrong::FactorNotOffered,
            Self::NoPhone => Wrong::FactorWithoutPhone,
        }
    }
}

impl Reach {
    /// A factor set up with what is known of somebody.
    ///
    /// # Errors
    /// When it is not allowed, or needs a phone number that is not there.
    pub fn of(factor: Factor, contact: &Contact, allowed: Allowed) -> Result<Self, ReachError> {
        if !allowed.has(factor) {
            return Err(ReachError::NotAllowed);
        }
        let phone = || contact.phone.clone().ok_or(ReachError::NoPhone);
        Ok(match factor {
            Factor::App => Self::App,
            Factor::Email => Self::Email(contact.email.clone()),
            Factor::Text => Self::Text(phone()?),
            Factor::Voice => Self::Voice(phone()?),
        })
    }

    /// Its kind.
    #[must_use]
    pub fn factor(&self) -> Factor {
        match self {
            Self::App => Factor::App,
            Self::Email(_) => Factor::Email,
            Self::Text(_) => Factor::Text,
            Self::Voice(_) => Factor::Voice,
        }
    }

    /// Where its PINs go, masked: enough to recognize one's own.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::App => None,
            Self::Email(email) => Some(email.masked()),
            Self::Text(phone) | Self::Voice(phone) => Some(phone.masked()),
        }
    }
}

/// The second factors of a user, each verified by a first code or PIN. Where PINs go stands here and not in the contact
/// data, so that whoever edits those does not move a factor.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Factors(Vec<Reach>);

impl Factors {
    /// With a factor that was verified; it replaces one of its kind.
    #[must_use]
    pub fn with(mut self, verified: Reach) -> Self {
        self.0.retain(|known| known.factor() != verified.factor());
        self.0.push(verified);
        self.0.sort_by_key(Reach::factor);
        self
    }

    /// The factor of this kind.
    #[must_use]
    pub fn get(&self, factor: Factor) -> Option<&Reach> {
        self.0.iter().find(|known| known.factor() == factor)
    }

    /// The one to ask for: the wanted one where the user has it, else the first. `None` without any.
    #[must_use]
    pub fn choose(&self, wanted: Option<Factor>) -> Option<&Reach> {
        wanted.and_then(|factor| self.get(factor)).or_else(|| self.0.first())
    }

    /// One by one, in their order.
    pub fn iter(&self) -> impl Iterator<Item = &Reach> {
        self.0.iter()
    }

    /// Whether some PIN goes to this number.
    #[must_use]
    pub fn reach_phone(&self, number: &Phone) -> bool {
        self.0.iter().any(|known| matches!(known, Reach::Text(phone) | Reach::Voice(phone) if phone == number))
    }

    /// After a new e-mail address was proved: PINs go there.
    #[must_use]
    pub fn moved_to_email(self, email: &Email) -> Self {
        let moved = |known| if matches!(known, Reach::Email(_)) { Reach::Email(email.clone()) } else { known };
        Self(self.0.into_iter().map(moved).collect())
    }

    /// After a new phone number was proved: PINs go there.
    #[must_use]
    pub fn moved_to_phone(self, phone: &Phone) -> Self {
        let moved = |known| match known {
            Reach::Text(_) => Reach::Text(phone.clone()),
            Reach::Voice(_) => Reach::Voice(phone.clone()),
            Reach::App | Reach::Email(_) => known,
        };
        Self(self.0.into_iter().map(moved).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contact(phone: Option<&str>) -> Contact {
        Contact {
            first_name: "Jo".parse().unwrap(),
            last_name: "Smith".parse().unwrap(),
            address: crate::person::samples::address(),
            email: "jo@example.org".parse().unwrap(),
            phone: phone.map(|number| number.parse().unwrap()),
            fax: "501-555-0123".parse().unwrap(),
        }
    }

    fn allowed(factors: &[Factor]) -> Allowed {
        factors.to_vec().into()
    }

    /// REQ: ACC-11
    #[test]
    fn a_factor_is_one_that_the_contract_allows_and_the_profile_can_reach() {
        let all = allowed(&Factor::ALL);
        let of = |factor, phone| Reach::of(factor, &contact(phone), all).map(|reach| reach.hint());
        assert_eq!(of(Factor::App, None), Ok(None));
        assert_eq!(of(Factor::Email, None), Ok(Some("j***@example.org".to_owned())));
        assert_eq!(of(Factor::Voice, Some("501-555-0123")), Ok(Some("(***) ***-0123".to_owned())));
        assert_eq!(of(Factor::Text, None), Err(ReachError::NoPhone));
        let app = Allowed::default();
        assert_eq!(Reach::of(Factor::Email, &contact(None), app), Err(ReachError::NotAllowed));
    }

    /// REQ: ACC-11
    #[test]
    fn sign_in_asks_for_the_wanted_factor_where_the_user_has_it() {
        let phone: Phone = "501-555-0123".parse().unwrap();
        let factors = Factors::default().with(Reach::Voice(phone.clone())).with(Reach::App);
        let asked = |wanted| factors.choose(wanted).map(Reach::factor);
        assert_eq!(asked(None), Some(Factor::App));
        assert_eq!(asked(Some(Factor::Voice)), Some(Factor::Voice));
        assert_eq!(asked(Some(Factor::Text)), Some(Factor::App));
        assert_eq!(Factors::default().choose(Some(Factor::App)), None);
        assert!(factors.reach_phone(&phone) && !Factors::default().with(Reach::App).reach_phone(&phone));
    }

    /// REQ: ACC-17
    #[test]
    fn a_proved_address_or_number_moves_the_factors_that_go_there() {
        let phone = |text: &str| text.parse::<Phone>().unwrap();
        let factors = [Reach::App, Reach::Email("a@b.org".parse().unwrap()), Reach::Text(phone("501-555-0123"))];
        let factors = factors.into_iter().fold(Factors::default(), Factors::with);
        let moved = factors.moved_to_email(&"c@d.org".parse().unwrap()).moved_to_phone(&phone("501-555-0199"));
        assert_eq!(moved.get(Factor::Email), Some(&Reach::Email("c@d.org".parse().unwrap())));
        assert_eq!(moved.get(Factor::Text), Some(&Reach::Text(phone("501-555-0199"))));
        assert_eq!((moved.get(Factor::Voice), moved.iter().count()), (None, 3));
    }

    /// REQ: ACC-16
    #[test]
    fn of_several_contracts_those_factors_hold_that_all_allow() {
        let both = allowed(&[Factor::App, Factor::Text]).and(allowed(&[Factor::Voice, Factor::Text, Factor::App]));
        assert_eq!(both.iter().collect::<Vec<_>>(), [Factor::App, Factor::Text]);
        let json = serde_json::to_value(both).unwrap();
        assert_eq!(json, serde_json::json!(["app", "text"]));
        assert_eq!(serde_json::from_value::<Allowed>(json).unwrap(), both);
        assert!("totp".parse::<Factor>().is_err() && "voice".parse::<Factor>() == Ok(Factor::Voice));
    }
}
