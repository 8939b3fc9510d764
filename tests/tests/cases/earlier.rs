//! What was asked for a member before, as it is shown before a new case.

use anyhow::{Context, Result, ensure};
use portico_domain::caller::StaffRole;
use portico_testkit::{
    clinic::{self, Clinic},
    people::Person,
    portal::Answer,
    seeding::World,
    wizard::Wizard,
};
use serde_json::{Value, json};

fn requests(by: &Person, clinic: &Clinic, query: &str) -> Result<Answer> {
    by.portal.get(format!("/members/{}/requests{query}", clinic.member.id)).expect(200)
}

fn keys(listed: &Answer) -> Result<Vec<String>> {
    Ok(listed.list("/requests")?.iter().filter_map(|one| one["key"].as_str().map(ToOwned::to_owned)).collect())
}

/// A wheelchair that a nurse has approved, with its letters.
fn approved<'a>(world: &World, dana: &'a Person, clinic: &Clinic) -> Result<Wizard<'a>> {
    let mut wizard = Wizard::begin(dana, clinic, "outpatient")?;
    wizard.wheelchair(world)?;
    wizard.submit()?;
    wizard.until("the nurses", |case| Ok(case.text("/status")? == "nurse-review"))?;
    let nurse = Person::of_staff(world, "colorado", StaffRole::Nurse)?;
    let request = format!("/staff/cases/{}/requests/R01", wizard.key);
    nurse.portal.post(format!("{request}/claim"), &json!({})).expect(200)?;
    let approval = json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] });
    nurse.portal.post(format!("{request}/determination"), &approval).expect(200)?;
    wizard.until("the letters", |case| Ok(case.list("/letters")?.len() == 2))?;
    Ok(wizard)
}

/// A stay that is over, as it was asked for.
fn stay<'a>(world: &World, dana: &'a Person, clinic: &Clinic) -> Result<Wizard<'a>> {
    let contract = world.contract("colorado")?;
    let kind =
        contract.service_types.iter().find(|kind| kind.settings.contains(&portico_domain::service::Setting::Inpatient));
    let place = contract.places_of_service.first().context("the pack has no place of service")?;
    let kind = kind.context("the pack has no stay")?;
    let mut wizard = Wizard::begin(dana, clinic, "inpatient")?;
    let today = clinic::today(world, "colorado")?;
    let stay = json!({ "admission": "emergent", "admitted": today, "discharged": today });
    wizard.save("service", &json!({ "serviceType": kind.id, "placeOfService": place.id, "stay": stay }))?;
    Ok(wizard)
}

/// REQ: CASE-04
#[test]
fn a_members_earlier_requests_are_shown_sorted_and_page_by_page() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, "colorado")?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let none = requests(&dana, &clinic, "")?;
    ensure!(none.at("/total")? == 0 && keys(&none)?.is_empty() && none.body.get("next").is_none(), "{}", none.body);

    // What another clinic asks for and this one serves is a list of its own.
    let asking = Clinic { member: clinic.member.clone(), ..Clinic::new(&world, "colorado")? };
    let other = Person::of_clinic(&world, &asking)?;
    let mut served = Wizard::begin(&other, &asking, "outpatient")?;
    served.save("providers", &json!({ "servicing": clinic.place.provider.id, "fax": asking.contact.fax }))?;
    served.wheelchair(&world)?;
    served.submit()?;
    let serving = requests(&dana, &clinic, "?list=servicing")?;
    ensure!(keys(&serving)? == [served.key.clone()] && serving.at("/total")? == 1, "{}", serving.body);
    ensure!(requests(&dana, &clinic, "?list=requesting")?.at("/total")? == 0, "it is not the clinic's own");

    let decided = approved(&world, &dana, &clinic)?;
    let stay = stay(&world, &dana, &clinic)?;
    let all = requests(&dana, &clinic, "")?;
    ensure!(keys(&all)? == [decided.key.clone(), stay.key.clone()], "what was submitted comes first: {}", all.body);
    let (today, one) = (clinic::today(&world, "colorado")?.to_string(), &all.list("/requests")?[0]);
    let service = world.contract("colorado")?.service_type("durable-medical-equipment").context("no such type")?;
    for (field, expected) in [
        ("request", json!("R01")),
        ("status", json!("approved")),
        ("setting", json!("outpatient")),
        ("discharged", Value::Null),
        ("serviceType", json!(service.label)),
        ("from", json!(today)),
        ("to", json!(today)),
    ] {
        ensure!(one[field] == expected, "{field}: {one}");
    }
    ensure!(one["caseId"].is_string() && one["submittedAt"].is_string(), "{one}");
    ensure!(one["procedures"][0]["code"] == "K0001", "{one}");
    let draft = &all.list("/requests")?[1];
    ensure!(
        draft["status"] == "draft" && draft["setting"] == "inpatient" && draft["discharged"] == json!(today),
        "{draft}"
    );
    ensure!(draft["submittedAt"].is_null() && draft["caseId"].is_null(), "{draft}");

    // A letter opens from the list.
    let letters = one["letters"].as_array().context("no letters")?;
    ensure!(letters.len() == 2, "{one}");
    let id = letters.iter().find(|letter| letter["audience"] == "provider").and_then(|letter| letter["id"].as_str());
    let path = format!("/cases/{}/letters/{}", decided.key, id.context("no letter to the provider")?);
    dana.portal.get(path).expect(200)?;

    // Every column in both directions holds the same requests; pages make the list.
    for sort in ["request", "status", "submitted", "setting", "discharged", "service-type", "days"] {
        for order in ["ascending", "descending"] {
            let query = format!("?sort={sort}&order={order}");
            let sorted = keys(&requests(&dana, &clinic, &query)?)?;
            ensure!(sorted.len() == 2, "{query}: {sorted:?}");
            let first = requests(&dana, &clinic, &format!("{query}&limit=1"))?;
            ensure!(first.at("/total")? == 2 && keys(&first)? == sorted[..1], "{query}: {}", first.body);
            let next = format!("{query}&limit=1&cursor={}", first.text("/next")?);
            let second = requests(&dana, &clinic, &next)?;
            ensure!(keys(&second)? == sorted[1..] && second.body.get("next").is_none(), "{query}: {}", second.body);
        }
    }
    let by_setting = |order: &str| keys(&requests(&dana, &clinic, &format!("?sort=setting&order={order}"))?);
    ensure!(by_setting("ascending")? == [stay.key.clone(), decided.key.clone()]);
    ensure!(by_setting("descending")? == [decided.key, stay.key]);
    let wrong =
        dana.portal.get(format!("/members/{}/requests?sort=member", clinic.member.id)).refused(422, "invalid")?;
    wrong.wrong_at("/sort", "not-a-choice")?;
    Ok(())
}

/// Requests of others in which a provider of the group performs the service are a list of their own; what the caller
/// may not see is in neither, and in no count.
#[test]
fn what_the_caller_may_not_see_is_in_neither_list_and_looks_are_on_record() -> Result<()> {
    let world = World::open()?;
    let (clinic, serving, stranger) =
        (Clinic::new(&world, "colorado")?, Clinic::new(&world, "colorado")?, Clinic::new(&world, "colorado")?);
    let (dana, server, other) = (
        Person::of_clinic(&world, &clinic)?,
        Person::of_clinic(&world, &serving)?,
        Person::of_clinic(&world, &stranger)?,
    );
    let mut wizard = Wizard::begin(&dana, &clinic, "outpatient")?;
    let providers = json!({ "servicing": serving.place.provider.id, "fax": clinic.contact.fax });
    wizard.save("providers", &providers)?;
    wizard.wheelchair(&world)?;
    // While it is a draft only those who ask see it.
    ensure!(requests(&server, &clinic, "?list=servicing")?.at("/total")? == 0);
    wizard.submit()?;

    let of = |by: &Person, list: &str| requests(by, &clinic, &format!("?list={list}"));
    ensure!(keys(&of(&dana, "requesting")?)? == [wizard.key.clone()] && of(&dana, "servicing")?.at("/total")? == 0);
    let seen = of(&server, "servicing")?;
    ensure!(keys(&seen)? == [wizard.key.clone()] && of(&server, "requesting")?.at("/total")? == 0, "{}", seen.body);
    ensure!(seen.list("/requests")?[0]["requestingName"] == json!(clinic.place.provider.name), "{}", seen.body);
    // Whoever is on none of them sees an empty list, as of a member for whom nothing was asked.
    for list in ["requesting", "servicing"] {
        let nothing = of(&other, list)?;
        ensure!(nothing.body == json!({ "requests": [], "total": 0 }), "{}", nothing.body);
    }

    // It is on record as a look at this member, and what was shown of them.
    let shown = world.shown_to(&server.username)?;
    let what = format!("{} servicing submitted", clinic.member.id);
    let looked =
        shown.iter().find(|shown| shown.access.what.as_deref() == Some(what.as_str()) && !shown.shown.is_empty());
    let looked = looked.with_context(|| format!("no look at the member: {shown:?}"))?;
    ensure!(looked.access.operation == "list-requests" && looked.shown == [wizard.key.clone()], "{looked:?}");

    // A member of another contract does not exist for the caller, as one whom nobody has.
    let elsewhere = Clinic::new(&world, "arkansas")?;
    let stranger = Person::of_clinic(&world, &elsewhere)?;
    for id in [clinic.member.id.to_string(), format!("mbr_{:032x}", 7), "Quill".to_owned()] {
        stranger.portal.get(format!("/members/{id}/requests")).refused(404, "not-found")?;
    }
    Ok(())
}
