use portico_domain::events::{About, Actor, EventKind};
use portico_testkit::{
    mailbox,
    people::{Door, Person},
    seeding::World,
};
use serde_json::json;

use crate::program::{Run, applied, fresh, ops, with};

fn invite(contract: &str, username: &str) -> Run {
    let email = format!("{username}@staff.example");
    let person = ["--first-name", "Grace", "--last-name", "Tan", "--fax", "501-555-0123", "--email", &email];
    let place = ["--address1", "1 Review Plaza", "--city", "Little Rock", "--state", "AR", "--zip", "72201"];
    let who = ["staff", "invite-first", "--yes", "--json", "--contract", contract, "--username", username];
    ops(&[&who[..], &person, &place].concat())
}

/// REQ: OPS-08, ACC-18
#[test]
fn the_first_contract_manager_is_invited_by_mail_once_and_adds_everybody_else() {
    let world = World::open().unwrap();
    let (contract, username) = (fresh("ops"), fresh("grace"));
    invite(&contract, &username).refused("has no pack in force: apply one first");
    applied(&contract);
    assert_eq!(invite(&contract, &username).done().json()["effect"], "invited");
    assert_eq!(invite(&contract, &username).done().json()["effect"], "nothing");
    invite(&contract, &fresh("other")).refused(&format!("{contract} has a Contract Manager, {username}"));
    let other = fresh("ops");
    applied(&other);
    invite(&other, &username).refused("is taken");

    let mail = format!("{username}@staff.example");
    let token = mailbox::wait_for_link(&world.stack, &mail).unwrap();
    assert_eq!(mailbox::mails_to(&world.stack, &mail).unwrap().len(), 1);
    let manager = Person::enrolled(&world, Door::Staff, &token).unwrap().sign_in().unwrap();
    assert_eq!(invite(&contract, &username).done().json()["effect"], "nothing");
    let next = fresh("sam");
    let form = json!({
        "username": next, "post": { "role": "contract-manager", "credential": "CM", "contracts": [contract] },
        "contact": {
            "firstName": "Sam", "lastName": "Lee", "address1": "1 Review Plaza", "city": "Little Rock", "state": "AR",
            "zip": "72201", "email": format!("{next}@staff.example"), "confirmEmail": format!("{next}@staff.example"),
            "fax": "501-555-0123",
        },
    });
    manager.portal.post("/staff/users", &form).expect(201).unwrap();

    let about = About::User(username.parse().unwrap());
    let events = with(async |operator| operator.table().events(&about).await.unwrap());
    let by_operator = |kind: fn(&EventKind) -> bool| {
        events
            .iter()
            .any(|event| matches!(&event.by, Actor::Operator(arn) if arn.starts_with("arn:")) && kind(&event.kind))
    };
    assert!(by_operator(|kind| matches!(kind, EventKind::UserInvited { .. })), "{events:?}");
    assert!(by_operator(|kind| matches!(kind, EventKind::PostGiven { .. })), "{events:?}");
}

/// REQ: OPS-08, ACC-10
#[test]
fn a_first_contract_manager_who_came_late_gets_a_fresh_link() {
    let world = World::open().unwrap();
    let (contract, username) = (fresh("ops"), fresh("grace"));
    applied(&contract);
    invite(&contract, &username).done();
    let mail = format!("{username}@staff.example");
    let first = mailbox::wait_for_link(&world.stack, &mail).unwrap();
    world.window_is_over(&username).unwrap();
    assert_eq!(invite(&contract, &username).done().json()["effect"], "invited-again");
    let fresh = portico_testkit::poll::until("a second link", portico_testkit::poll::PATIENCE, || {
        let last = mailbox::wait_for_link(&world.stack, &mail)?;
        Ok(Some(last).filter(|token| *token != first))
    });
    Person::enrolled(&world, Door::Staff, &fresh.unwrap()).unwrap().sign_in().unwrap();
}

/// REQ: OPS-08
#[test]
fn of_two_who_invite_a_first_contract_manager_at_once_one_does() {
    World::open().unwrap();
    let contract = fresh("ops");
    applied(&contract);
    let runs: Vec<Run> = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..2).map(|_| scope.spawn(|| invite(&contract, &fresh("grace")))).collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    assert_eq!(runs.iter().filter(|run| run.code == 0).count(), 1, "{runs:#?}");
}

/// REQ: OPS-08
#[test]
fn everything_that_is_wrong_with_a_person_is_told_at_once() {
    let options = ["--contract", "arkansas", "--username", "g", "--first-name", "Grace", "--last-name", " "];
    let rest =
        ["--email", "grace", "--fax", "1", "--address1", "x", "--city", "y", "--state", "Arkansas", "--zip", "7"];
    let run = ops(&[&["staff", "invite-first", "--yes"], &options[..], &rest].concat()).refused("--username: ");
    for option in ["--last-name: ", "--email: ", "--fax: ", "--state: ", "--zip: "] {
        assert!(run.err.contains(option), "{option} {run:?}");
    }
}
