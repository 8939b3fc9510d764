use portico_domain::id::CaseKey;
use portico_testkit::seeding::World;

use crate::program::{ops, with};

/// REQ: OPS-04, OPS-08
#[test]
fn one_look_tells_queues_dead_letters_outbox_and_what_needs_somebody() {
    let world = World::open().unwrap();
    let status = ops(&["status", "--json"]).done().json();
    let queues = status["queues"].as_array().unwrap();
    let names: Vec<&str> = queues.iter().map(|queue| queue["name"].as_str().unwrap()).collect();
    for name in world.stack.queues.keys().chain(world.stack.dead_letters.keys()) {
        assert!(names.contains(&name.as_str()), "{name}");
    }
    assert!(queues.iter().all(|queue| queue["waiting"].is_u64() && queue["dead"].is_u64()));
    assert!(status["outbox"]["waiting"].is_u64() && status["imports"].is_array());
    world.stack.send_dead("documents", "no notification").unwrap();
    let checked = ops(&["status", "--check"]);
    assert_eq!(checked.code, 1, "{checked:?}");
    assert!(
        checked.out.contains("! documents in the dead letters: portico-ops dead-letters list documents"),
        "{checked:?}"
    );
    let text = ops(&["status"]).done();
    assert!(text.out.starts_with("queue "), "{text:?}");
}

/// Everything here runs with the managed policy that an operator gets on AWS, and with nothing else: no case is theirs to read.
#[test]
fn the_program_does_its_work_with_the_policy_of_an_operator_and_reads_no_case() {
    with(async |operator| {
        assert!(operator.name.ends_with(":user/portico-operator"), "{}", operator.name);
        let refused = operator
            .table()
            .case("cas_00000000000000000000000000000007".parse::<CaseKey>().unwrap())
            .await
            .unwrap_err();
        assert!(format!("{refused:?}").contains("AccessDenied"), "{refused:?}");
    });
}
