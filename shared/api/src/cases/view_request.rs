//! What is seen of a request: its lines with what was decided on each, its clock, and what the caller may do with it.

use jiff::{Timestamp, civil::Date};
use portico_aws::table::cases::CaseFile;
use portico_domain::{
    caller::{Caller, Reviewer, StaffRole},
    cases::{
        Case,
        access::CaseAction,
        heard::look_outcome,
        request::{Request, State},
    },
    clock::{Clock, Entry, Tick},
    contracts::Contract,
    reviews::{more_time, pend, talk, void},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    sight::Sight,
    view_decision::{CatalogueView, CorrectionOfferView, DeterminationView},
    view_follow::{FollowUpView, FollowsView},
    view_hearing::{HearingOfferView, HearingView},
    view_history::{
        AddedView, AwaitedView, EndView, LastDayView, MoreTimeView, PendView, RepeatsView, TalkView, VoidView,
    },
    view_lines::LineView,
};
use crate::{form::word, words};

/// A request of a case.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RequestView {
    #[schema(example = "R01")]
    number: String,
    #[schema(value_type = words::ReviewKind)]
    review: String,
    /// The kind of review in words.
    review_label: String,
    #[schema(value_type = words::Urgency)]
    urgency: String,
    /// Derived from its state and its lines.
    #[schema(value_type = words::Status)]
    status: String,
    /// The status in words.
    status_label: String,
    lines: Vec<LineView>,
    clock: Option<ClockView>,
    determination: Option<DeterminationView>,
    /// For staff: who works on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    claim: Option<ClaimView>,
    /// What was decided before, oldest first: each was corrected by the next.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    earlier_determinations: Vec<DeterminationView>,
    /// For staff: why nurses referred it to a physician, oldest first; kept whatever was decided after it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    referrals: Vec<ReferralView>,
    /// What it follows, where it was asked for after a decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<FollowsView>,
    /// For whoever may ask: what may follow its decision, and why the rest may not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    follows: Vec<FollowUpView>,
    /// For a reviewer: they had a part in the decision that is to be looked at again, so that another one decides.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    had_a_part: bool,
    /// What was added after it was submitted, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    added: Vec<AddedView>,
    /// What the provider was asked for, oldest first; the request waits for the last one while its status is `pended`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pends: Vec<PendView>,
    /// Peer-to-peer conversations that the provider asked for, oldest first; a further one after one that was missed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    talks: Vec<TalkView>,
    /// State fair hearings about its decision, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hearings: Vec<HearingView>,
    /// For whoever may ask for one or record it: until when, or why not now.
    #[serde(skip_serializing_if = "Option::is_none")]
    hearing: Option<HearingOfferView>,
    /// Of another look at a decision: what it came to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::HearingOutcome>)]
    look_outcome: Option<String>,
    /// How the State fair hearing ended that this request carries out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::HearingOutcome>)]
    ordered: Option<String>,
    /// For a provider who may ask for a peer-to-peer conversation: the last day to do it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    talk_until: Option<Date>,
    /// For a reviewer who may ask for information: the last day on which the answer may be due.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    ask_by: Option<Date>,
    /// For a reviewer who may extend the time for the decision: by how many days at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    more_days: Option<u32>,
    /// That the time for its decision was extended.
    #[serde(skip_serializing_if = "Option::is_none")]
    more_time: Option<MoreTimeView>,
    /// The last days that count for it now: of its decision, of an answer, of what may follow a decision.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    last_days: Vec<LastDayView>,
    /// That it waits until the plan's file covers the member on all days that are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage_awaited: Option<AwaitedView>,
    /// For a reviewer: for which reasons they may close it without a decision now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<words::Closed>)]
    closes: Vec<String>,
    /// For whoever may correct a decision: whether this one, or why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    correction: Option<CorrectionOfferView>,
    /// For whoever may decide now, or correct: the reasons and criteria of the contract that are for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    catalogue: Option<CatalogueView>,
    /// That it was closed without a decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    voided: Option<VoidView>,
    /// When it was withdrawn, by whom and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawal: Option<EndView>,
    /// For staff and the requesting provider: that it was submitted although it may repeat another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    repeats: Option<RepeatsView>,
    /// What the caller may do with it now.
    #[schema(value_type = Vec<words::RequestMay>)]
    may: Vec<&'static str>,
}

/// The time limit of a decision.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ClockView {
    /// `running`, `paused`, `met`, `missed` or `stopped`: nothing has to be decided any more.
    #[schema(value_type = words::ClockState)]
    state: &'static str,
    /// The limit in words.
    #[schema(example = "9 calendar days")]
    limit: String,
    /// When it is due; none while it stands still.
    #[schema(value_type = Option<String>, format = DateTime)]
    due: Option<Timestamp>,
    /// The date in the contract's zone on which it is due.
    #[schema(value_type = Option<String>, format = Date)]
    due_local: Option<Date>,
    /// The contract's zone.
    #[schema(example = "America/Chicago")]
    zone: String,
    /// Running beyond its due time.
    overdue: bool,
    /// Since when those who lead know that it was not done in time.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    escalated: Option<Timestamp>,
    /// What happened to it, oldest first.
    ledger: Vec<EntryView>,
}

/// A line of the ledger.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct EntryView {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// `started`, `paused`, `resumed`, `extended`, `escalated`, `met`, `missed` or `stopped`.
    #[schema(value_type = words::ClockEntry)]
    what: &'static str,
    /// For `extended`: by how many days of the calendar.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<u32>,
    reason: String,
    rule_version: String,
}

/// Who works on a request.
#[derive(Serialize, ToSchema)]
struct ClaimView {
    by: String,
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// From then on another reviewer may take it.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
}

/// Why it went to a physician.
#[derive(Serialize, ToSchema)]
struct ReferralView {
    by: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    note: String,
}

impl RequestView {
    /// The request as the caller sees it; `known` is its case with what is authorized.
    pub(super) fn of(request: &Request, file: &CaseFile, known: &Case, sight: Sight<'_>) -> Self {
        let determination = request.decided().and_then(|decided| file.determination(request.number, decided.number));
        let claim = request.queue().and_then(|(_, claim)| claim).filter(|_| sight.is_staff());
        let may = match sight.caller {
            Caller::Staff(reviewer) => {
                let leads = request.queue().is_some_and(|(queue, _)| reviewer.leads(queue));
                let voids = void::may_void(&file.case.member, request, reviewer, sight.contract);
                let may = reviewer_may(request, reviewer, sight);
                may.into_iter().chain(voids.then_some("void")).chain(leads.then_some("assign")).collect()
            }
            Caller::Provider { .. } => provider_may(request, file, sight),
        };
        let closes = match sight.caller {
            Caller::Staff(reviewer) => void::reasons(&file.case.member, request, reviewer, sight.contract),
            Caller::Provider { .. } => Vec::new(),
        };
        let correction = CorrectionOfferView::of(&file.case, request, sight);
        let decides = may.contains(&"determine") || correction.as_ref().is_some_and(CorrectionOfferView::is_offered);
        let referrals = request.referrals.iter().filter(|_| sight.is_staff());
        let before = request.earlier.iter().filter_map(|decided| file.determination(request.number, decided.number));
        Self {
            number: request.number.to_string(),
            review: word(&request.review),
            review_label: request.review.to_string(),
            urgency: word(&request.urgency),
            status: word(&request.status()),
            status_label: request.status().to_string(),
            lines: LineView::all(request, determination, (sight.contract, &file.case)),
            clock: request.clock().map(|clock| ClockView::of(clock, sight.contract, sight.now)),
            determination: determination.map(|made| DeterminationView::of(request, made)),
            claim: claim.map(|claim| ClaimView {
                by: claim.by.to_string(),
                since: claim.at,
                until: claim.until(&sight.contract.reviews),
            }),
            earlier_determinations: before.map(|made| DeterminationView::of(request, made)).collect(),
            referrals: referrals
                .map(|referral| ReferralView {
                    by: referral.by.to_string(),
                    at: referral.at,
                    note: referral.note.clone(),
                })
                .collect(),
            of: FollowsView::of(request, &file.case),
            follows: FollowUpView::all(known, request, sight),
            had_a_part: matches!(sight.caller, Caller::Staff(reviewer) if reviewer.had_a_part(request)),
            added: request.added.iter().map(|added| AddedView::of(added, (request, &file.case), sight)).collect(),
            pends: request.pends.iter().map(|pend| PendView::of(pend, sight)).collect(),
            talks: request.talks.iter().map(TalkView::of).collect(),
            hearings: request.hearings.iter().map(HearingView::of).collect(),
            hearing: HearingOfferView::of(known, request, sight),
            look_outcome: look_outcome(request).as_ref().map(word),
            ordered: request.follows.as_ref().and_then(|follows| follows.ordered.as_ref()).map(word),
            talk_until: may
                .contains(&"peer-to-peer")
                .then(|| talk::ask_until(request, sight.contract, sight.now))
                .flatten(),
            ask_by: may.contains(&"pend").then(|| ask_by(request, sight)).flatten(),
            more_days: may.contains(&"more-time").then(|| more_days(request, sight)).flatten(),
            more_time: MoreTimeView::of(request, sight),
            last_days: LastDayView::all(&file.case, request, sight),
            coverage_awaited: AwaitedView::of(request),
            voided: VoidView::of(request, &file.case, sight),
            closes: closes.iter().map(word).collect(),
            catalogue: CatalogueView::of(&file.case, decides, sight.contract),
            correction,
            withdrawal: EndView::withdrawn(request, &file.case),
            // The others on the case may not see what it repeats.
            repeats: request.repeats.as_ref().filter(|_| sight.asks_or_reviews(&file.case)).map(RepeatsView::of),
            may,
        }
    }
}

fn ask_by(request: &Request, sight: Sight<'_>) -> Option<Date> {
    request.clock().map(|clock| pend::last_day(clock, sight.contract, sight.now))
}

fn more_days(request: &Request, sight: Sight<'_>) -> Option<u32> {
    more_time::most_days(request, sight.contract, sight.now).ok()
}

/// Add to what was submitted, also when it is decided; answer while it waits for that. In the name of the requesting provider:
/// withdraw what is not decided, and ask for a conversation about a decision.
fn provider_may(request: &Request, file: &CaseFile, sight: Sight<'_>) -> Vec<&'static str> {
    if request.clock().is_none() || matches!(request.state, State::Withdrawn { .. } | State::Void { .. }) {
        return Vec::new();
    }
    let requesting = sight.caller.may(CaseAction::Write, &file.case).is_ok();
    let talk = requesting && talk::ask_until(request, sight.contract, sight.now).is_some();
    let of = |word: &'static str, may: bool| may.then_some(word);
    let all = [
        Some("add"),
        of("answer", request.pended().is_some()),
        of("withdraw", requesting && request.may_be_withdrawn()),
        of("peer-to-peer", talk),
    ];
    all.into_iter().flatten().collect()
}

/// Note what becomes of a conversation; claim what nobody has, or another for too long; decide, refer, ask for information, take more time or give
/// back what is one's own.
fn reviewer_may(request: &Request, reviewer: &Reviewer, sight: Sight<'_>) -> Vec<&'static str> {
    let longer = more_days(request, sight).map(|_| "more-time");
    let reviews = matches!(reviewer.role, StaffRole::Nurse | StaffRole::Physician);
    match request.queue() {
        Some((queue, _)) if !reviewer.works(queue) || reviewer.had_a_part(request) => Vec::new(),
        Some((_, None)) => vec!["claim"],
        Some((queue, Some(claim))) if claim.by == reviewer.username => match queue {
            portico_domain::status::Queue::Nurse => {
                ["determine", "refer", "pend"].into_iter().chain(longer).chain(["release"]).collect()
            }
            portico_domain::status::Queue::Physician => {
                ["determine", "pend"].into_iter().chain(longer).chain(["release"]).collect()
            }
        },
        Some((_, Some(claim))) if claim.until(&sight.contract.reviews) <= sight.now => vec!["claim"],
        None if reviews && request.talk_to_come().is_some() => vec!["peer-to-peer"],
        Some(_) | None => Vec::new(),
    }
}

impl ClockView {
    fn of(clock: &Clock, contract: &Contract, now: Timestamp) -> Self {
        let due = clock.due(&contract.calendar);
        let ended = clock.ledger.iter().find_map(|entry| match entry.what {
            Tick::Met => Some("met"),
            Tick::Missed => Some("missed"),
            Tick::Stopped => Some("stopped"),
            Tick::Started | Tick::Paused | Tick::Resumed | Tick::Extended(_) | Tick::Escalated => None,
        });
        let state = ended.unwrap_or(if clock.is_paused() { "paused" } else { "running" });
        Self {
            state,
            limit: clock.limit.to_string(),
            due,
            due_local: due.map(|due| contract.calendar.time_zone.date_at(due)),
            zone: contract.calendar.time_zone.to_string(),
            escalated: clock.escalated(&contract.calendar),
            overdue: ended.is_none() && due.is_some_and(|due| due < now),
            ledger: clock.ledger.iter().map(EntryView::of).collect(),
        }
    }
}

impl EntryView {
    fn of(entry: &Entry) -> Self {
        let (what, by) = match entry.what {
            Tick::Started => ("started", None),
            Tick::Paused => ("paused", None),
            Tick::Resumed => ("resumed", None),
            Tick::Extended(by) => ("extended", Some(by)),
            Tick::Escalated => ("escalated", None),
            Tick::Met => ("met", None),
            Tick::Missed => ("missed", None),
            Tick::Stopped => ("stopped", None),
        };
        Self { at: entry.at, what, by, reason: entry.reason.clone(), rule_version: entry.rule_version.clone() }
    }
}
