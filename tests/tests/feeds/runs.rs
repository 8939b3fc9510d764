//! Imports that stop in the middle, and events that come twice.

use portico_aws::{Aws, Config, clock};
use portico_domain::{
    feeds::{self, FeedFile, Kind, import::ImportState},
    id::MemberId,
    person::{Member, Standing},
};
use portico_testkit::{
    clinic::Clinic,
    feeds::{member_row, provider_row},
    mailbox,
    people::{self, Door, Person},
    poll,
    portal::Portal,
    seeding::World,
    stack::Stack,
};
use portico_workers::feeds::{self as run, Notification};
use serde_json::json;

/// Who stops the queue of members' files: one test at a time.
static MAPPING: std::sync::Mutex<()> = std::sync::Mutex::new(());

/// Members of one run.
fn members(world: &World, count: usize) -> Vec<Member> {
    let model = Clinic::unknown(world, "arkansas").unwrap().member;
    let numbers = (0..count).map(|place| format!("{}{place:04}", model.number().unwrap()));
    let of = |number: String| Member {
        id: MemberId::new(feeds::member::identity(&world.ids, &model.contract, &number)),
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
    let alone = MAPPING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    stack.set_mapping("import-members", false).unwrap();
    let file = stack.drop_rows(Kind::Members, "arkansas", &rows).unwrap();
    let first = std::panic::catch_unwind(|| {
        let event = event(stack, &file);
        let aws = Aws::new(Config::read(|name| stack.variable(name)).unwrap());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(run::handle(&aws, event, clock::now())).unwrap();
        stack.object(&stack.feeds_bucket, &file.summary()).unwrap()
    });
    stack.set_mapping("import-members", true).unwrap();
    drop(alone);
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

/// Two calls that begin at the same instant, with the same time left: one reads the file, and what it wrote is not taken for the
/// other's.
#[test]
fn of_two_calls_at_the_same_instant_one_reads_the_file() {
    let world = World::open().unwrap();
    let stack = &world.stack;
    let _alone = MAPPING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    stack.set_mapping("import-members", false).unwrap();
    let rows: Vec<String> = members(&world, 3).iter().map(member_row).collect();
    let file = stack.drop_rows(Kind::Members, "arkansas", &rows).unwrap();
    let both = std::panic::catch_unwind(|| {
        let aws = Aws::new(Config::read(|name| stack.variable(name)).unwrap());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let deadline = clock::now().checked_add(jiff::Span::new().minutes(5)).unwrap();
        let call = || run::handle(&aws, event(stack, &file), deadline);
        let (one, other) = runtime.block_on(async { tokio::join!(call(), call()) });
        (one.is_ok(), other.is_ok())
    });
    stack.set_mapping("import-members", true).unwrap();
    let (one, other) = both.unwrap();
    assert!(one != other, "{one} {other}");
    assert_eq!(stack.imported(&file).unwrap().0.counts.new, 3);
}

/// One file after the other changes an address while somebody registers the location.
///
/// REQ: ORG-10, ACC-05
#[test]
fn of_a_registration_and_an_import_at_once_neither_undoes_the_other() {
    let world = World::open().unwrap();
    let clinic = Clinic::new(&world, "commercial").unwrap();
    let terms = &world.contract("commercial").unwrap().registration.terms_version;
    let form = people::registration(&clinic, terms);
    let moved = |road: u8| {
        let mut place = clinic.place.clone();
        place.provider.address.line1 = format!("{road} Long Road").parse().unwrap();
        let file = world.stack.drop_rows(Kind::Providers, "commercial", &[provider_row(&place)]).unwrap();
        world.stack.imported(&file).unwrap().0.counts
    };
    let portal = Portal::new(&world.stack);
    std::thread::scope(|scope| {
        let registration = scope.spawn(|| {
            poll::until("the registration", poll::PATIENCE, || {
                let answer = portal.post("/registrations", &form).send()?;
                assert!([201, 409, 503].contains(&answer.status), "{}", answer.body);
                Ok((answer.status == 201).then_some(()))
            })
        });
        for road in 1..=5 {
            assert_eq!(moved(road).changed, 1);
        }
        registration.join().unwrap().unwrap();
    });
    // The last file may have come before the registration or after it; either way both hold.
    let counts = moved(5);
    assert_eq!((counts.unchanged, counts.changed), (1, 0));
    let token = mailbox::wait_for_link(&world.stack, clinic.contact.email.as_str()).unwrap();
    let admin = Person::enrolled(&world, Door::Provider, &token).unwrap().sign_in().unwrap();
    let group = admin.portal.get("/me").expect(200).unwrap().text("/roles/0/group").unwrap();
    admin.portal.get(format!("/groups/{group}/users")).expect(200).unwrap();
    let npi = clinic.place.provider.npi.unwrap();
    let found = admin.portal.get(format!("/providers?contract=commercial&npi={npi}")).expect(200).unwrap();
    assert_eq!(found.text("/providers/0/address/0").unwrap(), "5 Long Road");
    let pair = json!({ "npi": npi, "code": clinic.place.registration_code });
    portal.post("/registrations/verify", &pair).refused(409, "conflict").unwrap();
}
