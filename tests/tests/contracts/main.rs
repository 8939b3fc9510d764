//! "Is authorization required?", asked over HTTP before a case is typed; the packs that say so; and a new agency's way to its first.

#![cfg(test)]

mod many;
mod onboarding;
mod packs;

use anyhow::{Result, ensure};
use jiff::ToSpan;
use portico_domain::caller::StaffRole;
use portico_testkit::{
    clinic::{self, Clinic},
    people::Person,
    portal::Answer,
    seeding::World,
};
use serde_json::{Value, json};

const CONTRACT: &str = "arkansas";

fn ask(by: &Person, asked: &Value) -> Result<Answer> {
    by.portal.post(format!("/contracts/{CONTRACT}/checks"), asked).expect(201)
}

fn habilitative(world: &World) -> Result<Value> {
    let on = clinic::today(world, CONTRACT)?;
    Ok(json!({ "code": "T1015", "modifiers": ["UB", "U6"], "setting": "outpatient", "on": on }))
}

fn with(mut asked: Value, name: &str, value: impl Into<Value>) -> Value {
    asked[name] = value.into();
    asked
}

fn words(answer: &Answer) -> Result<String> {
    Ok(answer.list("/reasons")?.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "))
}

#[test]
fn what_is_required_is_answered_by_the_contracts_rules_and_looked_up_by_its_number() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let ann = Person::of_clinic(&world, &clinic)?;
    let asked = with(habilitative(&world)?, "serviceType", "day-habilitative");
    let answer = ask(&ann, &asked)?;
    ensure!(answer.text("/verdict")? == "required");
    let version = ann.portal.get(format!("/contracts/{CONTRACT}")).expect(200)?.text("/version")?;
    ensure!(answer.text("/version")? == version && answer.text("/rule")?.starts_with("T1015 with U6 and UB: "));
    ensure!(words(&answer)?.contains("At most 5 units a day"), "{}", words(&answer)?);
    let number = answer.text("/number")?;
    ensure!(number.starts_with("CK"), "{number}");

    // The same question later has a number of its own; what was answered stands.
    ensure!(ask(&ann, &asked)?.text("/number")? != number);
    let again = ann.portal.get(format!("/checks/{}", number.to_lowercase())).expect(200)?;
    ensure!(again.at("")? == answer.at("")?);
    let nurse = Person::of_staff(&world, CONTRACT, StaffRole::Nurse)?;
    ensure!(nurse.portal.get(format!("/staff/checks/{number}")).expect(200)?.at("")? == answer.at("")?);

    // Another clinic cannot tell that it was asked; nor is there a number that nobody gave.
    let other = Person::of_clinic(&world, &Clinic::new(&world, CONTRACT)?)?;
    for number in [number.as_str(), "CK263329999", "263320001", "x"] {
        other.portal.get(format!("/checks/{number}")).refused(404, "not-found")?;
    }
    Ok(())
}

#[test]
fn a_members_age_is_looked_at_and_who_asked_for_whom_is_on_record() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let ann = Person::of_clinic(&world, &clinic)?;
    let search = json!({ "contract": CONTRACT, "memberNumber": clinic.member_number() });
    let member = ann.portal.post("/members/search", &search).expect(200)?.text("/members/0/id")?;
    let answer = ask(&ann, &with(habilitative(&world)?, "member", member.as_str()))?;
    ensure!(answer.text("/member/lastName")? == clinic.member.last_name.to_string());
    let on = clinic::today(&world, CONTRACT)?;
    ensure!(answer.at("/age")?.as_u64() == clinic.member.age_on(on).map(u64::from));
    let number = answer.text("/number")?;
    ann.portal.get(format!("/checks/{number}")).expect(200)?;
    let shown = world.shown_to(&ann.username)?;
    let noted = |operation: &str| {
        shown.iter().any(|shown| {
            shown.access.operation == operation && shown.shown.contains(&number) && shown.shown.contains(&member)
        })
    };
    ensure!(noted("check-requirement") && noted("get-check"), "{shown:?}");

    let grown = ask(&ann, &with(habilitative(&world)?, "age", 30))?;
    ensure!(grown.text("/verdict")? == "call" && words(&grown)?.contains("under 21"), "{}", words(&grown)?);
    ensure!(words(&grown)?.contains(&grown.text("/supportPhone")?));
    let unborn = with(with(habilitative(&world)?, "member", member.as_str()), "on", "1990-01-01");
    ann.portal.post(format!("/contracts/{CONTRACT}/checks"), &unborn).refused(422, "invalid")?.error_at("/on")?;
    // Of another contract's member nothing is said, not even that there is one.
    let colorado = Clinic::new(&world, "colorado")?.member.id.to_string();
    let elsewhere = with(habilitative(&world)?, "member", colorado);
    ann.portal.post(format!("/contracts/{CONTRACT}/checks"), &elsewhere).refused(404, "not-found")?;
    Ok(())
}

#[test]
fn a_question_that_is_wrong_says_so_at_each_field() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let ann = Person::of_clinic(&world, &clinic)?;
    let path = format!("/contracts/{CONTRACT}/checks");
    let answer = ann.portal.post(&path, &json!({})).refused(422, "invalid")?;
    for (pointer, code) in [("/code", "missing"), ("/setting", "missing"), ("/on", "missing")] {
        answer.wrong_at(pointer, code)?;
    }
    let wrong = json!({ "code": "W1", "modifiers": ["U6", "6"], "setting": "home", "on": "7 May", "age": 200 });
    let answer = ann.portal.post(&path, &wrong).refused(422, "invalid")?;
    for pointer in ["/code", "/modifiers/1", "/setting", "/on", "/age"] {
        answer.error_at(pointer)?;
    }
    let far = clinic::today(&world, CONTRACT)?.checked_add(3.years())?;
    let late = with(with(habilitative(&world)?, "on", far.to_string()), "serviceType", "nothing");
    let answer = ann.portal.post(&path, &late).refused(422, "invalid")?;
    answer.wrong_at("/on", "too-far-ahead")?;
    answer.wrong_at("/serviceType", "not-offered")?;
    // Under a contract where the caller has no provider there is nothing to ask.
    ann.portal.post("/contracts/colorado/checks", &habilitative(&world)?).refused(404, "not-found")?;
    Ok(())
}
