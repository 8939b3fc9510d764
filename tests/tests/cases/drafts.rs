//! Drafts: who has one, who edits it now, what becomes of one that nobody goes on with, and of those that new rules meet.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use portico_testkit::{
    clinic::{Clinic, own_contract, put_contract, today},
    files, mailbox,
    people::Person,
    poll::{self, PATIENCE},
    portal::{Answer, Call},
    seeding::World,
    wizard::Wizard,
};
use serde_json::{Value, json};

use super::colleague;

fn owns<'a>(key: &str, by: &'a Person, who: &str) -> Call<'a> {
    by.portal.put(format!("/cases/{key}/owner"), &json!({ "username": who }), "\"0\"")
}

/// What somebody was told of a draft, newest first.
fn told(of: &Person, case: &str) -> Result<Vec<Value>> {
    let alerts = of.portal.get("/alerts").expect(200)?;
    Ok(alerts.list("/alerts")?.iter().filter(|alert| alert["case"] == case).cloned().collect())
}

fn is_told(of: &Person, case: &str, news: &str) -> Result<Value> {
    poll::until("the alert", PATIENCE, || Ok(told(of, case)?.into_iter().find(|alert| alert["news"] == news)))
}

fn sentences(case: &Answer) -> Result<Vec<String>> {
    Ok(case.list("/timeline")?.iter().filter_map(|moment| moment["text"].as_str().map(ToOwned::to_owned)).collect())
}

#[test]
fn a_draft_that_nobody_goes_on_with_ends_days_after_its_owner_was_told() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, "colorado")?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let mut wizard = Wizard::begin(&dana, &clinic, "outpatient")?;
    let key = wizard.key.clone();
    let rules = world.contract("colorado")?.drafts;
    world.draft_is_left_for(&key, rules.days - rules.warning_days - 1)?;
    world.sweep_drafts()?;
    ensure!(wizard.look()?.at("/endsAt").is_err(), "it is not time");
    world.draft_is_left_for(&key, rules.days - rules.warning_days)?;
    std::thread::scope(|scope| {
        let sweeps: Vec<_> = (0..2).map(|_| scope.spawn(|| world.sweep_drafts())).collect();
        sweeps.into_iter().try_for_each(|sweep| sweep.join().map_err(|_| anyhow::anyhow!("a thread died"))?.map(drop))
    })?;
    let near = wizard.look()?;
    ensure!(near.text("/status")? == "draft" && near.text("/owner")? == dana.username, "{}", near.body);
    near.text("/endsAt")?;
    let alert = is_told(&dana, &key, "draft-end-near")?;
    ensure!(alert["due"].is_string() && alert.get("caseId").is_none(), "{alert}");
    let mail = mailbox::wait_for(&world.stack, clinic.contact.email.as_str(), "It ends soon")?;
    let member = [clinic.member.last_name.to_string(), clinic.member_number().to_owned()];
    ensure!(member.iter().all(|secret| !format!("{mail:?}").contains(secret.as_str())), "{mail:?}");
    world.sweep_drafts()?;
    ensure!(told(&dana, &key)?.len() == 1, "once");

    // Whoever goes on with it keeps it, and so does whoever adds a document.
    wizard.wheelchair(&world)?;
    ensure!(wizard.look()?.at("/endsAt").is_err(), "a save takes it back");
    world.draft_is_left_for(&key, rules.days)?;
    world.sweep_drafts()?;
    wizard.attach("other", &files::pdf("plan.pdf", "Plan"))?;
    wizard.checked()?;
    world.time_of_draft_is_over(&key)?;
    world.sweep_drafts()?;
    let kept = wizard.look()?;
    ensure!(kept.text("/status")? == "draft" && kept.at("/endsAt").is_err(), "{}", kept.body);
    ensure!(sentences(&kept)?.iter().any(|text| text == "The draft goes on: something was added to it."));

    // So does whoever adds a note, or writes to the review team.
    for (place, written) in
        [("steps/notes", "The report comes next week."), ("messages", "Is a further report needed?")]
    {
        let mut draft = Wizard::begin(&dana, &clinic, "outpatient")?;
        world.draft_is_left_for(&draft.key, rules.days)?;
        world.sweep_drafts()?;
        draft.look()?.text("/endsAt")?;
        let (path, body) = (format!("/cases/{}/{place}", draft.key), json!({ "text": written }));
        match place {
            "messages" => dana.portal.post(path, &body).expect(201)?,
            _ => dana.portal.put(path, &body, "\"0\"").expect(200)?,
        };
        // A message changes the case, and takes it back at once; a note is seen when the time is over.
        if draft.look()?.at("/endsAt").is_ok() {
            world.time_of_draft_is_over(&draft.key)?;
            world.sweep_drafts()?;
        }
        let kept = draft.look()?;
        ensure!(kept.text("/status")? == "draft" && kept.at("/endsAt").is_err(), "{}", kept.body);
    }

    // Else it ends, once, and is read and not changed.
    let mut left = Wizard::begin(&dana, &clinic, "outpatient")?;
    world.draft_is_left_for(&left.key, rules.days)?;
    world.sweep_drafts()?;
    world.sweep_drafts()?;
    ensure!(left.look()?.text("/status")? == "draft", "nothing ends of which nobody was told days before");
    world.time_of_draft_is_over(&left.key)?;
    world.sweep_drafts()?;
    world.sweep_drafts()?;
    let ended = left.look()?;
    ensure!(ended.text("/status")? == "cancelled" && ended.at("/cancellation/by").is_err(), "{}", ended.body);
    let ends = sentences(&ended)?.iter().filter(|text| text.starts_with("The draft ended")).count();
    ensure!(ends == 1);
    is_told(&dana, &left.key, "draft-ended")?;
    let again = dana.portal.put(format!("/cases/{}/cancellation", left.key), &json!({}), "\"0\"").expect(200)?;
    ensure!(again.at("/by").is_err(), "{}", again.body);
    Ok(())
}

#[test]
fn colleagues_know_who_edits_a_draft_and_take_it_over() -> Result<()> {
    let world = World::open()?;
    let (clinic, elsewhere) = (Clinic::new(&world, "colorado")?, Clinic::new(&world, "colorado")?);
    let (dana, stranger) = (Person::of_clinic(&world, &clinic)?, Person::of_clinic(&world, &elsewhere)?);
    let cam = colleague(&world, &clinic, &dana)?;
    let mut wizard = Wizard::begin(&dana, &clinic, "outpatient")?;
    let key = wizard.key.clone();
    let edits = |by: &Person, over: bool| {
        by.portal.put(format!("/cases/{key}/editing"), &json!({ "takeOver": over }), "\"0\"").expect(200)
    };
    ensure!(edits(&dana, false)?.at("/yours")? == true);
    let seen = edits(&cam, false)?;
    ensure!(seen.at("/yours")? == false && seen.text("/by")? == dana.username, "{}", seen.body);
    let shown = cam.portal.get(format!("/cases/{key}")).expect(200)?;
    ensure!(shown.text("/editing/by")? == dana.username && shown.at("/editing/yours")? == false, "{}", shown.body);
    ensure!(edits(&cam, true)?.at("/yours")? == true);
    ensure!(edits(&dana, false)?.text("/by")? == cam.username, "whoever was taken over from sees it");

    // It is hers to whom it is given, and she is told.
    let colleagues = dana.portal.get(format!("/cases/{key}/colleagues")).expect(200)?;
    let names: Vec<&str> = colleagues.list("/colleagues")?.iter().filter_map(|one| one["username"].as_str()).collect();
    ensure!(names == [cam.username.as_str()], "{names:?}");
    owns(&key, &dana, &cam.username).expect(200)?;
    ensure!(owns(&key, &dana, &cam.username).expect(200)?.text("/owner")? == cam.username, "the same once more");
    let case = wizard.look()?;
    let given = format!("The draft was given to {}.", cam.username);
    ensure!(
        case.text("/owner")? == cam.username && sentences(&case)?.iter().filter(|text| **text == given).count() == 1
    );
    is_told(&cam, &key, "draft-yours")?;
    ensure!(told(&dana, &key)?.is_empty(), "nobody else is");
    owns(&key, &cam, &stranger.username).refused(422, "invalid")?;
    owns(&key, &cam, "nobody.at.all").refused(422, "invalid")?;
    for path in ["editing", "owner"] {
        stranger.portal.put(format!("/cases/{key}/{path}"), &json!({}), "\"0\"").refused(404, "not-found")?;
    }
    stranger.portal.get(format!("/cases/{key}/colleagues")).refused(404, "not-found")?;
    wizard.wheelchair(&world)?;
    wizard.submit()?;
    owns(&key, &dana, &dana.username).refused(409, "conflict")?;
    dana.portal.put(format!("/cases/{key}/editing"), &json!({}), "\"0\"").refused(409, "conflict")?;
    Ok(())
}

#[test]
fn new_rules_are_told_to_whoever_has_a_draft_that_does_not_fit_them() -> Result<()> {
    let world = World::open()?;
    let contract = own_contract(&world)?;
    let clinic = Clinic::new(&world, &contract)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let mut fits = Wizard::begin(&dana, &clinic, "outpatient")?;
    let mut touched = Wizard::begin(&dana, &clinic, "outpatient")?;
    let rules = world.contract("arkansas")?;
    let service = rules.service_types.first().context("there is a service type")?.id.clone();
    let place = rules.places_of_service.first().context("there is a place")?.id.clone();
    touched.save("service", &json!({ "serviceType": service, "placeOfService": place }))?;
    world.sweep_drafts()?;
    ensure!(told(&dana, &touched.key)?.is_empty(), "it fits what holds");
    // They were last changed before the new rules began.
    for draft in [&touched, &fits] {
        world.draft_is_left_for(&draft.key, 2)?;
    }
    let today = today(&world, "arkansas")?.to_string();
    put_contract(&world, &contract, |pack| {
        (pack["version"], pack["effective-from"]) = (json!("2026.2"), json!(today));
        if let Some(types) = pack["service-types"].as_array_mut() {
            types[0]["id"] = json!("another-service");
        }
        for rule in ["codes", "auto-review", "questionnaire-rules"] {
            pack[rule] = json!([]);
        }
    })?;
    poll::until("the new rules", Duration::from_secs(90), || {
        world.sweep_drafts()?;
        Ok(told(&dana, &touched.key)?.into_iter().find(|alert| alert["news"] == "draft-to-correct"))
    })?;
    world.sweep_drafts()?;
    ensure!(told(&dana, &touched.key)?.len() == 1 && told(&dana, &fits.key)?.is_empty(), "of one, once");
    let said = "The contract has new rules: something of the draft has to be corrected.";
    ensure!(sentences(&touched.look()?)?.iter().any(|text| text == said));
    ensure!(fits.look()?.text("/status")? == "draft");

    // Whoever plans a pack is told how much is open under the one before.
    let open = world.open_under(&contract)?;
    ensure!((open.drafts, open.requests, open.more) == (2, 0, false), "{open:?}");
    Ok(())
}
