use portico_domain::events::{About, Actor, EventKind};
use portico_testkit::{
    mailbox,
    people::{Door, Person},
    seeding::World,
};
use serde_json::json;

use crate::program::{Run, applied, fresh, ops, with};

fn invite(contract: &str, username: &str) -> Run {
    invite_as("invite-first", contract, username)
}

fn invite_as(command: &str, contract: &str, username: &str) -> Run {
    let email = format!("{username}@staff.example");
    let person = ["--first-name", "Grace", "--last-name", "Tan", "--fax", "501-555-0123", "--email", &email];
    let place = ["--address1", "1 Review Plaza", "--city", "Little Rock", "--state", "AR", "--zip", "72201"];
    let who = ["staff", command, "--yes", "--json", "--contract", contract, "--username", username];
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

/// What operators did to somebody, newest first.
fn history(of: &str) -> Vec<String> {
    let all = ops(&["history", "--json", "--limit", "1000"]).done().json();
    let own = all.as_array().unwrap().iter().filter(|one| one["on"].as_array().unwrap().iter().any(|on| on == of));
    own.map(|one| one["operation"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn an_operator_is_made_moved_and_ended_by_the_program_alone() {
    let world = World::open().unwrap();
    let (contract, other, username) = (fresh("ops"), fresh("ops"), fresh("omar"));
    let invite = |contract: &str| invite_as("invite-operator", contract, &username);
    invite(&contract).refused("has no pack in force: apply one first");
    applied(&contract);
    applied(&other);
    assert_eq!(invite(&contract).done().json()["effect"], "invited");
    assert_eq!(invite(&contract).done().json()["effect"], "nothing");
    let mail = format!("{username}@staff.example");
    let first = mailbox::wait_for_link(&world.stack, &mail).unwrap();
    let operator = Person::enrolled(&world, Door::Staff, &first).unwrap().sign_in().unwrap();
    operator.portal.get("/staff/queues").expect(200).unwrap();

    assert_eq!(invite(&other).done().json()["effect"], "changed");
    let me = operator.portal.get("/staff/me").expect(200).unwrap();
    assert_eq!(
        (me.text("/post/role").unwrap().as_str(), me.at("/post/contracts").unwrap()),
        ("operations", &json!([other]))
    );
    mailbox::wait_for(&world.stack, &mail, "Your role or contracts have changed").unwrap();

    let end = || ops(&["staff", "end-operator", &username, "--yes", "--json"]).done().json()["ended"].clone();
    assert_eq!((end(), end()), (json!(true), json!(false)));
    operator.portal.get("/staff/queues").refused(401, "signed-out").unwrap();
    mailbox::wait_for(&world.stack, &mail, "was deactivated").unwrap();
    assert_eq!(invite(&other).done().json()["effect"], "invited-again");
    portico_testkit::poll::until("a fresh link", portico_testkit::poll::PATIENCE, || {
        Ok(Some(mailbox::wait_for_link(&world.stack, &mail)?).filter(|token| *token != first))
    })
    .unwrap();

    // Nobody who is somebody else becomes one, and only an operator is ended so.
    let manager = fresh("grace");
    invite_as("invite-first", &contract, &manager).done();
    invite_as("invite-operator", &contract, &manager).refused("is taken by somebody else");
    for nobody in [manager.as_str(), "nobody.here"] {
        ops(&["staff", "end-operator", nobody, "--yes"]).refused(&format!("there is no operator {nobody}"));
    }
    let done = ["staff invite-operator", "staff end-operator", "staff invite-operator", "staff invite-operator"];
    assert_eq!(history(&username), done);
}
