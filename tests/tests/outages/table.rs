//! A table that has too much to do, for a file and for a person.

use jiff::ToSpan;
use portico_domain::{
    feeds::{self, Kind, import::ImportState},
    id::MemberId,
    person::{Member, Standing},
};
use portico_testkit::{clinic::Clinic, feeds::member_row, gate::Fault, poll};
use serde_json::json;

use crate::{alone, colorado, ready, routed};

/// REQ: OPS-10, ORG-10
#[test]
fn a_file_takes_longer_on_a_throttled_table_and_loses_no_row() {
    const ROWS: usize = 600;
    let (_alone, world) = alone();
    let stack = &world.stack;
    let model = Clinic::unknown(&world, "arkansas").unwrap().member;
    let member = |place: usize| {
        let number = format!("{}{place:04}", model.number().unwrap());
        let id = MemberId::new(feeds::member::identity(&world.ids, &model.contract, &number));
        // Of as many ages: people of one name who were born on one day are looked up together.
        let birth_date = model.birth_date.checked_sub(i64::try_from(place).unwrap().days()).unwrap();
        Member { id, standing: Standing::Enrolled { number: number.parse().unwrap() }, birth_date, ..model.clone() }
    };
    let rows: Vec<String> = (0..ROWS).map(|place| member_row(&member(place))).collect();
    let throttle = |operation: &str, share: f64| {
        let fault =
            json!({ "answer": "throttle", "function": "import-members", "operation": operation, "share": share });
        Fault::set(stack, &fault).unwrap()
    };
    // Four of five: what is tried again at once, and what is tried some times only, fails.
    let faults = [throttle("TransactWriteItems", 0.8), throttle("BatchGetItem", 0.5)];
    let file = stack.drop_rows(Kind::Members, "arkansas", &rows).unwrap();
    let (import, rejects) = stack.imported(&file).unwrap();
    for fault in &faults {
        assert!(fault.hits().unwrap() > 0);
    }
    drop(faults);
    assert!(matches!(import.state, ImportState::Done { .. }), "{import:?}");
    let counts = import.counts;
    assert_eq!((counts.read, counts.new, counts.rejected), (ROWS as u64, ROWS as u64, 0), "{rejects}");
    poll::until("the queue to be empty of it", poll::PATIENCE, || {
        Ok((!stack.waiting()?.iter().any(|message| message.body.contains(&file.name))).then_some(()))
    })
    .unwrap();
    assert!(!stack.dead_letters("memberfeeds").unwrap().iter().any(|message| message.body.contains(&file.name)));
}

/// One write in two of the API's functions is throttled or meets another: nobody sees it.
///
/// REQ: OPS-10
#[test]
fn a_person_does_not_see_that_the_table_is_throttled_for_a_moment() {
    let (_alone, world) = alone();
    let (clinic, person) = colorado(&world);
    let throttle = |function: &str| {
        let fault = json!({
            "answer": "throttle", "function": function, "operation": "TransactWriteItems", "share": 0.5, "count": 20,
        });
        Fault::set(&world.stack, &fault).unwrap()
    };
    let faults =
        [throttle("create-case"), throttle("edit-case"), throttle("submit-case"), throttle("on-case-submitted")];
    let mut wizards: Vec<_> = (0..4).map(|_| ready(&world, &person, &clinic)).collect();
    for wizard in &mut wizards {
        wizard.submit().unwrap();
        assert_eq!(routed(wizard), 1);
    }
    for fault in faults {
        assert!(fault.hits().unwrap() > 0);
    }
}

/// A connection that answers no more is given up while there is still time for another one; an answer that got lost is no
/// second case and no refusal.
///
/// REQ: OPS-10
#[test]
fn a_call_that_hangs_is_given_up_in_time_and_a_lost_answer_changes_nothing() {
    let (_alone, world) = alone();
    let (clinic, person) = colorado(&world);
    let mut wizard = ready(&world, &person, &clinic);
    let fault = |answer: &str, function: &str, operation: &str| {
        let fault = json!({ "answer": answer, "function": function, "service": "dynamodb", "operation": operation, "count": 1 });
        Fault::set(&world.stack, &fault).unwrap()
    };
    let hangs = fault("hang", "get-case", "Query");
    // The API waits for ten seconds, and would answer 503.
    let seen = person.portal.get(format!("/cases/{}", wizard.key)).expect(200).unwrap();
    assert_eq!((seen.text("/status").unwrap().as_str(), hangs.hits().unwrap()), ("draft", 1));
    drop(hangs);

    let lost = fault("lose", "submit-case", "TransactWriteItems");
    wizard.submit().unwrap();
    assert_eq!((routed(&mut wizard), lost.hits().unwrap()), (1, 1));
}
