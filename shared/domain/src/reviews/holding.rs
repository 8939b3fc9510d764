//! Who has a request, who may work on it, and why a step of a reviewer is not taken.

use crate::{
    accounts::User,
    caller::{Reviewer, StaffRole},
    cases::{
        Case,
        request::{Claim, Request, State, StateError},
    },
    contracts::Contract,
    field::FieldErrors,
    id::{ContractId, RequestNumber},
    service::ReviewKind,
    status::Queue,
};

/// Why a review step was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReviewError {
    /// No such request on the case.
    #[error("This case has no such request.")]
    NoRequest,
    /// The request is somewhere else.
    #[error(transparent)]
    State(#[from] StateError),
    /// Another reviewer has it, since when in words.
    #[error("Another reviewer is working on this request since {0}.")]
    ClaimedByOther(String),
    /// The reviewer has not taken it.
    #[error("Claim the request before you decide it.")]
    NotClaimed,
    /// A nurse approves or refers; everything less is a physician's (42 CFR 438.210(b)(3)).
    #[error(
        "Only a physician reviewer may deny a request or approve less than was asked for. Refer it to a physician."
    )]
    NeedsPhysician,
    /// The State has reversed all of the decision (42 CFR 438.424).
    #[error("The State fair hearing reversed the decision: all that is asked for here is to be approved.")]
    Ordered,
    /// No conversation can be asked for, or none is to be noted: the sentence says why.
    #[error("{0}")]
    NoTalk(&'static str),
    /// The time for the decision may not be extended: the sentence says why.
    #[error("{0}")]
    NoMoreTime(&'static str),
    /// The reviewer had a part in the decision that is to be looked at again (42 CFR 438.406(b)(2)).
    #[error("You had a part in the decision that this {0} is about. Another reviewer decides it.")]
    TookPart(ReviewKind),
    /// The reviewer's role has no part in this worklist.
    #[error("This request is on a worklist of another role.")]
    OtherRole,
    /// A correction is for a physician, or for whoever leads the nurses.
    #[error("A physician reviewer, or whoever leads the nurse reviewers, corrects a decision.")]
    NeedsLead,
    /// A later request rests on the decision.
    #[error("{0} follows this decision and rests on it: what is wrong is set right there.")]
    Followed(RequestNumber),
    /// A hearing is about the decision as it is.
    #[error("A State fair hearing is about this decision: what comes of it is carried out.")]
    Heard,
    /// Somebody was faster.
    #[error("The decision was corrected since you looked at it. Look at it again.")]
    CorrectedSince,
    /// Something is wrong at the fields.
    #[error("Please correct the marked fields.")]
    Fields(FieldErrors),
}

/// Whether a claim still holds: another reviewer may take what its holder has left for too long, or may not work any more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Holder {
    /// Whoever claimed it may still work it.
    Works,
    /// Their account was taken out, or they do something else now: the claim has ended (REV-11).
    Gone,
}

impl Holder {
    /// Whoever has the name of a claim now, on that worklist of that contract.
    #[must_use]
    pub fn of(user: Option<&User>, queue: Queue, contract: &ContractId) -> Self {
        if reviewer(user, queue, contract).is_some() { Self::Works } else { Self::Gone }
    }
}

/// The post of somebody who works a worklist of a contract; none of whose account is not active, or who does something else.
#[must_use]
pub fn reviewer<'a>(user: Option<&'a User>, queue: Queue, contract: &ContractId) -> Option<&'a Reviewer> {
    let post = user.filter(|user| user.is_active())?.post()?;
    (post.works(queue) && post.contracts.contains(contract)).then_some(post)
}

/// The requests of a case that somebody has, and on which worklist.
pub fn claims(case: &Case) -> impl Iterator<Item = (RequestNumber, Queue, &Claim)> {
    case.requests.iter().filter_map(|request| {
        let (queue, claim) = request.queue()?;
        Some((request.number, queue, claim?))
    })
}

/// Takes the claim out of a case that is only shown: it has ended, and nobody has taken the request yet.
pub fn without_claim(case: &mut Case, number: RequestNumber) {
    let of = |request: &&mut Request| request.number == number;
    if let Some(State::NurseReview { claimed, .. } | State::PhysicianReview { claimed, .. }) =
        case.requests.iter_mut().find(of).map(|request| &mut request.state)
    {
        *claimed = None;
    }
}

/// A request that the reviewer has claimed, and where.
///
/// # Errors
/// When it is elsewhere or not theirs, or on a worklist of another role.
pub fn held(
    case: &Case,
    number: RequestNumber,
    by: &Reviewer,
    contract: &Contract,
) -> Result<(Request, Queue), ReviewError> {
    let request = case.request(number).ok_or(ReviewError::NoRequest)?;
    let (queue, claimed) = request.queue().ok_or(request.not_now())?;
    may_work(by, request, queue)?;
    match claimed {
        Some(claim) if claim.by == by.username => Ok((request.clone(), queue)),
        Some(claim) => Err(claimed_by_other(claim, contract)),
        None => Err(ReviewError::NotClaimed),
    }
}

pub(super) fn claimed_by_other(claim: &Claim, contract: &Contract) -> ReviewError {
    ReviewError::ClaimedByOther(contract.calendar.time_zone.in_words(claim.at))
}

pub(super) fn may_work(by: &Reviewer, request: &Request, queue: Queue) -> Result<(), ReviewError> {
    if !by.works(queue) {
        Err(ReviewError::OtherRole)
    } else if by.had_a_part(request) {
        Err(ReviewError::TookPart(request.review))
    } else {
        Ok(())
    }
}

impl Reviewer {
    /// Whether they lead the reviewers of this worklist, and so give its requests to one another: a lead of the own role's, a
    /// Contract Manager of both, without a look at them.
    #[must_use]
    pub fn leads(&self, queue: Queue) -> bool {
        match self.role {
            StaffRole::ContractManager => true,
            StaffRole::Nurse => self.lead && queue == Queue::Nurse,
            StaffRole::Physician => self.lead && queue == Queue::Physician,
            StaffRole::Intake | StaffRole::Support | StaffRole::Operations => false,
        }
    }

    /// Whether the reviewer decided or referred what this request asks to look at again: somebody else does that (ACT-02).
    #[must_use]
    pub fn had_a_part(&self, request: &Request) -> bool {
        let decided_by = request.follows.iter().flat_map(|follows| &follows.decided_by);
        request.review.is_another_look() && decided_by.into_iter().any(|name| *name == self.username)
    }

    /// Whether the reviewer's role works this worklist.
    #[must_use]
    pub fn works(&self, queue: Queue) -> bool {
        match (self.role, queue) {
            (StaffRole::Nurse, Queue::Nurse) | (StaffRole::Physician, Queue::Nurse | Queue::Physician) => true,
            (
                StaffRole::Nurse
                | StaffRole::Intake
                | StaffRole::Support
                | StaffRole::ContractManager
                | StaffRole::Operations,
                Queue::Nurse | Queue::Physician,
            ) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Span;

    use super::*;
    use crate::{
        accounts::{Door, UserState, samples::rules},
        contracts::samples::arkansas,
        events::EventKind,
        reviews::{assign, claim},
        tests::{at, nurse, physician, routed, staff, with_physician},
    };

    const R01: RequestNumber = RequestNumber::FIRST;

    fn lead(of: Reviewer) -> Reviewer {
        Reviewer { lead: true, username: "lea".parse().unwrap(), ..of }
    }

    fn user(post: Reviewer) -> User {
        let contact = serde_json::from_value(serde_json::json!({
            "firstName": "Mira", "lastName": "Castell", "email": "mira@example.org", "fax": "501-555-0123",
            "address": { "line1": "1 Review Plaza", "city": "Little Rock", "state": "AR", "zip": "72201" },
        }));
        let (name, fresh) = (post.username.clone(), ("n1".to_owned(), at()));
        let invited = User::invite(name, contact.unwrap(), Door::Staff(post), rules(), fresh);
        User { state: UserState::Active { since: at() }, ..invited }
    }

    #[test]
    fn a_lead_gives_what_is_on_the_worklist_of_the_own_role_to_whoever_works_it() {
        let other = staff("other", StaffRole::Nurse);
        let give = |case: Case, by: &Reviewer, to: &Reviewer| assign(case, R01, (by, to), &arkansas(), at());
        let claimed = claim(routed(), R01, &nurse(), (&arkansas(), Holder::Works), at()).unwrap().unwrap().case;
        for case in [routed(), claimed.clone()] {
            let given = give(case, &lead(nurse()), &other).unwrap().unwrap();
            assert!(matches!(&given.events[..], [EventKind::RequestAssigned { to, .. }] if *to == other.username));
            assert!(claims(&given.case).all(|(_, queue, claim)| queue == Queue::Nurse && claim.by == other.username));
            assert_eq!(held(&given.case, R01, &other, &arkansas()).unwrap().1, Queue::Nurse);
            assert!(matches!(held(&given.case, R01, &nurse(), &arkansas()), Err(ReviewError::ClaimedByOther(_))));
            assert_eq!(give(given.case, &lead(nurse()), &other), Ok(None), "whose it is keeps it");
        }
        assert!(give(claimed.clone(), &lead(nurse()), &physician()).is_ok(), "physicians work it too");
        assert!(give(claimed.clone(), &lead(nurse()), &lead(nurse())).is_ok(), "a lead is a reviewer too");

        // Who leads it is the lead of that role, and the Contract Manager.
        for by in [nurse(), physician(), lead(physician()), lead(staff("sam", StaffRole::Support))] {
            assert_eq!(give(claimed.clone(), &by, &other), Err(ReviewError::OtherRole), "{:?}", by.role);
        }
        assert!(give(claimed.clone(), &staff("grace", StaffRole::ContractManager), &other).is_ok());
        assert!(give(with_physician(), &lead(physician()), &physician()).is_ok());
        assert_eq!(give(with_physician(), &lead(nurse()), &physician()), Err(ReviewError::OtherRole));

        let far = Reviewer { contracts: vec!["colorado".parse().unwrap()], ..other.clone() };
        for to in [far, staff("sam", StaffRole::Support), staff("grace", StaffRole::ContractManager)] {
            assert!(matches!(give(claimed.clone(), &lead(nurse()), &to), Err(ReviewError::Fields(_))));
        }
        assert!(matches!(give(with_physician(), &lead(physician()), &other), Err(ReviewError::Fields(_))));
        let elsewhere = crate::tests::submitted();
        assert!(matches!(give(elsewhere, &lead(nurse()), &other), Err(ReviewError::State(_))));
    }

    #[test]
    fn a_claim_ends_with_the_account_of_its_holder_and_with_the_post() {
        let contract = arkansas().id;
        let on = |user: Option<&User>| Holder::of(user, Queue::Nurse, &contract);
        let ann = user(nurse());
        assert_eq!(on(Some(&ann)), Holder::Works);
        assert_eq!(Holder::of(Some(&ann), Queue::Physician, &contract), Holder::Gone);
        assert_eq!(on(Some(&user(physician()))), Holder::Works);
        assert_eq!(on(None), Holder::Gone);
        assert_eq!(on(Some(&user(staff("nurse", StaffRole::Intake)))), Holder::Gone);
        let moved = Reviewer { contracts: vec!["colorado".parse().unwrap()], ..nurse() };
        assert_eq!(on(Some(&user(moved))), Holder::Gone);
        let later = at().checked_add(Span::new().hours(1)).unwrap();
        let (out, _) = ann.deactivated(later).unwrap();
        assert_eq!(on(Some(&out)), Holder::Gone);

        let mut case = claim(routed(), R01, &nurse(), (&arkansas(), Holder::Works), at()).unwrap().unwrap().case;
        without_claim(&mut case, R01);
        assert_eq!((claims(&case).count(), case.requests[0].queue()), (0, Some((Queue::Nurse, None))));
    }
}
