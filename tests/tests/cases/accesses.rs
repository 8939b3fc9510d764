//! Who has viewed a case, as its provider and its reviewers read it.

use anyhow::{Context, Result, ensure};
use portico_domain::caller::StaffRole;
use portico_testkit::{clinic::Clinic, people::Person, portal::Answer, seeding::World, wizard::Wizard};
use serde_json::Value;

fn rows(answer: &Answer) -> Result<Vec<Value>> {
    Ok(answer.list("/accesses")?.to_vec())
}

/// The words of a row: side, name, deed, whether it was allowed.
fn said(row: &Value) -> (Option<&str>, Option<&str>, Option<&str>, Option<bool>) {
    (row["party"].as_str(), row["name"].as_str(), row["did"].as_str(), row["allowed"].as_bool())
}

#[test]
fn a_clinic_sees_who_has_viewed_its_case_and_a_lead_takes_it_as_a_file() -> Result<()> {
    let world = World::open()?;
    let (clinic, other) = (Clinic::new(&world, "colorado")?, Clinic::new(&world, "colorado")?);
    let (dana, stranger) = (Person::of_clinic(&world, &clinic)?, Person::of_clinic(&world, &other)?);
    let mut wizard = Wizard::begin(&dana, &clinic, "outpatient")?;
    wizard.wheelchair(&world)?;
    wizard.submit()?;
    let nurse = Person::of_staff(&world, "colorado", StaffRole::Nurse)?;
    let support = Person::of_staff(&world, "colorado", StaffRole::Support)?;
    let manager = Person::of_staff(&world, "colorado", StaffRole::ContractManager)?;
    let (path, staff) = (format!("/cases/{}", wizard.key), format!("/staff/cases/{}", wizard.key));
    for _ in 0..3 {
        nurse.portal.get(&staff).expect(200)?;
    }
    support.portal.get(&staff).expect(200)?;
    stranger.portal.get(&path).refused(404, "not-found")?;
    stranger.portal.get(format!("{path}/accesses")).refused(404, "not-found")?;

    let seen = dana.portal.get(format!("{path}/accesses?limit=10")).expect(200)?;
    let all = rows(&seen)?;
    let name = clinic.contact.full_name();
    let expected = [
        (Some("provider"), None, Some("accesses"), Some(false)),
        (Some("provider"), None, Some("viewed"), Some(false)),
        (Some("agency"), None, Some("viewed"), Some(true)),
        (Some("review-team"), None, Some("viewed"), Some(true)),
    ];
    ensure!(all.iter().take(4).map(said).collect::<Vec<_>>() == expected, "{all:#?}");
    ensure!(all[3]["times"] == 3 && all[3]["since"].as_str() < all[3]["at"].as_str(), "{:#?}", all[3]);
    let own = all.iter().find(|row| row["name"] == name.as_str()).context("nobody of the clinic is named")?;
    ensure!(own["office"] == clinic.place.provider.name.as_str() && own["party"] == "provider", "{own:#?}");
    ensure!(seen.at("/mayExport")? == false && seen.text("/caseId").is_ok());
    let text = seen.at("")?.to_string();
    for hidden in [nurse.username.as_str(), support.username.as_str(), stranger.username.as_str(), "\"from\""] {
        ensure!(!text.contains(hidden), "{hidden} in {text}");
    }

    // Page by page to the first, and each look at it stands on record.
    let mut next = seen.text("/next").ok();
    let mut oldest = all.last().cloned();
    while let Some(cursor) = next {
        let page = dana.portal.get(format!("{path}/accesses?limit=10&cursor={cursor}")).expect(200)?;
        oldest = rows(&page)?.last().cloned().or(oldest);
        next = page.text("/next").ok();
    }
    ensure!(
        oldest.as_ref().map(said) == Some((Some("provider"), Some(&name), Some("changed"), Some(true))),
        "{oldest:?}"
    );
    let again = rows(&dana.portal.get(format!("{path}/accesses")).expect(200)?)?;
    ensure!(said(&again[0]) == (Some("provider"), Some(&name), Some("accesses"), Some(true)), "{:#?}", again[0]);
    dana.portal.get(format!("{path}/accesses?cursor=x")).refused(422, "invalid")?;

    // Reviewers are told everybody, and whoever leads from where.
    let told = rows(&nurse.portal.get(format!("{staff}/accesses")).expect(200)?)?;
    let row = told.iter().find(|row| row["username"] == stranger.username.as_str()).context("the stranger")?;
    ensure!(row["name"] == other.contact.full_name().as_str() && row["from"].is_null(), "{row:#?}");
    nurse.portal.get(format!("{staff}/accesses/file")).refused(403, "forbidden")?;
    let led = manager.portal.get(format!("{staff}/accesses")).expect(200)?;
    ensure!(led.at("/mayExport")? == true && rows(&led)?.iter().all(|row| row["from"].is_string()), "{led:?}");
    let file = manager.portal.get(format!("{staff}/accesses/file")).expect(200)?;
    let file = file.body.as_str().context("no file")?;
    let lines: Vec<&str> = file.lines().collect();
    ensure!(lines[0] == "at,name,username,side,office,did,operation,outcome,address", "{}", lines[0]);
    let refused = format!("{},Provider,,Looked at the case,get-case,refused,", stranger.username);
    ensure!(lines.iter().any(|line| line.contains(&refused)), "{file}");
    ensure!(lines.len() == world.audits(&wizard.key)?.len(), "every entry but its own, and the heading");
    ensure!(world.audits(&wizard.key)?.last().is_some_and(|last| last.operation == "export-accesses"));
    Ok(())
}
