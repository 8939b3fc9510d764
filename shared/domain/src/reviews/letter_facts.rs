//! From a decided request to the facts of its letters (LTR-01): both letters of a decision read the same record.

use jiff::{Timestamp, civil::Date};

use crate::{
    calendar::window_end,
    cases::{
        Case,
        determination::{DecidedBy, Determination, LineOutcome},
        more_time::AskedForTime,
        request::{Pend, Request},
    },
    contact::Address,
    contracts::Contract,
    id::{LetterId, RequestNumber},
    letters::{self, Deadline, DeadlineKind, Element, Facts, FollowKind, Followed, MissingElement},
    period::Period,
    person::{Member, Provider},
    service::{Line, ReviewKind, Urgency},
    status::{Audience, Closed, Outcome},
};

/// The facts of a determination's letters; `None` when the case has no such request. `letter` is the id it is issued under;
/// its date is that of the determination, so that the same decision gives the same letter.
#[must_use]
pub fn facts(case: &Case, determination: &Determination, contract: &Contract, letter: LetterId) -> Option<Facts> {
    facts_on(case, determination, contract, letter, determination.at)
}

/// The same in a notice of a later day, as of a letter that was held: its deadlines and the day on which the decision takes effect
/// count from the notice (42 CFR 431.211, 438.402(c)(2)).
#[must_use]
pub fn facts_on(
    case: &Case,
    determination: &Determination,
    contract: &Contract,
    letter: LetterId,
    at: Timestamp,
) -> Option<Facts> {
    let request = case.request(determination.request)?;
    let outcome = determination.outcome();
    let notice = notice(case, request, (contract, letter), (at, outcome.into()))?;
    let date = notice.date;
    let takes = determination.correction.as_ref().is_some_and(|correction| correction.takes);
    let (days, under_way) =
        (contract.windows.advance_notice_days, outcome.is_adverse() && (takes || request.goes_on()));
    let decided = request.lines.iter().zip(&determination.lines);
    Some(Facts {
        authorization: determination.authorization.as_ref().map(ToString::to_string),
        lines: decided.map(|(asked, got)| line(case, asked, got, contract)).collect(),
        reasons: match &determination.by {
            DecidedBy::Rule { reason, .. } => vec![reason.clone()],
            DecidedBy::Reviewer { .. } | DecidedBy::Lapse => Vec::new(),
        },
        rule: match &determination.by {
            DecidedBy::Rule { rule, .. } => Some(rule.clone()),
            DecidedBy::Reviewer { .. } | DecidedBy::Lapse => None,
        },
        untimely: determination.by == DecidedBy::Lapse,
        criteria: criteria(determination),
        reviewer: reviewer(determination),
        effective: outcome.is_adverse().then(|| if under_way { window_end(date, days) } else { date }),
        under_way,
        replaces: determination.correction.as_ref().map(|correction| letters::Replaces {
            date: contract.calendar.time_zone.date_at(correction.replaced),
            reason: correction.reason.clone(),
        }),
        deadlines: if outcome.is_adverse() {
            deadlines(contract, date, (request.review, under_way))
        } else {
            Vec::new()
        },
        ..notice
    })
}

/// What every letter says of a request, in one that decides nothing.
pub(super) fn notice(
    case: &Case,
    request: &Request,
    (contract, letter): (&Contract, LetterId),
    (at, outcome): (Timestamp, letters::Outcome),
) -> Option<Facts> {
    let submission = case.submission.as_ref()?;
    let zone = &contract.calendar.time_zone;
    let date = zone.date_at(at);
    let waits =
        |asked| letters::Line { outcome, authorized: None, ..line(case, asked, &LineOutcome::Approved, contract) };
    Some(Facts {
        letter: letter.to_string(),
        contract: contract.id.to_string(),
        case: submission.case_id.to_string(),
        request: request.number.to_string(),
        authorization: None,
        date,
        submitted: zone.date_at(request.asked_at().unwrap_or(submission.at)),
        outcome,
        review_type: review_type(request),
        member: member(case, date),
        requesting: provider(&case.requesting, case.fax_of(request).map(ToString::to_string)),
        servicing: case.servicing.as_ref().filter(|s| s.id != case.requesting.id).map(|s| provider(s, None)),
        lines: request.lines.iter().map(waits).collect(),
        diagnoses: diagnoses(case),
        reasons: Vec::new(),
        criteria: Vec::new(),
        information: Vec::new(),
        reviewer: None,
        effective: None,
        under_way: false,
        untimely: false,
        rule: None,
        follows: follows(case, request, contract),
        withdrawn_by: None,
        closed: None,
        named: None,
        replaces: None,
        deadlines: Vec::new(),
    })
}

/// The facts of the letters that ask for information (REV-06); `None` when the case has no such request.
#[must_use]
pub fn asking(case: &Case, number: RequestNumber, pend: &Pend, contract: &Contract, letter: LetterId) -> Option<Facts> {
    let outcome = letters::Outcome::InformationRequested;
    let notice = notice(case, case.request(number)?, (contract, letter), (pend.at, outcome))?;
    let until = until(DeadlineKind::Information, "Send it by", pend.due, (notice.date, contract));
    Some(Facts { information: pend.items.clone(), deadlines: vec![until], ..notice })
}

fn until(kind: DeadlineKind, label: &str, day: Date, (from, contract): (Date, &Contract)) -> Deadline {
    let days = u16::try_from((day - from).get_days()).unwrap_or_default();
    Deadline { kind, label: label.to_owned(), date: day, days, how: contract.support_sentence() }
}

/// The facts of the letters of a request whose decision takes more time (42 CFR 438.404(c)(4)); `None` when it does not.
#[must_use]
pub fn extended(case: &Case, number: RequestNumber, contract: &Contract, letter: LetterId) -> Option<Facts> {
    let request = case.request(number)?;
    let more = request.more_time.as_ref()?;
    let notice = notice(case, request, (contract, letter), (more.at, letters::Outcome::Extended))?;
    let day = contract.calendar.time_zone.date_at(more.until);
    let until = until(DeadlineKind::Decision, "We decide by", day, (notice.date, contract));
    let asked = match more.asked_by {
        AskedForTime::Member => "The member asked for more time.",
        AskedForTime::Provider => "The provider asked for more time.",
        AskedForTime::Plan => "We need more information.",
    };
    Some(Facts { reasons: vec![asked.to_owned(), more.reason.clone()], deadlines: vec![until], ..notice })
}

/// The facts of the letters of a request that was closed without a decision; `None` when it was not.
#[must_use]
pub fn voided(case: &Case, number: RequestNumber, contract: &Contract, letter: LetterId) -> Option<Facts> {
    let request = case.request(number)?;
    let void = request.voided()?;
    let notice = notice(case, request, (contract, letter), (void.at, letters::Outcome::Void))?;
    let day = |day: Date| day.strftime("%B %-d, %Y").to_string();
    let days = void.uncovered.iter().map(|days| match (days.from(), days.to()) {
        (from, to) if from == to => day(from),
        (from, to) => format!("{} to {}", day(from), day(to)),
    });
    let days = days.collect::<Vec<_>>().join(", ");
    let mut reasons = Vec::new();
    if void.because == Closed::NotEligible {
        reasons.push(contract.eligibility.reason.clone());
        reasons.extend((!days.is_empty()).then(|| format!("Days without coverage: {days}.")));
    }
    reasons.extend(Some(void.reason.clone()).filter(|reason| !reason.is_empty()));
    let other =
        void.shown_duplicate().map(|of| format!("The other request: case {}, request {}.", of.case, of.request));
    Some(Facts {
        reasons,
        closed: Some(void.because).filter(|because| *because != Closed::NotEligible),
        named: void.rule.as_ref().map(|rule| format!("Rule: {rule}.")).or(other),
        ..notice
    })
}

/// What the letters of an extension would lack, by name.
#[must_use]
pub fn check_extended(case: &Case, number: RequestNumber, contract: &Contract) -> Vec<MissingElement> {
    lacks(extended(case, number, contract, LetterId::NOT_ISSUED).as_ref(), contract)
}

/// What the letters of a closed request would lack, by name.
#[must_use]
pub fn check_voided(case: &Case, number: RequestNumber, contract: &Contract) -> Vec<MissingElement> {
    lacks(voided(case, number, contract, LetterId::NOT_ISSUED).as_ref(), contract)
}

/// What the letters that ask for information would lack, by name.
#[must_use]
pub fn check_asking(case: &Case, number: RequestNumber, pend: &Pend, contract: &Contract) -> Vec<MissingElement> {
    lacks(asking(case, number, pend, contract, LetterId::NOT_ISSUED).as_ref(), contract)
}

/// What the letters of a determination would lack, by name; empty when both can be issued (LTR-04, LTR-09).
#[must_use]
pub fn check(case: &Case, determination: &Determination, contract: &Contract) -> Vec<MissingElement> {
    lacks(facts(case, determination, contract, LetterId::NOT_ISSUED).as_ref(), contract)
}

fn lacks(facts: Option<&Facts>, contract: &Contract) -> Vec<MissingElement> {
    let Some(facts) = facts else {
        return vec![MissingElement { element: Element::Action, line: None }];
    };
    let mut missing: Vec<_> = [Audience::Provider, Audience::Member]
        .into_iter()
        .filter_map(|audience| letters::compose(facts, &contract.letters, audience).err())
        .flatten()
        .collect();
    missing.sort_unstable_by_key(ToString::to_string);
    missing.dedup();
    missing
}

/// Whether a window of `days` after a decision is still open at `now`, by the contract's dates (ACT-02).
#[must_use]
pub fn window_is_open(decided: Timestamp, days: u32, contract: &Contract, now: Timestamp) -> bool {
    let zone = &contract.calendar.time_zone;
    zone.date_at(now) <= window_end(zone.date_at(decided), days)
}

fn deadlines(contract: &Contract, date: Date, (review, under_way): (ReviewKind, bool)) -> Vec<Deadline> {
    // Another look is not followed by one of its kind.
    let reconsideration = if review.is_another_look() { 0 } else { contract.windows.reconsideration_days };
    // An appeal that was decided is followed by a hearing, with a window of its own, where the contract has one.
    let heard = contract.windows.hearing_after_appeal_days;
    let (ask_for, appeal) = if review == ReviewKind::Appeal && heard > 0 {
        ("Ask for a State fair hearing by", heard)
    } else {
        ("Ask for an appeal by", contract.windows.appeal_days)
    };
    let continuation = if under_way { contract.windows.advance_notice_days } else { 0 };
    let days = [
        (DeadlineKind::Reconsideration, "Ask for a reconsideration by", reconsideration),
        (DeadlineKind::PeerToPeer, "Ask for a peer-to-peer conversation by", contract.windows.peer_to_peer_days),
        (DeadlineKind::Appeal, ask_for, appeal),
        (DeadlineKind::Continuation, "Ask to keep the service by", continuation),
    ];
    days.into_iter()
        .filter(|(.., days)| *days > 0)
        .map(|(kind, label, days)| Deadline {
            kind,
            label: label.to_owned(),
            date: window_end(date, days),
            days: u16::try_from(days).unwrap_or(u16::MAX),
            how: contract.support_sentence(),
        })
        .collect()
}

pub(super) fn diagnoses(case: &Case) -> Vec<letters::Diagnosis> {
    case.diagnoses.iter().map(|code| letters::Diagnosis { code: code.to_string(), description: None }).collect()
}

/// What a request follows, and what was decided of that.
pub(super) fn follows(case: &Case, request: &Request, contract: &Contract) -> Option<Followed> {
    let follows = request.follows.as_ref()?;
    let of = case.request(follows.of)?;
    let decided = of.decided()?;
    let kind = match request.review {
        _ if request.is_ordered() => FollowKind::Hearing,
        ReviewKind::Reconsideration => FollowKind::Reconsideration,
        ReviewKind::Appeal => FollowKind::Appeal,
        ReviewKind::Initial
        | ReviewKind::Concurrent
        | ReviewKind::Retrospective
        | ReviewKind::Renewal
        | ReviewKind::Revision
        | ReviewKind::Extension => FollowKind::Change,
    };
    Some(Followed {
        request: of.number.to_string(),
        kind,
        outcome: decided.outcome.into(),
        on: contract.calendar.time_zone.date_at(decided.at),
        authorization: decided.authorization.as_ref().map(ToString::to_string),
    })
}

pub(super) fn review_type(request: &Request) -> String {
    let urgency = match request.urgency {
        Urgency::Standard => "standard",
        Urgency::Expedited => "expedited",
    };
    let review = request.review.to_string();
    let mut letters = review.chars();
    let capital = letters.next().map(|first| first.to_uppercase().collect::<String>()).unwrap_or_default();
    format!("{capital}{}, {urgency}", letters.as_str())
}

/// The member of a case as the letters of a day address them.
#[must_use]
pub fn member(case: &Case, date: Date) -> letters::Member {
    let name = case.member.full_name();
    let minor = case.member.age_on(date).is_some_and(|age| age < 18);
    letters::Member {
        care_of: minor.then(|| "Parent or guardian of".to_owned()),
        name,
        address: addressed(&case.member.address),
        birth: case.member.birth_date,
        id: case.member.number().map_or_else(|| "not assigned yet".to_owned(), ToString::to_string),
        reading: case.member.reading.clone(),
    }
}

/// A provider as letters address it.
#[must_use]
pub fn provider(provider: &Provider, fax: Option<String>) -> letters::Provider {
    letters::Provider {
        name: provider.name.to_string(),
        npi: provider.npi.map(|npi| npi.to_string()).unwrap_or_default(),
        address: addressed(&provider.address),
        fax,
    }
}

/// The lines of an address; none where it leads nowhere, as one that was stored before it had to have street and city.
fn addressed(address: &Address) -> Vec<String> {
    let leads = [&address.line1, &address.city].iter().all(|line| !line.as_str().trim().is_empty());
    if leads { address.lines() } else { Vec::new() }
}

/// The case as a letter that was held is written again (LTR-04): the member, and the names and addresses of its providers, as the files of
/// the plan have them now. That is where they are mended; what was asked for and decided stays.
#[must_use]
pub fn as_recorded(mut case: Case, member: Option<Member>, providers: &[Provider]) -> Case {
    if let Some(member) = member {
        let reading = member.reading.clone().or(&case.member.reading);
        case.member = Member { reading, ..member };
    }
    for on_case in [Some(&mut case.requesting), case.servicing.as_mut(), case.attending.as_mut()].into_iter().flatten()
    {
        if let Some(now) = providers.iter().find(|known| known.id == on_case.id) {
            on_case.name = now.name.clone();
            on_case.address = now.address.clone();
        }
    }
    case
}

pub(super) fn line(case: &Case, asked: &Line, got: &LineOutcome, contract: &Contract) -> letters::Line {
    let rule = case.rule_of(asked, contract);
    let amount = |units: crate::period::Units, period: Period| letters::Amount {
        units: Some(units.into()),
        from: Some(period.from()),
        to: Some(period.to()),
    };
    let (outcome, authorized, reason) = match got {
        LineOutcome::Approved => (letters::Outcome::Approved, Some(amount(asked.quantity, asked.period)), None),
        LineOutcome::Modified { units, period, reason } => {
            (letters::Outcome::Modified, Some(amount(*units, *period)), Some(reason.clone()))
        }
        LineOutcome::Denied { reason } => (letters::Outcome::Denied, None, Some(reason.clone())),
    };
    letters::Line {
        code: asked.code.to_string(),
        modifiers: asked.modifiers.iter().map(ToString::to_string).collect(),
        // What a contract reviews without a rule for it has no words of its own there.
        description: rule
            .map(|rule| rule.description.clone())
            .or_else(|| Some(format!("Service with the code {}", asked.code))),
        description_es: match rule {
            Some(rule) => rule.description_es.clone(),
            None => Some(format!("Servicio con el código {}", asked.code)),
        },
        requested: amount(asked.quantity, asked.period),
        authorized,
        unit: rule.map(|rule| rule.unit.clone()),
        unit_es: rule.and_then(|rule| rule.unit_es.clone()),
        outcome,
        reason,
    }
}

fn criteria(determination: &Determination) -> Vec<letters::Criterion> {
    determination
        .criteria
        .iter()
        .map(|criterion| letters::Criterion {
            title: criterion.title.clone(),
            citation: criterion.citation.clone(),
            text: Some(criterion.text.clone()),
        })
        .collect()
}

fn reviewer(determination: &Determination) -> Option<letters::Reviewer> {
    match &determination.by {
        DecidedBy::Rule { .. } | DecidedBy::Lapse => None,
        DecidedBy::Reviewer { name, credential, specialty, license, .. } => Some(letters::Reviewer {
            name: name.clone(),
            credential: credential.clone(),
            specialty: specialty.clone(),
            licence: license.clone(),
        }),
    }
}

impl From<Outcome> for letters::Outcome {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Approved => Self::Approved,
            Outcome::Modified => Self::Modified,
            Outcome::Denied => Self::Denied,
        }
    }
}
