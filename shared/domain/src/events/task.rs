//! What follows from an event: which tasks it gives to which queue.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    events::{About, Actor, Event, EventKind, news::News},
    id::{CaseKey, ClientId, EventId, FaxId, LetterId, RequestNumber, SubscriptionId, Username},
    status::{Audience, Side},
};

fn first_request() -> RequestNumber {
    RequestNumber::FIRST
}

/// A task that an event gives to a queue.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "task")]
#[expect(missing_docs, reason = "fields are ids")]
pub enum Task {
    /// Look at a submitted request.
    Review { case: CaseKey, request: RequestNumber },
    /// Write the letters of a determination.
    WriteLetters {
        case: CaseKey,
        request: RequestNumber,
        /// Which decision on the request they tell.
        #[serde(default = "crate::events::first")]
        number: u32,
    },
    /// Write the letters of a request for information.
    WriteInformationLetters {
        case: CaseKey,
        request: RequestNumber,
        /// Which of the request's.
        pend: u32,
    },
    /// Write the letters of a request that was closed without a decision.
    WriteVoidLetters { case: CaseKey, request: RequestNumber },
    /// Write the letters of a request that was taken back.
    WriteWithdrawalLetters { case: CaseKey, request: RequestNumber },
    /// Write the letters of an extension of the time for the decision.
    WriteExtensionLetters { case: CaseKey, request: RequestNumber },
    /// Write a letter again that is held for repair.
    WriteLetterAgain { case: CaseKey, letter: LetterId },
    /// Make a fax call.
    Fax { case: CaseKey, letter: LetterId, call: u32 },
    /// Mail a letter.
    Mail { case: CaseKey, letter: LetterId },
    /// Mail the link to set a password and a second factor.
    InviteNotice { user: Username, nonce: String },
    /// Mail the link to set a new password.
    PasswordNotice { user: Username, nonce: String },
    /// Tell a user that the account is locked.
    LockedNotice { user: Username },
    /// Mail the PIN that proves a new e-mail address, to that address.
    EmailPinNotice { user: Username, nonce: String },
    /// Mail the old e-mail address the link that puts it back.
    EmailUndoNotice { user: Username, nonce: String },
    /// Tell a user that the account is taken out then, unless somebody signs in.
    DormancyNotice { user: Username, until: Timestamp },
    /// Tell a user what was done to the account.
    AccountNotice { user: Username, news: AccountNews },
    /// Speak a PIN to the phone number that waits for it.
    PinCall { user: Username, nonce: String },
    /// Write the page with the code that proves a new fax number.
    WriteFaxCode { user: Username, nonce: String },
    /// Fax that page to the number.
    FaxCode { user: Username, nonce: String },
    /// Fetch a fax that came in, and file it or give it to intake.
    ReceiveFax { fax: FaxId },
    /// Tell everybody of a side that there is news of a request.
    CaseNotice {
        case: CaseKey,
        /// The request; the case's first where none is named.
        #[serde(default = "first_request")]
        request: RequestNumber,
        news: News,
        /// Who is told: the groups of the case's providers, or whoever holds the case.
        #[serde(default)]
        to: Side,
        /// Whether a system did it itself: it has its answer, and is not notified.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        answered: bool,
    },
    /// Mail one of them that there is.
    CaseMail { user: Username, case: CaseKey, request: RequestNumber, news: News },
    /// Send a system what it was not sent yet under a subscription.
    Notify { client: ClientId, subscription: SubscriptionId },
}

/// What was done to an account.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AccountNews {
    /// Parts at providers were given, changed or taken.
    RolesChanged,
    /// It was taken out.
    Deactivated,
    /// Nobody signed in for too long.
    Dormant,
    /// What a member of staff does, or for which contracts, was changed.
    PostChanged,
    /// It may be used again.
    Unlocked,
    /// Contact data were changed.
    ProfileChanged,
    /// A new e-mail address was entered and waits for its PIN; this goes to the one that still holds.
    EmailChanging,
    /// The old e-mail address was put back.
    EmailPutBack,
    /// The password was changed.
    PasswordChanged,
    /// A new phone number was entered and waits for its PIN.
    PhoneChanging,
    /// A new fax number was entered and waits for its code.
    FaxChanging,
    /// A further second factor was set up.
    FactorAdded,
}

/// A task on its way: what stands in a queue.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// The event that gave it; consumers are idempotent on it.
    pub event: EventId,
    /// What to do.
    #[serde(flatten)]
    pub task: Task,
}

/// The queue that a task belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Destination {
    /// Automatic review.
    Review,
    /// Letters.
    Letters,
    /// Fax calls.
    Fax,
    /// Mail.
    Mail,
    /// E-mail notices.
    Notices,
    /// Calls that speak a PIN.
    Pins,
    /// Faxes that came in.
    Received,
    /// Notifications of systems.
    Subscriptions,
}

impl Task {
    /// Where it goes.
    #[must_use]
    pub fn destination(&self) -> Destination {
        match self {
            Self::Review { .. } => Destination::Review,
            Self::WriteLetters { .. }
            | Self::WriteInformationLetters { .. }
            | Self::WriteVoidLetters { .. }
            | Self::WriteWithdrawalLetters { .. }
            | Self::WriteExtensionLetters { .. }
            | Self::WriteLetterAgain { .. }
            | Self::WriteFaxCode { .. } => Destination::Letters,
            Self::Fax { .. } | Self::FaxCode { .. } => Destination::Fax,
            Self::Mail { .. } => Destination::Mail,
            Self::InviteNotice { .. }
            | Self::PasswordNotice { .. }
            | Self::LockedNotice { .. }
            | Self::EmailPinNotice { .. }
            | Self::EmailUndoNotice { .. }
            | Self::AccountNotice { .. }
            | Self::DormancyNotice { .. }
            | Self::CaseNotice { .. }
            | Self::CaseMail { .. } => Destination::Notices,
            Self::PinCall { .. } => Destination::Pins,
            Self::ReceiveFax { .. } => Destination::Received,
            Self::Notify { .. } => Destination::Subscriptions,
        }
    }
}

impl Event {
    /// The tasks that it gives, each with minutes to wait.
    #[must_use]
    pub fn tasks(&self) -> Vec<(Task, u32)> {
        match &self.about {
            About::Case(case) => self.case_tasks(*case),
            About::User(user) => self.user_tasks(user),
            About::Fax(fax) if self.kind == EventKind::FaxArrived => vec![(Task::ReceiveFax { fax: *fax }, 0)],
            About::Fax(_) | About::Unknown(_) => Vec::new(),
        }
    }

    /// Whether a system did it, and has its answer. What comes back to its reviewer was answered by none of its requests' answers.
    fn answered(&self) -> bool {
        let system = matches!(&self.by, Actor::User(name) if name.as_str().parse::<ClientId>().is_ok());
        system && !matches!(self.kind, EventKind::RequestReturned { .. })
    }

    fn case_tasks(&self, case: CaseKey) -> Vec<(Task, u32)> {
        self.letters(case).map(|task| (task, 0)).into_iter().chain(self.told(case)).collect()
    }

    /// The letters that tell of it.
    #[expect(clippy::wildcard_enum_match_arm, reason = "most events are told by no letter")]
    fn letters(&self, case: CaseKey) -> Option<Task> {
        Some(match self.kind {
            EventKind::RequestDetermined { request, number, .. } => Task::WriteLetters { case, request, number },
            EventKind::InformationRequested { request, pend } => Task::WriteInformationLetters { case, request, pend },
            EventKind::RequestVoided { request, .. } => Task::WriteVoidLetters { case, request },
            EventKind::RequestWithdrawn { request } => Task::WriteWithdrawalLetters { case, request },
            EventKind::TimeExtended { request, .. } => Task::WriteExtensionLetters { case, request },
            EventKind::LetterAsked { letter, .. } => Task::WriteLetterAgain { case, letter },
            _ => return None,
        })
    }

    /// What else follows, and who is told that there is news.
    #[expect(clippy::too_many_lines, reason = "one arm for each kind of event, and nothing else")]
    fn told(&self, case: CaseKey) -> Vec<(Task, u32)> {
        let told = |request, news, to| (Task::CaseNotice { case, request, news, to, answered: self.answered() }, 0);
        let tell = |request, news| told(request, news, Side::Provider);
        let mail = |letter| (Task::Mail { case, letter }, 0);
        match self.kind {
            EventKind::CaseSubmitted { request, .. }
            | EventKind::RequestFollowed { request, .. }
            | EventKind::CoverageCame { request } => {
                vec![(Task::Review { case, request }, 0)]
            }
            EventKind::CoverageAwaited { request } => vec![tell(request, News::CoverageAwaited)],
            EventKind::RequestVoided { request, .. } => vec![tell(request, News::Voided)],
            EventKind::RequestDetermined { request, corrects, .. } => {
                vec![tell(request, if corrects { News::Corrected } else { News::Determined })]
            }
            EventKind::TimeExtended { request, .. } => vec![tell(request, News::TimeExtended)],
            EventKind::TimeOver { request, .. } => vec![told(request, News::TimeOver, Side::Staff)],
            EventKind::InformationRequested { request, .. } => vec![tell(request, News::InformationRequested)],
            EventKind::LetterIssued { letter, audience: Audience::Provider, request } => {
                vec![(Task::Fax { case, letter, call: 1 }, 0), tell(request, News::LetterReady)]
            }
            EventKind::LetterIssued { letter, audience: Audience::Member, .. } => vec![mail(letter)],
            EventKind::FaxCallDue { letter, call, after_minutes, .. } => {
                vec![(Task::Fax { case, letter, call }, after_minutes)]
            }
            EventKind::FaxGivenUp { letter, request } => vec![mail(letter), tell(request, News::FaxGivenUp)],
            EventKind::MailRefused { request, .. } => {
                vec![tell(request, News::MailRefused), told(request, News::MailRefused, Side::Staff)]
            }
            EventKind::FaxFiled { request, .. } => vec![tell(request, News::FaxFiled)],
            EventKind::RequestWithdrawn { request } => vec![tell(request, News::Withdrawn)],
            EventKind::RequestReturned { request, .. } => vec![tell(request, News::Returned)],
            EventKind::HearingScheduled { request, .. } | EventKind::HearingEnded { request, .. } => {
                vec![tell(request, News::Hearing)]
            }
            EventKind::MessageSent { from, request } => vec![told(request, News::Message, from.other())],
            EventKind::DeadlineNear { request, to } => vec![told(request, News::DeadlineNear, to)],
            EventKind::DraftHandedOver { .. } => vec![tell(RequestNumber::FIRST, News::DraftYours)],
            EventKind::DraftEndNear { .. } => vec![tell(RequestNumber::FIRST, News::DraftEndNear)],
            EventKind::DraftEnded => vec![tell(RequestNumber::FIRST, News::DraftEnded)],
            EventKind::DraftToCorrect => vec![tell(RequestNumber::FIRST, News::DraftToCorrect)],
            EventKind::CaseCreated
            | EventKind::CaseCancelled
            | EventKind::DraftKept
            | EventKind::LetterAsked { .. }
            | EventKind::StepSaved { .. }
            | EventKind::MemberMerged { .. }
            | EventKind::DocumentAwaited { .. }
            | EventKind::DocumentAccepted { .. }
            | EventKind::DocumentRefused { .. }
            | EventKind::DocumentRemoved { .. }
            | EventKind::InformationAdded { .. }
            | EventKind::InformationSeen { .. }
            | EventKind::MessagesRead
            | EventKind::RequestRouted { .. }
            | EventKind::RequestClaimed { .. }
            | EventKind::RequestAssigned { .. }
            | EventKind::RequestReleased { .. }
            | EventKind::RequestReferred { .. }
            | EventKind::AuthorizationBilled { .. }
            | EventKind::TalkAsked { .. }
            | EventKind::TalkScheduled { .. }
            | EventKind::TalkHeld { .. }
            | EventKind::TalkMissed { .. }
            | EventKind::HearingRequested { .. }
            | EventKind::LetterHeld { .. }
            | EventKind::FaxCalled { .. }
            | EventKind::FaxFailed { .. }
            | EventKind::FaxDelivered { .. }
            | EventKind::LetterMailed { .. }
            | EventKind::FaxArrived
            | EventKind::FaxToIntake { .. }
            | EventKind::FaxTaken
            | EventKind::FaxGivenBack
            | EventKind::FaxPlaced { .. }
            | EventKind::FaxClosed
            | EventKind::UserInvited { .. }
            | EventKind::UserEnrolled
            | EventKind::PasswordForgotten { .. }
            | EventKind::PasswordReset
            | EventKind::SignedIn
            | EventKind::SignInRefused { .. }
            | EventKind::UserLocked
            | EventKind::UserUnlocked
            | EventKind::UserDeactivated
            | EventKind::RegistrationReset { .. }
            | EventKind::RolesChanged { .. }
            | EventKind::RolesGiven { .. }
            | EventKind::PostGiven { .. }
            | EventKind::PostChanged { .. }
            | EventKind::DormancyWarned { .. }
            | EventKind::UserDormant
            | EventKind::ProfileChanged { .. }
            | EventKind::EmailChangeAsked { .. }
            | EventKind::EmailChanged { .. }
            | EventKind::EmailPutBack
            | EventKind::SignedOut
            | EventKind::PinCallAsked { .. }
            | EventKind::PhoneChangeAsked { .. }
            | EventKind::FaxChangeAsked { .. }
            | EventKind::FaxCodeWritten { .. }
            | EventKind::FactorAdded { .. }
            | EventKind::TermsAcknowledged { .. }
            | EventKind::NewsDue { .. }
            | EventKind::NotificationDue { .. } => Vec::new(),
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the case events stand in `told`, which lists all")]
    fn user_tasks(&self, user: &Username) -> Vec<(Task, u32)> {
        let user = user.clone();
        let tell = |news| vec![(Task::AccountNotice { user: user.clone(), news }, 0)];
        match &self.kind {
            EventKind::UserInvited { nonce } | EventKind::RegistrationReset { nonce } => {
                vec![(Task::InviteNotice { user, nonce: nonce.clone() }, 0)]
            }
            EventKind::PasswordForgotten { nonce } => vec![(Task::PasswordNotice { user, nonce: nonce.clone() }, 0)],
            EventKind::UserLocked => vec![(Task::LockedNotice { user }, 0)],
            EventKind::UserUnlocked => tell(AccountNews::Unlocked),
            EventKind::UserDeactivated => tell(AccountNews::Deactivated),
            EventKind::RolesChanged { .. } => tell(AccountNews::RolesChanged),
            EventKind::PostChanged { .. } => tell(AccountNews::PostChanged),
            EventKind::UserDormant => tell(AccountNews::Dormant),
            EventKind::DormancyWarned { until } => vec![(Task::DormancyNotice { user, until: *until }, 0)],
            // Nothing of it lets anybody in.
            EventKind::ProfileChanged { fields } if fields.iter().all(|field| field == "newsMail") => Vec::new(),
            EventKind::ProfileChanged { .. } => tell(AccountNews::ProfileChanged),
            EventKind::FactorAdded { .. } => tell(AccountNews::FactorAdded),
            EventKind::PasswordReset => tell(AccountNews::PasswordChanged),
            EventKind::EmailChangeAsked { nonce } => {
                let mut tasks = tell(AccountNews::EmailChanging);
                tasks.push((Task::EmailPinNotice { user, nonce: nonce.clone() }, 0));
                tasks
            }
            EventKind::EmailChanged { nonce } => {
                vec![(Task::EmailUndoNotice { user, nonce: nonce.clone() }, 0)]
            }
            EventKind::EmailPutBack => tell(AccountNews::EmailPutBack),
            EventKind::PinCallAsked { nonce } => vec![(Task::PinCall { user, nonce: nonce.clone() }, 0)],
            EventKind::PhoneChangeAsked { nonce } => {
                let mut tasks = tell(AccountNews::PhoneChanging);
                tasks.push((Task::PinCall { user, nonce: nonce.clone() }, 0));
                tasks
            }
            EventKind::FaxChangeAsked { nonce } => {
                let mut tasks = tell(AccountNews::FaxChanging);
                tasks.push((Task::WriteFaxCode { user, nonce: nonce.clone() }, 0));
                tasks
            }
            EventKind::NewsDue { case, request, news } => {
                vec![(Task::CaseMail { user, case: *case, request: *request, news: *news }, 0)]
            }
            EventKind::NotificationDue { client, subscription, .. } => {
                vec![(Task::Notify { client: *client, subscription: *subscription }, 0)]
            }
            EventKind::FaxCodeWritten { nonce } => vec![(Task::FaxCode { user, nonce: nonce.clone() }, 0)],
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{events::Actor, factor::Factor, status::Outcome};
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

    /// REQ: LTR-01
    #[test]
    fn a_determination_wakes_letters_and_the_notice() {
        let request = RequestNumber::FIRST;
        let tasks =
            event(EventKind::RequestDetermined { request, outcome: Outcome::Denied, number: 1, corrects: false })
                .tasks();
        let to: Vec<_> = tasks.iter().map(|(task, _)| task.destination()).collect();
        assert_eq!(to, [Destination::Letters, Destination::Notices]);
    }

    #[test]
    fn a_held_letter_that_is_asked_for_wakes_letters_alone() {
        let (letter, audience) = (LetterId::new(Uuid::from_u128(7)), Audience::Member);
        let asked = event(EventKind::LetterAsked { request: RequestNumber::FIRST, letter, audience });
        let task = Task::WriteLetterAgain { case: CaseKey::new(Uuid::from_u128(6)), letter };
        assert_eq!((task.destination(), asked.tasks()), (Destination::Letters, vec![(task, 0)]));
    }

    #[test]
    fn a_message_is_told_to_the_other_side_and_a_letter_to_the_providers() {
        let request = RequestNumber::FIRST;
        let told = |kind| {
            let notice = |(task, _)| {
                if let Task::CaseNotice { news, to, .. } = task { Some((news, to)) } else { None }
            };
            event(kind).tasks().into_iter().filter_map(notice).collect::<Vec<_>>()
        };
        let from = |from| told(EventKind::MessageSent { from, request });
        assert_eq!(from(Side::Provider), [(News::Message, Side::Staff)]);
        assert_eq!(from(Side::Staff), [(News::Message, Side::Provider)]);
        let letter = LetterId::new(Uuid::from_u128(7));
        let issued = |audience| told(EventKind::LetterIssued { request, letter, audience });
        assert_eq!(issued(Audience::Provider), [(News::LetterReady, Side::Provider)]);
        assert_eq!(issued(Audience::Member), []);
        let refused = told(EventKind::MailRefused { request, letter, audience: Audience::Member });
        assert_eq!(refused, [(News::MailRefused, Side::Provider), (News::MailRefused, Side::Staff)]);
        let near = EventKind::DeadlineNear { request, to: Side::Staff };
        assert_eq!(told(near), [(News::DeadlineNear, Side::Staff)]);
    }

    /// REQ: ORG-08, ACC-17
    #[test]
    fn whoever_is_concerned_is_told_and_a_new_address_is_proven() {
        let about = |kind| Event { about: About::User("ann".parse().unwrap()), ..event(kind) };
        let tasks = |kind| about(kind).tasks().into_iter().map(|(task, _)| task).collect::<Vec<_>>();
        let user: Username = "ann".parse().unwrap();
        let told = |news| Task::AccountNotice { user: user.clone(), news };
        assert_eq!(tasks(EventKind::RolesChanged { roles: vec![] }), [told(AccountNews::RolesChanged)]);
        assert_eq!(tasks(EventKind::UserDeactivated), [told(AccountNews::Deactivated)]);
        assert_eq!(tasks(EventKind::UserDormant), [told(AccountNews::Dormant)]);
        let until = Timestamp::UNIX_EPOCH;
        let warning = Task::DormancyNotice { user: user.clone(), until };
        assert_eq!(tasks(EventKind::DormancyWarned { until }), [warning]);
        assert_eq!(tasks(EventKind::FactorAdded { factor: Factor::Text }), [told(AccountNews::FactorAdded)]);
        let nonce = || "n".to_owned();
        let pin = Task::EmailPinNotice { user: user.clone(), nonce: nonce() };
        assert_eq!(tasks(EventKind::EmailChangeAsked { nonce: nonce() }), [told(AccountNews::EmailChanging), pin]);
        let undo = Task::EmailUndoNotice { user: user.clone(), nonce: nonce() };
        assert_eq!(tasks(EventKind::EmailChanged { nonce: nonce() }), [undo]);
        assert_eq!(tasks(EventKind::EmailPutBack), [told(AccountNews::EmailPutBack)]);
        let call = Task::PinCall { user: user.clone(), nonce: nonce() };
        assert_eq!(
            (call.destination(), tasks(EventKind::PinCallAsked { nonce: nonce() })),
            (Destination::Pins, vec![call.clone()])
        );
        assert_eq!(tasks(EventKind::PhoneChangeAsked { nonce: nonce() }), [told(AccountNews::PhoneChanging), call]);
        let link = Task::InviteNotice { user: user.clone(), nonce: nonce() };
        assert_eq!(tasks(EventKind::RegistrationReset { nonce: nonce() }), [link]);
    }

    /// REQ: OPS-06
    #[test]
    fn a_queue_body_is_ids_only() {
        let (task, delay) = event(EventKind::FaxCallDue {
            request: RequestNumber::FIRST,
            letter: LetterId::new(Uuid::from_u128(7)),
            call: 2,
            after_minutes: 5,
        })
        .tasks()
        .remove(0);
        assert_eq!(delay, 5);
        let body = serde_json::to_value(Message { event: EventId::new(Uuid::from_u128(5)), task }).unwrap();
        assert_eq!(
            body,
            serde_json::json!({
                "event": "evt_00000000000000000000000000000005", "task": "fax", "call": 2,
                "case": "cas_00000000000000000000000000000006", "letter": "ltr_00000000000000000000000000000007",
            })
        );
    }
}
