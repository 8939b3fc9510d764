//! The stories of the demo as tests, against the running stack; and when all three were told, that nobody's secrets
//! were left lying about.

#![cfg(test)]

use std::sync::OnceLock;

use portico_testkit::{poll, seeding::World};
use portico_tests::{
    narrator::Narrator,
    stories::{ALL, Played},
};

/// A story, played once in this program whoever asks first; the others wait for it.
fn played(place: usize) -> &'static Result<Played, String> {
    static PLAYED: [OnceLock<Result<Played, String>>; 3] = [const { OnceLock::new() }; 3];
    let (_, title, story) = ALL[place];
    PLAYED[place].get_or_init(|| {
        let world = World::open().map_err(|error| format!("{error:#}"))?;
        story(&world, &mut Narrator::silent()).map_err(|error| format!("{title}: {error:#}"))
    })
}

fn passes(place: usize) -> &'static Played {
    played(place).as_ref().unwrap_or_else(|deviation| panic!("{deviation}"))
}

/// REQ: ACC-01, ACC-02, ACC-05, ACC-06, ACC-07, ACC-09, ACC-11, ACC-12, ACC-18, CASE-01, CASE-02, CASE-03,
/// REQ: CASE-08, CASE-09, CASE-10, CASE-11, CASE-12, CASE-13, CASE-14, CASE-15, CASE-20, CASE-21, CASE-23, CASE-24,
/// REQ: CASE-26, ACT-10, REV-01, REV-03, REV-04, REV-05, REV-07, REV-09, REV-10, LTR-01, LTR-02, LTR-03, LTR-05, LTR-06,
/// REQ: LTR-07
#[test]
fn arkansas_a_child_gets_part_of_what_was_asked_for() {
    assert_eq!(passes(0).case["status"], "modified");
}

/// REQ: ACC-01, REV-02, REV-10, LTR-01
#[test]
fn colorado_a_rule_approves_at_once_and_names_itself() {
    assert_eq!(passes(1).case["status"], "approved");
}

/// REQ: CASE-11, REV-05, REV-07, LTR-04, LTR-05
#[test]
fn commercial_a_denial_needs_criteria_and_a_dead_fax_falls_back_to_mail() {
    assert_eq!(passes(2).case["status"], "denied");
}

/// What the people of the stories entrusted to us stands in no function's log, in no queue and in no dead letter; and
/// nothing was left undone.
///
/// REQ: OPS-06
#[test]
fn no_log_and_no_queue_knows_the_people_of_the_stories() {
    let stories: Vec<&Played> = (0..ALL.len()).filter_map(|place| played(place).as_ref().ok()).collect();
    assert!(!stories.is_empty(), "no story was told to its end");
    let world = World::open().unwrap();
    let secrets: Vec<String> = stories.iter().flat_map(|played| played.clinic.secrets()).collect();
    let lines = world.stack.logs().unwrap();
    assert!(lines.iter().any(|(function, _)| function == "write-letter"), "no log of write-letter was found");
    for secret in &secrets {
        let found = lines.iter().find(|(_, line)| line.contains(secret.as_str()));
        assert!(found.is_none(), "the log of {} has what nobody may read there: {secret}", found.unwrap().0);
    }
    for message in world.stack.waiting().unwrap() {
        let text = format!("{} {}", message.body, message.attributes);
        for secret in &secrets {
            assert!(!text.contains(secret.as_str()), "a message in {} has {secret}", message.queue);
        }
    }
    let keys: Vec<&str> = stories.iter().filter_map(|played| played.case["key"].as_str()).collect();
    poll::until("the queues to forget the stories' cases", poll::PATIENCE, || {
        let waiting = world.stack.waiting()?;
        Ok((!waiting.iter().any(|message| keys.iter().any(|key| message.body.contains(key)))).then_some(()))
    })
    .unwrap();
}
