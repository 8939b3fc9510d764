//! Temporary members (CASE-06): a provider enters whom no search finds; the feed brings the real member later.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    contact::{Country, Email, Line, Phone},
    id::Username,
    person::{Member, Standing},
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
    pub language: Option<Line>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
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

/// Who a temporary member really is: the one enrolled member that is the same person (last and first name, date of
/// birth, gender), if no other temporary member could be that person too. What is not sure is never guessed.
///
/// `found` are the members with this last name and date of birth, `open` the temporary members of the contract.
#[must_use]
pub fn real_member(temporary: &Member, found: &[Member], open: &[Member]) -> Match {
    let enrolled = |member: &&Member| matches!(member.standing, Standing::Enrolled { .. });
    let same: Vec<&Member> = found.iter().filter(enrolled).filter(|member| member.is_same_person(temporary)).collect();
    let rivals = open.iter().filter(|other| other.id != temporary.id && other.is_same_person(temporary)).count();
    match (same.as_slice(), rivals) {
        ([], _) => Match::Nobody,
        ([real], 0) => Match::Real(Box::new((*real).clone())),
        ([_], rivals) => {
            Match::Undecided(format!("{} temporary members could be the one whom the feed brought.", rivals + 1))
        }
        (many, _) => Match::Undecided(format!("{} members of the feed could be this one.", many.len())),
    }
}

/// Whether a member who was found is whom a provider is about to add: the same last name and date of birth (that was
/// searched for) and the same first name. Twins share the others.
#[must_use]
pub fn is_known(found: &[Member], first_name: &Line) -> bool {
    let first = crate::person::plain(first_name.as_str());
    found.iter().any(|member| crate::person::plain(member.first_name.as_str()) == first)
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
            Gender,
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

    /// REQ: CASE-06
    #[test]
    fn one_real_member_and_one_temporary_one_are_the_same_person() {
        let (real, open) = (child(), [temporary(7)]);
        assert_eq!(real_member(&open[0], &[real.clone(), temporary(7)], &open), Match::Real(Box::new(real)));
        assert_eq!(real_member(&open[0], &[temporary(7)], &open), Match::Nobody);
    }

    /// REQ: CASE-06
    #[test]
    fn what_is_not_sure_is_for_a_person_to_look_at() {
        let (real, open) = (child(), [temporary(7), temporary(8)]);
        let namesake = Member { id: MemberId::new(Uuid::from_u128(9)), ..child() };
        assert!(matches!(real_member(&open[0], std::slice::from_ref(&real), &open), Match::Undecided(_)));
        assert!(matches!(real_member(&open[0], &[real.clone(), namesake], &open[..1]), Match::Undecided(_)));
        let twin = Member { first_name: "Eve".parse().unwrap(), ..child() };
        let brother = Member { gender: Gender::Male, ..child() };
        assert_eq!(real_member(&open[0], &[twin.clone(), brother], &open[..1]), Match::Nobody);
        assert!(is_known(&[twin, real], &"ADA".parse().unwrap()));
    }
}
