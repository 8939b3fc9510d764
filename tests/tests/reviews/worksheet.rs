//! What is typed of a decision is kept for whoever has claimed the request, and for as long.

use anyhow::{Result, ensure};
use portico_domain::caller::StaffRole;
use portico_testkit::{
    clinic::Clinic,
    people::Person,
    portal::{Answer, Call},
    seeding::World,
};
use serde_json::{Value, json};

use super::{CONTRACT, request, waiting};

const SECRET: &str = "not tried befo";

/// As far as somebody has come who was called away: half a reason, no units.
fn typed() -> Value {
    json!({
        "note": "",
        "lines": [{ "outcome": "modified", "units": "", "from": "", "to": "2026-", "reason": format!("A walker was {SECRET}") }],
        "criteria": [{ "title": "Wheelchairs", "citation": "", "text": "\u{1F4C4}" }],
    })
}

fn keep<'a>(by: &'a Person, path: &str, version: &str) -> Call<'a> {
    by.portal.put(path, &typed(), version)
}

fn is_empty(answer: &Answer) -> Result<()> {
    let nothing = json!({ "version": 0, "typed": { "note": "", "lines": [], "criteria": [] } });
    ensure!(answer.body == nothing && answer.header("etag") == "\"0\"", "{}", answer.body);
    Ok(())
}

#[test]
fn what_is_typed_comes_back_in_another_session_and_to_nobody_else() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let mut wizard = waiting(&world, &clinic, &dana)?;
    let staff = |role| Person::of_staff(&world, CONTRACT, role);
    let (ann, bob, physician) = (staff(StaffRole::Nurse)?, staff(StaffRole::Nurse)?, staff(StaffRole::Physician)?);
    let path = request(&wizard, "worksheet");
    ann.portal.get(&path).refused(409, "conflict")?;
    keep(&ann, &path, "\"0\"").refused(409, "conflict")?;
    ann.portal.post(request(&wizard, "claim"), &json!({})).expect(200)?;
    is_empty(&ann.portal.get(&path).expect(200)?)?;

    keep(&ann, &path, "\"0\"").without("If-Match").refused(428, "version-required")?;
    let first = keep(&ann, &path, "\"0\"").expect(200)?;
    ensure!(first.header("etag") == "\"1\"" && first.at("/version")? == 1, "{}", first.body);
    keep(&ann, &path, "\"0\"").refused(412, "stale")?;
    keep(&ann, &path, "\"7\"").refused(412, "stale")?;

    // In two windows at once one is saved, and the other is told.
    let both = std::thread::scope(|scope| {
        let save = || scope.spawn(|| keep(&ann, &path, "\"1\"").send().map(|answer| answer.status));
        [save(), save()].map(|window| window.join().unwrap())
    });
    let mut both: Vec<u16> = both.into_iter().collect::<Result<_>>()?;
    both.sort_unstable();
    ensure!(both == [200, 412], "{both:?}");

    // After a session has ended it is there as it was typed.
    let ann = ann.sign_in()?;
    let kept = ann.portal.get(&path).expect(200)?;
    ensure!(kept.at("/typed")? == &typed() && kept.header("etag") == "\"2\"", "{}", kept.body);

    // It is in nobody else's sight.
    for other in [&bob, &physician] {
        other.portal.get(&path).refused(409, "conflict")?;
        keep(other, &path, "\"2\"").refused(409, "conflict")?;
    }
    dana.portal.get(&path).expect(401)?;
    let case = format!("/staff/cases/{}", wizard.key);
    for seen in [bob.portal.get(&case), ann.portal.get(&case), physician.portal.get(&case)] {
        ensure!(!seen.expect(200)?.body.to_string().contains(SECRET));
    }
    ensure!(!wizard.look()?.body.to_string().contains(SECRET));

    // It is bounded, and holds what a decision holds.
    for (field, most) in [("lines", 50), ("criteria", 20)] {
        let mut more = typed();
        more[field] = json!(vec![more[field][0].clone(); most + 1]);
        ann.portal.put(&path, &more, "\"2\"").refused(422, "invalid")?.error_at(&format!("/{field}"))?;
    }
    let other = json!({ "note": "", "outcome": "approved" });
    ann.portal.put(&path, &other, "\"2\"").refused(422, "invalid")?.error_at("/outcome")?;
    let audits = world.audits(&wizard.key)?;
    let by_ann = |operation| audits.iter().any(|one| one.operation == operation && one.by.as_str() == ann.username);
    ensure!(by_ann("get-worksheet") && by_ann("save-worksheet"), "who looked and who wrote is on record");
    ensure!(!format!("{audits:?}").contains(SECRET));
    Ok(())
}

#[test]
fn it_is_gone_when_the_claim_ends_and_when_the_decision_is_issued() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let wizard = waiting(&world, &clinic, &dana)?;
    let staff = |role| Person::of_staff(&world, CONTRACT, role);
    let (ann, bob) = (staff(StaffRole::Nurse)?, staff(StaffRole::Nurse)?);
    let (physician, lead) = (staff(StaffRole::Physician)?, staff(StaffRole::ContractManager)?);
    let (path, claim) = (request(&wizard, "worksheet"), request(&wizard, "claim"));
    let decide = request(&wizard, "determination");
    let begin = |by: &Person| {
        by.portal.post(&claim, &json!({})).expect(200)?;
        is_empty(&by.portal.get(&path).expect(200)?)?;
        keep(by, &path, "\"0\"").expect(200)
    };

    begin(&ann)?;
    ann.portal.post(&claim, &json!({})).expect(200)?;
    ensure!(ann.portal.get(&path).expect(200)?.at("/typed")? == &typed(), "a claim that is one's own goes on");
    ann.portal.delete(&claim).expect(204)?;
    begin(&ann)?;

    // Given to another: nobody has it any more.
    lead.portal.put(&claim, &json!({ "reviewer": bob.username }), "").without("If-Match").expect(200)?;
    ann.portal.get(&path).refused(409, "conflict")?;
    lead.portal.get(&path).refused(404, "not-found")?;
    begin(&bob)?;
    bob.portal.post(&decide, &json!({ "decision": "refer", "note": "Fewer units may do." })).expect(200)?;
    bob.portal.get(&path).refused(403, "forbidden")?;

    begin(&physician)?;
    let approved = json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] });
    physician.portal.post(&decide, &approved).expect(200)?;
    physician.portal.get(&path).refused(409, "conflict")?;
    let kept = json!({ "TableName": world.stack.table, "Key": {
        "pk": { "S": format!("CASE#{}", wizard.key) }, "sk": { "S": "WORKSHEET#R01" },
    } });
    let kept = world.stack.table("GetItem", kept)?;
    ensure!(kept.get("Item").is_none(), "{kept}");
    Ok(())
}
