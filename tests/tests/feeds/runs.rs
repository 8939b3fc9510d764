//! Imports that stop in the middle, and events that come twice.

use portico_aws::{Aws, Config, clock};
use portico_domain::{
    feed::{self, FeedFile, Kind, import::ImportState},
    id::MemberId,
    person::{Member, Standing},
};
use portico_testkit::{clinic::Clinic, feeds::member_row, poll, seeding::World, stack::Stack};
use portico_workers::import::{self, Notification};

/// Members of one run.
fn members(world: &World, count: usize) -> Vec<Member> {
    let model = Clinic::unknown(world, "arkansas").unwrap().member;
    let numbers = (0..count).map(|place| format!("{}{place:04}", model.number().unwrap()));
    let of = |number: String| Member {
        id: MemberId::new(feed::member::identity(&model.contract, &number)),
        standing: Standing::Enrolled { number: number.parse().unwrap() },
        ..model.clone()
    };
    numbers.map(of).collect()
}

/// The event of a file, seen in its queue.
fn event(stack: &Stack, file: &FeedFile) -> Notification {
    poll::until("the event of a file", poll::PATIENCE, || {
        let waiting = stack.waiting()?;
        let body = waiting.iter().find(|message| message.body.contains(&file.name));
        Ok(body.map(|message| serde_json::from_str(&message.body).unwrap()))
    })
    .unwrap()
}

/// A call whose time is up after the first block sends the event again; two messages of one event, and the file is imported
/// once.
///
/// REQ: ORG-10, OPS-04
#[test]
fn an_import_whose_time_is_up_is_carried_on_and_an_event_that_comes_twice_is_done_once() {
    let world = World::open().unwrap();
    let stack = &world.stack;
    let members = members(&world, 250);
    let mut rows: Vec<String> = members.iter().map(member_row).collect();
    rows.insert(3, "arkansas,short".to_owned());
    rows.push(member_row(&members[0]));
    stack.set_mapping("import-members", false).unwrap();
    let file = stack.drop_rows(Kind::Members, "arkansas", &rows).unwrap();
    let first = std::panic::catch_unwind(|| {
        let event = event(stack, &file);
        let aws = Aws::new(Config::read(|name| stack.variable(name)).unwrap());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(import::handle(&aws, event, clock::now())).unwrap();
        stack.object(&stack.feeds_bucket, &file.summary()).unwrap()
    });
    stack.set_mapping("import-members", true).unwrap();
    assert_eq!(first.unwrap(), None, "nothing is reported before the end");
    let (import, rejects) = stack.imported(&file).unwrap();
    assert!(matches!(import.state, ImportState::Done { .. }));
    let counts = import.counts;
    assert_eq!((counts.read, counts.new, counts.changed, counts.unchanged, counts.rejected), (252, 250, 0, 0, 2));
    assert_eq!(rejects.lines().count(), 3, "{rejects}");
    assert!(
        rejects.contains("5,row,") && rejects.contains("253,member_number,\"The same stands in line 2,"),
        "{rejects}"
    );
    // Both messages are gone, none to the dead letters, and the report is the first one.
    poll::until("the queue to be empty of it", poll::PATIENCE * 2, || {
        Ok((!stack.waiting()?.iter().any(|message| message.body.contains(&file.name))).then_some(()))
    })
    .unwrap();
    assert!(!stack.dead_letters("memberfeeds").unwrap().iter().any(|message| message.body.contains(&file.name)));
    assert_eq!(stack.imported(&file).unwrap().0, import);
}
