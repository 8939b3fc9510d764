//! Temporary members (CASE-06): a provider enters whom no search finds; the feed brings the real member later.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    caller::{Denied, Reviewer, StaffRole},
    contact::{Country, Email, Line, Phone},
    id::{ContractId, Username},
    name::{Alike, first_names},
    person::Member,
};

/// A temporary member as it was entered.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TemporaryMember {
    /// What cases take from it.
    pub member: Member,
    /// What else was entered.
    pub details: Details,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Username,
}

/// What the form asks for beyond a member's own fields.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the words of the form")]
pub struct Details {
    pub country: Country,
    /// None with the address of a facility, which the claims feed has without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub county: Option<Line>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix: Option<Line>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<Line>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suffix: Option<Line>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
}

impl Reviewer {
    /// Whether they say who a temporary member of a contract is: intake does.
    ///
    /// # Errors
    /// Hidden to those of other contracts, forbidden to other roles.
    pub fn may_merge(&self, contract: &ContractId) -> Result<(), Denied> {
        if !self.contracts.contains(contract) {
            Err(Denied::Hidden)
        } else if self.role == StaffRole::Intake {
            Ok(())
        } else {
            Err(Denied::Forbidden)
        }
    }
}

/// What the feed says of a temporary member.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Match {
    /// Nobody like it was brought yet.
    Nobody,
    /// This one, and only this one, is the same person.
    Real(Box<Member>),
    /// A person has to decide; why.
    Undecided(String),
}

impl TemporaryMember {
    fn likeness(&self, other: &Member) -> Alike {
        self.member.likeness(self.details.middle_name.as_ref().map(Line::as_str), other)
    }
}

/// Who a temporary member really is: the one enrolled member that is the same person (last and first name, date of
/// birth, gender), if no other temporary member could be that person too. What is not sure is never guessed: a person
/// is told of it.
///
/// `found` are the members with this date of birth and one of the last names, `open` the temporary members of the
/// contract.
#[must_use]
pub fn real_member(temporary: &TemporaryMember, found: &[Member], open: &[TemporaryMember]) -> Match {
    let alike = |wanted| {
        let found = found.iter().filter(|member| member.is_enrolled());
        found.filter(|member| temporary.likeness(member) == wanted).collect::<Vec<&Member>>()
    };
    let (same, near) = (alike(Alike::Yes), alike(Alike::Perhaps));
    match (same.as_slice(), near.len()) {
        ([], 0) => Match::Nobody,
        ([], 1) => Match::Undecided(
            "A member of the feed has the same date of birth and nearly the same name, or another gender.".to_owned(),
        ),
        ([], near) => Match::Undecided(format!(
            "{near} members of the feed have the same date of birth and nearly the same name, or another gender."
        )),
        ([real], _) => {
            let rivals = open.iter().filter(|other| other.member.id != temporary.member.id);
            match rivals.filter(|other| other.likeness(real) == Alike::Yes).count() {
                0 => Match::Real(Box::new((*real).clone())),
                rivals => Match::Undecided(format!(
                    "{} temporary members could be the one whom the feed brought.",
                    rivals + 1
                )),
            }
        }
        (many, _) => Match::Undecided(format!("{} members of the feed could be this one.", many.len())),
    }
}

/// Whether a member who was found is whom a provider is about to add: the same last name and date of birth (that was
/// searched for) and the same first name, also when the middle name stands in it. Twins share the others.
#[must_use]
pub fn is_known(found: &[Member], first_name: &Line, middle_name: Option<&Line>) -> bool {
    let entered = (first_name.as_str(), middle_name.map(Line::as_str));
    found.iter().any(|member| first_names(entered, (member.first_name.as_str(), None)) == Alike::Yes)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        cases::Case,
        events::EventKind,
        id::{CaseKey, MemberId},
        person::{
            Gender, Standing,
            samples::{child, clinic},
        },
        service::Setting,
    };

    /// REQ: CASE-06
    #[test]
    fn a_case_gets_the_real_member_and_nothing_else_changes() {
        let (key, fax) = (CaseKey::new(Uuid::from_u128(5)), "501-555-0123".parse().unwrap());
        let by = (Timestamp::UNIX_EPOCH, "ann".parse().unwrap());
        let case = Case::create(key, Setting::Outpatient, temporary(7), clinic(), fax, by).case;
        let later = "2026-05-07T15:00:00Z".parse().unwrap();
        let change = case.clone().with_member(child(), later);
        let merged = EventKind::MemberMerged { temporary: temporary(7).id, member: child().id };
        assert_eq!(change.events, [merged]);
        assert_eq!(change.case, Case { member: child(), version: 2, changed_at: later, ..case });
    }

    fn temporary(id: u128) -> Member {
        let names = |name: &str| name.parse().unwrap();
        Member {
            id: MemberId::new(Uuid::from_u128(id)),
            standing: Standing::Temporary,
            first_name: names("ada"),
            last_name: names("QUILL"),
            ..child()
        }
    }

    fn entered(id: u128) -> TemporaryMember {
        let details = serde_json::from_value(serde_json::json!({ "country": "US" })).unwrap();
        let (at, by) = (Timestamp::UNIX_EPOCH, "ann".parse().unwrap());
        TemporaryMember { member: temporary(id), details, at, by }
    }

    /// REQ: CASE-06
    #[test]
    fn one_real_member_and_one_temporary_one_are_the_same_person() {
        let (real, open) = (child(), [entered(7)]);
        assert_eq!(real_member(&open[0], &[real.clone(), temporary(7)], &open), Match::Real(Box::new(real)));
        assert_eq!(real_member(&open[0], &[temporary(7)], &open), Match::Nobody);
        let mut waiting = entered(7);
        waiting.member.first_name = "José".parse().unwrap();
        waiting.member.last_name = "Pen\u{303}a Ruiz".parse().unwrap();
        waiting.details.middle_name = Some("Luis".parse().unwrap());
        for (first, last) in [("JOSE", "PENA RUIZ"), ("JOSE LUIS", "PENA-RUIZ"), ("Jose L.", "Peña Ruiz, Jr.")] {
            let real = Member { first_name: first.parse().unwrap(), last_name: last.parse().unwrap(), ..child() };
            let found = real_member(&waiting, std::slice::from_ref(&real), &open);
            assert_eq!(found, Match::Real(Box::new(real)), "{first} {last}");
        }
    }

    /// REQ: CASE-06
    #[test]
    fn what_is_not_sure_is_for_a_person_to_look_at() {
        let (real, open) = (child(), [entered(7), entered(8)]);
        let namesake = Member { id: MemberId::new(Uuid::from_u128(9)), ..child() };
        assert!(matches!(real_member(&open[0], std::slice::from_ref(&real), &open), Match::Undecided(_)));
        assert!(matches!(real_member(&open[0], &[real.clone(), namesake], &open[..1]), Match::Undecided(_)));
        let twin = Member { first_name: "Eve".parse().unwrap(), ..child() };
        assert_eq!(real_member(&open[0], std::slice::from_ref(&twin), &open[..1]), Match::Nobody);
        let near = [
            Member { gender: Gender::Male, ..child() },
            Member { first_name: "Ada May".parse().unwrap(), ..child() },
            Member { last_name: "Quill-Wood".parse().unwrap(), ..child() },
        ];
        for member in near {
            assert!(matches!(real_member(&open[0], &[member], &open[..1]), Match::Undecided(_)));
        }
        assert!(is_known(&[twin, real], &"ADA".parse().unwrap(), None));
    }
}
