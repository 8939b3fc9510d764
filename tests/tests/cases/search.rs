//! The search for cases when the Case ID is not at hand.

use anyhow::{Result, ensure};
use jiff::ToSpan;
use portico_testkit::{
    clinic,
    clinic::Clinic,
    people::{Person, joining},
    portal::Answer,
    seeding::World,
    wizard::Wizard,
};
use portico_tests::office::Office;
use serde_json::{Value, json};

fn search(by: &Person, body: &Value) -> Result<Answer> {
    by.portal.post("/cases/search", body).expect(200)
}

fn keys(listed: &Answer) -> Result<Vec<String>> {
    Ok(listed.list("/cases")?.iter().filter_map(|case| case["key"].as_str().map(ToOwned::to_owned)).collect())
}

fn found(by: &Person, body: &Value) -> Result<Vec<String>> {
    keys(&search(by, body)?)
}

/// REQ: ACT-08
#[test]
fn cases_are_found_by_number_member_provider_status_and_dates() -> Result<()> {
    let world = World::open()?;
    let (clinic, later) = (Clinic::new(&world, "colorado")?, Clinic::new(&world, "colorado")?);
    let office = Office::open(&world, "colorado")?;
    let dana = Person::of_clinic(&world, &clinic)?;
    // Two cases of two members in two groups' clinics; the second is served by a provider that nobody has registered.
    let mut own = Wizard::begin(&office.admin, &office.clinic, "outpatient")?;
    own.wheelchair(&world)?;
    let number = own.submit()?.text("/caseId")?;
    let mut served = Wizard::begin(&dana, &clinic, "outpatient")?;
    let providers = json!({ "servicing": later.place.provider.id, "fax": clinic.contact.fax });
    served.save("providers", &providers)?;
    served.wheelchair(&world)?;
    served.submit()?;
    let admin = &office.admin;
    // The office registers that provider later: its cases are found too.
    let pair = joining(&world, &later)?;
    admin.portal.post(format!("/groups/{}/providers", office.group), &pair).expect(201)?;
    // And a draft, which is found with the others.
    let draft = Wizard::begin(admin, &office.clinic, "outpatient")?.key;

    let (own, served) = (own.key, served.key);
    let mut all = found(admin, &json!({}))?;
    all.sort_unstable();
    let mut expected = vec![own.clone(), served.clone(), draft.clone()];
    expected.sort_unstable();
    ensure!(all == expected, "{all:?}");

    let is = |body: Value, expected: &[&String]| -> Result<()> {
        let mut found = found(admin, &body)?;
        let mut expected: Vec<String> = expected.iter().map(ToString::to_string).collect();
        found.sort_unstable();
        expected.sort_unstable();
        ensure!(found == expected, "{body}: {found:?}");
        Ok(())
    };
    let member = |of: &Clinic| of.member.number().map(ToString::to_string).unwrap_or_default();
    let (own_member, other_member) = (&office.clinic.member, &clinic.member);
    // By Case ID.
    is(json!({ "caseId": number }), &[&own])?;
    is(json!({ "caseId": "991230001" }), &[])?;
    // By member.
    is(json!({ "contract": "colorado", "memberNumber": member(&office.clinic) }), &[&own, &draft])?;
    is(
        json!({ "contract": "colorado", "lastName": other_member.last_name, "birthDate": other_member.birth_date }),
        &[&served],
    )?;
    is(json!({ "contract": "colorado", "memberNumber": member(&office.clinic), "submitted": true }), &[&own])?;
    is(json!({ "contract": "colorado", "memberNumber": member(&clinic), "caseId": number }), &[])?;
    is(json!({ "contract": "arkansas", "memberNumber": member(&office.clinic) }), &[])?;
    // By provider, whatever it is on the case.
    is(json!({ "provider": later.number() }), &[&served])?;
    let name = office.clinic.place.provider.name.to_string();
    let last = name.rsplit(' ').next().unwrap_or_default();
    is(json!({ "provider": last.to_uppercase() }), &[&own, &draft])?;
    // By status.
    is(json!({ "status": "draft" }), &[&draft])?;
    is(json!({ "submitted": true }), &[&own, &served])?;
    is(json!({ "status": "denied" }), &[])?;
    // By dates of the submit and of the service.
    let today = clinic::today(&world, "colorado")?;
    let (yesterday, tomorrow) = (today.checked_sub(1.days())?, today.checked_add(1.days())?);
    is(json!({ "submittedFrom": today, "submittedTo": tomorrow }), &[&own, &served])?;
    is(json!({ "submittedTo": yesterday }), &[])?;
    is(json!({ "serviceFrom": yesterday, "serviceTo": today }), &[&own, &served])?;
    is(json!({ "serviceFrom": tomorrow }), &[])?;
    // All at once.
    let number = later.number();
    is(
        json!({ "provider": number, "submitted": true, "serviceFrom": today, "contract": "colorado", "memberNumber": member(&clinic) }),
        &[&served],
    )?;

    // Page by page, by lists and by member.
    for body in [
        json!({ "limit": 1 }),
        json!({ "limit": 1, "contract": "colorado", "lastName": own_member.last_name, "birthDate": own_member.birth_date }),
    ] {
        let (mut body, mut pages, mut seen) = (body, 0, Vec::new());
        loop {
            let page = search(admin, &body)?;
            seen.extend(keys(&page)?);
            pages += 1;
            ensure!(pages < 9, "no end");
            match page.body.get("next") {
                Some(next) => body["cursor"] = next.clone(),
                None => break,
            }
        }
        let mut once = seen.clone();
        once.sort_unstable();
        once.dedup();
        ensure!(once.len() == seen.len() && seen.len() >= 2, "{seen:?}");
    }

    // Whoever is not on a case finds it by nothing.
    let stranger = Person::of_clinic(&world, &Clinic::new(&world, "colorado")?)?;
    for body in [
        json!({}),
        json!({ "caseId": search(admin, &json!({ "submitted": true }))?.text("/cases/0/caseId")? }),
        json!({ "contract": "colorado", "memberNumber": member(&clinic) }),
        json!({ "provider": later.number() }),
    ] {
        ensure!(found(&stranger, &body)?.is_empty(), "{body}");
    }
    // What was searched is on record without a value that says something of a person.
    let shown = world.shown_to(&office.admin.username)?;
    let searches = || shown.iter().filter(|shown| shown.access.operation == "search-cases");
    ensure!(searches().count() > 10 && searches().any(|search| search.shown == [served.clone()]), "{shown:?}");
    for search in searches() {
        let what = format!("{search:?}");
        ensure!(!what.contains(&member(&clinic)) && !what.contains(other_member.last_name.as_str()), "{what}");
    }
    Ok(())
}

#[test]
fn a_slip_in_a_search_is_refused_by_name() -> Result<()> {
    let world = World::open()?;
    let dana = Person::of_clinic(&world, &Clinic::new(&world, "colorado")?)?;
    let wrong = json!({
        "member": "x", "memberNumber": "1", "provider": "xy", "status": "open", "submittedFrom": "May 7", "limit": 500,
    });
    let refused = dana.portal.post("/cases/search", &wrong).refused(422, "invalid")?;
    refused.wrong_at("/member", "unknown-field")?;
    let body =
        json!({ "memberNumber": "1", "provider": "xy", "status": "open", "submittedFrom": "May 7", "limit": 500 });
    let refused = dana.portal.post("/cases/search", &body).refused(422, "invalid")?;
    for (pointer, code) in [
        ("/contract", "missing"),
        ("/provider", "too-short"),
        ("/status", "not-a-choice"),
        ("/submittedFrom", "not-a-date"),
        ("/limit", "out-of-range"),
    ] {
        refused.wrong_at(pointer, code)?;
    }
    Ok(())
}
