//! A fax with the bars of a letter.

use anyhow::{Context, Result, ensure};
use jiff::ToSpan;
use portico_domain::caller::StaffRole;
use portico_testkit::{
    carriers::{self, Incoming},
    clinic::{self, Clinic},
    people::Person,
    poll::{self, PATIENCE},
    seeding::World,
};
use serde_json::json;

use crate::{CONTRACT, ELSEWHERE, SENDER, arrives, by_fax, faxed_letter, number, nurse, paper, waiting, with_intake};

/// The letter that asks for information is faxed out, and comes back upside down, askew and dirty: told of twice, it is one document
/// of the request, which goes back to whoever asked. Not signed as agreed, nothing comes of it. The contract's form, which has no bars,
/// is a task of intake.
///
/// REQ: LTR-08
#[test]
fn a_letter_that_comes_back_is_filed_to_its_request_and_answers_it() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let (dana, ann) = (Person::of_clinic(&world, &clinic)?, nurse(&world)?);
    let mut wizard = waiting(&world, &clinic, &dana)?;
    let request = format!("/staff/cases/{}/requests/R01", wizard.key);
    ann.portal.post(format!("{request}/claim"), &json!({})).expect(200)?;
    let due = clinic::today(&world, CONTRACT)?.checked_add(1.day())?;
    ann.portal
        .post(format!("{request}/pend"), &json!({ "items": ["Test results"], "due": due.to_string() }))
        .expect(200)?;
    let pages = paper::faxed_back(&faxed_letter(&world, &mut wizard)?)?;

    let to = number(&world, CONTRACT)?;
    let fax = |times, key| Incoming { to: &to, from: Some(SENDER), pages: &pages, times, key };
    let (_, answers) = carriers::receive(&world.stack, &fax(1, Some("not the key")))?;
    ensure!(answers == [json!(401)], "{answers:?}");
    ensure!(by_fax(&wizard.look()?)?.is_empty());
    let (id, answers) = carriers::receive(&world.stack, &fax(2, None))?;
    ensure!(answers == [json!(204), json!(204)], "{answers:?}");

    let case = wizard.until("the fax", |case| Ok(!by_fax(case)?.is_empty()))?;
    let documents = by_fax(&case)?;
    ensure!(documents.len() == 1, "{documents:?}");
    let document = &documents[0];
    ensure!(
        document["state"] == "accepted"
            && document["request"] == "R01"
            && document["by"] == carriers::received_id(&id).as_str()
    );
    ensure!(case.text("/status")? == "nurse-review" && case.text("/requests/0/pends/0/state")? == "answered");
    let texts: Vec<_> = case.list("/timeline")?.iter().filter_map(|moment| moment["text"].as_str()).collect();
    ensure!(texts.contains(&"A fax that came in was filed to R01."), "{texts:?}");

    // The clinic and whoever asked read what was faxed.
    let path = format!("/cases/{}/documents/{}", wizard.key, document["id"].as_str().context("an id")?);
    for (reader, path) in [(&dana, path.clone()), (&ann, format!("/staff{path}"))] {
        let file = reader.portal.get(path).expect(200)?;
        ensure!(reader.portal.download(&file.text("/url")?)? == pages);
    }
    let seen = ann.portal.get(format!("/staff/cases/{}", wizard.key)).expect(200)?;
    ensure!(seen.at("/requests/0/added/0/new")? == true && seen.text("/requests/0/claim/by")? == ann.username);
    poll::until("the news", PATIENCE, || {
        let listed = dana.portal.get("/alerts").expect(200)?;
        Ok(listed.list("/alerts")?.iter().any(|alert| alert["news"] == "fax-filed").then_some(()))
    })?;
    // Told twice it is one.
    ensure!(by_fax(&wizard.look()?)?.len() == 1);

    let clerk = Person::of_staff(&world, CONTRACT, StaffRole::Intake)?;
    let task = with_intake(&clerk, &arrives(&world, CONTRACT, &paper::form()?)?)?;
    ensure!(task.text("/state")? == "waiting" && task.text("/why")? == "no-barcode", "{}", task.body);
    Ok(())
}

/// Where nobody would see it, or it came in for somebody else, a person looks at it.
#[test]
fn a_letter_of_a_decided_request_or_of_another_contract_goes_to_intake() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let (dana, ann) = (Person::of_clinic(&world, &clinic)?, nurse(&world)?);
    let clerk = Person::of_staff(&world, CONTRACT, StaffRole::Intake)?;
    let other = Person::of_staff(&world, ELSEWHERE, StaffRole::Intake)?;
    let mut wizard = waiting(&world, &clinic, &dana)?;
    let request = format!("/staff/cases/{}/requests/R01", wizard.key);
    ann.portal.post(format!("{request}/claim"), &json!({})).expect(200)?;
    let approved = json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] });
    ann.portal.post(format!("{request}/determination"), &approved).expect(200)?;
    let pages = faxed_letter(&world, &mut wizard)?;

    let fax = with_intake(&clerk, &arrives(&world, CONTRACT, &pages)?)?;
    ensure!(fax.text("/why")? == "not-open" && fax.text("/request")? == "R01", "{}", fax.body);
    ensure!(fax.text("/caseId")? == wizard.look()?.text("/caseId")?);
    ensure!(by_fax(&wizard.look()?)?.is_empty());

    let elsewhere = arrives(&world, ELSEWHERE, &pages)?;
    let fax = with_intake(&other, &elsewhere)?;
    ensure!(fax.text("/why")? == "other-contract" && fax.body.pointer("/caseId").is_none(), "{}", fax.body);
    clerk.portal.get(format!("/staff/faxes/{elsewhere}")).refused(404, "not-found")?;
    Ok(())
}
