//! Who looked, searched or was refused: on record, with what it was about, and without a value that says something of a
//! person.

use anyhow::{Context, Result, ensure};
use portico_aws::table::audit::Shown;
use portico_testkit::{clinic::Clinic, people::Person, seeding::World, wizard::Wizard};
use serde_json::json;

fn newest(world: &World, name: &str) -> Result<Shown> {
    world.shown_to(name)?.into_iter().next().context("nothing is on record")
}

#[test]
fn what_is_refused_is_on_record_also_when_it_does_not_exist() -> Result<()> {
    let world = World::open()?;
    let (clinic, other) = (Clinic::new(&world, "arkansas")?, Clinic::new(&world, "arkansas")?);
    let (dana, stranger) = (Person::of_clinic(&world, &clinic)?, Person::of_clinic(&world, &other)?);
    let wizard = Wizard::begin(&dana, &clinic, "outpatient")?;

    // Of a case that there is, with the case.
    let before = world.audits(&wizard.key)?.len();
    stranger.portal.get(format!("/cases/{}", wizard.key)).refused(404, "not-found")?;
    let audits = world.audits(&wizard.key)?;
    let last = audits.last().context("no record")?;
    ensure!(audits.len() == before + 1 && !last.allowed && last.by.as_str() == stranger.username, "{last:?}");

    // Of one that there is not, with who asked: each time, and by its number.
    for number in ["991230001", "991230002"] {
        stranger.portal.get(format!("/cases/{number}")).refused(404, "not-found")?;
        let shown = newest(&world, &stranger.username)?;
        ensure!(!shown.access.allowed && shown.access.operation == "get-case", "{shown:?}");
        ensure!(shown.access.what.as_deref() == Some(&format!("/cases/{number}")), "{shown:?}");
    }
    stranger.portal.get(format!("/cases/{}/letters/ltr_{:032x}", wizard.key, 7)).refused(404, "not-found")?;
    stranger.portal.get("/cases/Jo%20Quill").refused(404, "not-found")?;
    let shown = newest(&world, &stranger.username)?;
    ensure!(!format!("{shown:?}").contains("Jo Quill"), "{shown:?}");

    // A write that is refused, by what it was for.
    let foreign =
        json!({ "member": clinic.member.id, "requesting": clinic.place.provider.id, "setting": "outpatient" });
    stranger.portal.post("/cases", &foreign).refused(404, "not-found")?;
    let shown = newest(&world, &stranger.username)?;
    let what = format!("{} {}", clinic.member.id, clinic.place.provider.id);
    ensure!(shown.access.operation == "create-case" && shown.access.what == Some(what), "{shown:?}");

    // What the role does not allow.
    stranger.portal.get(format!("/groups/grp_{:032x}/users", 7)).refused(404, "not-found")?;
    ensure!(newest(&world, &stranger.username)?.access.operation == "list-users");
    Ok(())
}

#[test]
fn a_search_is_on_record_by_a_hash_of_what_was_searched_and_a_list_by_its_filter() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, "arkansas")?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let number = clinic.member.number().context("the member has a number")?.to_string();
    let search = |contract: &str| json!({ "contract": contract, "memberNumber": number });
    dana.portal.post("/members/search", &search("arkansas")).expect(200)?;
    let found = newest(&world, &dana.username)?;
    ensure!(found.shown == [clinic.member.id.to_string()], "{found:?}");
    let what = found.access.what.clone().context("what was searched")?;
    dana.portal.post("/members/search", &search("arkansas")).expect(200)?;
    ensure!(newest(&world, &dana.username)?.access.what.as_ref() == Some(&what), "the same search has the same hash");
    dana.portal.post("/members/search", &search("colorado")).refused(404, "not-found")?;
    let refused = newest(&world, &dana.username)?;
    ensure!(!refused.access.allowed && refused.access.what.as_ref().is_some_and(|other| *other != what), "{refused:?}");
    for shown in world.shown_to(&dana.username)? {
        ensure!(!format!("{shown:?}").contains(&number), "{shown:?}");
    }
    dana.portal.get("/cases?status=draft&caseId=991230001").expect(200)?;
    ensure!(newest(&world, &dana.username)?.access.what.as_deref() == Some("991230001 draft"));
    Ok(())
}
