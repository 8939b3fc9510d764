use serde_json::json;

use super::*;

fn moment(second: i64) -> Moment {
    Moment { now: Timestamp::from_second(second).unwrap(), minute_seconds: 60 }
}

fn message(n: u128) -> EventId {
    EventId::new(uuid::Uuid::from_u128(n))
}

fn wanted() -> Wanted {
    Wanted {
        reason: "To know".parse().unwrap(),
        endpoint: Endpoint::read("https://ehr.example.org/hooks", None).unwrap(),
        content: Content::IdOnly,
        providers: vec!["1234567893".parse().unwrap()],
        heartbeat: None,
        end: None,
    }
}

fn made(wanted: Wanted) -> Subscription {
    let id = "sub_00000000000000000000000000000001".parse().unwrap();
    Subscription::new(id, "cli_00000000000000000000000000000001".parse().unwrap(), wanted, None, moment(0))
}

fn active(wanted: Wanted) -> Subscription {
    made(wanted).sent(Next::Handshake, true, moment(1))
}

#[test]
fn the_handshake_comes_first_then_every_change_by_its_number() {
    let new = made(wanted()).counted(moment(1)).counted(moment(2));
    assert_eq!((new.status(moment(2).now), new.next(moment(2))), (Status::Requested, Some(Next::Handshake)));
    let greeted = new.sent(Next::Handshake, true, moment(3));
    assert_eq!((greeted.status(moment(3).now), greeted.next(moment(3))), (Status::Active, Some(Next::Event(1))));
    let one = greeted.sent(Next::Event(1), true, moment(4));
    assert_eq!(one.next(moment(4)), Some(Next::Event(2)));
    // What is not to be sent any more keeps its number and is passed over.
    let both = one.sent(Next::Event(2), false, moment(5));
    assert_eq!((both.next(moment(5)), both.last, both.version), (None, Some(moment(4).now), 6));
    assert_eq!(both.due, None);
}

#[test]
fn one_message_sends_at_a_time_and_one_tries_again_for_all() {
    let waits = active(wanted()).counted(moment(2));
    let until = moment(60).now;
    let taken = waits.taken(message(1), until, moment(2)).unwrap();
    assert_eq!(taken.taken(message(2), until, moment(3)), Err(NoTurn::Busy));
    // It died.
    assert!(taken.taken(message(2), moment(120).now, moment(60)).is_ok());
    let failing = taken.failed(message(1), moment(4));
    assert_eq!(failing.taken(message(2), until, moment(5)), Err(NoTurn::Another));
    assert!(failing.taken(message(1), until, moment(5)).is_ok());
    // Where it is lost, the next one tries.
    assert!(failing.taken(message(2), moment(9_000).now, moment(4 + LOST * 60)).is_ok());
    assert_eq!(failing.due, Some(moment(4 + LOST * 60).now));
    let done = failing.sent(Next::Event(1), true, moment(6)).released(message(1), moment(6));
    assert_eq!(done.taken(message(2), until, moment(7)), Err(NoTurn::Nothing));
    assert!(done.failing.is_none() && done.busy.is_none());
}

#[test]
fn a_receiver_that_takes_nothing_is_an_error_until_it_takes_something() {
    let mut failing = active(wanted()).counted(moment(2));
    for n in 1..=MOST_TRIES {
        assert_eq!(failing.status(moment(3).now), Status::Active, "{n}");
        failing = failing.failed(message(1), moment(3));
    }
    assert_eq!(failing.status(moment(3).now), Status::Error);
    assert_eq!(failing.counted(moment(4)).events, 2, "counting goes on");
    assert_eq!(failing.sent(Next::Event(1), true, moment(5)).status(moment(5).now), Status::Active);
    let anew = failing.replaced(wanted(), None, moment(5));
    assert_eq!((anew.status(moment(5).now), anew.next(moment(5))), (Status::Requested, Some(Next::Handshake)));
}

#[test]
fn what_is_over_sends_nothing() {
    let off = active(wanted()).counted(moment(2)).turned_off(moment(3));
    assert_eq!((off.status(moment(3).now), off.next(moment(3)), off.due), (Status::Off, None, None));
    assert_eq!(off.taken(message(1), moment(60).now, moment(4)), Err(NoTurn::Nothing));
    let ends = active(Wanted { end: Some(moment(10).now), ..wanted() }).counted(moment(2));
    assert_eq!((ends.status(moment(9).now), ends.status(moment(10).now)), (Status::Active, Status::Off));
    assert_eq!(ends.next(moment(10)), None);
    assert_eq!(off.replaced(wanted(), None, moment(11)).status(moment(11).now), Status::Requested);
}

#[test]
fn silence_is_broken_before_its_time_is_over() {
    let beats = active(Wanted { heartbeat: Some(3_600), ..wanted() });
    assert_eq!(beats.due, Some(moment(3_601).now));
    assert_eq!((beats.next(moment(3_000)), beats.next(moment(3_300))), (None, Some(Next::Heartbeat)));
    let beaten = beats.sent(Next::Heartbeat, true, moment(3_300));
    assert_eq!(beaten.due, Some(moment(6_900).now));
    // A developer's minute is a second.
    let quick = Moment { minute_seconds: 1, ..moment(0) };
    assert_eq!(quick.in_seconds(quick.now, 600), moment(10).now);
}

#[test]
fn only_the_requests_of_its_own_client_are_told_and_of_its_providers_as_they_are_now() {
    let client = |scopes: &[&str], providers: &[&str]| -> Client {
        serde_json::from_value(json!({
            "id": "cli_00000000000000000000000000000001", "version": 1, "name": "River EHR",
            "contact": "ehr@example.org", "contracts": ["arkansas"], "providers": providers, "scopes": scopes,
            "keys": [], "added": { "at": "2026-05-01T00:00:00Z", "by": "grace" },
        }))
        .unwrap()
    };
    let scope = "system/Subscription.cruds";
    let mut case = crate::tests::submitted();
    case.requesting.npi = Some("1234567893".parse().unwrap());
    let subscription = made(wanted());
    let own = client(&[scope], &["1234567893"]);
    case.contract = "arkansas".parse().unwrap();
    assert!(!subscription.wants(&own, &case), "somebody else handed it in");
    if let Some(submission) = &mut case.submission {
        submission.by = own.id.into();
    }
    assert!(subscription.wants(&own, &case));
    assert!(!subscription.wants(&client(&[], &["1234567893"]), &case), "the scope was taken");
    assert!(!subscription.wants(&client(&[scope], &["1245319599"]), &case), "the provider was taken");
    let ended = own.ended(moment(1).now, "grace".parse().unwrap()).unwrap();
    assert!(!subscription.wants(&ended, &case), "it is ended");
}
