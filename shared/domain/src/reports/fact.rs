//! A request in short, as reports count it. No PHI: whose request it is stands nowhere in it.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    cases::Case,
    clock::Clock,
    contracts::Contract,
    events::{Actor, Event, EventKind, Lapse},
    id::{CaseId, EventId, GroupId, LetterId, ProviderId, RequestNumber, Username},
    service::{ReviewKind, Setting, Urgency},
    status::{Audience, Closed, Outcome},
};

/// What became of a request.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fact {
    /// The number that its case is tracked by.
    pub case: CaseId,
    /// Its place in the case.
    pub request: RequestNumber,
    /// The request that it follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<RequestNumber>,
    /// Who asks.
    pub provider: ProviderId,
    /// Their name.
    pub provider_name: String,
    /// Their group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
    /// Why it is made.
    pub review: ReviewKind,
    /// How fast an answer is needed.
    pub urgency: Urgency,
    /// With a bed or without.
    pub setting: Setting,
    /// Id of the contract's service type.
    pub service_type: String,
    /// Whether nothing but drugs is asked for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub drugs: bool,
    /// When it was handed in.
    pub received: Timestamp,
    /// By when it has to be decided, or had to be; none while time stands still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// Whether the time for its decision was extended.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub extended: bool,
    /// When it waited for information.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waits: Vec<Wait>,
    /// What was decided on it, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<Made>,
    /// When it was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Timestamp>,
    /// When it was closed without a decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voided: Option<Timestamp>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<Closed>,
    /// When its last decision was corrected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrected: Option<Timestamp>,
    /// Its time was over, and what that counts as is told next.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lapsed: bool,
    /// When another look at an adverse decision gave all that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overturned: Option<Timestamp>,
    /// Letters about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub letters: Vec<Sent>,
    /// Letters that wait for repair.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<Audience>,
    /// What reviewers did, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub work: Vec<Did>,
}

/// A wait for information.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Wait {
    /// Since when.
    pub from: Timestamp,
    /// Until when; none while it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Timestamp>,
}

/// A decision.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Made {
    /// When.
    pub at: Timestamp,
    /// Rolled up from the lines.
    pub outcome: Outcome,
    /// Who; none is a rule of the contract, or nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Username>,
    /// Nobody decided in time, which counts as this.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub untimely: bool,
}

/// What became of a letter.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sent {
    /// Which.
    pub letter: LetterId,
    /// Who reads it.
    pub to: Audience,
    /// When it was issued.
    pub at: Timestamp,
    /// Fax calls.
    #[serde(default)]
    pub calls: u32,
    /// Fax calls that failed.
    #[serde(default)]
    pub failed: u32,
    /// When all of its pages had arrived by fax.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub faxed: Option<Timestamp>,
    /// When no call was left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_up: Option<Timestamp>,
    /// When the mail carrier took it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mailed: Option<Timestamp>,
    /// Whether the mail carrier refused it for good.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mail_refused: bool,
}

/// Something that a reviewer did.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Did {
    /// Who.
    pub by: Username,
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: Deed,
    /// Of a decision; of what was stored before it was kept nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
}

/// What a reviewer does with a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Deed {
    /// Took it, or was given it.
    Took,
    /// Referred it to a physician.
    Referred,
    /// Asked the provider for information.
    Asked,
    /// Decided it.
    Decided,
}

impl Fact {
    /// The first decision: the one that the time limit is for.
    #[must_use]
    pub fn first(&self) -> Option<&Made> {
        self.decisions.first()
    }

    /// Whether nothing is decided, and it was neither taken back nor closed.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.decisions.is_empty() && self.withdrawn.is_none() && self.voided.is_none()
    }

    /// Whether it waits for information now.
    #[must_use]
    pub fn waits_now(&self) -> bool {
        self.is_open() && self.waits.last().is_some_and(|wait| wait.to.is_none())
    }

    /// From receipt to the first decision, day and night, waits included.
    #[must_use]
    pub fn took(&self) -> Option<SignedDuration> {
        self.first().map(|made| made.at.duration_since(self.received))
    }

    /// How much of that it waited for information.
    #[must_use]
    pub fn waited(&self) -> SignedDuration {
        let end = self.first().map(|made| made.at);
        let waits = self.waits.iter().filter_map(|wait| Some((wait.from, wait.to.or(end)?)));
        waits.map(|(from, to)| to.duration_since(from)).sum()
    }

    /// Whether the first decision was made in time.
    #[must_use]
    pub fn in_time(&self) -> Option<bool> {
        self.first().map(|made| self.due.is_none_or(|due| made.at <= due))
    }
}

/// Events of a kind that changes no report need not be looked at.
#[must_use]
pub fn is_about_reports(kind: &EventKind) -> bool {
    request_of(kind).is_some()
}

/// The facts about the requests of a case, from all that happened to it. What was not handed in yet has none.
///
/// Why it is made, for whom, and its time limit are of the case, which keeps them as they were handed in.
#[must_use]
pub fn facts(case: &Case, log: &[Event], contract: &Contract) -> Vec<Fact> {
    let Some(submission) = &case.submission else { return Vec::new() };
    // By id: what is told twice happened once, and ids sort by time.
    let log: BTreeMap<EventId, &Event> = log.iter().map(|event| (event.id, event)).collect();
    let mut facts: Vec<Fact> = Vec::new();
    for request in &case.requests {
        let of_it = log.values().filter(|event| request_of(&event.kind) == Some(request.number));
        let Some(received) = of_it.clone().find_map(|event| received(event)) else { continue };
        let clock = request.clock();
        let mut fact = Fact {
            case: submission.case_id.clone(),
            request: request.number,
            of: request.follows.as_ref().map(|follows| follows.of),
            provider: case.requesting.id,
            provider_name: case.requesting.name.to_string(),
            group: case.requesting.group,
            review: request.review,
            urgency: request.urgency,
            setting: case.setting,
            service_type: case.service.as_ref().map(|service| service.service_type.clone()).unwrap_or_default(),
            drugs: !request.lines.is_empty() && request.lines.iter().all(|line| contract.reports.is_drug(&line.code)),
            received,
            due: clock.and_then(|clock| clock.due(&contract.calendar)),
            extended: clock.is_some_and(Clock::extended),
            waits: Vec::new(),
            decisions: Vec::new(),
            withdrawn: None,
            voided: None,
            because: None,
            corrected: None,
            lapsed: false,
            overturned: None,
            letters: Vec::new(),
            held: Vec::new(),
            work: Vec::new(),
        };
        of_it.for_each(|event| fact.add(event));
        facts.push(fact);
    }
    let overturned: Vec<_> = facts.iter().map(|fact| overturned(&facts, fact)).collect();
    facts.iter_mut().zip(overturned).for_each(|(fact, at)| fact.overturned = at);
    facts
}

/// When another look gave all that was asked for: a further decision on the request itself, or on one that asks for another
/// look at it.
fn overturned(facts: &[Fact], fact: &Fact) -> Option<Timestamp> {
    if !fact.first()?.outcome.is_adverse() {
        return None;
    }
    let granted = |made: &&Made| made.outcome == Outcome::Approved;
    let own = fact.decisions.iter().find(granted).map(|made| made.at);
    let looks = facts.iter().filter(|other| other.of == Some(fact.request) && other.review.is_another_look());
    // A request is followed by later ones only, so this ends.
    let later = looks.filter(|other| other.request > fact.request);
    let of_look = |other: &Fact| {
        let granted = other.decisions.iter().find(granted).map(|made| made.at);
        granted.or_else(|| overturned(facts, other))
    };
    own.or_else(|| later.filter_map(of_look).min())
}

fn received(event: &Event) -> Option<Timestamp> {
    matches!(event.kind, EventKind::CaseSubmitted { .. } | EventKind::RequestFollowed { .. }).then_some(event.at)
}

impl Fact {
    #[expect(clippy::wildcard_enum_match_arm, reason = "what request_of does not name")]
    fn add(&mut self, event: &Event) {
        let at = event.at;
        let person = match &event.by {
            Actor::User(name) => Some(name),
            Actor::System | Actor::Carrier | Actor::Operator(_) => None,
        };
        match &event.kind {
            EventKind::InformationRequested { .. } => {
                self.waits.push(Wait { from: at, to: None });
                self.did(person, at, Deed::Asked);
            }
            EventKind::RequestReturned { .. } => self.end_wait(at),
            EventKind::RequestClaimed { .. } => self.did(person, at, Deed::Took),
            EventKind::RequestAssigned { to, .. } => self.did(Some(to), at, Deed::Took),
            EventKind::RequestReferred { .. } => self.did(person, at, Deed::Referred),
            // What it counts as is the next that happens.
            EventKind::TimeOver { then, .. } => self.lapsed = *then != Lapse::Escalated,
            // What was decided wrong counts as what it should have been, when it was decided: the time limit is for that.
            EventKind::RequestDetermined { outcome, corrects: true, .. } => {
                if let Some(made) = self.decisions.last_mut() {
                    (made.outcome, made.by, made.untimely) = (*outcome, person.cloned(), false);
                }
                self.corrected = Some(at);
                self.decided(person, at, *outcome);
            }
            EventKind::RequestDetermined { outcome, .. } => {
                self.end_wait(at);
                let untimely = std::mem::take(&mut self.lapsed);
                self.decisions.push(Made { at, outcome: *outcome, by: person.cloned(), untimely });
                self.decided(person, at, *outcome);
            }
            EventKind::RequestWithdrawn { .. } => {
                self.end_wait(at);
                self.withdrawn = Some(at);
            }
            EventKind::RequestVoided { because, .. } => {
                self.end_wait(at);
                self.because = Some(*because);
                self.voided = Some(at);
            }
            EventKind::LetterHeld { audience, again: false, .. } => self.held.push(*audience),
            EventKind::LetterIssued { letter, audience, .. } => {
                if let Some(place) = self.held.iter().position(|held| held == audience) {
                    self.held.remove(place);
                }
                self.letters.push(Sent {
                    letter: *letter,
                    to: *audience,
                    at,
                    calls: 0,
                    failed: 0,
                    faxed: None,
                    given_up: None,
                    mailed: None,
                    mail_refused: false,
                });
            }
            EventKind::FaxCalled { letter, .. } => self.letter(*letter, |sent| sent.calls += 1),
            EventKind::FaxFailed { letter, .. } => self.letter(*letter, |sent| sent.failed += 1),
            EventKind::FaxDelivered { letter, .. } => self.letter(*letter, |sent| sent.faxed = sent.faxed.or(Some(at))),
            EventKind::FaxGivenUp { letter, .. } => self.letter(*letter, |sent| sent.given_up = Some(at)),
            EventKind::MailRefused { letter, audience, .. } => {
                self.letter(*letter, |sent| sent.mail_refused = true);
                // It waits for repair: what is written for it is another letter.
                self.held.push(*audience);
            }
            EventKind::LetterMailed { letter, .. } => {
                self.letter(*letter, |sent| sent.mailed = sent.mailed.or(Some(at)));
            }
            _ => {}
        }
    }

    fn did(&mut self, by: Option<&Username>, at: Timestamp, what: Deed) {
        self.work.extend(by.map(|by| Did { by: by.clone(), at, what, outcome: None }));
    }

    fn decided(&mut self, by: Option<&Username>, at: Timestamp, outcome: Outcome) {
        self.work.extend(by.map(|by| Did { by: by.clone(), at, what: Deed::Decided, outcome: Some(outcome) }));
    }

    fn end_wait(&mut self, at: Timestamp) {
        if let Some(wait) = self.waits.last_mut() {
            wait.to = wait.to.or(Some(at));
        }
    }

    fn letter(&mut self, letter: LetterId, change: impl FnOnce(&mut Sent)) {
        if let Some(sent) = self.letters.iter_mut().find(|sent| sent.letter == letter) {
            change(sent);
        }
    }
}

/// The request that an event is about, where reports count it.
#[expect(clippy::wildcard_enum_match_arm, reason = "most events change no report")]
fn request_of(kind: &EventKind) -> Option<RequestNumber> {
    match kind {
        EventKind::CaseSubmitted { request, .. }
        | EventKind::RequestFollowed { request, .. }
        | EventKind::InformationRequested { request, .. }
        | EventKind::RequestReturned { request, .. }
        | EventKind::TimeExtended { request, .. }
        | EventKind::TimeOver { request, .. }
        | EventKind::RequestClaimed { request, .. }
        | EventKind::RequestAssigned { request, .. }
        | EventKind::RequestReferred { request }
        | EventKind::RequestDetermined { request, .. }
        | EventKind::RequestWithdrawn { request }
        | EventKind::RequestVoided { request, .. }
        | EventKind::LetterIssued { request, .. }
        | EventKind::LetterHeld { request, .. }
        | EventKind::FaxCalled { request, .. }
        | EventKind::FaxFailed { request, .. }
        | EventKind::FaxDelivered { request, .. }
        | EventKind::FaxGivenUp { request, .. }
        | EventKind::MailRefused { request, .. }
        | EventKind::LetterMailed { request, .. } => Some(*request),
        _ => None,
    }
}
