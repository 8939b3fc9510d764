//! The list of cases, with and without those that were not submitted.

use anyhow::{Result, ensure};
use portico_testkit::{clinic::Clinic, people::Person, seeding::World, wizard::Wizard};

#[test]
fn what_was_submitted_and_what_was_not_are_two_lists_that_make_one() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, "colorado")?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let draft = Wizard::begin(&dana, &clinic, "outpatient")?.key;
    let mut wizard = Wizard::begin(&dana, &clinic, "outpatient")?;
    wizard.wheelchair(&world)?;
    let number = wizard.submit()?.text("/caseId")?;

    let keys = |query: &str| -> Result<Vec<String>> {
        let listed = dana.portal.get(format!("/cases{query}")).expect(200)?;
        Ok(listed.list("/cases")?.iter().filter_map(|case| case["key"].as_str().map(ToOwned::to_owned)).collect())
    };
    let (submitted, not) = (keys("?submitted=true")?, keys("?submitted=false")?);
    ensure!(submitted == std::slice::from_ref(&wizard.key) && not == std::slice::from_ref(&draft));
    ensure!(keys("?status=draft")? == not && keys("?status=draft&submitted=true")?.is_empty());
    let mut all = keys("")?;
    all.sort_unstable();
    let mut both = [submitted, not].concat();
    both.sort_unstable();
    ensure!(all == both, "{all:?}");
    ensure!(keys(&format!("?caseId={number}&submitted=true"))?.len() == 1);
    ensure!(keys(&format!("?caseId={number}&submitted=false"))?.is_empty());
    ensure!(keys("?submitted=true&limit=1")?.len() == 1);
    dana.portal.get("/cases?submitted=maybe").refused(422, "invalid")?.error_at("/submitted")?;
    let shown = world.shown_to(&dana.username)?;
    let of = |what: &str| shown.iter().any(|shown| shown.access.what.as_deref() == Some(what));
    ensure!(of("submitted") && of("draft submitted") && of("not submitted"), "{shown:?}");
    Ok(())
}
