//! Reports: support of the contract grants the first ones, administrators pass them on.

use anyhow::{Context, Result};
use portico_domain::caller::StaffRole::{Nurse, Support};
use portico_testkit::{
    mailbox,
    people::Person,
    portal::{Answer, Call},
    seeding::World,
};
use serde_json::{Value, json};

use portico_tests::office::Office;

fn path(name: &str) -> String {
    format!("/staff/users/{name}/reports")
}

fn wanted(provider: &str, reports: bool) -> Value {
    json!({ "provider": provider, "reports": reports })
}

/// A grant by somebody who has seen the newest version.
fn put<'a>(by: &'a Person, office: &Office<'_>, name: &str, body: &Value) -> Result<Call<'a>> {
    Ok(by.portal.put(path(name), body, &office.version(name)?))
}

fn role_at(answer: &Answer, provider: &str) -> Result<String> {
    let part = answer.list("/roles")?.iter().find(|part| part["provider"] == provider);
    Ok(part.with_context(|| format!("no part at {provider}"))?["role"].as_str().unwrap_or_default().to_owned())
}

/// REQ: ORG-01, ORG-05, ORG-06, OPS-05
#[test]
fn support_grants_the_first_reports_and_an_administrator_passes_them_on() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, "arkansas")?;
    let support = Person::of_staff(&world, "arkansas", Support)?;
    let (here, admin) = (office.provider(), office.admin.username.clone());
    let clerk = office.hire("cy", &here, "staff")?;
    let pass_on = json!({ "roles": [{ "provider": here, "role": "provider-admin-reports" }] });
    assert_eq!(office.change(&office.admin, &clerk.username, &pass_on)?.status, 403, "she does not hold them");

    let before = support.portal.get(path(&admin)).expect(200)?;
    assert_eq!(role_at(&before, &here)?, "group-admin");
    assert_eq!(before.text("/roles/0/providerName")?, office.clinic.place.provider.name.to_string());
    let granted = support.portal.put(path(&admin), &wanted(&here, true), before.header("etag")).expect(200)?;
    assert_eq!(role_at(&granted, &here)?, "group-admin-reports");
    support.portal.put(path(&admin), &wanted(&here, false), before.header("etag")).refused(412, "stale")?;
    let again = support.portal.put(path(&admin), &wanted(&here, true), granted.header("etag")).expect(200)?;
    assert_eq!(again.body, granted.body, "the same again changes nothing");
    mailbox::wait_for(&world.stack, office.clinic.contact.email.as_str(), "Your roles have changed")?;

    let me = office.admin.portal.get("/me").expect(200)?;
    assert_eq!(role_at(&me, &here)?, "group-admin-reports", "her session goes on");
    let given = office.change(&office.admin, &clerk.username, &pass_on)?;
    assert_eq!((given.status, role_at(&given, &here)?.as_str()), (200, "provider-admin-reports"));

    let withdrawn = put(&support, &office, &clerk.username, &wanted(&here, false))?.expect(200)?;
    assert_eq!(role_at(&withdrawn, &here)?, "provider-admin");
    put(&support, &office, &admin, &wanted(&here, false))?.expect(200)?;
    assert_eq!(office.change(&office.admin, &clerk.username, &pass_on)?.status, 403, "she holds them no more");
    Ok(())
}

/// REQ: ORG-01, ORG-05, ACT-07
#[test]
fn nobody_but_support_of_the_providers_contract_grants_reports() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, "arkansas")?;
    let support = Person::of_staff(&world, "arkansas", Support)?;
    let (here, admin) = (office.provider(), office.admin.username.clone());
    let clerk = office.hire("cy", &here, "staff")?;

    let staff = put(&support, &office, &clerk.username, &wanted(&here, true))?.expect(422)?;
    assert!(staff.error_at("/reports")?.contains("There is no Staff + Reports"), "{}", staff.body);
    staff.wrong_at("/reports", "no-reports-for-staff")?;
    put(&support, &office, &clerk.username, &wanted(&here, false))?.expect(200)?;
    put(&support, &office, &admin, &json!({}))?.expect(422)?.wrong_at("/provider", "missing")?;
    support.portal.put(path("nobody.at.all"), &wanted(&here, true), "1").refused(404, "not-found")?;
    support.portal.put(path(&support.username), &wanted(&here, true), "1").refused(404, "not-found")?;
    support.portal.put(path(&admin), &wanted(&here, true), "1").without("If-Match").refused(428, "version-required")?;

    let nurse = Person::of_staff(&world, "arkansas", Nurse)?;
    put(&nurse, &office, &admin, &wanted(&here, true))?.refused(403, "forbidden")?;
    nurse.portal.get(path(&admin)).refused(403, "forbidden")?;
    let elsewhere = Person::of_staff(&world, "colorado", Support)?;
    put(&elsewhere, &office, &admin, &wanted(&here, true))?.refused(404, "not-found")?;
    elsewhere.portal.get(path(&admin)).refused(404, "not-found")?;
    office.admin.portal.put(path(&admin), &wanted(&here, true), "1").expect(401)?;
    Ok(())
}

/// REQ: ORG-02, ORG-05, ORG-07
#[test]
fn reports_of_one_contract_say_nothing_about_another_contract_of_the_group() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, "arkansas")?;
    let support = Person::of_staff(&world, "arkansas", Support)?;
    let (here, admin) = (office.provider(), office.admin.username.clone());
    put(&support, &office, &admin, &wanted(&here, true))?.expect(200)?;
    let (same, other) = (office.further("arkansas")?, office.further("colorado")?);
    let me = office.admin.portal.get("/me").expect(200)?;
    assert_eq!(role_at(&me, &same)?, "group-admin-reports");
    assert_eq!(role_at(&me, &other)?, "group-admin", "what she adds by another contract comes without its reports");

    let shown = support.portal.get(path(&admin)).expect(200)?;
    assert_eq!(shown.list("/roles")?.len(), 2, "{}", shown.body);
    put(&support, &office, &admin, &wanted(&other, true))?.refused(404, "not-found")?;
    let herself = json!({ "roles": [{ "provider": other, "role": "group-admin-reports" }] });
    assert_eq!(office.change(&office.admin, &admin, &herself)?.status, 403);

    let elsewhere = Person::of_staff(&world, "colorado", Support)?;
    let granted = put(&elsewhere, &office, &admin, &wanted(&other, true))?.expect(200)?;
    assert_eq!((granted.list("/roles")?.len(), role_at(&granted, &other)?.as_str()), (1, "group-admin-reports"));
    Ok(())
}
