//! An agency puts its own rules in place: checked, compared, applied from a day on and withdrawn by its Contract Manager.

use anyhow::Result;
use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::{ToSpan, civil::Date};
use portico_domain::caller::StaffRole::ContractManager;
use portico_testkit::{
    clinic::{own_contract, today},
    files::pack,
    people::Person,
    portal::Answer,
    seeding::World,
};
use serde_json::{Value, json};

/// The pack of Arkansas as another contract's, with codes as a sheet.
fn sent(contract: &str, version: &str, from: Date, change: impl Fn(&str, String) -> String) -> Result<Value> {
    Ok(json!({ "archive": STANDARD.encode(pack(contract, version, from, change)?) }))
}

fn unchanged(_: &str, text: String) -> String {
    text
}

fn listed(by: &Person, contract: &str) -> Result<Vec<(String, String)>> {
    let answer = by.portal.get(format!("/staff/contracts/{contract}/packs")).expect(200)?;
    let of = |pack: &Value| Some((pack["version"].as_str()?.to_owned(), pack["standing"].as_str()?.to_owned()));
    Ok(answer.list("/packs")?.iter().filter_map(of).collect())
}

fn lines(answer: &Answer, list: &str) -> Result<Vec<String>> {
    Ok(answer.list(list)?.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect())
}

/// REQ: OPS-01
#[test]
fn a_contract_manager_checks_compares_applies_and_withdraws_a_pack() -> Result<()> {
    let world = World::open()?;
    let contract = own_contract(&world)?;
    let manager = Person::of_post(&world, &[&contract], ContractManager)?;
    let (packs, day) = (format!("/staff/contracts/{contract}/packs"), today(&world, "arkansas")?);
    let checks = format!("{packs}/checks");
    let next = day.checked_add(40.days())?;

    // All that is wrong at once, with file and line; and nothing is applied.
    let faults = sent(&contract, "2027.1", next, |name, text| match name {
        "codes.csv" => format!("{text}W1,,Care,1 hour,five,,required,\n"),
        "contract.toml" => text.replace("dormant-days = 60", "dormant-days = \"sixty\""),
        _ => text,
    })?;
    let found = manager.portal.post(&checks, &faults).expect(200)?;
    let problems = lines(&found, "/problems")?;
    for (file, words) in [
        ("codes.csv:3: ", "max-units-per-day: five is no whole number"),
        ("codes.csv:3: ", "A procedure code is"),
        ("contract.toml:", "accounts: invalid type"),
    ] {
        assert!(problems.iter().any(|one| one.starts_with(file) && one.contains(words)), "{words}: {problems:#?}");
    }
    assert!(found.body.get("plan").is_none());
    let refused = manager.portal.post(&packs, &faults).refused(422, "invalid")?;
    refused.wrong_at("/archive", "not-a-pack")?;
    let other = sent("colorado", "2027.1", next, unchanged)?;
    let found = manager.portal.post(&checks, &other).expect(200)?;
    assert!(
        lines(&found, "/problems")?.iter().any(|one| one.contains("this contract has another name")),
        "{}",
        found.body
    );
    for (body, code) in [(json!({}), "missing"), (json!({ "archive": "§" }), "wrong-type")] {
        manager.portal.post(&checks, &body).refused(422, "invalid")?.wrong_at("/archive", code)?;
    }
    let no_zip = manager.portal.post(&checks, &json!({ "archive": "aGVsbG8=" })).expect(200)?;
    assert_eq!(lines(&no_zip, "/problems")?, ["This is no ZIP archive that can be read."]);

    // What it changes is said before.
    let pack = sent(&contract, "2027.1", next, unchanged)?;
    let found = manager.portal.post(&checks, &pack).expect(200)?;
    assert_eq!(lines(&found, "/problems")?, Vec::<String>::new());
    assert_eq!((found.text("/plan/effect")?, found.text("/plan/effectiveFrom")?), ("new".to_owned(), next.to_string()));
    assert_eq!(lines(&found, "/plan/changes")?, ["codes, T1015 U6 UB, max-units-per-day: 5 becomes 4."]);
    assert_eq!(listed(&manager, &contract)?, [("2026.1".to_owned(), "in-force".to_owned())]);

    // Applied once, whoever asks again.
    let apply = || manager.portal.post(&packs, &pack).idempotency_key("the-pack-of-2027").expect(201);
    let (first, again) = (apply()?, apply()?);
    assert_eq!(first.body, again.body);
    assert_eq!((first.text("/standing")?.as_str(), first.text("/appliedBy")?), ("to-come", manager.username.clone()));
    let third = manager.portal.post(&packs, &pack).expect(201)?;
    assert_eq!(third.at("/applied")?, first.at("/applied")?);
    let both = [("2027.1".to_owned(), "to-come".to_owned()), ("2026.1".to_owned(), "in-force".to_owned())];
    assert_eq!(listed(&manager, &contract)?, both);

    // What holds stays; what does not yet may be taken back.
    let held = manager.portal.delete(format!("{packs}/2026.1")).refused(409, "conflict")?;
    assert_eq!(held.text("/state")?, "in-force");
    let never = sent(&contract, "2025.9", Date::constant(2025, 6, 1), unchanged)?;
    let found = manager.portal.post(&checks, &never).expect(200)?;
    assert_eq!(found.text("/refused/reason")?, "never-holds");
    manager.portal.post(&packs, &never).refused(409, "conflict")?;
    manager.portal.delete(format!("{packs}/2027.1")).expect(204)?;
    assert_eq!(listed(&manager, &contract)?, [("2026.1".to_owned(), "in-force".to_owned())]);
    manager.portal.delete(format!("{packs}/2027.1")).expect(404)?;

    let on_record = world.shown_to(&manager.username)?;
    let done: Vec<_> =
        on_record.iter().filter(|shown| shown.access.allowed).map(|shown| shown.access.operation.as_str()).collect();
    assert!(done.contains(&"apply-pack") && done.contains(&"withdraw-pack"), "{done:?}");
    Ok(())
}

/// Nobody's request is decided by rules that came after it was submitted: packs begin on a day to come, each on its own.
#[test]
fn a_pack_begins_on_a_day_to_come_that_is_its_own() -> Result<()> {
    let world = World::open()?;
    let contract = own_contract(&world)?;
    let manager = Person::of_post(&world, &[&contract], ContractManager)?;
    let (packs, day) = (format!("/staff/contracts/{contract}/packs"), today(&world, "arkansas")?);
    let late = sent(&contract, "2026.2", day, unchanged)?;
    let found = manager.portal.post(format!("{packs}/checks"), &late).expect(200)?;
    assert_eq!(found.text("/refused/reason")?, "not-to-come");
    assert_eq!(manager.portal.post(&packs, &late).refused(409, "conflict")?.text("/state")?, "not-to-come");
    let next = day.checked_add(40.days())?;
    manager.portal.post(&packs, &sent(&contract, "2027.9", next, unchanged)?).expect(201)?;
    let same = sent(&contract, "2027.10", next, unchanged)?;
    assert_eq!(manager.portal.post(&packs, &same).refused(409, "conflict")?.text("/state")?, "same-day");

    // Of two managers at once one looks again.
    let both: Vec<u16> = std::thread::scope(|scope| {
        let apply = |version: &'static str, days: i64| {
            let (manager, packs, contract) = (&manager, &packs, &contract);
            scope.spawn(move || {
                let pack = sent(contract, version, day.checked_add(days.days())?, unchanged)?;
                anyhow::Ok(manager.portal.post(packs, &pack).send()?.status)
            })
        };
        let runs = [apply("2028.1", 400), apply("2028.2", 400)];
        runs.into_iter().filter_map(|run| run.join().ok()?.ok()).collect()
    });
    assert!(both.contains(&201) && both.contains(&409), "{both:?}");
    let there = listed(&manager, &contract)?;
    assert_eq!(there.iter().filter(|(version, _)| version.starts_with("2028.")).count(), 1, "{there:?}");
    Ok(())
}
