//! Staff help one another and callers: support finds accounts, whoever leads the staff gives a claimed request to another.

use anyhow::{Context, Result, ensure};
use portico_domain::caller::StaffRole;
use portico_testkit::{clinic::Clinic, people::Person, portal::Call, seeding::World, wizard::Wizard};
use portico_tests::office::Office;
use serde_json::json;

#[test]
fn support_finds_an_account_without_its_username_and_helps_and_that_is_on_record() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, "arkansas")?;
    let clerk = office.hire("vi", &office.provider(), "staff")?;
    let support = Person::of_staff(&world, "arkansas", StaffRole::Support)?;
    let path = |more: &str| format!("/staff/accounts?contract=arkansas&npi={}{more}", office.clinic.number());
    let found = support.portal.get(path("")).expect(200)?;
    let all = found.list("/accounts")?;
    ensure!(all.len() == 2, "{}", found.body);
    let one = support.portal.get(path("&name=ree")).expect(200)?;
    ensure!(one.list("/accounts")?.len() == 1, "{}", one.body);
    ensure!(one.text("/accounts/0/username")? == clerk.username && one.text("/accounts/0/state")? == "active");
    ensure!(one.text("/accounts/0/email")?.contains("***@"), "an address is compared, not read out");
    ensure!(one.text("/accounts/0/roles/0/providerName")? == office.clinic.place.provider.name.to_string());
    let name = office.clinic.place.provider.name.to_string();
    let word = name.split_whitespace().next().context("a name")?;
    support.portal.get(format!("/staff/accounts?contract=arkansas&provider={word}")).expect(200)?;

    let shown = world.shown_to(&support.username)?;
    let last = shown.iter().find(|shown| shown.shown == [clerk.username.clone()]).context("what was shown")?;
    ensure!(last.access.what.as_deref() == Some(&format!("arkansas {} ree", office.clinic.number())), "{last:?}");
    support.portal.post(format!("/staff/users/{}/unlock", clerk.username), &json!({})).expect(200)?;

    support.portal.get("/staff/accounts?contract=colorado&npi=1234567893").refused(404, "not-found")?;
    let nurse = Person::of_staff(&world, "arkansas", StaffRole::Nurse)?;
    nurse.portal.get(path("")).refused(403, "forbidden")?;
    let shown = world.shown_to(&nurse.username)?;
    ensure!(shown.first().is_some_and(|shown| !shown.access.allowed && shown.access.operation == "find-accounts"));
    Ok(())
}

fn give<'a>(path: &str, by: &'a Person, to: &str) -> Call<'a> {
    // Who leads the contract's staff sees no case, and so no version of one.
    by.portal.put(path, &json!({ "reviewer": to }), "").without("If-Match")
}

#[test]
fn whoever_leads_the_staff_gives_a_claimed_request_to_another() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, "colorado")?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let mut wizard = Wizard::begin(&dana, &clinic, "outpatient")?;
    wizard.wheelchair(&world)?;
    wizard.submit()?;
    wizard.until("the nurses", |case| Ok(case.text("/status")? == "nurse-review"))?;
    let staff = |role| Person::of_staff(&world, "colorado", role);
    let (ann, bob, lead) = (staff(StaffRole::Nurse)?, staff(StaffRole::Nurse)?, staff(StaffRole::ContractManager)?);
    let (support, far) = (staff(StaffRole::Support)?, Person::of_staff(&world, "arkansas", StaffRole::Nurse)?);
    let path = format!("/staff/cases/{}/requests/R01/claim", wizard.key);
    ann.portal.post(&path, &json!({})).expect(200)?;
    bob.portal.post(&path, &json!({})).refused(409, "conflict")?;
    give(&path, &ann, &bob.username).refused(403, "forbidden")?;
    for nobody in [support.username.as_str(), far.username.as_str(), dana.username.as_str(), "nobody.here"] {
        give(&path, &lead, nobody).refused(422, "invalid")?.wrong_at("/reviewer", "not-a-reviewer")?;
    }
    let given = give(&path, &lead, &bob.username).expect(200)?;
    ensure!(given.text("/claimedBy")? == bob.username && given.body.get("member").is_none(), "{}", given.body);
    give(&path, &lead, &bob.username).expect(200)?;
    ann.portal.post(&path, &json!({})).refused(409, "conflict")?;
    lead.portal.get(format!("/staff/cases/{}", wizard.key)).refused(404, "not-found")?;
    let refer = json!({ "decision": "refer", "note": "Fewer units may do." });
    let decide = format!("/staff/cases/{}/requests/R01/determination", wizard.key);
    ann.portal.post(&decide, &refer).refused(409, "conflict")?;
    bob.portal.post(&decide, &refer).expect(200)?;

    // Why it was referred is read by staff whatever is decided after it, and by nobody else.
    let physician = staff(StaffRole::Physician)?;
    physician.portal.post(&path, &json!({})).expect(200)?;
    let approved = json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] });
    physician.portal.post(&decide, &approved).expect(200)?;
    let seen = physician.portal.get(format!("/staff/cases/{}", wizard.key)).expect(200)?;
    ensure!(seen.text("/requests/0/referrals/0/note")? == "Fewer units may do.", "{}", seen.body);
    ensure!(seen.text("/requests/0/referrals/0/by")? == bob.username);
    ensure!(wizard.look()?.body.pointer("/requests/0/referrals").is_none());
    Ok(())
}
