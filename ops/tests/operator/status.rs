use portico_testkit::seeding::World;

use crate::program::ops;

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
