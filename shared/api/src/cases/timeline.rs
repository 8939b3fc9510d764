//! What happened to a case in words that a person understands: one sentence for each event, oldest first.

use jiff::Timestamp;
use portico_domain::{
    cases::{Case, document::Document},
    events::{Actor, Event, EventKind, HearingEnd, Lapse},
    id::{DocumentId, RequestNumber},
    status::{Audience, Closed, Outcome, Queue, Side},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::sight::Sight;

/// One thing that happened.
#[derive(Serialize, ToSchema)]
pub(super) struct Moment {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Who or what did it; a provider's system by its name.
    by: String,
    #[schema(example = "The case was submitted as 261270001.")]
    text: String,
}

/// The events of a case as this caller sees them. Sign-in names of reviewers are for staff.
pub(super) fn timeline(events: &[Event], case: &Case, documents: &[Document], sight: Sight<'_>) -> Vec<Moment> {
    let moment = |event: &Event| {
        let by = match &event.by {
            Actor::User(_) if is_review(case, &event.kind) && !sight.is_staff() => "Review staff".to_owned(),
            Actor::User(name) => case.name_of(name),
            Actor::System | Actor::Operator(_) => "Portico".to_owned(),
            Actor::Carrier => "Carrier".to_owned(),
        };
        Moment { at: event.at, by, text: sentence(&event.kind, documents, sight) }
    };
    events.iter().map(moment).collect()
}

/// Whether a reviewer did it.
fn is_review(case: &Case, kind: &EventKind) -> bool {
    if let EventKind::RequestFollowed { request, .. } = kind {
        // One that carries out what a hearing ordered.
        let hearings = case.requests.iter().flat_map(|other| &other.hearings);
        return hearings.into_iter().any(|hearing| hearing.carried_out_by() == Some(*request));
    }
    matches!(
        kind,
        EventKind::RequestClaimed { .. }
            | EventKind::RequestRouted { .. }
            | EventKind::RequestVoided { .. }
            | EventKind::InformationSeen { .. }
            | EventKind::InformationRequested { .. }
            | EventKind::TimeExtended { .. }
            | EventKind::RequestAssigned { .. }
            | EventKind::RequestReleased { .. }
            | EventKind::RequestReferred { .. }
            | EventKind::RequestDetermined { .. }
            | EventKind::LetterAsked { .. }
            | EventKind::TalkScheduled { .. }
            | EventKind::TalkHeld { .. }
            | EventKind::TalkMissed { .. }
            | EventKind::HearingRequested { from: Side::Staff, .. }
            | EventKind::HearingScheduled { .. }
            | EventKind::HearingEnded { .. }
            | EventKind::MessageSent { from: Side::Staff, .. }
            | EventKind::MessagesRead
    )
}

#[expect(clippy::too_many_lines, reason = "one sentence for each kind of event, and nothing else")]
fn sentence(kind: &EventKind, documents: &[Document], sight: Sight<'_>) -> String {
    match kind {
        EventKind::CaseCreated => "The case was saved as a draft.".to_owned(),
        EventKind::StepSaved { step } => format!("{} saved.", step_saved(step)),
        EventKind::MemberMerged { .. } => {
            "The member is known to the plan's file: the temporary entry became the real one.".to_owned()
        }
        EventKind::DocumentAwaited { document } => format!("{} is being uploaded.", name(*document, documents)),
        EventKind::DocumentAccepted { document } => format!("{} was checked and attached.", name(*document, documents)),
        EventKind::DocumentRefused { document } => format!("{} was refused.", name(*document, documents)),
        EventKind::DocumentRemoved { document } => format!("{} was taken out.", name(*document, documents)),
        EventKind::CaseSubmitted { case_id, request } if *request == RequestNumber::FIRST => {
            format!("The case was submitted as {case_id}.")
        }
        EventKind::CaseSubmitted { request, .. } => format!("{request} was asked for in its place."),
        EventKind::RequestFollowed { request, of, review } => {
            format!("{request} was asked for: {review} of {of}.")
        }
        EventKind::InformationAdded { request, note, documents, answers } => {
            let added = added(*request, *note, *documents);
            if *answers { format!("{added} It answers the request for information.") } else { added }
        }
        EventKind::InformationRequested { request, .. } => format!("Information about {request} was requested."),
        EventKind::TimeExtended { request, days: 1 } => {
            format!("The time to decide {request} was extended by one day.")
        }
        EventKind::TimeExtended { request, days } => {
            format!("The time to decide {request} was extended by {days} days.")
        }
        EventKind::TimeOver { request, then } => match then {
            Lapse::Escalated => {
                format!("The time to decide {request} was over: those who lead the reviewers were told.")
            }
            Lapse::DeemedApproved => format!("The time to decide {request} was over, so that it counts as approved."),
            Lapse::DeemedDenied => format!("The time to decide {request} was over, so that it counts as denied."),
        },
        EventKind::RequestReturned { request, queue, silent: false } => {
            format!("{request} went back to the {}: the answer came.", worklist(*queue))
        }
        EventKind::RequestReturned { request, queue, silent: true } => {
            format!("{request} went back to the {}: no answer came in time.", worklist(*queue))
        }
        EventKind::AuthorizationBilled { request } => {
            format!("Claims were made under the authorization of {request}.")
        }
        EventKind::InformationSeen { request } => format!("A reviewer has seen what was added to {request}."),
        EventKind::DraftHandedOver { to } => format!("The draft was given to {to}."),
        EventKind::DraftEndNear { on } => {
            format!("Nobody goes on with the draft: it ends at the end of {}.", on.strftime("%m/%d/%Y"))
        }
        EventKind::DraftKept => "The draft goes on: something was added to it.".to_owned(),
        EventKind::DraftEnded => "The draft ended: nobody went on with it.".to_owned(),
        EventKind::DraftToCorrect => {
            "The contract has new rules: something of the draft has to be corrected.".to_owned()
        }
        EventKind::CaseCancelled => "The case was cancelled before it was submitted.".to_owned(),
        EventKind::RequestWithdrawn { request } => format!("{request} was withdrawn."),
        EventKind::CoverageAwaited { request } => {
            format!("{request} waits: the plan's file does not cover the member on all days that are asked for.")
        }
        EventKind::CoverageCame { request } => {
            format!("{request} goes on: the plan's file covers the member on all days that are asked for.")
        }
        EventKind::RequestVoided { request, because } => match because {
            Closed::NotEligible => format!("{request} was closed without a decision: the member is not eligible."),
            Closed::NotRequired => format!("{request} was closed without a decision: authorization is not required."),
            Closed::Duplicate => format!("{request} was closed without a decision: it repeats another request."),
        },
        EventKind::RequestRouted { request, queue, why } => {
            // Why a person has to look is for whoever looks: it may tell of another clinic's case.
            let why =
                why.as_ref().filter(|_| sight.is_staff()).map(|why| format!(" {}", why.in_words())).unwrap_or_default();
            format!("{request} went to the {}.{why}", worklist(*queue))
        }
        EventKind::RequestClaimed { request, queue } => match queue {
            Queue::Nurse => format!("A nurse reviewer took {request}."),
            Queue::Physician => format!("A physician reviewer took {request}."),
        },
        EventKind::RequestAssigned { request, to, .. } if sight.is_staff() => format!("{request} was given to {to}."),
        EventKind::RequestAssigned { request, .. } => format!("{request} was given to another reviewer."),
        EventKind::RequestReleased { request, .. } => format!("{request} was given back to its worklist."),
        EventKind::RequestReferred { request } => format!("{request} was referred to a physician."),
        EventKind::RequestDetermined { request, outcome, corrects: true, .. } => match outcome {
            Outcome::Approved => format!("The decision on {request} was corrected: it is approved."),
            Outcome::Modified => format!("The decision on {request} was corrected: it is approved in part."),
            Outcome::Denied => format!("The decision on {request} was corrected: it is denied."),
        },
        EventKind::RequestDetermined { request, outcome, .. } => match outcome {
            Outcome::Approved => format!("{request} was approved."),
            Outcome::Modified => format!("{request} was approved in part."),
            Outcome::Denied => format!("{request} was denied."),
        },
        EventKind::HearingRequested { request, .. } => format!("A State fair hearing about {request} was asked for."),
        EventKind::HearingScheduled { request, .. } => format!("The State fair hearing about {request} was scheduled."),
        EventKind::HearingEnded { request, outcome } => match outcome {
            HearingEnd::Upheld => format!("The State fair hearing about {request} upheld the decision."),
            HearingEnd::Reversed => format!("The State fair hearing about {request} reversed the decision."),
            HearingEnd::ReversedInPart => {
                format!("The State fair hearing about {request} reversed the decision in part.")
            }
            HearingEnd::Withdrawn => format!("The request for a State fair hearing about {request} was withdrawn."),
            HearingEnd::Dismissed => format!("The request for a State fair hearing about {request} was dismissed."),
        },
        EventKind::MessageSent { from: Side::Provider, .. } => "The provider sent a message.".to_owned(),
        EventKind::MessageSent { from: Side::Staff, .. } => "The review team sent a message.".to_owned(),
        EventKind::MessagesRead => "A reviewer has read the messages.".to_owned(),
        EventKind::DeadlineNear { request, to: Side::Provider } => {
            format!("The provider was told that the answer about {request} is due soon.")
        }
        EventKind::DeadlineNear { request, to: Side::Staff } => {
            format!("The reviewer was told that {request} is to be decided soon.")
        }
        EventKind::TalkAsked { request } => format!("A peer-to-peer conversation about {request} was asked for."),
        EventKind::TalkScheduled { request, .. } => {
            format!("A time was chosen for the peer-to-peer conversation about {request}.")
        }
        EventKind::TalkHeld { request } => format!("The peer-to-peer conversation about {request} was held."),
        EventKind::TalkMissed { request } => format!("The peer-to-peer conversation about {request} was missed."),
        EventKind::LetterIssued { request, audience, .. } => {
            format!("The letter to the {} about {request} was issued.", reader(*audience))
        }
        EventKind::LetterHeld { request, audience, again: false, .. } => {
            format!(
                "The letter to the {} about {request} is held: it has to be repaired before it can be sent.",
                reader(*audience)
            )
        }
        EventKind::LetterHeld { request, audience, again: true, .. } => {
            format!(
                "The letter to the {} about {request} was written again and still has to be repaired.",
                reader(*audience)
            )
        }
        EventKind::LetterAsked { request, audience, .. } => {
            format!("The letter to the {} about {request} is to be written again.", reader(*audience))
        }
        EventKind::FaxCallDue { request, call, after_minutes, .. } => {
            format!("Fax about {request}: call {call} follows in {after_minutes} minutes.")
        }
        EventKind::FaxCalled { request, call, .. } => format!("Fax about {request}: call {call} went to the carrier."),
        EventKind::FaxFailed { request, call, reason, .. } => {
            format!("Fax about {request}: call {call} failed ({reason}).")
        }
        EventKind::FaxDelivered { request, pages, .. } => match pages {
            Some(1) => format!("Fax about {request}: its one page arrived."),
            Some(pages) => format!("Fax about {request}: all {pages} pages arrived."),
            None => format!("Fax about {request}: all pages arrived."),
        },
        EventKind::FaxGivenUp { request, .. } => {
            format!("Fax about {request}: no call succeeded; the letter goes by mail.")
        }
        EventKind::FaxFiled { request, .. } => format!("A fax that came in was filed to {request}."),
        EventKind::LetterMailed { request, .. } => format!("The mail carrier took a letter about {request}."),
        EventKind::MailRefused { request, audience, .. } => {
            format!(
                "The mail carrier did not take the letter to the {} about {request}: it has to be repaired.",
                reader(*audience)
            )
        }
        EventKind::UserInvited { .. }
        | EventKind::UserEnrolled
        | EventKind::PasswordForgotten { .. }
        | EventKind::PasswordReset
        | EventKind::SignedIn
        | EventKind::SignInRefused { .. }
        | EventKind::FaxChangeAsked { .. }
        | EventKind::FaxCodeWritten { .. }
        | EventKind::UserLocked
        | EventKind::UserUnlocked
        | EventKind::UserDeactivated
        | EventKind::RegistrationReset { .. }
        | EventKind::RolesChanged { .. }
        | EventKind::RolesGiven { .. }
        | EventKind::ProfileChanged { .. }
        | EventKind::EmailChangeAsked { .. }
        | EventKind::EmailChanged { .. }
        | EventKind::EmailPutBack
        | EventKind::PostGiven { .. }
        | EventKind::PostChanged { .. }
        | EventKind::DormancyWarned { .. }
        | EventKind::UserDormant
        | EventKind::SignedOut
        | EventKind::PinCallAsked { .. }
        | EventKind::PhoneChangeAsked { .. }
        | EventKind::FactorAdded { .. }
        | EventKind::TermsAcknowledged { .. }
        | EventKind::NewsDue { .. }
        | EventKind::NotificationDue { .. } => "An account was changed.".to_owned(),
        EventKind::FaxArrived
        | EventKind::FaxToIntake { .. }
        | EventKind::FaxTaken
        | EventKind::FaxGivenBack
        | EventKind::FaxPlaced { .. }
        | EventKind::FaxClosed => "A fax came in.".to_owned(),
    }
}

fn added(request: RequestNumber, note: bool, documents: u32) -> String {
    match (note, documents) {
        (true, 0) => format!("A note was added to {request}."),
        (true, 1) => format!("A note and a document were added to {request}."),
        (true, _) => format!("A note and {documents} documents were added to {request}."),
        (false, 1) => format!("A document was added to {request}."),
        (false, _) => format!("{documents} documents were added to {request}."),
    }
}

/// A step of the wizard as its screen calls it.
fn step_saved(step: &str) -> &str {
    match step {
        "providers" => "The providers were",
        "service" => "The service details were",
        "diagnoses" => "The diagnoses were",
        "request" => "The type of the request was",
        "procedures" => "The procedures were",
        "questionnaires" => "Answers to a questionnaire were",
        "notes" => "A note was",
        _ => "A step was",
    }
}

fn name(id: DocumentId, documents: &[Document]) -> &str {
    documents.iter().find(|document| document.id == id).map_or("A document", |document| &document.file_name)
}

fn worklist(queue: Queue) -> &'static str {
    match queue {
        Queue::Nurse => "nurse reviewers",
        Queue::Physician => "physician reviewers",
    }
}

fn reader(audience: Audience) -> &'static str {
    match audience {
        Audience::Provider => "provider",
        Audience::Member => "member",
    }
}
