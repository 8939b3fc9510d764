//! How a letter reaches people: calls to a fax, fall-back to mail, and the evidence of each attempt (LTR-05, LTR-06).

use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    calendar::Zone,
    contact::Phone,
    contracts::fax::FaxRules,
    events::EventKind,
    id::{CaseKey, IdError, LetterId, RequestNumber},
    status::Audience,
};

pub mod intake;
#[cfg(test)]
mod intake_tests;
pub mod received;
#[cfg(test)]
mod tests;

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
    /// How many pages have to arrive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<u32>,
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
    /// When it has failed, if the carrier has said nothing final by then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report_by: Option<Timestamp>,
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
        /// How many pages; none where the carrier does not say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pages: Option<u32>,
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
    /// The rank of what nothing follows.
    const FINAL: u8 = 2;

    /// The same, unless it says that a letter of so many pages arrived with fewer: that is a failure. A report without a number
    /// says that all arrived.
    fn of_pages(self, expected: Option<u32>) -> Self {
        match (self, expected) {
            (Self::Delivered { at, pages: Some(pages) }, Some(expected)) if pages < expected => {
                Self::Failed { at, reason: format!("only {pages} of {expected} pages arrived") }
            }
            (status, _) => status,
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Queued => 0,
            Self::Sending => 1,
            Self::Delivered { .. } | Self::Failed { .. } => Self::FINAL,
        }
    }
}

/// Whether another call to the same number would fail as well. Carriers write these words with blanks, hyphens or none.
fn is_for_good(reason: &str) -> bool {
    const FOR_GOOD: [&str; 14] = [
        "invalidnumber",
        "invalidphonenumber",
        "invaliddestination",
        "invalidrecipient",
        "wrongnumber",
        "rejected",
        "blocked",
        "unallocatednumber",
        "unassignednumber",
        "numbernotinservice",
        "notinservice",
        "disconnected",
        "notafax",
        "unsupporteddestination",
    ];
    let word: String = reason.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    FOR_GOOD.iter().any(|known| word.contains(known))
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
    /// That the carrier will never take it as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<MailRefusal>,
}

/// That the carrier refused a letter for good.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MailRefusal {
    /// When.
    pub at: Timestamp,
    /// With which status.
    pub status: u16,
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

/// The reference of a call that brings a code to a fax number: of it nothing is kept.
pub const CODE_REFERENCE: &str = "fax-code";

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
    pub fn by_fax(letter: LetterId, request: RequestNumber, to: Phone, pages: u32) -> Self {
        Self { letter, request, fax_to: Some(to), calls: Vec::new(), mail: None, pages: Some(pages) }
    }

    /// A letter on its way by mail.
    #[must_use]
    pub fn by_mail(letter: LetterId, request: RequestNumber) -> Self {
        Self { letter, request, fax_to: None, calls: Vec::new(), mail: None, pages: None }
    }

    /// Whether the `number`-th call (from 1) may be handed over now: one that was begun may have reached the carrier, and waits for no
    /// hour any more.
    #[must_use]
    pub fn may_call(&self, number: u32, rules: &FaxRules, now: Timestamp, zone: &Zone) -> bool {
        let place = usize::try_from(number).unwrap_or(usize::MAX).saturating_sub(1);
        self.calls.get(place).is_some() || rules.may_call(now, zone)
    }

    /// Begins the `number`-th call (from 1). A call that was begun and never reached the carrier is handed over again,
    /// under the same idempotency key, so that a crash between the two neither loses nor doubles it.
    #[must_use]
    pub fn begin_call(mut self, number: u32, rules: &FaxRules, at: Timestamp) -> (Self, CallStep) {
        let place = usize::try_from(number).unwrap_or(usize::MAX).saturating_sub(1);
        match self.calls.get(place) {
            Some(call) if call.carrier_id.is_some() || call.status.rank() > 0 => (self, CallStep::Done),
            Some(_) => (self, CallStep::HandOver),
            None => {
                let report_by = at.checked_add(Span::new().hours(i64::from(rules.report_hours.min(24 * 365)))).ok();
                let status = CallStatus::Queued;
                self.calls.push(Call { at, carrier_id: None, status, report_by, reports: Vec::new() });
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
            Some(Mailing { carrier_id: Some(_), .. } | Mailing { refused: Some(_), .. }) => return None,
            Some(Mailing { why, .. }) => *why,
            None => MailReason::Usual,
        };
        self.mail = Some(Mailing { at, carrier_id: Some(carrier_id), why, refused: None });
        let event = EventKind::LetterMailed { request: self.request, letter: self.letter };
        Some((self, event))
    }

    /// Notes that the print-and-mail carrier will never take the letter as it is. `None` when it has taken or refused it before.
    #[must_use]
    pub fn mail_refused(mut self, audience: Audience, status: u16, at: Timestamp) -> Option<(Self, EventKind)> {
        if self.is_mailed() || self.is_refused() {
            return None;
        }
        let why = self.mail.as_ref().map_or(MailReason::Usual, |mail| mail.why);
        self.mail = Some(Mailing { at, carrier_id: None, why, refused: Some(MailRefusal { at, status }) });
        let event = EventKind::MailRefused { request: self.request, letter: self.letter, audience };
        Some((self, event))
    }

    /// Whether the print-and-mail carrier refused the letter for good.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.mail.as_ref().is_some_and(|mail| mail.refused.is_some())
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
        let (letter, request, at, expected) = (self.letter, self.request, report.at, self.pages);
        let call = self.call_mut(number)?;
        if call.reports.iter().any(|seen| seen.id == report.id) {
            return None;
        }
        let status = report.says.clone().of_pages(expected);
        call.reports.push(report);
        if status.rank() <= call.status.rank() {
            return Some((self, Vec::new()));
        }
        call.status = status.clone();
        let events = match status {
            CallStatus::Queued | CallStatus::Sending => Vec::new(),
            CallStatus::Delivered { pages, .. } => vec![EventKind::FaxDelivered { request, letter, pages }],
            CallStatus::Failed { reason, .. } => {
                let again = if is_for_good(&reason) { None } else { rules.back_off(number) };
                self.failed(number, reason, again, at)
            }
        };
        Some((self, events))
    }

    /// What follows from a call that failed: the next one, or the mail.
    fn failed(&mut self, call: u32, reason: String, again_after: Option<u32>, at: Timestamp) -> Vec<EventKind> {
        let (letter, request) = (self.letter, self.request);
        let next = match again_after {
            Some(after_minutes) => EventKind::FaxCallDue { request, letter, call: call + 1, after_minutes },
            None => {
                self.mail = Some(Mailing { at, carrier_id: None, why: MailReason::FaxFailed, refused: None });
                EventKind::FaxGivenUp { request, letter }
            }
        };
        vec![EventKind::FaxFailed { request, letter, call, reason }, next]
    }

    /// When the call that is under way has failed, if nothing more is heard of it.
    #[must_use]
    pub fn report_by(&self) -> Option<Timestamp> {
        self.calls.last().filter(|call| call.status.rank() < CallStatus::FINAL).and_then(|call| call.report_by)
    }

    /// Gives a call up of which the carrier has said nothing for too long: the letter has waited long enough and goes by
    /// mail. `None` while there is time, or nothing to wait for.
    #[must_use]
    pub fn silent(mut self, now: Timestamp) -> Option<(Self, Vec<EventKind>)> {
        self.report_by().filter(|by| *by <= now)?;
        let number = u32::try_from(self.calls.len()).ok()?;
        let reason = "no report from the carrier".to_owned();
        let call = self.calls.last_mut()?;
        call.status = CallStatus::Failed { at: now, reason: reason.clone() };
        let events = self.failed(number, reason, None, now);
        Some((self, events))
    }

    fn call_mut(&mut self, number: u32) -> Option<&mut Call> {
        self.calls.get_mut(usize::try_from(number).ok()?.checked_sub(1)?)
    }
}
