//! Identifiers: opaque ones with a prefix that says what they are, and the numbers people read.

use std::{fmt, str::FromStr};

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{field::AtField, wrong::Wrong};

/// An identifier that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("This is not {0}.")]
pub struct IdError(pub(crate) &'static str);

impl AtField for IdError {
    fn wrong(&self) -> Wrong {
        Wrong::NotAnId
    }
}

/// A text that is none of the few words that it may be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("This is not {0}.")]
pub struct WordError(pub(crate) &'static str);

impl AtField for WordError {
    fn wrong(&self) -> Wrong {
        Wrong::NotAChoice
    }
}

/// Text forms of a type: `Display`, `FromStr` and serde all agree.
macro_rules! text_serde {
    ($name:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use text_serde;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal, $what:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// The id made from this UUID (version 7, so that ids sort by time).
            #[must_use]
            pub fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0.simple())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                text.strip_prefix(concat!($prefix, "_"))
                    .filter(|hex| hex.len() == 32 && hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')))
                    .and_then(|hex| Uuid::try_parse(hex).ok())
                    .map(Self)
                    .ok_or(IdError($what))
            }
        }

        text_serde!($name);
    )*};
}

ids! {
    /// A case from its first saved step on; opaque. What people track is the [`CaseId`].
    CaseKey = "cas", "a case";
    /// A member of a plan.
    MemberId = "mbr", "a member";
    /// A provider location in a contract's registry.
    ProviderId = "prv", "a provider";
    /// A provider group.
    GroupId = "grp", "a provider group";
    /// A document attached to a case.
    DocumentId = "doc", "a document";
    /// An issued letter.
    LetterId = "ltr", "a letter";
    /// Something that happened; sorts by time.
    EventId = "evt", "an event";
    /// A system of a provider that asks by FHIR.
    ClientId = "cli", "a client";
    /// A fax that came in.
    FaxId = "fax", "a fax";
    /// What a system subscribed to.
    SubscriptionId = "sub", "a subscription";
}

impl CaseKey {
    /// Whether it is among so many of a hundred: by the random part of the key, so that it is the same whenever it is asked.
    #[must_use]
    pub fn drawn(self, percent: u8) -> bool {
        self.0.as_u64_pair().1 % 100 < u64::from(percent)
    }

    /// The month in which it was begun, in UTC, as `2026-05`: ids of version 7 begin with their time.
    #[must_use]
    pub fn began(self) -> String {
        let milliseconds = i64::try_from(self.0.as_u128() >> 80).unwrap_or_default();
        Timestamp::from_millisecond(milliseconds).unwrap_or_default().strftime("%Y-%m").to_string()
    }
}

impl FaxId {
    /// The document that it becomes at the case it is filed to: one fax is one document.
    #[must_use]
    pub fn document(self) -> DocumentId {
        DocumentId(self.0)
    }
}

impl SubscriptionId {
    /// As FHIR has ids, in which no underscore stands.
    #[must_use]
    pub fn on_the_wire(self) -> String {
        self.to_string().replace('_', "-")
    }

    /// Reads it as it stands there.
    ///
    /// # Errors
    /// When the text is no such id.
    pub fn from_the_wire(text: &str) -> Result<Self, IdError> {
        if text.contains('_') { Err(IdError("a subscription")) } else { text.replacen('-', "_", 1).parse() }
    }
}

impl DocumentId {
    /// The id of the document whose upload carries this name, see [`crate::cases::document`].
    ///
    /// # Errors
    /// When the text is not a document id.
    pub fn from_object(name: &str) -> Result<Self, IdError> {
        name.rsplit('/').next().unwrap_or(name).parse()
    }
}

impl LetterId {
    /// Stands in the place of an id in a letter that is composed and not issued.
    pub const NOT_ISSUED: Self = Self(Uuid::nil());

    /// The letter that `event` gives rise to for the audience in place `n`: the same event always gives the same id,
    /// so that a repeated delivery cannot write a letter twice (LTR-05).
    #[must_use]
    pub fn of_event(event: EventId, n: u8) -> Self {
        let mut bytes = *event.0.as_bytes();
        if let Some(last) = bytes.last_mut() {
            *last ^= n;
        }
        Self(Uuid::from_bytes(bytes))
    }
}

/// The number a case is tracked by, given at submit: two digits of the year, day of the year, and the day's sequence
/// of at least four digits, e.g. `242130030` (CASE-24).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct CaseId(String);

impl CaseId {
    /// The `sequence`-th case (from 1) of a day in the contract's time zone. Day 10,000 grows to five digits.
    #[must_use]
    pub fn new(day: Date, sequence: u64) -> Self {
        Self(format!("{}{sequence:04}", Self::day_prefix(day)))
    }

    /// `YYDDD`, which also names the day's counter.
    #[must_use]
    pub fn day_prefix(day: Date) -> String {
        format!("{:02}{:03}", day.year().rem_euclid(100), day.day_of_year())
    }
}

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for CaseId {
    type Err = CaseIdError;
    fn from_str(text: &str) -> Result<Self, CaseIdError> {
        let digits = (9..=14).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        let day = text.get(2..5).and_then(|d| d.parse::<u16>().ok()).is_some_and(|d| (1..=366).contains(&d));
        if digits && day { Ok(Self(text.to_owned())) } else { Err(CaseIdError) }
    }
}
text_serde!(CaseId);

/// A Case ID with a form that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("This is not a Case ID: nine digits or more, as 242130030.")]
pub struct CaseIdError;

impl AtField for CaseIdError {
    fn wrong(&self) -> Wrong {
        Wrong::NotACaseId
    }
}

/// The number of an answer to "is authorization required?", by which it is quoted and looked up: `CK` and the day and the
/// day's sequence as in a Case ID, e.g. `CK263320001` (CASE-16).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct CheckNumber(CaseId);

impl CheckNumber {
    const PREFIX: &'static str = "CK";

    /// The `sequence`-th answer (from 1) of a day in the contract's time zone.
    #[must_use]
    pub fn new(day: Date, sequence: u64) -> Self {
        Self(CaseId::new(day, sequence))
    }

    /// The name of the day's counter.
    #[must_use]
    pub fn day_prefix(day: Date) -> String {
        format!("{}{}", Self::PREFIX, CaseId::day_prefix(day))
    }
}

impl fmt::Display for CheckNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", Self::PREFIX, self.0)
    }
}

impl FromStr for CheckNumber {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let (prefix, rest) = text.split_at_checked(Self::PREFIX.len()).unwrap_or_default();
        let number = prefix.eq_ignore_ascii_case(Self::PREFIX).then(|| rest.parse().ok()).flatten();
        number.map(Self).ok_or(IdError("the number of an answer, as CK263320001"))
    }
}
text_serde!(CheckNumber);

/// The place of a request within its case: `R01`, `R02` … (CASE-13).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RequestNumber(u8);

impl RequestNumber {
    /// The request that a case starts with.
    pub const FIRST: Self = Self(1);

    /// The one after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for RequestNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "R{:02}", self.0)
    }
}

impl FromStr for RequestNumber {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        text.strip_prefix('R')
            .filter(|digits| digits.len() == 2)
            .and_then(|digits| digits.parse().ok())
            .filter(|number| *number > 0)
            .map(Self)
            .ok_or(IdError("a request number, as R01"))
    }
}
text_serde!(RequestNumber);

/// The number of an authorization, for claims (REV-10). What follows the decision keeps it; a new case has its own (ACT-05).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AuthorizationNumber(String);

impl AuthorizationNumber {
    /// The number of what this request was the first to get: unique because Case IDs are.
    #[must_use]
    pub fn of(case: &CaseId, request: RequestNumber) -> Self {
        Self(format!("A{case}{:02}", request.0))
    }

    /// The Case ID in it.
    #[must_use]
    pub fn case(&self) -> Option<CaseId> {
        let (case, _) = self.0.strip_prefix('A')?.split_at_checked(self.0.len().checked_sub(3)?)?;
        case.parse().ok()
    }
}

impl FromStr for AuthorizationNumber {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let number = Self(text.to_ascii_uppercase());
        let request = number.0.get(number.0.len().saturating_sub(2)..).unwrap_or_default();
        let form = number.case().is_some() && request.bytes().all(|b| b.is_ascii_digit());
        if form { Ok(number) } else { Err(IdError("the number of an authorization, as A26127000101")) }
    }
}

impl fmt::Display for AuthorizationNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A contract by name: lower case letters, digits and hyphens, e.g. `arkansas`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ContractId(String);

impl fmt::Display for ContractId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ContractId {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let form = (2..=40).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if form { Ok(Self(text.to_owned())) } else { Err(IdError("a contract")) }
    }
}
text_serde!(ContractId);

/// A sign-in name: 3 to 64 letters, digits, `.`, `_`, `-` or `@`; letter case does not matter (ACC-06).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Username(String);

impl Username {
    /// The name in its one form, lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<ClientId> for Username {
    /// The name under which what a client does is kept. No person has one like it ([`NewUsername`]).
    fn from(id: ClientId) -> Self {
        Self(id.to_string())
    }
}

impl From<FaxId> for Username {
    /// The name under which it is kept what a fax brought. No person has one like it ([`NewUsername`]).
    fn from(id: FaxId) -> Self {
        Self(id.to_string())
    }
}

impl fmt::Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Username {
    type Err = UsernameError;
    fn from_str(text: &str) -> Result<Self, UsernameError> {
        let form = (3..=64).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'@'));
        if form { Ok(Self(text.to_ascii_lowercase())) } else { Err(UsernameError) }
    }
}
text_serde!(Username);

/// A name that a person chooses to sign in with: any username but those that look like a client's or a fax's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewUsername(Username);

impl NewUsername {
    /// The name.
    #[must_use]
    pub fn get(self) -> Username {
        self.0
    }
}

impl FromStr for NewUsername {
    type Err = UsernameError;
    fn from_str(text: &str) -> Result<Self, UsernameError> {
        let name: Username = text.parse()?;
        let taken = ["cli_", "fax_"].iter().any(|prefix| name.as_str().starts_with(prefix));
        if taken { Err(UsernameError) } else { Ok(Self(name)) }
    }
}

/// A username with a form that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "A username has 3 to 64 characters: letters, digits, period, underscore, hyphen or @; it does not begin with cli_ or fax_."
)]
pub struct UsernameError;

impl AtField for UsernameError {
    fn wrong(&self) -> Wrong {
        Wrong::NotAUsername
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// REQ: CASE-24
    #[test]
    fn a_case_id_is_year_day_and_sequence_and_grows_past_four_digits() {
        let day = jiff::civil::date(2024, 7, 31);
        assert_eq!(CaseId::new(day, 30).to_string(), "242130030");
        assert_eq!(CaseId::new(day, 10_000).to_string(), "2421310000");
        assert!("242130030".parse::<CaseId>().is_ok());
        assert!("24213003".parse::<CaseId>().is_err());
        assert!("243670030".parse::<CaseId>().is_err());
    }

    #[test]
    fn the_number_of_an_answer_is_read_as_people_type_it_and_is_no_case_id() {
        let number = CheckNumber::new(jiff::civil::date(2026, 11, 28), 1);
        assert_eq!(number.to_string(), "CK263320001");
        for typed in ["CK263320001", "ck263320001"] {
            assert_eq!(typed.parse(), Ok(number.clone()));
        }
        for other in ["263320001", "CK26332000", "CK264000001", "C", "", "\u{e9}K263320001"] {
            assert!(other.parse::<CheckNumber>().is_err(), "{other}");
        }
        assert!(number.to_string().parse::<CaseId>().is_err());
    }

    #[test]
    fn an_id_says_what_it_is_and_refuses_another_kind() {
        let case = CaseKey::new(Uuid::from_u128(7));
        assert_eq!(case.to_string(), "cas_00000000000000000000000000000007");
        assert_eq!(case.to_string().parse(), Ok(case));
        assert!(case.to_string().parse::<MemberId>().is_err());
    }

    /// REQ: CASE-13
    #[test]
    fn requests_are_numbered_from_r01() {
        assert_eq!(RequestNumber::FIRST.to_string(), "R01");
        assert!("R00".parse::<RequestNumber>().is_err());
        assert!("R1".parse::<RequestNumber>().is_err());
    }

    #[test]
    fn nobody_chooses_the_name_of_a_client_or_a_fax() {
        let (client, fax) = (ClientId::new(Uuid::from_u128(7)), FaxId::new(Uuid::from_u128(7)));
        for (name, id) in [(Username::from(client), client.to_string()), (Username::from(fax), fax.to_string())] {
            let name = name.to_string();
            assert_eq!(name.parse::<Username>().unwrap().to_string(), id);
            assert!(name.parse::<NewUsername>().is_err() && name.to_uppercase().parse::<NewUsername>().is_err());
        }
        assert_eq!("Jo.Smith".parse::<NewUsername>().unwrap().get(), "jo.smith".parse().unwrap());
    }

    /// REQ: ACC-06
    #[test]
    fn a_username_is_one_name_whatever_its_letter_case() {
        assert_eq!("Jo.Smith".parse::<Username>().unwrap(), "jo.smith".parse().unwrap());
        assert!("jo smith".parse::<Username>().is_err());
    }
}
