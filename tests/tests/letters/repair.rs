//! A letter that lacks an element waits in the list of its contract, until somebody has mended what it lacked and had it written again.

use anyhow::{Context, Result, ensure};
use portico_domain::{
    caller::StaffRole,
    events::{About, EventKind},
    feeds::Kind,
    person::Member,
};
use portico_testkit::{
    clinic::Clinic,
    feeds::member_row,
    files,
    people::Person,
    poll::{self, PATIENCE},
    portal::Answer,
    seeding::World,
    wizard::Wizard,
};
use serde_json::{Value, json};

use super::CONTRACT;

const ELSEWHERE: &str = "arkansas";

/// The letter of a case in the list, page by page; nothing when it is not there.
pub(super) fn listed(by: &Person, case: &str) -> Result<Option<Value>> {
    let mut cursor = String::new();
    loop {
        let page = by.portal.get(format!("/staff/held-letters?limit=50{cursor}")).expect(200)?;
        let found = page.list("/items")?.iter().find(|item| item["key"] == case).cloned();
        match page.body["next"].as_str() {
            Some(next) if found.is_none() => cursor = format!("&cursor={next}"),
            _ => return Ok(found),
        }
    }
}

/// A request that a physician denies; its provider's letter is issued, and the member's lacks the address.
fn denied_without_address(world: &World, wizard: &mut Wizard<'_>, nurse: &Person, physician: &Person) -> Result<()> {
    wizard.wheelchair(world)?;
    wizard.submit()?;
    wizard.until("the nurses", |case| Ok(case.text("/status")? == "nurse-review"))?;
    let request = |what: &str| format!("/staff/cases/{}/requests/R01/{what}", wizard.key);
    let [claim, decide] = ["claim", "determination"].map(request);
    nurse.portal.post(&claim, &json!({})).expect(200)?;
    nurse.portal.post(&decide, &json!({ "decision": "refer", "note": "Please look at the goals." })).expect(200)?;
    physician.portal.post(&claim, &json!({})).expect(200)?;
    let denial = json!({
        "decision": "determine",
        "lines": [{ "outcome": "denied", "reason": "The goals of the plan are met." }],
        "criteria": [{ "title": "Mobility", "citation": "8.590.5", "text": "A walking aid is tried first." }],
    });
    world.without_address(&wizard.key, || physician.portal.post(&decide, &denial).expect(200).map(drop))
}

pub(super) fn audience<'a>(case: &'a Answer, audience: &str) -> Result<Vec<&'a Value>> {
    Ok(case.list("/letters")?.iter().filter(|letter| letter["audience"] == audience).collect())
}

#[test]
fn a_letter_without_an_address_is_issued_once_it_is_mended() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let of = |contract, role| Person::of_staff(&world, contract, role);
    let (nurse, physician) = (of(CONTRACT, StaffRole::Nurse)?, of(CONTRACT, StaffRole::Physician)?);
    let (manager, clerk) = (of(CONTRACT, StaffRole::ContractManager)?, of(CONTRACT, StaffRole::Intake)?);
    let other = of(ELSEWHERE, StaffRole::Nurse)?;
    let mut wizard = Wizard::begin(&dana, &clinic, "outpatient")?;
    denied_without_address(&world, &mut wizard, &nurse, &physician)?;
    world.member_without_address(&clinic.member.id.to_string())?;

    // Reviewers and managers of the contract see it with what it lacks, and nobody else.
    let key = wizard.key.clone();
    let held = poll::until("the letter in the list", 3 * PATIENCE, || listed(&nurse, &key))?;
    let number = wizard.look()?.text("/caseId")?;
    ensure!(held["caseId"] == number.as_str() && held["request"] == "R01" && held["audience"] == "member", "{held}");
    ensure!(
        held["contract"] == CONTRACT && held["about"] == "determination" && held["beingWritten"] == false,
        "{held}"
    );
    ensure!(held["missing"].as_array().is_some_and(|missing| missing.len() == 1), "{held}");
    ensure!(held["missing"][0].as_str().is_some_and(|element| element.starts_with("addressee (42 CFR")), "{held}");
    ensure!(held["due"].is_null() && held["triedAt"].is_null(), "it is decided, and nobody has tried: {held}");
    ensure!(!held.to_string().contains(clinic.member.last_name.as_str()), "nothing of the member");
    ensure!(
        listed(&physician, &key)?.is_some() && listed(&manager, &key)?.is_some() && listed(&other, &key)?.is_none()
    );
    let shown = world.shown_to(&nurse.username)?;
    ensure!(shown.iter().any(|one| one.access.operation == "list-held-letters" && one.shown.contains(&key)));
    let id = held["id"].as_str().context("an id")?;
    let place = format!("/staff/held-letters/{key}/{id}");
    clerk.portal.get("/staff/held-letters").refused(403, "forbidden")?;
    clerk.portal.post(&place, &json!({})).refused(403, "forbidden")?;
    other.portal.get(format!("/staff/held-letters?contract={CONTRACT}")).refused(404, "not-found")?;
    other.portal.post(&place, &json!({})).refused(404, "not-found")?;
    let unknown = format!("/staff/held-letters/{key}/ltr_0197a3c2f0c07d0aa1b2c3d4e5f60718");
    nurse.portal.post(&unknown, &json!({})).refused(404, "not-found")?;
    let case = wizard.until("the provider's letter", |case| Ok(audience(case, "provider")?.len() == 1))?;
    ensure!(audience(&case, "member")?.is_empty());

    // Nothing is mended: it stays, and says so. The same intent asks once.
    let ask = || nurse.portal.post(&place, &json!({})).idempotency_key("the-same-intent").expect(202);
    ensure!(ask()?.text("/askedAt")? == ask()?.text("/askedAt")?);
    let tried =
        poll::until("the try", PATIENCE, || Ok(listed(&nurse, &key)?.filter(|one| one["triedAt"].is_string())))?;
    ensure!(tried["missing"] == held["missing"] && tried["heldAt"] == held["heldAt"], "{tried}");
    ensure!(tried["beingWritten"] == false && audience(&wizard.look()?, "member")?.is_empty(), "{tried}");

    // The plan's file brings an address; two ask at once, and the letter is issued once, to that address.
    let mut moved = Member { first_name: "Zoë".parse()?, ..clinic.member.clone() };
    moved.address.line1 = "9 Quince Terrace".parse()?;
    let (import, report) =
        world.stack.imported(&world.stack.drop_rows(Kind::Members, CONTRACT, &[member_row(&moved)])?)?;
    ensure!(import.counts.changed == 1, "{report}");
    nurse.portal.post(&place, &json!({})).expect(202)?;
    let second = manager.portal.post(format!("/staff/held-letters/{number}/{id}"), &json!({})).send()?;
    ensure!([202, 409, 412].contains(&second.status), "{}", second.body);
    let case = wizard.until("the member's letter", |case| Ok(!audience(case, "member")?.is_empty()))?;
    poll::until("it to leave the list", PATIENCE, || Ok(listed(&nurse, &key)?.is_none().then_some(())))?;
    ensure!(audience(&case, "member")?.iter().all(|letter| letter["id"] == id), "it keeps its id");
    let url = dana.portal.get(format!("/cases/{key}/letters/{id}")).expect(200)?.text("/url")?;
    let words = files::words_of_pdf(&dana.portal.download(&url)?)?;
    ensure!(["Zoë", "Quince", "Terrace"].iter().all(|word| words.contains(word)), "{words}");
    ensure!(words.contains(clinic.member.last_name.as_str()) && words.contains("goals"), "{words}");
    nurse.portal.post(&place, &json!({})).refused(409, "conflict")?;
    wizard.until("the letter mailed", |case| {
        Ok(case.list("/deliveries")?.iter().any(|delivery| delivery["letter"] == id && delivery["status"] == "mailed"))
    })?;
    let case = wizard.look()?;
    ensure!(audience(&case, "member")?.len() == 1 && case.list("/deliveries")?.len() == 2, "{}", case.body);

    // What happened is on record.
    let events = world.events(&About::Case(key.parse()?))?;
    let count = |of: fn(&EventKind) -> bool| events.iter().filter(|event| of(&event.kind)).count();
    ensure!(count(|kind| matches!(kind, EventKind::LetterHeld { again: false, .. })) == 1);
    ensure!(count(|kind| matches!(kind, EventKind::LetterHeld { again: true, .. })) == 1);
    let asked = count(|kind| matches!(kind, EventKind::LetterAsked { .. }));
    ensure!(asked == if second.status == 202 { 3 } else { 2 }, "{asked}");
    let told = case.list("/timeline")?.iter().filter_map(|moment| moment["text"].as_str()).collect::<Vec<_>>();
    ensure!(told.contains(&"The letter to the member about R01 is to be written again."), "{told:?}");
    ensure!(
        told.contains(&"The letter to the member about R01 was written again and still has to be repaired."),
        "{told:?}"
    );
    let audits = world.audits(&key)?;
    let noted = |allowed, name: &str| {
        audits.iter().any(|one| one.operation == "ask-letter" && one.allowed == allowed && one.by.to_string() == name)
    };
    ensure!(noted(true, &nurse.username) && noted(false, &clerk.username) && noted(false, &other.username));
    Ok(())
}
