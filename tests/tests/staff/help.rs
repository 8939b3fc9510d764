//! Staff help one another and callers: support finds accounts, whoever leads the staff gives a claimed request to another.

use anyhow::{Context, Result, ensure};
use portico_domain::caller::StaffRole;
use portico_testkit::{clinic::Clinic, people::Person, portal::Call, seeding::World, wizard::Wizard};
use portico_tests::office::Office;
use serde_json::{Value, json};

/// REQ: OPS-07
#[test]
fn support_finds_an_account_without_its_username_and_helps_and_that_is_on_record() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, "arkansas")?;
    let clerk = office.hire("vi", &office.provider(), "staff")?;
    let support = Person::of_staff(&world, "arkansas", StaffRole::Support)?;
    let search = |known: &Value| support.portal.post("/staff/accounts/search", known);
    let npi = office.clinic.number();
    let found = search(&json!({ "contract": "arkansas", "npi": npi })).expect(200)?;
    let all = found.list("/accounts")?;
    ensure!(all.len() == 2, "{}", found.body);
    let one = search(&json!({ "contract": "arkansas", "npi": npi, "name": "ree" })).expect(200)?;
    ensure!(one.list("/accounts")?.len() == 1, "{}", one.body);
    ensure!(one.text("/accounts/0/username")? == clerk.username && one.text("/accounts/0/state")? == "active");
    ensure!(one.text("/accounts/0/lastSignIn").is_ok(), "{}", one.body);
    ensure!(one.text("/accounts/0/email")?.contains("***@"), "an address is compared, not read out");
    ensure!(one.text("/accounts/0/roles/0/providerName")? == office.clinic.place.provider.name.to_string());
    let shown = world.shown_to(&support.username)?;
    let last = shown.iter().find(|shown| shown.shown == [clerk.username.clone()]).context("what was shown")?;
    ensure!(last.access.what.as_deref() == Some(&format!("arkansas {npi} ree")), "{last:?}");

    // By whatever they can say, however they say it; the clinic's name alone finds all who work there.
    let (contact, admin) = (&office.clinic.contact, &office.admin.username);
    let (first, last) = (contact.first_name.to_string(), contact.last_name.to_string());
    let (email, phone) = (contact.email.to_string(), contact.phone.as_ref().context("a phone")?.to_string());
    let word = office.clinic.place.provider.name.to_string();
    let word = word.split_whitespace().next().context("a name")?;
    let names = |known: &Value| -> Result<(Vec<String>, bool)> {
        let found = search(known).expect(200)?;
        let name = |one: &Value| Ok(one["username"].as_str().context("a name")?.to_owned());
        Ok((found.list("/accounts")?.iter().map(name).collect::<Result<_>>()?, found.body["more"] == json!(true)))
    };
    for known in [
        json!({ "email": email.to_uppercase() }),
        json!({ "phone": phone }),
        json!({ "phone": format!("+1 {}", phone.replace('-', ".")) }),
        json!({ "name": format!("{last}, {first}"), "phone": phone }),
        json!({ "name": format!("{} {last}", first.to_uppercase()), "npi": npi }),
        json!({ "provider": word, "email": email }),
    ] {
        ensure!(names(&known)?.0 == [admin.clone()], "{known}: {:?}", names(&known)?);
    }
    let (by_name, more) = names(&json!({ "name": format!("{last} {first}") }))?;
    ensure!(by_name.contains(admin) || more, "{by_name:?}");
    let (at_clinic, more) = names(&json!({ "provider": word }))?;
    ensure!((at_clinic.contains(admin) && at_clinic.contains(&clerk.username)) || more, "{at_clinic:?}");
    ensure!(names(&json!({ "email": format!("x{email}") }))?.0.is_empty());

    support.portal.post(format!("/staff/users/{}/unlock", clerk.username), &json!({})).expect(200)?;
    search(&json!({})).refused(422, "invalid")?.wrong_at("/name", "one-needed")?;
    search(&json!({ "contract": "colorado", "npi": "1234567893" })).refused(404, "not-found")?;
    let elsewhere = Person::of_staff(&world, "colorado", StaffRole::Support)?;
    let hidden = elsewhere.portal.post("/staff/accounts/search", &json!({ "email": email })).expect(200)?;
    ensure!(hidden.list("/accounts")?.is_empty(), "whose contracts they are, finds them: {}", hidden.body);
    let nurse = Person::of_staff(&world, "arkansas", StaffRole::Nurse)?;
    nurse.portal.post("/staff/accounts/search", &json!({ "npi": npi })).refused(403, "forbidden")?;
    let shown = world.shown_to(&nurse.username)?;
    ensure!(shown.first().is_some_and(|shown| !shown.access.allowed && shown.access.operation == "find-accounts"));
    Ok(())
}

#[test]
fn who_changes_their_name_is_found_by_the_new_one() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, "arkansas")?;
    let clerk = office.hire("mo", &office.provider(), "staff")?;
    let support = Person::of_staff(&world, "arkansas", StaffRole::Support)?;
    let names = |known: Value| -> Result<Vec<String>> {
        let found = support.portal.post("/staff/accounts/search", &known).expect(200)?;
        found.list("/accounts")?.iter().map(|one| Ok(one["username"].as_str().context("a name")?.to_owned())).collect()
    };
    let profile = clerk.portal.get("/me").expect(200)?;
    let (email, old) = (profile.text("/contact/email")?, profile.text("/contact/lastName")?);
    let contact = json!({ "lastName": format!("{old}-Quillfeather") });
    clerk.portal.patch("/me", &json!({ "contact": contact }), profile.header("etag")).expect(200)?;
    let npi = office.clinic.number();
    ensure!(names(json!({ "email": email, "name": format!("{old} quill") }))? == [clerk.username.as_str()]);
    ensure!(names(json!({ "npi": npi, "name": format!("{old} quill") }))? == [clerk.username.as_str()]);
    ensure!(names(json!({ "email": email, "name": "somebody else" }))?.is_empty());
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
