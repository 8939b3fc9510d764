//! What waits is counted, and a list is narrowed to what somebody looks for.

use anyhow::{Result, ensure};
use portico_domain::caller::StaffRole;
use portico_testkit::{
    clinic::{Clinic, own_contract_like},
    people::Person,
    seeding::World,
};
use serde_json::{Value, json};

use super::{CONTRACT, request, waiting};

/// The keys of the cases on a page of the nurses' worklist.
fn shown(by: &Person, query: &str) -> Result<Vec<String>> {
    let page = by.portal.get(format!("/staff/worklists/nurse?{query}")).expect(200)?;
    Ok(page.list("/items")?.iter().filter_map(|item| item["key"].as_str().map(str::to_owned)).collect())
}

/// How much waits on each list that somebody works, as the API tells it.
fn counts(by: &Person) -> Result<Value> {
    Ok(by.portal.get("/staff/worklists").expect(200)?.body["worklists"].clone())
}

#[test]
fn a_worklist_is_counted_and_narrowed() -> Result<()> {
    let world = World::open()?;
    // Nothing of other stories is on its lists.
    let contract = own_contract_like(&world, CONTRACT, |_| ())?;
    let clinic = Clinic::new(&world, &contract)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let ann = Person::of_staff(&world, &contract, StaffRole::Nurse)?;
    let bob = Person::of_staff(&world, &contract, StaffRole::Nurse)?;
    let list = |queue: &str, waiting: u8, overdue: u8| json!({ "queue": queue, "contract": contract, "waiting": waiting, "overdue": overdue, "dueSoon": 0, "more": false });
    ensure!(counts(&ann)? == json!([list("nurse", 0, 0)]));
    let (late, other) = (waiting(&world, &clinic, &dana)?, waiting(&world, &clinic, &dana)?);
    world.deadline_is_over(&late.key)?;
    ensure!(counts(&ann)? == json!([list("nurse", 2, 1)]), "{}", counts(&ann)?);
    let physician = Person::of_staff(&world, &contract, StaffRole::Physician)?;
    ensure!(counts(&physician)? == json!([list("physician", 0, 0), list("nurse", 2, 1)]), "the own list first");
    dana.portal.get("/staff/worklists").expect(401)?;
    let support = Person::of_staff(&world, &contract, StaffRole::Support)?;
    support.portal.get("/staff/worklists").refused(403, "forbidden")?;

    ann.portal.post(request(&other, "claim"), &json!({})).expect(200)?;
    let (both, late, other) = ([late.key.clone(), other.key.clone()], [late.key.clone()], [other.key.clone()]);
    for (query, expected) in [
        ("", &both[..]),
        ("due=overdue", &late),
        ("due=day", &late),
        ("held=nobody", &late),
        ("held=somebody", &other),
        ("urgency=standard&review=initial", &both),
        ("urgency=expedited", &[]),
        ("review=appeal", &[]),
        ("held=somebody&due=overdue", &[]),
        ("held=nobody&limit=1", &late),
    ] {
        ensure!(shown(&bob, query)? == expected, "{query}: {:?}", shown(&bob, query)?);
    }
    ensure!(shown(&ann, &format!("claimedBy={}&held=somebody", ann.username))? == other);
    let wrong = bob.portal.get("/staff/worklists/nurse?held=me&due=never&urgency=stat&review=first").expect(422)?;
    let pointers: Vec<_> = wrong.list("/errors")?.iter().map(|error| error["pointer"].clone()).collect();
    ensure!(pointers == ["/held", "/due", "/urgency", "/review"], "{pointers:?}");
    Ok(())
}
