use super::*;
use crate::contracts::fax::CallingHours;
use proptest::prelude::*;
use uuid::Uuid;

fn rules() -> FaxRules {
    FaxRules { attempts: 3, back_off_minutes: vec![5, 15], report_hours: 24, hours: None }
}

fn at() -> Timestamp {
    Timestamp::from_second(1_780_000_000).unwrap()
}

fn report(id: &str, says: CallStatus) -> Report {
    Report { id: id.into(), at: at(), says }
}

fn called() -> Delivery {
    let letter = LetterId::new(Uuid::from_u128(9));
    let delivery = Delivery::by_fax(letter, RequestNumber::FIRST, "501-555-0199".parse().unwrap(), 2);
    delivery.begin_call(1, &rules(), at()).0
}

fn busy() -> CallStatus {
    CallStatus::Failed { at: at(), reason: "busy".into() }
}

fn done() -> CallStatus {
    CallStatus::Delivered { at: at(), pages: Some(2) }
}

/// REQ: LTR-05
#[test]
fn a_busy_line_is_called_again_and_the_last_failure_falls_back_to_mail() {
    let (delivery, events) = called().report(1, report("a", busy()), &rules()).unwrap();
    assert!(matches!(
        events[..],
        [EventKind::FaxFailed { .. }, EventKind::FaxCallDue { call: 2, after_minutes: 5, .. }]
    ));
    let (delivery, events) = delivery.begin_call(2, &rules(), at()).0.report(2, report("b", busy()), &rules()).unwrap();
    assert!(matches!(events[1], EventKind::FaxCallDue { call: 3, after_minutes: 15, .. }));
    let (delivery, events) = delivery.begin_call(3, &rules(), at()).0.report(3, report("c", busy()), &rules()).unwrap();
    assert!(matches!(events[1], EventKind::FaxGivenUp { .. }));
    assert_eq!(delivery.mail.unwrap().why, MailReason::FaxFailed);
}

/// REQ: LTR-05
#[test]
fn a_call_is_handed_over_until_the_carrier_has_it() {
    let (again, step) = called().begin_call(1, &rules(), at());
    assert_eq!(step, CallStep::HandOver);
    let (accepted, event) = again.call_accepted(1, "fax-1".into()).unwrap();
    assert!(matches!(event, EventKind::FaxCalled { call: 1, .. }));
    assert_eq!(accepted.clone().call_accepted(1, "fax-2".into()), None);
    let (kept, step) = accepted.begin_call(1, &rules(), at());
    assert_eq!((kept.calls.len(), step), (1, CallStep::Done));
}

#[test]
fn a_call_that_was_begun_waits_for_no_hour() {
    let hours = CallingHours { from: jiff::civil::time(7, 0, 0, 0), to: jiff::civil::time(21, 0, 0, 0) };
    let (by_day, zone) = (FaxRules { hours: Some(hours), ..rules() }, "America/Chicago".parse().unwrap());
    let (noon, night) = ("2026-07-01T17:00:00Z".parse().unwrap(), "2026-07-02T04:00:00Z".parse().unwrap());
    assert!(called().may_call(1, &by_day, night, &zone), "the carrier may have it already");
    assert!(!called().may_call(2, &by_day, night, &zone) && called().may_call(2, &by_day, noon, &zone));
}

/// REQ: LTR-05
#[test]
fn a_letter_is_mailed_once_and_keeps_why() {
    let member = Delivery::by_mail(LetterId::new(Uuid::from_u128(9)), RequestNumber::FIRST);
    let (mailed, event) = member.mailed("mail-1".into(), at()).unwrap();
    assert!(mailed.is_mailed() && matches!(event, EventKind::LetterMailed { .. }));
    assert_eq!(mailed.mailed("mail-2".into(), at()), None);
    let rules = FaxRules { attempts: 1, back_off_minutes: vec![5], report_hours: 24, hours: None };
    let (given_up, _) = called().report(1, report("a", busy()), &rules).unwrap();
    assert!(!given_up.is_mailed());
    assert_eq!(given_up.mailed("mail-3".into(), at()).unwrap().0.mail.unwrap().why, MailReason::FaxFailed);
}

#[test]
fn what_the_mail_carrier_refuses_is_told_once_and_not_mailed_any_more() {
    let member = Delivery::by_mail(LetterId::new(Uuid::from_u128(9)), RequestNumber::FIRST);
    let (refused, event) = member.clone().mail_refused(Audience::Member, 422, at()).unwrap();
    assert!(matches!(event, EventKind::MailRefused { audience: Audience::Member, .. }) && refused.is_refused());
    assert!(!refused.is_mailed() && refused.mail.as_ref().unwrap().why == MailReason::Usual);
    assert_eq!(refused.clone().mail_refused(Audience::Member, 400, at()), None);
    assert_eq!(refused.mailed("mail-1".into(), at()), None);
    let mailed = member.mailed("mail-1".into(), at()).unwrap().0;
    assert_eq!(mailed.mail_refused(Audience::Member, 422, at()), None);
}

#[test]
fn fewer_pages_than_the_letter_has_are_a_failure() {
    let of = |pages| called().report(1, report("a", CallStatus::Delivered { at: at(), pages }), &rules()).unwrap();
    for pages in [0, 1] {
        let (delivery, events) = of(Some(pages));
        assert!(matches!(&events[..], [EventKind::FaxFailed { reason, .. }, EventKind::FaxCallDue { call: 2, .. }]
            if *reason == format!("only {pages} of 2 pages arrived")));
        assert!(matches!(delivery.calls[0].status, CallStatus::Failed { .. }));
    }
    for pages in [2, 3] {
        assert!(matches!(of(Some(pages)).1[..], [EventKind::FaxDelivered { .. }]), "a cover page counts too");
    }
    // A carrier that does not count them says that it arrived: nothing more is sent.
    let (delivery, events) = of(None);
    assert!(matches!(events[..], [EventKind::FaxDelivered { pages: None, .. }]) && delivery.mail.is_none());
    let stored = serde_json::to_value(&delivery).unwrap();
    assert_eq!(serde_json::from_value::<Delivery>(stored).unwrap(), delivery);
}

#[test]
fn what_would_fail_again_goes_by_mail_at_once() {
    for (reason, for_good) in [
        ("invalid-number", true),
        ("Invalid number", true),
        ("call_rejected", true),
        ("number not in service", true),
        ("busy", false),
        ("no-answer", false),
        ("line-error", false),
    ] {
        let failed = CallStatus::Failed { at: at(), reason: reason.into() };
        let (delivery, events) = called().report(1, report("a", failed), &rules()).unwrap();
        assert_eq!(matches!(events[1], EventKind::FaxGivenUp { .. }), for_good, "{reason}");
        assert_eq!(delivery.mail.is_some(), for_good, "{reason}");
    }
}

#[test]
fn a_call_of_which_nothing_is_heard_is_given_up() {
    let by = called().report_by().unwrap();
    assert_eq!(by, at().checked_add(Span::new().hours(24)).unwrap());
    let before = by.checked_sub(Span::new().seconds(1)).unwrap();
    let (sending, _) = called().report(1, report("a", CallStatus::Sending), &rules()).unwrap();
    assert_eq!(sending.clone().silent(before), None);
    let (given_up, events) = sending.silent(by).unwrap();
    assert!(matches!(events[..], [EventKind::FaxFailed { .. }, EventKind::FaxGivenUp { .. }]));
    assert_eq!((given_up.report_by(), given_up.clone().silent(by)), (None, None));
    let (late, events) = given_up.report(1, report("b", done()), &rules()).unwrap();
    assert!(events.is_empty() && late.calls[0].reports.len() == 2, "kept as evidence");
    let (done, _) = called().report(1, report("a", done()), &rules()).unwrap();
    assert_eq!(done.silent(by), None);
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
