//! Registering: pairs of NPI and code, right and wrong, and what becomes of those who are let in.

use anyhow::{Result, ensure};
use portico_domain::{
    caller::ProviderRole,
    events::{EventKind, RoleNow},
};
use portico_testkit::{
    clinic::Clinic,
    mailbox,
    people::{PASSWORD, Person, registration},
    portal::{Answer, Portal},
    seeding::World,
};
use serde_json::json;

use portico_tests::office::Office;

fn verify(world: &World, npi: &str, code: &str) -> Result<Answer> {
    Portal::new(&world.stack).post("/registrations/verify", &json!({ "npi": npi, "code": code })).send()
}

/// REQ: ACC-01, ACC-05, ORG-07, ORG-09
#[test]
fn each_location_of_an_npi_registers_once_with_its_own_code() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, "arkansas")?;
    let (clinic, branch) = (&office.clinic, office.clinic.branch(&world)?);
    assert_eq!(clinic.number(), branch.number());
    let taken = verify(&world, &clinic.number(), &clinic.place.registration_code)?;
    assert_eq!(taken.status, 409, "{}", taken.body);
    assert!(taken.text("/detail")?.contains(&clinic.contact.full_name()), "{}", taken.body);
    let free = verify(&world, &branch.number(), &branch.place.registration_code)?;
    assert_eq!((free.status, free.text("/provider/providerType")?.as_str()), (200, "Ambulatory surgical center"));
    let pair = json!({ "npi": branch.number(), "code": branch.place.registration_code });
    let path = format!("/groups/{}/providers", office.group);
    let joined = office.admin.portal.post(&path, &pair).expect(201)?;
    assert_eq!(
        (joined.text("/role")?.as_str(), joined.text("/address/0")?.as_str()),
        ("group-admin", "480 Prairie Street")
    );
    assert_eq!(verify(&world, &branch.number(), &branch.place.registration_code)?.status, 409);
    office.admin.portal.post(&path, &pair).refused(409, "conflict")?;
    Ok(())
}

/// REQ: ACC-05
#[test]
fn whoever_comes_later_is_told_who_administers_now_and_nobody_who_is_out() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, "arkansas")?;
    let backup = office.hire("bo", &office.provider(), "group-admin")?;
    let (number, code) = (office.clinic.number(), office.clinic.place.registration_code.clone());
    let first = office.clinic.contact.full_name();
    office.change(&backup, &office.admin.username, &json!({ "deactivate": true }))?;
    let refused = verify(&world, &number, &code)?;
    let told = refused.text("/detail")?;
    ensure!(refused.status == 409 && told.contains("Ask Sam Reed, who administers it"), "{}", refused.body);
    ensure!(!told.contains(&first), "{}", refused.body);
    Ok(())
}

/// REQ: ACC-05, ORG-02, OPS-05
#[test]
fn what_a_registration_makes_of_whom_is_on_record() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, "arkansas")?;
    let part = RoleNow { provider: office.clinic.place.provider.id, role: Some(ProviderRole::GroupAdmin) };
    let given = EventKind::RolesGiven { roles: vec![part] };
    let events = world.user_events(&office.admin.username)?;
    assert!(events.contains(&given), "{events:?}");
    Ok(())
}

/// REQ: ACC-02
#[test]
fn a_wrong_pair_is_told_the_same_whichever_half_is_wrong() -> Result<()> {
    let world = World::open()?;
    let (one, other) = (Clinic::new(&world, "arkansas")?, Clinic::new(&world, "arkansas")?);
    // Each wrong pair counts against the address of all tests: two are enough.
    let wrong_code = verify(&world, &one.number(), "NOT-THIS-ONE")?;
    let wrong_npi = verify(&world, &other.number(), &one.place.registration_code)?;
    assert_eq!((wrong_code.status, &wrong_code.body), (422, &wrong_npi.body));
    assert_eq!(wrong_code.text("/detail")?, "NPI/Regcode is not valid. Please try different NPI/Regcode");
    assert_eq!(
        verify(&world, &one.number(), &one.place.registration_code)?.status,
        200,
        "a right pair after wrong ones"
    );
    Ok(())
}

/// REQ: ACC-03, ACC-04
#[test]
fn a_provider_without_npi_enters_the_code_twice() -> Result<()> {
    let world = World::open()?;
    let atypical = Clinic::new(&world, "arkansas")?.atypical(&world)?;
    let code = &atypical.place.registration_code;
    let typed = format!(" {} ", code.to_ascii_lowercase());
    assert_eq!(verify(&world, &typed, code)?.status, 200);
    verify(&world, code, "ANOTHER-1")?.wrong_at("/npi", "not-an-npi")?;
    verify(&world, "1234567890", code)?.wrong_at("/npi", "npi-typing-mistake")?;
    let admin = Person::of_clinic(&world, &atypical)?;
    assert!(admin.portal.get("/me").expect(200)?.at("/roles/0/npi").is_err());
    assert_eq!(verify(&world, code, code)?.status, 409);
    Ok(())
}

/// REQ: ACC-06, ACC-07, ACC-09
#[test]
fn the_form_says_what_is_free_and_nobody_is_mailed_a_password() -> Result<()> {
    let world = World::open()?;
    let (clinic, portal) = (Clinic::new(&world, "arkansas")?, Portal::new(&world.stack));
    let asked = |name: &str| portal.get(format!("/usernames/{name}")).expect(200)?.at("/available").cloned();
    assert_eq!(asked(&clinic.username)?, json!(true));
    let terms = &world.contract("arkansas")?.registration.terms_version;
    let form = registration(&clinic, terms);
    let mut old = form.clone();
    old["termsVersion"] = json!("1999-01");
    portal.post("/registrations", &old).expect(422)?.wrong_at("/termsVersion", "terms-changed")?;
    let mut silent = form.clone();
    silent["termsAcknowledged"] = json!(false);
    silent["contact"]["fax"] = json!("");
    let refused = portal.post("/registrations", &silent).expect(422)?;
    refused.wrong_at("/termsAcknowledged", "not-agreed")?;
    refused.wrong_at("/contact/fax", "missing")?;
    portal.post("/registrations", &form).expect(201)?;
    assert_eq!(asked(&clinic.username.to_uppercase())?, json!(false));
    mailbox::wait_for_link(&world.stack, clinic.contact.email.as_str())?;
    for mail in mailbox::mails_to(&world.stack, clinic.contact.email.as_str())? {
        assert!(!mail.body_text.to_lowercase().contains("your password is") && !mail.body_text.contains(PASSWORD));
        assert!(mail.body_text.contains(&clinic.username) && mail.body_text.contains("works once, until"));
    }
    Ok(())
}

/// REQ: ORG-08
#[test]
fn an_administrator_brings_back_whom_an_administrator_took_out() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, "arkansas")?;
    let clerk = office.hire("cy", &office.provider(), "staff")?;
    let out = office.change(&office.admin, &clerk.username, &json!({ "deactivate": true }))?;
    assert_eq!(out.status, 200, "{}", out.body);
    let back =
        office.admin.portal.post(format!("/users/{}/registration-reset", clerk.username), &json!({})).expect(200)?;
    assert_eq!(back.text("/state")?, "invited");
    mailbox::wait_for(&world.stack, &format!("{}@people.example", clerk.username), "Set up your account")?;
    let listed = office.list(&office.admin, "?status=invited")?;
    assert_eq!(listed.text("/users/0/roles/0/role")?, "staff", "the roles are kept");
    Ok(())
}
