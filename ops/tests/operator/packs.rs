use portico_aws::{clock, table::Transaction};
use portico_testkit::stack::root;
use serde_json::Value;

use crate::program::{applied, fresh, ops, pack, with};

/// Version and standing of each pack of a contract, as the program lists them.
fn listed(id: &str) -> Vec<(String, String)> {
    let all = ops(&["packs", "list", "--json"]).done().json();
    let own = all.as_array().unwrap().iter().filter(|pack| pack["contract"] == id);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    own.map(|pack| (text(&pack["version"]), text(&pack["standing"]))).collect()
}

/// What operators did to a contract, newest first.
fn history(id: &str) -> Vec<String> {
    let all = ops(&["history", "--json", "--limit", "1000"]).done().json();
    let own = all.as_array().unwrap().iter().filter(|one| one["on"].as_array().unwrap().iter().any(|on| on == id));
    own.map(|one| {
        assert!(one["by"].as_str().unwrap().starts_with("arn:aws"), "{one}");
        one["operation"].as_str().unwrap().to_owned()
    })
    .collect()
}

/// REQ: OPS-01, OPS-08
#[test]
fn every_problem_of_every_pack_is_listed_without_a_stack_and_none_of_them_is_applied() {
    let (good, bad) = (fresh("ops"), fresh("ops"));
    let right = pack(&good, |_, text| text);
    let wrong = pack(&bad, |file, text| match file {
        "contract.toml" => text
            .replace("absolute-hours = 12", "absolute-hours = 48")
            .replace("attempts = 3", "attempts = 0")
            .replace("dormant-days = 60", "dormant-days = 0"),
        _ => text,
    });
    let (right, wrong) = (right.to_str().unwrap(), wrong.to_str().unwrap());
    let checked = ops(&["packs", "check", right, wrong, "--stack", "/nowhere/stack.json"]);
    assert_eq!(checked.code, 1, "{checked:?}");
    for words in ["absolute-hours is not from 1 to 24", "fax: no attempt", "dormancy-warning-days are not within"] {
        assert!(
            checked.out.lines().any(|line| line.trim().starts_with("contract.toml:") && line.contains(words)),
            "{words}"
        );
    }
    assert!(checked.out.contains(&format!("{good} 2026.1 may be applied")));
    let all = ops(&["packs", "apply", right, wrong, "--yes"]).refused("absolute-hours");
    assert!(all.err.contains(&format!("{wrong}/contract.toml:")) && all.err.contains("fax: no attempt"), "{all:?}");
    assert_eq!((listed(&good), listed(&bad)), (vec![], vec![]));
    let ours = ops(&["packs", "check", root().join("contracts").to_str().unwrap(), "--json"]).done().json();
    assert_eq!(ours.as_array().unwrap().len(), 3);
}

#[test]
fn a_new_pack_is_the_template_and_each_place_to_fill_is_told() {
    let id = fresh("ops");
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(fresh("new")).join(&id);
    let folder = folder.to_str().unwrap();
    let new =
        |folder: &str| ops(&["packs", "new", folder, "--name", "Juniper", "--json", "--stack", "/nowhere/stack.json"]);
    let begun = new(folder).done().json();
    let checked = ops(&["packs", "check", folder, "--json", "--stack", "/nowhere/stack.json"]);
    assert_eq!(checked.code, 1);
    let problems = checked.json()[0]["problems"].as_array().unwrap().clone();
    let fills = |problem: &Value| problem.as_str().unwrap().contains(": still to fill: ");
    assert!(problems.iter().all(fills), "{problems:#?}");
    assert_eq!(problems.len(), usize::try_from(begun["places"].as_u64().unwrap()).unwrap());
    assert!(!problems.iter().any(|problem| problem.as_str().unwrap().ends_with(": name")), "the name is filled in");
    new(folder).refused("is there already");
    new(&format!("{folder}/Juniper State")).refused("a contract's id, the name of its folder");
}

/// REQ: OPS-01, OPS-08
#[test]
fn a_pack_is_applied_once_stays_as_it_is_in_force_and_is_withdrawn_only_before_its_first_day() {
    let id = fresh("ops");
    let version = |version: &'static str, first: &'static str, name: &'static str| {
        pack(&id, move |_, text| {
            text.replace("version = \"2026.1\"", &format!("version = \"{version}\""))
                .replace("effective-from = \"2026-01-01\"", &format!("effective-from = \"{first}\""))
                .replace("name = \"", &format!("name = \"{name}"))
        })
    };
    let apply = |folder: &std::path::Path| ops(&["packs", "apply", folder.to_str().unwrap(), "--yes", "--json"]);
    let first = version("2026.1", "2026-01-01", "");
    ops(&["packs", "apply", first.to_str().unwrap()]).refused("nobody is here to agree");
    assert_eq!(listed(&id), []);
    let done = apply(&first).done();
    assert_eq!((&done.json()[0]["effect"], &done.json()[0]["inForce"]), (&"new".into(), &true.into()));
    assert!(done.err.contains("stack portico, account 000000000000, region us-east-1"), "{done:?}");
    assert_eq!(apply(&first).done().json()[0]["effect"], "nothing");
    apply(&version("2026.1", "2026-01-01", "Other ")).refused("in force since 2026-01-01 with other content");
    apply(&version("2025.9", "2025-06-01", "")).refused("would never hold");
    apply(&version("2026.1", "2099-01-01", "")).refused("give the pack a new version");
    assert_eq!(history(&id), ["packs apply"], "what was refused or changed nothing is no change");

    assert_eq!(apply(&version("2099.1", "2099-01-01", "")).done().json()[0]["inForce"], false);
    assert_eq!(apply(&version("2099.1", "2099-01-01", "Other ")).done().json()[0]["effect"], "replaces");
    let (held, to_come) = (("2026.1".into(), "in-force".into()), ("2099.1".into(), "to-come".into()));
    assert_eq!(listed(&id), [held, to_come]);
    let withdraw = |version: &str| ops(&["packs", "withdraw", &id, version, "--yes"]);
    withdraw("2026.1").refused("it holds since 2026-01-01, and what was decided under it names it");
    withdraw("2030.1").refused("has no version 2030.1");
    withdraw("2099.1").done();
    withdraw("2099.1").refused("has no version 2099.1");
    assert_eq!(listed(&id), [("2026.1".to_owned(), "in-force".to_owned())]);
    assert_eq!(history(&id), ["packs withdraw", "packs apply", "packs apply", "packs apply"]);
}

/// REQ: OPS-08
#[test]
fn of_many_who_apply_a_pack_at_once_one_does() {
    let id = fresh("ops");
    let folder = pack(&id, |_, text| text);
    let effects: Vec<Value> = std::thread::scope(|scope| {
        let apply =
            || ops(&["packs", "apply", folder.to_str().unwrap(), "--yes", "--json"]).done().json()[0]["effect"].clone();
        let runs: Vec<_> = (0..4).map(|_| scope.spawn(apply)).collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    assert_eq!((listed(&id).len(), history(&id).len()), (1, 1), "{effects:?}");
}

/// A later version of the program applies packs that this one does not understand.
///
/// REQ: OPS-01
#[test]
fn a_pack_that_cannot_be_read_holds_nobody_up_before_its_first_day() {
    let id = fresh("ops");
    applied(&id);
    let holds = with(async |operator| {
        let (table, id) = (operator.table(), id.parse().unwrap());
        let mut later = (*table.contract(&id, clock::now()).await.unwrap().unwrap()).clone();
        later.version = "2099.1".to_owned();
        later.effective_from = "2099-01-01".parse().unwrap();
        let mut transaction = Transaction::new();
        transaction.pack(table, (&later, "{\"id\":7}".to_owned()), None, (clock::now(), "somebody"));
        table.commit(transaction).await.unwrap();
        // Another one, whose memory is empty.
        portico_aws::Aws::new(operator.aws.config().clone()).table().contract(&id, clock::now()).await.unwrap()
    });
    assert_eq!(holds.unwrap().version, "2026.1");
    assert_eq!(listed(&id), [("2026.1".into(), "in-force".into()), ("2099.1".into(), "to-come".into())]);
    assert!(ops(&["packs", "list"]).done().out.contains("(this program cannot read it)"));
}
