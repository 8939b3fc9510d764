//! What happened: the one list of events.
//!
//! An event is stored in the same transaction as the state that it belongs to, and reaches queues from the table's
//! stream as the tasks that follow from it ([`crate::events::task`]). It carries ids only, no PHI: queue bodies are made from it.

pub mod lane;
pub mod news;
pub mod task;
mod why;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    caller::{ProviderRole, StaffRole},
    events::news::News,
    factor::Factor,
    id::{
        CaseId, CaseKey, ClientId, ContractId, DocumentId, EventId, FaxId, LetterId, MemberId, ProviderId,
        RequestNumber, SubscriptionId, Username,
    },
    service::ReviewKind,
    status::{Audience, Closed, Outcome, Queue, Side},
};
pub use why::{Lack, Why};

/// Something that happened to a case, a user or a fax.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// Sorts by time.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// Who or what did it.
    pub by: Actor,
    /// What it is about.
    pub about: About,
    /// What happened.
    #[serde(flatten)]
    pub kind: EventKind,
}

/// Who or what acts.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Actor {
    /// A signed-in person.
    User(Username),
    /// One of our own workers.
    System,
    /// A carrier's call-back.
    Carrier,
    /// Whoever operates the stack, by the ARN of their identity at AWS.
    Operator(String),
}

/// What an event is about.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum About {
    /// A case.
    Case(CaseKey),
    /// A user.
    User(Username),
    /// A fax that came in.
    Fax(FaxId),
    /// A name or a handle that nobody has, as a keyed hash: what was typed there may be anything, also a password.
    Unknown(String),
}

/// The number of the only decision on a request, where none is named.
pub(crate) fn first() -> u32 {
    1
}

/// What happened.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
#[expect(missing_docs, reason = "fields are the ids that the variant's words name")]
pub enum EventKind {
    /// A case was saved for the first time.
    CaseCreated,
    /// A step of the wizard was saved.
    StepSaved { step: String },
    /// The temporary member of a case became the one that the feed brought.
    MemberMerged { temporary: MemberId, member: MemberId },
    /// An upload was asked for.
    DocumentAwaited { document: DocumentId },
    /// A document was checked and kept.
    DocumentAccepted { document: DocumentId },
    /// A document was checked and not kept.
    DocumentRefused { document: DocumentId },
    /// A document was taken out of a draft.
    DocumentRemoved { document: DocumentId },
    /// A case was submitted: review begins.
    CaseSubmitted { case_id: CaseId, request: RequestNumber },
    /// Something was asked for after a decision: review begins.
    RequestFollowed { request: RequestNumber, of: RequestNumber, review: ReviewKind },
    /// Somebody of a provider's group added to a submitted request.
    InformationAdded {
        request: RequestNumber,
        note: bool,
        documents: u32,
        /// Whether it answered what the provider was asked for.
        #[serde(default)]
        answers: bool,
    },
    /// The reviewer who has the request has seen what was added.
    InformationSeen { request: RequestNumber },
    /// A reviewer asked the provider for information: letters are due.
    InformationRequested {
        request: RequestNumber,
        /// Which time it is.
        pend: u32,
    },
    /// The time for the decision on a request was extended: letters are due.
    TimeExtended {
        request: RequestNumber,
        /// By how many days.
        days: u32,
    },
    /// The time for the decision on a request was over, and what follows was carried out (REV-09).
    TimeOver { request: RequestNumber, then: Lapse },
    /// A request is back from its wait for information.
    RequestReturned {
        request: RequestNumber,
        queue: Queue,
        /// Nobody answered in time.
        silent: bool,
    },
    /// A request waits for the plan's file to cover the member on the days asked for (CASE-27).
    CoverageAwaited { request: RequestNumber },
    /// The plan's file covers the member now: review begins anew.
    CoverageCame { request: RequestNumber },
    /// A reviewer closed a request without a decision: letters are due.
    RequestVoided {
        request: RequestNumber,
        /// Why.
        #[serde(default)]
        because: Closed,
    },
    /// A request was put on a worklist.
    RequestRouted {
        request: RequestNumber,
        queue: Queue,
        /// What a reviewer has to look at, where no rule was asked because of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<Why>,
    },
    /// A reviewer took a request.
    RequestClaimed { request: RequestNumber, queue: Queue },
    /// Whoever leads the staff of the contract gave a request to a reviewer.
    RequestAssigned { request: RequestNumber, queue: Queue, to: Username },
    /// A reviewer gave a request back to its worklist.
    RequestReleased { request: RequestNumber, queue: Queue },
    /// A nurse referred a request to a physician.
    RequestReferred { request: RequestNumber },
    /// A request was decided: letters are due.
    RequestDetermined {
        request: RequestNumber,
        outcome: Outcome,
        /// Which decision on the request it is.
        #[serde(default = "first")]
        number: u32,
        /// It corrects the one before, whose place it takes.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        corrects: bool,
    },
    /// Claims were made under the authorization that a request was the first to get (ACT-03).
    AuthorizationBilled { request: RequestNumber },
    /// The provider asked for a conversation about a decision, with three times.
    TalkAsked { request: RequestNumber },
    /// A reviewer chose one of the times.
    TalkScheduled { request: RequestNumber, time: Timestamp },
    /// The conversation was held.
    TalkHeld { request: RequestNumber },
    /// The conversation was not held.
    TalkMissed { request: RequestNumber },
    /// A fair hearing about a decision was asked for.
    HearingRequested {
        request: RequestNumber,
        /// The side that recorded it.
        #[serde(default)]
        from: Side,
    },
    /// It is recorded when it will be held.
    HearingScheduled { request: RequestNumber, time: Timestamp },
    /// It is over.
    HearingEnded { request: RequestNumber, outcome: HearingEnd },
    /// One side wrote to the other.
    MessageSent {
        /// Who wrote.
        from: Side,
        /// The case's latest request.
        request: RequestNumber,
    },
    /// A reviewer has read what the provider wrote.
    MessagesRead,
    /// The time of a request is nearly over: the provider's to answer, or the one in which it is to be decided.
    DeadlineNear {
        request: RequestNumber,
        /// Whose.
        to: Side,
    },
    /// A draft was given up.
    CaseCancelled,
    /// Somebody took a draft over, or was given it.
    DraftHandedOver { to: Username },
    /// Nobody goes on with a draft: its owner is told that it ends at the end of that day.
    DraftEndNear { on: Date },
    /// It was to end, and goes on.
    DraftKept,
    /// It ended.
    DraftEnded,
    /// New rules of the contract leave something of a draft to correct.
    DraftToCorrect,
    /// A request was taken back before a decision.
    RequestWithdrawn { request: RequestNumber },
    /// A letter was written: delivery begins.
    LetterIssued { request: RequestNumber, letter: LetterId, audience: Audience },
    /// A letter lacks required elements, or cannot be set, and waits for repair (LTR-04).
    LetterHeld {
        request: RequestNumber,
        audience: Audience,
        missing: Vec<String>,
        /// It was held before, and was to be written again.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        again: bool,
    },
    /// Somebody asked for a letter that is held to be written again: it is due.
    LetterAsked { request: RequestNumber, letter: LetterId, audience: Audience },
    /// A further fax call is due after some minutes.
    FaxCallDue { request: RequestNumber, letter: LetterId, call: u32, after_minutes: u32 },
    /// A fax call was handed to the carrier.
    FaxCalled { request: RequestNumber, letter: LetterId, call: u32 },
    /// A fax call failed.
    FaxFailed { request: RequestNumber, letter: LetterId, call: u32, reason: String },
    /// All pages arrived.
    FaxDelivered {
        request: RequestNumber,
        letter: LetterId,
        /// How many, where the carrier says so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pages: Option<u32>,
    },
    /// No call is left: the letter goes by mail.
    FaxGivenUp { request: RequestNumber, letter: LetterId },
    /// A fax was filed to a request: it is a document of it.
    FaxFiled { request: RequestNumber, document: DocumentId },
    /// The carrier told of a fax for us: it is to be fetched.
    FaxArrived,
    /// A fax went to the intake of a contract.
    FaxToIntake { contract: ContractId },
    /// Somebody of intake took a fax.
    FaxTaken,
    /// They gave it back.
    FaxGivenBack,
    /// A fax became a document of a case, which was begun with it or stood before.
    FaxPlaced { case: CaseKey, request: RequestNumber },
    /// Intake closed a fax without a case.
    FaxClosed,
    /// The mail carrier took a letter.
    LetterMailed { request: RequestNumber, letter: LetterId },
    /// The mail carrier will never take a letter as it is: it waits for repair, and is written again as another one.
    MailRefused { request: RequestNumber, letter: LetterId, audience: Audience },
    /// A user was registered or added: the link is due.
    UserInvited { nonce: String },
    /// A user set password and second factor.
    UserEnrolled,
    /// A user asked for a new password: the link is due.
    PasswordForgotten { nonce: String },
    /// A user set a new password.
    PasswordReset,
    /// A user acknowledged these terms of use (ACC-08).
    TermsAcknowledged { contract: ContractId, version: String },
    /// A sign-in succeeded.
    SignedIn,
    /// A sign-in, or a PIN that was to prove something, was refused.
    SignInRefused {
        why: String,
        /// The caller's address.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
    },
    /// Too many failures in a row.
    UserLocked,
    /// Support lifted a lock or a deactivation after disuse.
    UserUnlocked,
    /// An administrator took the user out.
    UserDeactivated,
    /// An administrator reset the registration: a fresh link is due.
    RegistrationReset { nonce: String },
    /// Parts at providers were given, changed or taken.
    RolesChanged { roles: Vec<RoleNow> },
    /// First parts: of a new user, or at a provider that the user put into the group. Nobody has to be told.
    RolesGiven { roles: Vec<RoleNow> },
    /// A first post: of a new member of staff. Nobody has to be told.
    PostGiven { role: StaffRole, contracts: Vec<ContractId> },
    /// The post of a member of staff was changed.
    PostChanged { role: StaffRole, contracts: Vec<ContractId> },
    /// The user has to be told that the account is taken out then, unless somebody signs in (ACC-15).
    DormancyWarned { until: Timestamp },
    /// Nobody signed in for too long.
    UserDormant,
    /// Contact data were changed: which fields, never their values.
    ProfileChanged { fields: Vec<String> },
    /// A new e-mail address waits for its PIN.
    EmailChangeAsked { nonce: String },
    /// A new e-mail address holds: the old one is mailed a link that puts it back.
    EmailChanged { nonce: String },
    /// The old e-mail address was put back by its link.
    EmailPutBack,
    /// The user ended their sessions.
    SignedOut,
    /// A PIN is to be spoken to a phone number (ACC-11).
    PinCallAsked { nonce: String },
    /// A new phone number waits for the PIN that is to be spoken to it (ACC-17).
    PhoneChangeAsked { nonce: String },
    /// A new fax number waits for the code that is to be faxed to it (ACC-17).
    FaxChangeAsked { nonce: String },
    /// The page with the code is written.
    FaxCodeWritten { nonce: String },
    /// A user set up a further second factor.
    FactorAdded { factor: Factor },
    /// The user has to be told by mail that there is news on a case.
    NewsDue { case: CaseKey, request: RequestNumber, news: News },
    /// A system has to be notified under a subscription: of an answer that changed, by its number there; 0 is the handshake.
    NotificationDue { client: ClientId, subscription: SubscriptionId, number: u64 },
}

impl EventKind {
    /// Hours that the table keeps it, if not for good. Refusals are the one kind that anybody on the internet can have
    /// written, and news, by mail or to a system, stand with the cases; the copy on record outlives them.
    #[must_use]
    pub fn kept_for(&self) -> Option<i64> {
        matches!(self, Self::SignInRefused { .. } | Self::NewsDue { .. } | Self::NotificationDue { .. })
            .then_some(90 * 24)
    }
}

/// What followed when the time for a decision was over.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Lapse {
    /// Those who lead were told; it is still to be decided.
    Escalated,
    /// It counts as approved.
    DeemedApproved,
    /// It counts as denied.
    DeemedDenied,
}

/// How a fair hearing ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum HearingEnd {
    /// The decision stands.
    Upheld,
    /// All that was asked for is to be approved.
    Reversed,
    /// Some of it is.
    ReversedInPart,
    /// Whoever asked took it back.
    Withdrawn,
    /// It was not heard.
    Dismissed,
}

/// A part at a provider after a change; none when it was taken.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleNow {
    /// Where.
    pub provider: ProviderId,
    /// What the user is there now.
    pub role: Option<ProviderRole>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn event(kind: EventKind) -> Event {
        Event {
            id: EventId::new(Uuid::from_u128(5)),
            at: Timestamp::UNIX_EPOCH,
            by: Actor::System,
            about: About::Case(CaseKey::new(Uuid::from_u128(6))),
            kind,
        }
    }

    #[test]
    fn an_event_is_stored_flat_and_read_back() {
        let saved = event(EventKind::StepSaved { step: "providers".into() });
        let json = serde_json::to_value(&saved).unwrap();
        assert_eq!(json["kind"], "stepSaved");
        assert_eq!(serde_json::from_value::<Event>(json).unwrap(), saved);
    }
}
