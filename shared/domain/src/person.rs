//! Members, and providers as a contract's registry knows them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    contact::{Address, Line},
    id::{ContractId, GroupId, MemberId, ProviderId},
    name::{Alike, first_names, last_keys},
    npi::Npi,
    period::Period,
    reading::Reading,
};

/// An insured person as the eligibility feed gave them, or a temporary one (CASE-06). What a contract's form calls a
/// member ("Consumer") is its text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// Opaque id.
    pub id: MemberId,
    /// Whose member.
    pub contract: ContractId,
    /// First name.
    pub first_name: Line,
    /// Last name.
    pub last_name: Line,
    /// Date of birth.
    pub birth_date: Date,
    /// Gender as the feed has it.
    pub gender: Gender,
    /// Where letters go.
    pub address: Address,
    /// Whether eligibility knows them, and by which number.
    pub standing: Standing,
    /// When they are covered, as far as the feed says it (CASE-27).
    #[serde(default, skip_serializing_if = "Coverage::is_unknown")]
    pub coverage: Coverage,
    /// In which language and print they read letters, as far as somebody has said it.
    #[serde(default, skip_serializing_if = "Reading::is_unknown")]
    pub reading: Reading,
}

/// The days on which a member is covered; a feed that gives neither says nothing about it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Coverage {
    /// The first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// The last one; open when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
}

impl Coverage {
    /// Whether the feed says nothing.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.from.is_none() && self.to.is_none()
    }
}

/// Whether eligibility knows a member.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Standing {
    /// The feed brought them.
    Enrolled {
        /// The plan's or the agency's number for the member.
        number: Line,
    },
    /// A provider entered them because no search found them; they have no number yet (CASE-06).
    Temporary,
    /// The feed has brought the real member meanwhile.
    Merged {
        /// The real one.
        into: MemberId,
    },
}

impl Member {
    /// The plan's or the agency's number; none for a temporary member.
    #[must_use]
    pub fn number(&self) -> Option<&Line> {
        match &self.standing {
            Standing::Enrolled { number } => Some(number),
            Standing::Temporary | Standing::Merged { .. } => None,
        }
    }

    /// Whether a provider entered them and no feed has brought them yet.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        self.standing == Standing::Temporary
    }

    /// Whether the plan's file has them.
    #[must_use]
    pub fn is_enrolled(&self) -> bool {
        self.number().is_some()
    }

    /// How sure it is that both are one person of one contract: by last and first name, date of birth and gender. The
    /// middle name of this one may be known by itself.
    #[must_use]
    pub fn likeness(&self, middle_name: Option<&str>, other: &Self) -> Alike {
        if self.contract != other.contract || self.birth_date != other.birth_date {
            return Alike::No;
        }
        let (a, b) = (last_keys(self.last_name.as_str()), last_keys(other.last_name.as_str()));
        let last = match (a.first(), b.first()) {
            (Some(a), Some(b)) if a == b => Alike::Yes,
            _ if a.iter().any(|key| b.contains(key)) => Alike::Perhaps,
            _ => Alike::No,
        };
        let first = first_names((self.first_name.as_str(), middle_name), (other.first_name.as_str(), None));
        let gender = if self.gender == other.gender { Alike::Yes } else { Alike::Perhaps };
        last.min(first).min(gender)
    }

    /// The days of a period that the feed does not cover; none where it says nothing of coverage.
    #[must_use]
    pub fn uncovered(&self, days: Period) -> Vec<Period> {
        let Coverage { from, to } = self.coverage;
        let before = from.and_then(|from| Period::new(days.from(), days.to().min(from.yesterday().ok()?)).ok());
        let after = to.and_then(|to| Period::new(days.from().max(to.tomorrow().ok()?), days.to()).ok());
        before.into_iter().chain(after).collect()
    }

    /// First and last name.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    /// Age in whole years on a day; `None` before birth.
    #[must_use]
    pub fn age_on(&self, day: Date) -> Option<u8> {
        let years = (day.year() - self.birth_date.year())
            - i16::from((day.month(), day.day()) < (self.birth_date.month(), self.birth_date.day()));
        u8::try_from(years).ok()
    }
}

/// Gender as eligibility files carry it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Gender {
    /// Female.
    Female,
    /// Male.
    Male,
    /// Not stated, or another.
    Unknown,
}

/// A provider location in a contract's registry (ACC-01): an NPI at one type and location, or an atypical provider.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Provider {
    /// Opaque id.
    pub id: ProviderId,
    /// Whose registry.
    pub contract: ContractId,
    /// `None` for an atypical provider (ACC-03).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub npi: Option<Npi>,
    /// Name of the facility or the person.
    pub name: Line,
    /// Facility or individual: follows who is paid (ORG-09).
    pub kind: ProviderKind,
    /// Type as the claims system names it, e.g. "Developmental day treatment clinic".
    pub provider_type: Line,
    /// From the claims (MMIS) feed, read-only here (ACC-17).
    pub address: Address,
    /// The group that registered it, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
}

/// Who is paid (ORG-09).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProviderKind {
    /// A clinic, hospital, agency.
    Facility,
    /// A person.
    Individual,
}

#[cfg(test)]
pub(crate) mod samples {
    use super::*;
    use uuid::Uuid;

    pub(crate) fn address() -> Address {
        Address {
            line1: "12 Elm Street".parse().unwrap(),
            line2: None,
            city: "Little Rock".parse().unwrap(),
            state: "AR".parse().unwrap(),
            zip: "72201".parse().unwrap(),
        }
    }

    pub(crate) fn child() -> Member {
        Member {
            id: MemberId::new(Uuid::from_u128(1)),
            contract: "arkansas".parse().unwrap(),
            first_name: "Ada".parse().unwrap(),
            last_name: "Quill".parse().unwrap(),
            birth_date: jiff::civil::date(2022, 2, 28),
            gender: Gender::Female,
            address: address(),
            standing: Standing::Enrolled { number: "0123456789".parse().unwrap() },
            coverage: Coverage::default(),
            reading: Reading::default(),
        }
    }

    pub(crate) fn clinic() -> Provider {
        Provider {
            id: ProviderId::new(Uuid::from_u128(2)),
            contract: "arkansas".parse().unwrap(),
            npi: Some("1234567893".parse().unwrap()),
            name: "River Day Clinic".parse().unwrap(),
            kind: ProviderKind::Facility,
            provider_type: "Day treatment".parse().unwrap(),
            address: address(),
            group: Some(GroupId::new(Uuid::from_u128(3))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// REQ: CASE-15
    #[test]
    fn age_turns_on_the_birthday() {
        let member = samples::child();
        assert_eq!(member.age_on(date(2026, 2, 27)), Some(3));
        assert_eq!(member.age_on(date(2026, 2, 28)), Some(4));
        assert_eq!(member.age_on(date(2022, 2, 27)), None);
        assert_eq!(samples::clinic().kind, ProviderKind::Facility);
    }

    #[test]
    fn days_outside_the_coverage_are_told_and_without_one_none() {
        let period =
            |from: (i8, i8), to: (i8, i8)| Period::new(date(2026, from.0, from.1), date(2026, to.0, to.1)).unwrap();
        let with = |from, to| Member { coverage: Coverage { from, to }, ..samples::child() };
        let (from, to) = (Some(date(2026, 3, 1)), Some(date(2026, 6, 30)));
        let outside = |from, to, days| with(from, to).uncovered(days);
        assert_eq!(outside(from, to, period((3, 1), (6, 30))), []);
        assert_eq!(outside(from, to, period((2, 1), (7, 31))), [period((2, 1), (2, 28)), period((7, 1), (7, 31))]);
        assert_eq!(outside(from, to, period((1, 5), (1, 9))), [period((1, 5), (1, 9))]);
        assert_eq!(outside(from, to, period((8, 5), (8, 5))), [period((8, 5), (8, 5))]);
        assert_eq!(outside(None, to, period((1, 1), (7, 1))), [period((7, 1), (7, 1))]);
        assert_eq!(outside(from, None, period((2, 28), (12, 31))), [period((2, 28), (2, 28))]);
        assert_eq!(outside(None, None, period((1, 1), (12, 31))), []);
    }
}
