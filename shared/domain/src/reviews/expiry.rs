//! What follows when the time for a decision is over (REV-09): what the contract says that held when the request was submitted, once.
//!
//! No rule denies here (REV-02). Where the contract has what is not decided in time count as denied, that is the law's, and the
//! decision says so: it begins the rights of an adverse one (42 CFR 438.404(c)(5)). Nothing counts as decided of which a machine may not
//! know enough: a member who is temporary or not eligible, what was billed meanwhile, what a hearing ordered. Those who lead are told of it.

use jiff::{Timestamp, ToSpan};

use crate::{
    cases::{
        Case, Change,
        determination::{Criterion, DecidedBy, Determination, LineOutcome, Sources},
        request::{PendEnd, Request, State},
    },
    clock::{Clock, Tick},
    contracts::{Contract, OnExpiry},
    events::{EventKind, Lapse},
    id::RequestNumber,
    reviews::{decided, eligibility},
};

/// The id of what approves because nobody decided in time.
pub const APPROVED: &str = "not-decided-in-time";

/// As many hours after it was due a decision that nobody made is still of the day on which it was: its notice is due on that day
/// (42 CFR 438.404(c)(5)). One that is carried out later has the later day, from which its rights count.
const ON_THE_DAY_HOURS: i64 = 1;

/// The case when the time for a decision was over; `contract` is the one that held when it was submitted. `None` when it is not over,
/// stands still, or was carried out.
#[must_use]
pub fn over(case: Case, number: RequestNumber, contract: &Contract, now: Timestamp) -> Option<Change> {
    let request = case.request(number).filter(|request| request.is_undecided())?.clone();
    let clock = request.clock()?.clone();
    let due = clock.expires(&contract.calendar).filter(|due| *due < now)?;
    let then = then(&case, &request, contract);
    let event = EventKind::TimeOver { request: number, then };
    let deemed = match then {
        Lapse::Escalated => None,
        Lapse::DeemedApproved => Some(approved(&request, contract)),
        Lapse::DeemedDenied => Some(denied(&request, contract)?),
    };
    let Some((by, lines, criteria)) = deemed else {
        let reason =
            format!("Not decided in time. Those who lead the reviewers are told, by version {}.", contract.version);
        let clock = clock.tick(Tick::Escalated, now, reason).ok()?;
        return Some(case.with_request(request.with_clock(clock), now, vec![event]));
    };
    let number_of_it = case.number_of(&request).filter(|_| lines.iter().any(LineOutcome::grants));
    let on_the_day = due.checked_add(ON_THE_DAY_HOURS.hours()).is_ok_and(|late| now <= late);
    let made = Determination {
        request: number,
        number: request.next_decision(),
        at: if on_the_day { due } else { now },
        by,
        lines,
        criteria,
        authorization: number_of_it,
        contract_version: contract.version.clone(),
        correction: None,
        sources: Sources::default(),
    };
    let outcome = made.outcome();
    let counts = if outcome.is_adverse() { "denied" } else { "approved" };
    let words = format!("Not decided in time, which counts as {counts} by version {}.", contract.version);
    let clock = clock.end(now, &contract.calendar, words).ok()?;
    let events =
        vec![event, EventKind::RequestDetermined { request: number, outcome, number: made.number, corrects: false }];
    Some(decided(case, ended(request, clock, &made, now), Some(made), events, now))
}

/// What follows by the contract, as far as it may.
fn then(case: &Case, request: &Request, contract: &Contract) -> Lapse {
    let admission = case.service.as_ref().and_then(|service| service.stay.as_ref()).map(|stay| stay.admission);
    let rule = contract.turnaround_for(request.review, case.setting, admission, request.urgency);
    let all = vec![LineOutcome::Approved; request.lines.len()];
    let unknown = eligibility::doubt(&case.member, request, contract).is_some();
    match rule.map(|rule| rule.on_expiry) {
        Some(OnExpiry::DeemedApproved)
            if !request.is_ordered()
                && !unknown
                && case.number_of(request).is_some()
                && case.billed_since(request, &all).is_empty() =>
        {
            Lapse::DeemedApproved
        }
        Some(OnExpiry::DeemedDenied) if !request.is_ordered() && !unknown => Lapse::DeemedDenied,
        Some(OnExpiry::Escalate | OnExpiry::DeemedApproved | OnExpiry::DeemedDenied) | None => Lapse::Escalated,
    }
}

type Deemed = (DecidedBy, Vec<LineOutcome>, Vec<Criterion>);

fn approved(request: &Request, contract: &Contract) -> Deemed {
    let by = DecidedBy::Rule { rule: APPROVED.to_owned(), reason: contract.expiry.approved_reason.clone() };
    (by, vec![LineOutcome::Approved; request.lines.len()], Vec::new())
}

/// `None` without the words of the contract, which no pack that is applied lacks.
fn denied(request: &Request, contract: &Contract) -> Option<Deemed> {
    let words = contract.expiry.denied.as_ref()?;
    let line = LineOutcome::Denied { reason: words.reason.clone() };
    let criterion =
        Criterion { title: words.title.clone(), citation: words.citation.clone(), text: words.text.clone() };
    Some((DecidedBy::Lapse, vec![line; request.lines.len()], vec![criterion]))
}

/// The request as nobody decided it. What it waited for has not come.
fn ended(mut request: Request, clock: Clock, made: &Determination, now: Timestamp) -> Request {
    if request.pended().is_some()
        && let Some(pend) = request.pends.last_mut()
    {
        pend.ended = Some(PendEnd::Silent { at: now });
    }
    request.state = State::Determined { clock, decided: made.in_short() };
    request
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::{
        contracts::{expiry::DeniedWords, samples},
        id::LetterId,
        letters,
        person::Coverage,
        reviews::{Decision, Holder, ReviewError, claim, decide, letter_facts, pend},
        status::{Audience, Outcome, Status},
        tests::{at, nurse, routed},
    };

    const R01: RequestNumber = RequestNumber::FIRST;

    fn contract(then: OnExpiry) -> Contract {
        let mut contract = samples::arkansas();
        for line in &mut contract.turnaround {
            line.on_expiry = then;
        }
        "State law approves what is not decided in time.".clone_into(&mut contract.expiry.approved_reason);
        contract.expiry.denied = Some(DeniedWords {
            reason: "No decision was made within the time that federal rules allow.".into(),
            title: "Decisions that are not made in time".into(),
            citation: "42 CFR 438.404(c)(5)".into(),
            text: "A decision that is not made in time is a denial.".into(),
        });
        assert_eq!(contract.problems(), Vec::<String>::new());
        contract
    }

    fn due(case: &Case, contract: &Contract) -> Timestamp {
        case.requests[0].clock().unwrap().due(&contract.calendar).unwrap()
    }

    fn later(at: Timestamp, seconds: i64) -> Timestamp {
        at.checked_add(SignedDuration::from_secs(seconds)).unwrap()
    }

    #[test]
    fn what_is_escalated_is_told_once_and_still_decided() {
        let contract = contract(OnExpiry::Escalate);
        let case = claim(routed(), R01, &nurse(), (&contract, Holder::Works), at()).unwrap().unwrap().case;
        let due = due(&case, &contract);
        assert_eq!(over(case.clone(), R01, &contract, due), None, "its last second is in time");
        let told = over(case.clone(), R01, &contract, later(due, 1)).unwrap();
        assert_eq!(told.events, [EventKind::TimeOver { request: R01, then: Lapse::Escalated }]);
        assert!(told.determination.is_none());
        let request = &told.case.requests[0];
        let entry = request.clock().unwrap().ledger.last().unwrap();
        assert_eq!((entry.what, request.queue()), (Tick::Escalated, case.requests[0].queue()));
        assert_eq!(over(told.case.clone(), R01, &contract, later(due, 90_000)), None, "once");
        let approve = Decision::Determine { lines: vec![LineOutcome::Approved; request.lines.len()], criteria: vec![] };
        let made = decide(told.case, R01, &nurse(), approve, &contract, later(due, 60)).unwrap().case;
        assert_eq!(made.requests[0].clock().unwrap().ledger.last().unwrap().what, Tick::Missed);
        assert_eq!(over(made, R01, &contract, later(due, 90_000)), None);
    }

    #[test]
    fn what_counts_as_approved_names_its_rule_and_gives_the_number() {
        let contract = contract(OnExpiry::DeemedApproved);
        let due = due(&routed(), &contract);
        let change = over(routed(), R01, &contract, later(due, 600)).unwrap();
        let made = change.determination.unwrap();
        assert_eq!((made.at, made.outcome()), (due, Outcome::Approved), "it is of the day on which it was due");
        assert!(matches!(&made.by, DecidedBy::Rule { rule, .. } if rule == APPROVED));
        assert!(made.authorization.is_some() && !change.case.authorizations.is_empty());
        assert_eq!(change.case.status(), Status::Approved);
        assert_eq!(change.case.requests[0].clock().unwrap().ledger.last().unwrap().what, Tick::Missed);
        let expected = [
            EventKind::TimeOver { request: R01, then: Lapse::DeemedApproved },
            EventKind::RequestDetermined { request: R01, outcome: Outcome::Approved, number: 1, corrects: false },
        ];
        assert_eq!(change.events, expected);
        assert_eq!(letter_facts::check(&change.case, &made, &contract), []);
        assert_eq!(over(change.case, R01, &contract, later(due, 900)), None);
    }

    #[test]
    fn what_counts_as_denied_has_a_whole_notice_and_the_rights_of_a_denial() {
        let contract = contract(OnExpiry::DeemedDenied);
        let due = due(&routed(), &contract);
        let change = over(routed(), R01, &contract, later(due, 600)).unwrap();
        let made = change.determination.unwrap();
        assert_eq!((made.at, made.by.clone(), made.outcome()), (due, DecidedBy::Lapse, Outcome::Denied));
        assert_eq!((change.case.status(), &made.authorization), (Status::Denied, &None));
        assert_eq!(letter_facts::check(&change.case, &made, &contract), []);
        let facts = letter_facts::facts(&change.case, &made, &contract, LetterId::NOT_ISSUED).unwrap();
        for audience in [Audience::Provider, Audience::Member] {
            let letter =
                serde_json::to_string(&letters::compose(&facts, &contract.letters, audience).unwrap()).unwrap();
            for words in ["No decision was made within the time", "42 CFR 438.404(c)(5)", "Ask for an appeal by"] {
                assert!(letter.contains(words), "{audience:?}: {words}");
            }
        }
        assert!(!change.case.follow_ups(R01, &contract, due).is_empty(), "it is followed as any denial");
        // A sweep that comes days later takes nothing of the time to appeal.
        let late = later(due, 3 * 86_400);
        assert_eq!(over(routed(), R01, &contract, late).unwrap().determination.unwrap().at, late);
    }

    #[test]
    fn nothing_counts_as_decided_for_whom_nobody_knows_to_be_eligible() {
        for then in [OnExpiry::DeemedApproved, OnExpiry::DeemedDenied] {
            let contract = contract(then);
            let due = due(&routed(), &contract);
            let mut uncovered = routed();
            let first = uncovered.requests[0].lines[0].period.from();
            uncovered.member.coverage = Coverage { from: first.tomorrow().ok(), to: None };
            let told = over(uncovered, R01, &contract, later(due, 1)).unwrap();
            assert_eq!(told.events, [EventKind::TimeOver { request: R01, then: Lapse::Escalated }]);
        }
    }

    #[test]
    fn what_waits_expires_while_its_time_runs_and_not_while_it_stands_still() {
        use crate::contracts::pends::{PendClock, PendRules};
        let pended = |clock, extension_days| {
            let mut contract = contract(OnExpiry::DeemedDenied);
            contract.pends = PendRules { clock, extension_days, answer_days: 40, ..contract.pends };
            let asked = "The records that were sent do not show yet what the member needs.";
            asked.clone_into(&mut contract.more_time.asked_reason);
            let case = claim(routed(), R01, &nurse(), (&contract, Holder::Works), at()).unwrap().unwrap().case;
            let day = pend::last_day(case.requests[0].clock().unwrap(), &contract, at());
            let items = vec!["The plan of care".to_owned()];
            (pend::pend(case, R01, &nurse(), (items, day), &contract, at()).unwrap(), contract)
        };
        let (waits, contract) = pended(PendClock::Pauses, 0);
        assert_eq!(over(waits.case, R01, &contract, later(at(), 40 * 86_400)), None);
        let (waits, contract) = pended(PendClock::Extends, 14);
        assert!(waits.events.contains(&EventKind::TimeExtended { request: R01, days: 14 }));
        assert_eq!(letter_facts::check_extended(&waits.case, R01, &contract), []);
        let due = due(&waits.case, &contract);
        let made = over(waits.case, R01, &contract, later(due, 1)).unwrap().case;
        assert_eq!(made.status(), Status::Denied);
        assert!(matches!(made.requests[0].pends[0].ended, Some(PendEnd::Silent { .. })));
        let late = claim(made, R01, &nurse(), (&contract, Holder::Works), later(due, 2));
        assert!(matches!(late, Err(ReviewError::State(_))), "it is decided");
    }
}
