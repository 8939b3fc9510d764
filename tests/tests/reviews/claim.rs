//! How a claim ends: given back, left for too long, given to another by a lead, and with the account or the post of its holder.

use anyhow::{Context, Result, ensure};
use portico_domain::caller::StaffRole;
use portico_testkit::{
    clinic::Clinic,
    people::Person,
    portal::{Answer, Call},
    seeding::World,
    wizard::Wizard,
};
use serde_json::{Value, json};

use super::{CONTRACT, listed, request, waiting};

fn staff(world: &World, role: StaffRole) -> Result<Person> {
    Person::of_staff(world, CONTRACT, role)
}

/// A change of somebody by the Contract Manager, with the version that holds now.
fn change(manager: &Person, of: &Person, change: &Value) -> Result<Answer> {
    let path = format!("/staff/users/{}", of.username);
    let now = manager.portal.get(&path).expect(200)?;
    manager.portal.patch(path, change, now.header("etag")).expect(200)
}

fn seen(by: &Person, wizard: &Wizard<'_>) -> Result<Answer> {
    by.portal.get(format!("/staff/cases/{}", wizard.key)).expect(200)
}

fn give<'a>(by: &'a Person, wizard: &Wizard<'_>, to: &str, version: &str) -> Call<'a> {
    by.portal.put(request(wizard, "claim"), &json!({ "reviewer": to }), version)
}

fn take<'a>(by: &'a Person, wizard: &Wizard<'_>) -> Call<'a> {
    by.portal.post(request(wizard, "claim"), &json!({}))
}

/// Who has it by the worklist, by what the case shows, and whether the reader may take it.
fn holder(by: &Person, wizard: &Wizard<'_>) -> Result<(Value, Option<Value>, bool)> {
    let entry = listed(by, &wizard.key)?.context("it is on the worklist")?;
    let case = seen(by, wizard)?;
    let may = case.list("/requests/0/may")?.contains(&json!("claim"));
    Ok((entry["claimedBy"].clone(), case.body.pointer("/requests/0/claim/by").cloned(), may))
}

/// Nobody has it, and whoever looks may take it at once.
fn is_free(by: &Person, wizard: &Wizard<'_>) -> Result<()> {
    let free = holder(by, wizard)?;
    ensure!(free == (Value::Null, None, true), "{free:?}");
    Ok(())
}

/// How much somebody has, by what a lead sees; none of whoever may not work it.
fn holds(lead: &Person, name: &str) -> Result<Option<u64>> {
    let path = format!("/staff/worklists/nurse/reviewers?contract={CONTRACT}");
    let all = lead.portal.get(path).expect(200)?;
    let one = all.list("/reviewers")?.iter().find(|one| one["username"] == name);
    Ok(one.and_then(|one| one["holds"].as_u64()))
}

/// The cases on the nurses' worklist that somebody has, read to its end.
fn held_by(lead: &Person, name: &str) -> Result<Vec<String>> {
    let (mut keys, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/staff/worklists/nurse?contract={CONTRACT}&claimedBy={name}{cursor}");
        let page = lead.portal.get(path).expect(200)?;
        for item in page.list("/items")? {
            ensure!(item["claimedBy"] == name, "{}", page.body);
            keys.extend(item["key"].as_str().map(ToOwned::to_owned));
        }
        let Some(next) = page.body.get("next").and_then(Value::as_str) else { return Ok(keys) };
        cursor = format!("&cursor={next}");
    }
}

/// REQ: REV-11
#[test]
fn a_claim_ends_by_release_by_time_by_a_lead_and_with_the_account_or_the_post_of_its_holder() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let wizard = waiting(&world, &clinic, &dana)?;
    let nurse = || staff(&world, StaffRole::Nurse);
    let (ann, bob, cyd, lead) = (nurse()?, nurse()?, nurse()?, nurse()?);
    let manager = staff(&world, StaffRole::ContractManager)?;
    change(&manager, &lead, &json!({ "post": { "lead": true } }))?;

    // Given back.
    take(&ann, &wizard).expect(200)?;
    take(&bob, &wizard).refused(409, "conflict")?;
    ann.portal.delete(request(&wizard, "claim")).expect(204)?;
    is_free(&bob, &wizard)?;

    // Left for too long: it stays its holder's to decide until another takes it, and is nobody's in the list.
    take(&ann, &wizard).expect(200)?;
    ensure!(holder(&bob, &wizard)? == (json!(ann.username), Some(json!(ann.username)), false));
    ensure!(holds(&lead, &ann.username)? == Some(1));
    world.time_of_claim_is_over(&wizard.key)?;
    let (has, _, may) = holder(&bob, &wizard)?;
    ensure!(has == Value::Null && may && holds(&lead, &ann.username)? == Some(0));
    take(&bob, &wizard).expect(200)?;
    take(&ann, &wizard).refused(409, "conflict")?;

    // Given to another.
    let version = seen(&lead, &wizard)?;
    give(&lead, &wizard, &cyd.username, version.header("etag")).expect(200)?;
    ensure!(holder(&bob, &wizard)? == (json!(cyd.username), Some(json!(cyd.username)), false));
    take(&bob, &wizard).refused(409, "conflict")?;

    // With the account of its holder: free at once, for one to take.
    change(&manager, &cyd, &json!({ "deactivate": true }))?;
    is_free(&bob, &wizard)?;
    ensure!(holds(&lead, &cyd.username)?.is_none(), "who was taken out is given nothing");
    take(&bob, &wizard).expect(200)?;
    take(&ann, &wizard).refused(409, "conflict")?;

    // And with what they do.
    change(&manager, &bob, &json!({ "post": { "role": "intake" } }))?;
    is_free(&ann, &wizard)?;
    take(&ann, &wizard).expect(200)?;
    let approved = json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] });
    bob.portal.post(request(&wizard, "determination"), &approved).refused(403, "forbidden")?;
    ann.portal.post(request(&wizard, "determination"), &approved).expect(200)?;
    Ok(())
}

#[test]
fn a_lead_sees_who_holds_what_and_gives_a_request_to_whoever_works_its_worklist() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let mut wizard = waiting(&world, &clinic, &dana)?;
    let of = |role| staff(&world, role);
    let (ann, bob, lead) = (of(StaffRole::Nurse)?, of(StaffRole::Nurse)?, of(StaffRole::Nurse)?);
    let (physician, head, support) = (of(StaffRole::Physician)?, of(StaffRole::Physician)?, of(StaffRole::Support)?);
    let manager = of(StaffRole::ContractManager)?;
    let far = Person::of_staff(&world, "arkansas", StaffRole::Nurse)?;

    // Who leads is said by the Contract Manager, of a nurse or a physician.
    for person in [&lead, &head] {
        let led = change(&manager, person, &json!({ "post": { "lead": true } }))?;
        ensure!(led.at("/lead")? == true && person.portal.get("/staff/me").expect(200)?.at("/post/lead")? == true);
    }
    let path = format!("/staff/users/{}", support.username);
    let now = manager.portal.get(&path).expect(200)?;
    let wrong = manager.portal.patch(&path, &json!({ "post": { "lead": true } }), now.header("etag"));
    wrong.refused(422, "invalid")?.wrong_at("/post/lead", "not-a-choice")?;

    // Who works the list, and how much each has: for its leads.
    let reviewers = "/staff/worklists/nurse/reviewers";
    for other in [&ann, &physician, &head, &support] {
        other.portal.get(reviewers).refused(403, "forbidden")?;
    }
    lead.portal.get("/staff/worklists/physician/reviewers").refused(403, "forbidden")?;
    lead.portal.get(format!("{reviewers}?contract=arkansas")).refused(404, "not-found")?;
    take(&ann, &wizard).expect(200)?;
    ensure!(holds(&lead, &ann.username)? == Some(1) && holds(&lead, &bob.username)? == Some(0));
    ensure!(holds(&lead, &physician.username)? == Some(0) && holds(&lead, &support.username)?.is_none());
    ensure!(holds(&lead, &far.username)?.is_none());
    let key = wizard.key.clone();
    ensure!(held_by(&lead, &ann.username)? == [key.clone()] && held_by(&lead, &bob.username)?.is_empty());

    // Given on what was seen: by a lead of that worklist, to whoever works it.
    let version = seen(&lead, &wizard)?;
    ensure!(version.list("/requests/0/may")?.contains(&json!("assign")), "{}", version.body);
    let version = version.header("etag");
    for (by, status, kind) in
        [(&ann, 403, "forbidden"), (&head, 403, "forbidden"), (&support, 403, "forbidden"), (&far, 404, "not-found")]
    {
        give(by, &wizard, &bob.username, version).refused(status, kind)?;
    }
    for nobody in [&support.username, &far.username, &manager.username, &dana.username] {
        give(&lead, &wizard, nobody, version).refused(422, "invalid")?.wrong_at("/reviewer", "not-a-reviewer")?;
    }
    give(&lead, &wizard, &bob.username, "\"1\"").refused(412, "stale")?;
    let given = give(&lead, &wizard, &bob.username, version).expect(200)?;
    ensure!(given.text("/claimedBy")? == bob.username && given.body.get("member").is_none(), "{}", given.body);
    give(&lead, &wizard, &bob.username, version).expect(200)?;
    ensure!(held_by(&lead, &bob.username)? == [key] && held_by(&lead, &ann.username)?.is_empty());

    // Both see it: the one who had it at the case and at the next step, the other in the list.
    let case = seen(&ann, &wizard)?;
    ensure!(case.text("/requests/0/claim/by")? == bob.username && case.list("/requests/0/may")?.is_empty());
    let told = format!("R01 was given to {}.", bob.username);
    let moments = case.list("/timeline")?.iter().filter(|moment| moment["text"] == told.as_str());
    ensure!(moments.filter(|moment| moment["by"] == lead.username).count() == 1, "{}", case.body);
    let refer = json!({ "decision": "refer", "note": "Fewer units may do." });
    ann.portal.post(request(&wizard, "determination"), &refer).refused(409, "conflict")?;
    ensure!(!wizard.look()?.body.to_string().contains(&bob.username), "sign-in names are staff's");
    let audits = world.audits(&wizard.key)?;
    let assigned = |by: &Person| {
        let theirs = audits.iter().filter(|one| one.operation == "assign-request" && one.by.as_str() == by.username);
        theirs.map(|one| one.allowed).collect::<Vec<_>>()
    };
    ensure!(assigned(&lead).contains(&true) && assigned(&ann) == [false], "{audits:?}");

    // With the physicians it is their lead's.
    bob.portal.post(request(&wizard, "determination"), &refer).expect(200)?;
    let version = seen(&head, &wizard)?;
    let version = version.header("etag");
    give(&lead, &wizard, &physician.username, version).refused(403, "forbidden")?;
    give(&head, &wizard, &bob.username, version).refused(422, "invalid")?.wrong_at("/reviewer", "not-a-reviewer")?;
    give(&head, &wizard, &physician.username, version).expect(200)?;
    Ok(())
}
