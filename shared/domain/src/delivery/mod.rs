//! How a letter reaches people: calls to a fax, fall-back to mail, and the evidence of each attempt (LTR-05, LTR-06).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    contact::Phone,
    contracts::FaxRules,
    events::EventKind,
    id::{CaseKey, IdError, LetterId, RequestNumber},
};

/// What was done to bring one letter to its reader.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// The letter.
    pub letter: LetterId,
    /// The request it is about.
    pub request: RequestNumber,
    /// The number it is faxed to; `None` for a letter that only goes by mail.
    pub fax_to: Option<Phone>,
    /// Each call, in order.
    pub calls: Vec<Call>,
    /// The mailing, if it came to that.
    pub mail: Option<Mailing>,
}

/// One call to the fax number.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Call {
    /// When it was handed to the carrier.
    pub at: Timestamp,
    /// The carrier's id, once it has answered.
    pub carrier_id: Option<String>,
    /// How far it is.
    pub status: CallStatus,
    /// The carrier's reports as they came, old and repeated ones included.
    pub reports: Vec<Report>,
}

/// How far a call is; later ones are greater, and a status only grows (LTR-06).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "is")]
pub enum CallStatus {
    /// Handed over.
    Queued,
    /// The carrier is sending.
    Sending,
    /// All pages arrived.
    Delivered {
        /// When.
        at: Timestamp,
        /// How many pages.
        pages: u32,
    },
    /// It did not arrive.
    Failed {
        /// When.
        at: Timestamp,
        /// The carrier's reason, e.g. `busy`.
        reason: String,
    },
}

impl CallStatus {
    fn rank(&self) -> u8 {
        match self {
            Self::Queued => 0,
            Self::Sending => 1,
            Self::Delivered { .. } | Self::Failed { .. } => 2,
        }
    }
}

/// A report of the carrier about a call.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The carrier's own id of the report.
    pub id: String,
    /// When it reached us.
    pub at: Timestamp,
    /// What it says.
    pub says: CallStatus,
}

/// A letter handed to the print-and-mail carrier.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mailing {
    /// When it was handed over.
    pub at: Timestamp,
    /// The carrier's id, once it has answered.
    pub carrier_id: Option<String>,
    /// Why it is mailed.
    pub why: MailReason,
}

/// Why a letter is mailed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MailReason {
    /// Its reader gets letters by mail.
    Usual,
    /// It could not be faxed.
    FaxFailed,
}

/// Names a call towards the carrier and back: `<case>/<letter>/<call>`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CallReference {
    /// The case.
    pub case: CaseKey,
    /// The letter.
    pub letter: LetterId,
    /// Which call of the letter, from 1.
    pub call: u32,
}

impl std::fmt::Display for CallReference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}/{}", self.case, self.letter, self.call)
    }
}

impl std::str::FromStr for CallReference {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let error = || IdError("the reference of a fax call");
        let (case, rest) = text.split_once('/').ok_or_else(error)?;
        let (letter, call) = rest.split_once('/').ok_or_else(error)?;
        let call = call.parse().ok().filter(|call| *call > 0).ok_or_else(error)?;
        Ok(Self { case: case.parse()?, letter: letter.parse()?, call })
    }
}

/// What a worker has to do for a call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CallStep {
    /// Save this state, then hand the call to the carrier.
    HandOver,
    /// The carrier has it already.
    Done,
}

impl Delivery {
    /// A letter on its way by fax.
    #[must_use]
    pub fn by_fax(letter: LetterId, request: RequestNumber, to: Phone) -> Self {
        Self { letter, request, fax_to: Some(to), calls: Vec::new(), mail: None }
    }

    /// A letter on its way by mail.
    #[must_use]
    pub fn by_mail(letter: LetterId, request: RequestNumber) -> Self {
        Self { letter, request, fax_to: None, calls: Vec::new(), mail: None }
    }

    /// Begins the `number`-th call (from 1). A call that was begun and never reached the carrier is handed over again,
    /// under the same idempotency key, so that a crash between the two neither loses nor doubles it.
    #[must_use]
    pub fn begin_call(mut self, number: u32, at: Timestamp) -> (Self, CallStep) {
        let place = usize::try_from(number).unwrap_or(usize::MAX).saturating_sub(1);
        match self.calls.get(place) {
            Some(call) if call.carrier_id.is_some() || call.status.rank() > 0 => (self, CallStep::Done),
            Some(_) => (self, CallStep::HandOver),
            None => {
                self.calls.push(Call { at, carrier_id: None, status: CallStatus::Queued, reports: Vec::new() });
                (self, CallStep::HandOver)
            }
        }
    }

    /// Notes that the carrier took a call, under its id. `None` when that is known.
    #[must_use]
    pub fn call_accepted(mut self, number: u32, carrier_id: String) -> Option<(Self, EventKind)> {
        let call = self.call_mut(number).filter(|call| call.carrier_id.is_none())?;
        call.carrier_id = Some(carrier_id);
        let event = EventKind::FaxCalled { request: self.request, letter: self.letter, call: number };
        Some((self, event))
    }

    /// Notes that the print-and-mail carrier took the letter. `None` when it has taken it before.
    #[must_use]
    pub fn mailed(mut self, carrier_id: String, at: Timestamp) -> Option<(Self, EventKind)> {
        let why = match &self.mail {
            Some(Mailing { carrier_id: Some(_), .. }) => return None,
            Some(Mailing { why, .. }) => *why,
            None => MailReason::Usual,
        };
        self.mail = Some(Mailing { at, carrier_id: Some(carrier_id), why });
        let event = EventKind::LetterMailed { request: self.request, letter: self.letter };
        Some((self, event))
    }

    /// Whether the print-and-mail carrier has the letter.
    #[must_use]
    pub fn is_mailed(&self) -> bool {
        self.mail.as_ref().is_some_and(|mail| mail.carrier_id.is_some())
    }

    /// Applies a report about the `number`-th call. `None` when it was seen before; an old one is kept as evidence and
    /// changes nothing else.
    #[must_use]
    pub fn report(mut self, number: u32, report: Report, rules: &FaxRules) -> Option<(Self, Vec<EventKind>)> {
        let (letter, request, at) = (self.letter, self.request, report.at);
        let call = self.call_mut(number)?;
        if call.reports.iter().any(|seen| seen.id == report.id) {
            return None;
        }
        let status = report.says.clone();
        call.reports.push(report);
        if status.rank() <= call.status.rank() {
            return Some((self, Vec::new()));
        }
        call.status = status.clone();
        let events = match status {
            CallStatus::Queued | CallStatus::Sending => Vec::new(),
            CallStatus::Delivered { pages, .. } => vec![EventKind::FaxDelivered { request, letter, pages }],
            CallStatus::Failed { reason, .. } => {
                let failed = EventKind::FaxFailed { request, letter, call: number, reason };
                match rules.back_off(number) {
                    Some(minutes) => {
                        vec![
                            failed,
                            EventKind::FaxCallDue { request, letter, call: number + 1, after_minutes: minutes },
                        ]
                    }
                    None => {
                        self.mail = Some(Mailing { at, carrier_id: None, why: MailReason::FaxFailed });
                        vec![failed, EventKind::FaxGivenUp { request, letter }]
                    }
                }
            }
        };
        Some((self, events))
    }

    fn call_mut(&mut self, number: u32) -> Option<&mut Call> {
        self.calls.get_mut(usize::try_from(number).ok()?.checked_sub(1)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn rules() -> FaxRules {
        FaxRules { attempts: 3, back_off_minutes: vec![5, 15] }
    }

    fn at() -> Timestamp {
        Timestamp::from_second(1_780_000_000).unwrap()
    }

    fn report(id: &str, says: CallStatus) -> Report {
        Report { id: id.into(), at: at(), says }
    }

    fn called() -> Delivery {
        let letter = LetterId::new(Uuid::from_u128(9));
        let delivery = Delivery::by_fax(letter, RequestNumber::FIRST, "501-555-0199".parse().unwrap());
        delivery.begin_call(1, at()).0
    }

    fn busy() -> CallStatus {
        CallStatus::Failed { at: at(), reason: "busy".into() }
    }

    fn done() -> CallStatus {
        CallStatus::Delivered { at: at(), pages: 2 }
    }

    /// REQ: LTR-05
    #[test]
    fn a_busy_line_is_called_again_and_the_last_failure_falls_back_to_mail() {
        let (delivery, events) = called().report(1, report("a", busy()), &rules()).unwrap();
        assert!(matches!(
            events[..],
            [EventKind::FaxFailed { .. }, EventKind::FaxCallDue { call: 2, after_minutes: 5, .. }]
        ));
        let (delivery, events) = delivery.begin_call(2, at()).0.report(2, report("b", busy()), &rules()).unwrap();
        assert!(matches!(events[1], EventKind::FaxCallDue { call: 3, after_minutes: 15, .. }));
        let (delivery, events) = delivery.begin_call(3, at()).0.report(3, report("c", busy()), &rules()).unwrap();
        assert!(matches!(events[1], EventKind::FaxGivenUp { .. }));
        assert_eq!(delivery.mail.unwrap().why, MailReason::FaxFailed);
    }

    /// REQ: LTR-05
    #[test]
    fn a_call_is_handed_over_until_the_carrier_has_it() {
        let (again, step) = called().begin_call(1, at());
        assert_eq!(step, CallStep::HandOver);
        let (accepted, event) = again.call_accepted(1, "fax-1".into()).unwrap();
        assert!(matches!(event, EventKind::FaxCalled { call: 1, .. }));
        assert_eq!(accepted.clone().call_accepted(1, "fax-2".into()), None);
        let (kept, step) = accepted.begin_call(1, at());
        assert_eq!((kept.calls.len(), step), (1, CallStep::Done));
    }

    /// REQ: LTR-05
    #[test]
    fn a_letter_is_mailed_once_and_keeps_why() {
        let member = Delivery::by_mail(LetterId::new(Uuid::from_u128(9)), RequestNumber::FIRST);
        let (mailed, event) = member.mailed("mail-1".into(), at()).unwrap();
        assert!(mailed.is_mailed() && matches!(event, EventKind::LetterMailed { .. }));
        assert_eq!(mailed.mailed("mail-2".into(), at()), None);
        let rules = FaxRules { attempts: 1, back_off_minutes: vec![5] };
        let (given_up, _) = called().report(1, report("a", busy()), &rules).unwrap();
        assert!(!given_up.is_mailed());
        assert_eq!(given_up.mailed("mail-3".into(), at()).unwrap().0.mail.unwrap().why, MailReason::FaxFailed);
    }

    /// REQ: LTR-06
    #[test]
    fn a_call_is_known_by_the_reference_that_the_carrier_gives_back() {
        let (case, letter) = (CaseKey::new(Uuid::from_u128(8)), LetterId::new(Uuid::from_u128(9)));
        let reference = CallReference { case, letter, call: 2 };
        assert_eq!(reference.to_string().parse(), Ok(reference));
        let text = reference.to_string();
        for bad in ["", "cas_1/ltr_2/1", text.trim_end_matches("/2"), &text.replace("/2", "/0"), &format!("{text}/3")] {
            assert!(bad.parse::<CallReference>().is_err(), "{bad}");
        }
    }

    fn any_report() -> impl Strategy<Value = CallStatus> {
        prop_oneof![Just(CallStatus::Queued), Just(CallStatus::Sending), Just(done()), Just(busy())]
    }

    proptest! {
        /// REQ: LTR-06
        #[test]
        fn reports_in_any_order_and_number_only_move_forward_and_decide_once(
            says in proptest::collection::vec((0u8..4, any_report()), 1..12),
        ) {
            let mut delivery = called();
            let mut decided = 0;
            let mut rank = 0;
            for (id, status) in says {
                if let Some((next, events)) = delivery.clone().report(1, report(&format!("r{id}"), status), &rules()) {
                    decided += usize::from(!events.is_empty());
                    delivery = next;
                }
                prop_assert!(delivery.calls[0].status.rank() >= rank);
                rank = delivery.calls[0].status.rank();
            }
            prop_assert!(decided <= 1);
        }
    }
}
