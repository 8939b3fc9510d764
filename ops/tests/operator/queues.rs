use portico_testkit::seeding::World;
use serde_json::json;

use crate::program::{ops, with};

/// Letters by mail, which no other test here needs.
const QUEUE: &str = "mail";

#[test]
fn a_queue_is_paused_once_and_goes_on_and_both_are_on_record() {
    World::open().unwrap();
    let resume = || ops(&["queues", "resume", QUEUE, "--yes", "--json"]).done().json()["resumed"].clone();
    // A run that failed may have left it paused.
    resume();
    ops(&["queues", "pause", QUEUE]).refused("nobody is here to agree");
    let pause = || ops(&["queues", "pause", QUEUE, "--yes", "--json"]).done().json();
    let first = pause();
    assert!(first["by"].as_str().unwrap().starts_with("arn:"), "{first}");
    assert_eq!(pause(), first, "who says so again changes nothing");
    let status = ops(&["status"]).done();
    let told = format!("! {QUEUE} is paused since {}", first["at"].as_str().unwrap());
    assert!(
        status.out.lines().any(|line| line.starts_with(&told) && line.ends_with("queues resume mail")),
        "{status:?}"
    );
    assert_eq!((resume(), resume()), (json!(true), json!(false)));
    for (queue, words) in
        [("pins", "cannot be paused; those that can: fax, mail, notices"), ("telefax", "there is no queue telefax")]
    {
        ops(&["queues", "pause", queue, "--yes"]).refused(words);
    }
    let all = with(async |operator| operator.table().operations(200).await.unwrap());
    let own: Vec<_> = all.iter().filter(|one| one.on == [QUEUE] && one.by == first["by"].as_str().unwrap()).collect();
    let done: Vec<_> = own.iter().take(2).map(|one| one.operation.as_str()).collect();
    assert_eq!(done, ["queues resume", "queues pause"]);
}
