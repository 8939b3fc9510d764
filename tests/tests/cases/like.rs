//! A case that begins like an earlier one of its member.

use anyhow::{Result, ensure};
use portico_testkit::{clinic::Clinic, people::Person, portal::Call, seeding::World, wizard::Wizard};
use serde_json::{Value, json};

const CONTRACT: &str = "colorado";

/// A case for the clinic's member that begins like another one.
fn begin<'a>(by: &'a Person, clinic: &Clinic, setting: &str, like: &str) -> Call<'a> {
    let (member, requesting) = (clinic.member.id, clinic.place.provider.id);
    by.portal.post("/cases", &json!({ "member": member, "requesting": requesting, "setting": setting, "like": like }))
}

#[test]
fn a_case_begins_like_an_earlier_one_with_what_is_still_true() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let mut earlier = Wizard::begin(&dana, &clinic, "outpatient")?;
    earlier.wheelchair(&world)?;
    earlier.submit()?;
    let created = begin(&dana, &clinic, "outpatient", &earlier.key).expect(201)?;
    ensure!(created.at("/filled")? == &json!(["providers", "service", "diagnoses"]), "{}", created.body);
    let key = created.text("/key")?;
    let shown = dana.portal.get(format!("/cases/{key}")).expect(200)?;
    ensure!(shown.text("/service/serviceType")? == "durable-medical-equipment", "{}", shown.body);
    ensure!(shown.text("/diagnoses/0/code")? == "G82.20" && shown.text("/status")? == "draft");
    ensure!(shown.list("/requests/0/lines")?.is_empty(), "days and procedures are entered anew");
    let steps = shown.list("/steps")?;
    let standing = |name: &str| steps.iter().find(|step| step["step"] == name).map(|step| step["standing"].clone());
    ensure!(standing("procedures") == Some(json!("missing")), "{steps:?}");
    let inpatient = begin(&dana, &clinic, "inpatient", &earlier.key).expect(201)?;
    ensure!(inpatient.at("/filled")? == &json!(["providers", "diagnoses"]), "a stay is described anew");

    // Who looked at the earlier case stands with it.
    let looked = world.audits(&earlier.key)?;
    ensure!(
        looked.iter().filter(|access| access.operation == "copy-case" && access.allowed).count() == 2,
        "{looked:?}"
    );

    // Of nobody else's case, and of no other member's.
    let stranger = Clinic::new(&world, CONTRACT)?;
    let sam = Person::of_clinic(&world, &stranger)?;
    begin(&sam, &stranger, "outpatient", &earlier.key).refused(404, "not-found")?;
    ensure!(world.audits(&earlier.key)?.iter().any(|access| access.operation == "copy-case" && !access.allowed));
    let none = begin(&dana, &clinic, "outpatient", "cas_0000000000000000000000000000abcd");
    none.refused(404, "not-found")?;
    let wrong = begin(&dana, &clinic, "outpatient", "K").expect(422)?;
    let pointers: Vec<&Value> = wrong.list("/errors")?.iter().map(|error| &error["pointer"]).collect();
    ensure!(pointers == [&json!("/like")], "{}", wrong.body);
    let body = json!({ "member": stranger.member.id, "requesting": clinic.place.provider.id, "setting": "outpatient", "like": earlier.key });
    let other = dana.portal.post("/cases", &body).expect(422)?;
    ensure!(other.text("/errors/0/pointer")? == "/like", "{}", other.body);
    Ok(())
}
