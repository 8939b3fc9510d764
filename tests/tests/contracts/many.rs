//! A contract with as many rules for codes as an agency's own sheet has.

use anyhow::{Context, Result, ensure};
use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::ToSpan;
use portico_domain::caller::StaffRole::{ContractManager, Nurse};
use portico_testkit::{
    clinic::{self, Clinic, own_contract, put_contract},
    files,
    people::Person,
    seeding::World,
    wizard::{Entry, Wizard},
};
use serde_json::{Value, json};

/// Every HCPCS code that begins with one of two letters, by form.
fn codes() -> impl Iterator<Item = String> {
    ['A', 'B'].into_iter().flat_map(|letter| (0..10_000).map(move |number| format!("{letter}{number:04}")))
}

/// A rule for each of 20,000 codes beside one for a range: a line is held to its own, a decision is made and told in its words, and what
/// is not listed is answered by the setting.
#[test]
fn a_line_is_held_to_its_own_rule_among_twenty_thousand() -> Result<()> {
    let world = World::open()?;
    let id = own_contract(&world)?;
    put_contract(&world, &id, |pack| {
        let rule = |code: String| {
            json!({
                "code": code, "description": format!("Supply number {code}"), "unit": "1 piece",
                "authorization": "required", "max-units-per-week": 7,
            })
        };
        let range = json!({ "code": "97010-97799", "description": "Therapy", "unit": "1 session", "authorization": "not-required" });
        pack["codes"] = std::iter::once(range).chain(codes().map(rule)).collect();
        pack["questionnaires"] = json!([]);
        pack["questionnaire-rules"] = json!([]);
        if let Some(types) = pack["service-types"].as_array_mut() {
            for service in types {
                service["required-documents"] = json!([]);
            }
        }
    })?;
    let clinic = Clinic::new(&world, &id)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let from = clinic::today(&world, "arkansas")?.checked_add(3.days())?;
    let asked = |code: &str| -> Result<(String, String)> {
        let asked = json!({ "code": code, "setting": "outpatient", "on": from });
        let answer = dana.portal.post(format!("/contracts/{id}/checks"), &asked).expect(201)?;
        Ok((answer.text("/verdict")?, answer.body["rule"].as_str().unwrap_or_default().to_owned()))
    };
    assert_eq!(asked("B4321")?, ("required".to_owned(), "B4321: Supply number B4321".to_owned()));
    assert_eq!(asked("97110")?, ("not-required".to_owned(), "97110 (97010-97799): Therapy".to_owned()));
    assert_eq!(asked("C0001")?, ("call".to_owned(), String::new()));

    let mut wizard = Wizard::begin(&dana, &clinic, "outpatient")?;
    let provider = clinic.place.provider.id;
    wizard.save("providers", &json!({ "servicing": provider, "attending": provider, "fax": clinic.contact.fax }))?;
    wizard.save("service", &json!({ "serviceType": "day-habilitative", "placeOfService": "11" }))?;
    wizard.save("diagnoses", &json!({ "diagnoses": ["F84.0"] }))?;
    wizard.save("request", &json!({ "review": "initial", "urgency": "standard" }))?;
    let line = |code, units| Entry { code, modifiers: &[], from, days: 14, units }.json();
    let path = format!("/cases/{}/steps/procedures", wizard.key);
    let much = json!({ "lines": [line("A0001", 15), line("C0001", 1)] });
    let refused = dana.portal.put(path, &much, &wizard.etag).refused(422, "invalid")?;
    let told = refused.wrong_at("/lines/0/quantity", "too-many-units-a-week")?;
    assert_eq!(told, json!({ "most": 7, "days": 14, "allowed": 14, "unit": "1 piece" }));
    refused.wrong_at("/lines/1/code", "not-reviewed")?;
    wizard.save("procedures", &json!({ "lines": [line("A0001", 14), line("B9999", 1)] }))?;
    wizard.submit()?;
    wizard.until("the nurses", |case| Ok(case.text("/status")? == "nurse-review"))?;
    let nurse = Person::of_staff(&world, &id, Nurse)?;
    let request = format!("/staff/cases/{}/requests/R01", wizard.key);
    nurse.portal.post(format!("{request}/claim"), &json!({})).expect(200)?;
    let approved = json!({ "decision": "determine", "lines": [{ "outcome": "approved" }, { "outcome": "approved" }] });
    nurse.portal.post(format!("{request}/determination"), &approved).expect(200)?;
    let case = wizard.until("both letters", |case| Ok(case.list("/letters")?.len() == 2))?;
    assert_eq!(case.text("/requests/0/lines/1/description")?, "Supply number B9999");
    for letter in case.list("/letters")? {
        let id = letter["id"].as_str().context("the letter's id")?;
        let content = world.stack.object(&world.stack.letters_bucket, &format!("letters/{id}.pdf"))?;
        let words = files::words_of_pdf(&content.context("the letter's file")?)?;
        ensure!(words.contains("Supply number A0001") && words.contains("Supply number B9999"), "{words}");
    }
    Ok(())
}

#[test]
fn a_sheet_of_twenty_thousand_rows_is_checked_compared_applied_and_withdrawn() -> Result<()> {
    let world = World::open()?;
    let contract = own_contract(&world)?;
    let manager = Person::of_post(&world, &[&contract], ContractManager)?;
    let (packs, day) = (format!("/staff/contracts/{contract}/packs"), clinic::today(&world, "arkansas")?);
    let sent = |version: &str, days: i64, unit: &str| -> Result<Value> {
        let sheet = |name: &str, text: String| match name {
            "codes.csv" => {
                codes().fold(text, |sheet, code| sheet + &format!("{code},,Supply number {code},{unit},4,,required,\n"))
            }
            _ => text,
        };
        let archive = files::pack(&contract, version, day.checked_add(days.days())?, sheet)?;
        Ok(json!({ "archive": STANDARD.encode(archive) }))
    };
    let first = sent("2027.1", 40, "1 piece")?;
    let found = manager.portal.post(format!("{packs}/checks"), &first).expect(200)?;
    ensure!(found.list("/problems")?.is_empty(), "{}", found.body);
    let changes = found.list("/plan/changes")?;
    ensure!(changes.len() == 501 && changes[500] == "19501 more values change.", "{:?}", changes.last());
    manager.portal.post(&packs, &first).expect(201)?;
    // The next one differs in the unit of every rule; the same again in nothing.
    let found = manager.portal.post(format!("{packs}/checks"), &sent("2027.2", 50, "1 box")?).expect(200)?;
    assert_eq!(found.text("/plan/changes/0")?, "codes, A0000, unit: 1 piece becomes 1 box.");
    let found = manager.portal.post(format!("{packs}/checks"), &sent("2027.2", 50, "1 piece")?).expect(200)?;
    assert_eq!(found.list("/plan/changes")?, &Vec::<Value>::new());
    manager.portal.delete(format!("{packs}/2027.1")).expect(204)?;
    Ok(())
}
