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
fn a_heartbeat_that_is_not_taken_is_tried_again_and_holds_up_no_decision() {
    let beats = active(Wanted { heartbeat: Some(3_600), ..wanted() });
    let until = moment(3_360).now;
    let taken = beats.taken(message(1), until, moment(3_300)).unwrap();
    let failing = taken.done(message(1), &taken, true, moment(3_310));
    // It stays in the index, and the same message tries again.
    assert_eq!(failing.due, Some(moment(3_310 + LOST * 60).now));
    assert_eq!(failing.next(moment(3_340)), Some(Next::Heartbeat));
    let again = failing.taken(message(1), moment(3_400).now, moment(3_340)).unwrap();
    let heard = again.sent(Next::Heartbeat, true, moment(3_341));
    let done = heard.done(message(1), &again, false, moment(3_342));
    assert_eq!((done.due, done.failing.as_ref(), done.busy.as_ref()), (Some(moment(6_941).now), None, None));

    // A decision that comes meanwhile goes with it.
    let counted = failing.counted(moment(3_320));
    assert_eq!(counted.taken(message(2), until, moment(3_321)), Err(NoTurn::Another));
    let tries = counted.taken(message(1), moment(3_400).now, moment(3_340)).unwrap();
    assert_eq!(tries.next(moment(3_340)), Some(Next::Event(1)));
    // What it tried for is not to be sent any more: the next decision's message sends at once.
    let quiet = active(wanted()).counted(moment(2));
    let fails = quiet.taken(message(1), moment(60).now, moment(2)).unwrap();
    let fails = fails.done(message(1), &fails, true, moment(3)).taken(message(1), moment(90).now, moment(33)).unwrap();
    let passed = fails.sent(Next::Event(1), false, moment(34)).done(message(1), &fails, false, moment(35));
    assert_eq!((passed.due, passed.failing.as_ref()), (None, None));
    assert!(passed.counted(moment(40)).taken(message(2), moment(99).now, moment(41)).is_ok());
}

#[test]
fn what_is_asked_for_anew_while_a_message_fails_has_not_failed() {
    let taken = made(wanted()).taken(message(1), moment(60).now, moment(1)).unwrap();
    for anew in [
        taken.replaced(Wanted { content: Content::FullResource, ..wanted() }, None, moment(5)),
        taken.replaced(wanted(), Some("other headers".into()), moment(5)),
    ] {
        let done = anew.done(message(1), &taken, true, moment(10));
        assert!(done.failing.is_none() && done.busy.is_none());
        assert!(done.taken(message(2), moment(70).now, moment(11)).is_ok(), "its own message greets");
    }
    // Another one is at it, whose turn this does not take.
    let theirs = taken.taken(message(2), moment(130).now, moment(70)).unwrap();
    let kept = theirs.done(message(1), &taken, true, moment(71));
    assert_eq!((kept.failing.as_ref(), &kept.busy), (None, &theirs.busy));
    assert_eq!(taken.done(message(1), &taken, true, moment(10)).failing.unwrap().tries, 1);
}

#[test]
fn what_ended_leaves_the_index() {
    let end = Some(moment(5_000).now);
    let beats = active(Wanted { heartbeat: Some(7_200), end, ..wanted() });
    assert_eq!(beats.due, end);
    assert_eq!(beats.idle(moment(4_800)), None, "it stands where it belongs");
    assert_eq!(beats.taken(message(1), moment(5_060).now, moment(5_000)), Err(NoTurn::Nothing));
    let over = beats.idle(moment(5_000)).unwrap();
    assert_eq!((over.due, over.idle(moment(5_001))), (None, None));
    // What is to be sent yet stays.
    assert_eq!(active(wanted()).counted(moment(2)).idle(moment(3)), None);
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
