//! A group as a whole: each Group Admin works for all of its providers, and cases on which a provider is are seen by the group
//! that registers it, also when that was later.

use anyhow::{Result, ensure};
use portico_testkit::{
    clinic::Clinic,
    people::{Person, joining},
    portal::Answer,
    seeding::World,
    wizard::Wizard,
};
use portico_tests::office::Office;
use serde_json::json;

/// REQ: ORG-03
#[test]
fn a_second_group_admin_works_for_every_provider_of_the_group() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, "arkansas")?;
    // A location of another contract, at which the others have no part.
    let far = Clinic::new(&world, "colorado")?;
    let pair = joining(&world, &far)?;
    office.admin.portal.post(format!("/groups/{}/providers", office.group), &pair).expect(201)?;
    let second = office.hire("vi", &office.provider(), "group-admin")?;
    let clerk = office.hire("wu", &office.provider(), "staff")?;
    let search = json!({ "contract": "colorado", "memberNumber": far.member_number() });
    let case = json!({ "member": far.member.id, "requesting": far.place.provider.id, "setting": "outpatient" });
    let near = json!({ "contract": "colorado", "npi": far.number() });
    let providers =
        format!("/providers?contract={}&npi={}", near["contract"].as_str().unwrap_or_default(), far.number());
    for (path, body) in [("/members/search", &search), ("/cases", &case)] {
        clerk.portal.post(path, body).refused(404, "not-found")?;
    }
    clerk.portal.get(&providers).refused(404, "not-found")?;
    let found = second.portal.post("/members/search", &search).expect(200)?;
    ensure!(found.list("/members")?.len() == 1);
    ensure!(second.portal.get(&providers).expect(200)?.list("/providers")?.len() == 1);
    let key = second.portal.post("/cases", &case).expect(201)?.text("/key")?;
    // Colleagues of the group see it, and each Group Admin gives parts at it.
    office.admin.portal.get(format!("/cases/{key}")).expect(200)?;
    let at_far = json!({ "roles": [{ "provider": far.place.provider.id, "role": "staff" }] });
    let given = office.change(&second, &clerk.username, &at_far)?;
    ensure!(given.status == 200, "{}", given.body);
    clerk.portal.post("/members/search", &search).expect(200)?;
    Ok(())
}

fn listed(answer: &Answer, key: &str) -> Result<usize> {
    Ok(answer.list("/cases")?.iter().filter(|case| case["key"] == key).count())
}

/// REQ: ACT-07
#[test]
fn who_registers_a_provider_later_sees_the_cases_it_is_on() -> Result<()> {
    let world = World::open()?;
    let (clinic, later, stranger) =
        (Clinic::new(&world, "colorado")?, Clinic::new(&world, "colorado")?, Clinic::new(&world, "colorado")?);
    let dana = Person::of_clinic(&world, &clinic)?;
    let begun = |servicing: &Clinic| -> Result<Wizard<'_>> {
        let mut wizard = Wizard::begin(&dana, &clinic, "outpatient")?;
        let providers = json!({ "servicing": servicing.place.provider.id, "fax": clinic.contact.fax });
        wizard.save("providers", &providers)?;
        wizard.wheelchair(&world)?;
        Ok(wizard)
    };
    let (before, draft) = (begun(&later)?, begun(&later)?);
    before.submit()?;
    // One case was submitted before the servicing provider is registered, one is submitted after.
    let group = Person::of_clinic(&world, &later)?;
    draft.submit()?;
    let other = Person::of_clinic(&world, &stranger)?;
    for wizard in [&before, &draft] {
        let list = group.portal.get("/cases").expect(200)?;
        ensure!(listed(&list, &wizard.key)? == 1, "{}", list.body);
        group.portal.get(format!("/cases/{}", wizard.key)).expect(200)?;
        ensure!(listed(&other.portal.get("/cases").expect(200)?, &wizard.key)? == 0);
        other.portal.get(format!("/cases/{}", wizard.key)).refused(404, "not-found")?;
    }
    // A colleague without a part at that provider is of the group all the same.
    let id = group.portal.get("/me").expect(200)?.text("/roles/0/group")?;
    let near = Clinic::new(&world, "colorado")?;
    let pair = joining(&world, &near)?;
    group.portal.post(format!("/groups/{id}/providers"), &pair).expect(201)?;
    let office = Office { world: &world, clinic: later, admin: group, group: id };
    let colleague = office.hire("vi", &near.place.provider.id.to_string(), "staff")?;
    ensure!(listed(&colleague.portal.get("/cases").expect(200)?, &before.key)? == 1);
    let case = colleague.portal.get(format!("/cases/{}", before.key)).expect(200)?;
    let number = case.text("/caseId")?;
    let by_number = colleague.portal.get(format!("/cases?caseId={number}")).expect(200)?;
    ensure!(listed(&by_number, &before.key)? == 1, "{}", by_number.body);
    Ok(())
}

#[test]
fn nobody_invites_without_end() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, "arkansas")?;
    let limit = portico_aws::table::accounts::tries::Throttle { what: "invitations", limit: 20, minutes: 60 };
    let part = json!([{ "provider": office.provider(), "role": "staff" }]);
    let path = format!("/groups/{}/users", office.group);
    let clerk = office.name("xi");
    office.admin.portal.post(&path, &office.form(&clerk, &part)).expect(201)?;
    let mail =
        portico_testkit::mailbox::wait_for(&world.stack, &format!("{clerk}@people.example"), "Set up your account")?;
    ensure!(mail.body_text.contains(&format!(" at {}.", office.clinic.place.provider.name)), "{}", mail.body_text);
    ensure!(!mail.body_text.contains("Sam Reed"), "what the inviter typed is not repeated");
    world.use_up(&limit, &office.admin.username)?;
    let refused = office.admin.portal.post(&path, &office.form(&office.name("yu"), &part)).refused(429, "throttled")?;
    ensure!(refused.text("/detail")?.contains("invited as many people"), "{}", refused.body);
    let again = format!("/users/{clerk}/registration-reset");
    office.admin.portal.post(&again, &json!({})).refused(429, "throttled")?;
    let address = json!({ "contact": { "email": "a@new.example", "confirmEmail": "a@new.example" } });
    let corrected = office.change(&office.admin, &clerk, &address)?;
    ensure!(corrected.status == 429, "{}", corrected.body);
    Ok(())
}
