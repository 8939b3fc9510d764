//! Facts for tests.

use jiff::Timestamp;
use uuid::Uuid;

use super::fact::{Fact, Made};
use crate::{
    id::{CaseId, GroupId, ProviderId, RequestNumber},
    service::{ReviewKind, Setting, Urgency},
    status::Outcome,
};

pub(crate) fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A standard request received then, due a week later, open.
pub(crate) fn fact(number: u64, received: &str) -> Fact {
    Fact {
        case: CaseId::new(jiff::civil::date(2026, 5, 7), number),
        request: RequestNumber::FIRST,
        of: None,
        provider: ProviderId::new(Uuid::from_u128(100)),
        provider_name: "Sunrise Clinic".into(),
        group: Some(GroupId::new(Uuid::from_u128(1))),
        review: ReviewKind::Initial,
        urgency: Urgency::Standard,
        setting: Setting::Outpatient,
        service_type: "day-habilitative".into(),
        drugs: false,
        received: instant(received),
        due: Some(instant(received) + jiff::SignedDuration::from_hours(168)),
        extended: false,
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
    }
}

/// The same, decided so many hours after it was received.
pub(crate) fn decided(number: u64, received: &str, outcome: Outcome, hours: i64) -> Fact {
    let at = instant(received) + jiff::SignedDuration::from_hours(hours);
    let by = Some("pat.lee".parse().unwrap());
    Fact { decisions: vec![Made { at, outcome, by, untimely: false }], ..fact(number, received) }
}
