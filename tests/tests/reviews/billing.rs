//! What was billed under an authorization comes by file, and a revision does not touch it (ACT-03).

use anyhow::{Result, ensure};
use jiff::{ToSpan, civil::Date};
use portico_domain::{caller::StaffRole, feeds::Kind};
use portico_testkit::{
    clinic::{self, Clinic},
    people::Person,
    portal::{Answer, Call},
    seeding::World,
    wizard::{Entry, Wizard},
};
use serde_json::{Value, json};

use super::{CONTRACT, request};

const NOTE: &str = "Fewer chairs are needed.";

fn asked<'a>(by: &'a Person, key: &str, more: &Value) -> Call<'a> {
    let mut body = json!({ "of": "R01", "kind": "revision", "note": NOTE });
    if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
        body.extend(more.clone());
    }
    by.portal.post(format!("/cases/{key}/requests"), &body)
}

/// Three wheelchairs and a breathing machine, approved by a nurse.
fn authorized<'a>(world: &World, clinic: &Clinic, by: &'a Person, from: Date, days: u32) -> Result<Wizard<'a>> {
    let nurse = Person::of_staff(world, CONTRACT, StaffRole::Nurse)?;
    let mut wizard = Wizard::begin(by, clinic, "outpatient")?;
    wizard.wheelchair(world)?;
    let chairs = Entry { code: "K0001", modifiers: &[], from, days, units: 3 };
    let mask = Entry { code: "E0601", modifiers: &[], from, days: 1, units: 1 };
    wizard.save("procedures", &json!({ "lines": [chairs.json(), mask.json()] }))?;
    wizard.submit()?;
    wizard.until("the nurses", |case| Ok(case.text("/status")? == "nurse-review"))?;
    nurse.portal.post(request(&wizard, "claim"), &json!({})).expect(200)?;
    let approved = json!({ "decision": "determine", "lines": [{ "outcome": "approved" }, { "outcome": "approved" }] });
    nurse.portal.post(request(&wizard, "determination"), &approved).expect(200)?;
    Ok(wizard)
}

/// A row for each claim: its line, code, modifiers, day and units.
fn file(world: &World, contract: &str, number: &str, rows: &[(&str, &str, &str, Date, u32)]) -> Result<[u64; 5]> {
    let row = |(line, code, modifiers, on, units): &(&str, &str, &str, Date, u32)| {
        format!("{contract},CL-{number},{line},{number},{code},{modifiers},{on},{units}")
    };
    let rows: Vec<String> = rows.iter().map(row).collect();
    let (import, _) = world.stack.imported(&world.stack.drop_rows(Kind::Claims, contract, &rows)?)?;
    let counts = import.counts;
    Ok([counts.read, counts.new, counts.changed, counts.unchanged, counts.rejected])
}

/// All lines as they are authorized, each as it would be asked for again.
fn lines(case: &Answer) -> Result<Vec<Value>> {
    let line = |(place, held): (usize, &Value)| {
        let fields = ["code", "modifiers", "from", "to", "duration", "quantity"];
        let wanted: Value = fields.iter().map(|field| ((*field).to_owned(), held[*field].clone())).collect();
        json!({ "line": place, "wanted": wanted })
    };
    Ok(case.list("/authorizations/0/lines")?.iter().enumerate().map(line).collect())
}

/// REQ: ACT-03
#[test]
fn a_revision_says_what_to_change_and_what_was_billed_or_has_expired_stays() -> Result<()> {
    let world = World::open()?;
    let (clinic, other) = (Clinic::new(&world, CONTRACT)?, Clinic::new(&world, CONTRACT)?);
    let dana = Person::of_clinic(&world, &clinic)?;
    let today = clinic::today(&world, CONTRACT)?;
    let mut wizard = authorized(&world, &clinic, &dana, today, 90)?;
    let key = wizard.key.clone();
    let case = wizard.look()?;
    let number = case.text("/authorizations/0/number")?;
    ensure!(case.at("/authorizations/0/billed")? == &json!(false), "{}", case.body);

    // What is told of the claims is told once, whoever sends it again.
    let billed = [("1", "K0001", "", today, 2)];
    ensure!(file(&world, CONTRACT, &number, &billed)? == [1, 1, 0, 0, 0]);
    ensure!(file(&world, CONTRACT, &number, &billed)? == [1, 0, 0, 1, 0]);
    let wrong = [("2", "K0001", "RR", today, 1), ("3", "E0601", "", today.checked_sub(1.day())?, 1)];
    ensure!(file(&world, CONTRACT, &number, &wrong)? == [2, 0, 0, 0, 2]);
    ensure!(file(&world, "arkansas", &number, &[("1", "K0001", "", today, 1)])? == [1, 0, 0, 0, 1]);
    let case = wizard.look()?;
    ensure!(case.at("/authorizations/0/billedUnits")? == &json!([2, 0]), "{}", case.body);
    let told =
        case.list("/timeline")?.iter().filter(|one| one["text"] == "Claims were made under the authorization of R01.");
    ensure!(told.count() == 1, "{}", case.body);

    // A note says what to change.
    let all = lines(&case)?;
    let blank = json!({ "note": " ", "lines": all });
    asked(&dana, &key, &blank).refused(422, "invalid")?.wrong_at("/note", "missing")?;
    // Provider and modifiers stay, and what was billed.
    let servicing = json!({ "lines": all, "servicing": other.place.provider.id });
    asked(&dana, &key, &servicing).refused(422, "invalid")?.wrong_at("/servicing", "already-billed")?;
    let refused = |pointer: &str, change: &dyn Fn(&mut Vec<Value>)| -> Result<()> {
        let mut lines = all.clone();
        change(&mut lines);
        let answer = asked(&dana, &key, &json!({ "lines": lines })).refused(422, "invalid")?;
        let wrong = |error: &Value| error["pointer"] == pointer && error["code"] == "already-billed";
        ensure!(answer.list("/errors")?.iter().any(wrong), "{}", answer.body);
        Ok(())
    };
    refused("/lines/0/modifiers", &|lines| lines[0]["wanted"]["modifiers"] = json!(["NU"]))?;
    refused("/lines/1/modifiers", &|lines| lines[1]["wanted"]["modifiers"] = json!(["NU"]))?;
    refused("/lines/0/quantity", &|lines| lines[0]["wanted"]["quantity"] = json!(1))?;
    refused("/lines", &|lines| drop(lines.remove(0)))?;
    // What was not billed may go, and units that were not.
    let mut wanted = all.clone();
    wanted.remove(1);
    wanted[0]["wanted"]["quantity"] = json!(2);
    let made = asked(&dana, &key, &json!({ "lines": wanted })).expect(201)?;
    ensure!(made.text("/request")? == "R02", "{}", made.body);
    // Billed after it was asked for: the decision takes nothing of it.
    ensure!(file(&world, CONTRACT, &number, &[("4", "E0601", "", today, 1)])? == [1, 1, 0, 0, 0]);
    wizard.until("the nurses", |case| Ok(case.text("/requests/1/status")? == "nurse-review"))?;
    let nurse = Person::of_staff(&world, CONTRACT, StaffRole::Nurse)?;
    let of = |what: &str| format!("/staff/cases/{key}/requests/R02/{what}");
    nurse.portal.post(of("claim"), &json!({})).expect(200)?;
    let approved = json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] });
    let refused = nurse.portal.post(of("determination"), &approved).refused(422, "invalid")?;
    refused.wrong_at("/lines/0/outcome", "already-billed")?;
    // Taken back, it may be removed.
    ensure!(file(&world, CONTRACT, &number, &[("4", "E0601", "", today, 0)])? == [1, 0, 1, 0, 0]);
    nurse.portal.post(of("determination"), &approved).expect(200)?;
    let case = wizard.look()?;
    ensure!(case.list("/authorizations/0/lines")?.len() == 1, "{}", case.body);
    ensure!(
        case.text("/authorizations/0/number")? == number && case.at("/authorizations/0/billedUnits")? == &json!([2])
    );

    // What has expired is not revised.
    let mut over = authorized(&world, &clinic, &dana, today.checked_sub(6.days())?, 3)?;
    let case = over.look()?;
    let mut late = lines(&case)?;
    late[0]["wanted"]["quantity"] = json!(4);
    let refused = asked(&dana, &over.key, &json!({ "lines": late })).refused(409, "conflict")?;
    ensure!(refused.text("/state")? == "expired", "{}", refused.body);
    Ok(())
}
