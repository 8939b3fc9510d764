//! Questionnaires: picked by the contract's rules, answered in the case, needed at submit; and the way to submit past what
//! nothing requires.

use anyhow::{Context, Result, ensure};
use jiff::ToSpan;
use portico_domain::caller::StaffRole;
use portico_testkit::{
    clinic::{self, Clinic},
    files,
    people::Person,
    portal::Answer,
    seeding::World,
    wizard::{Entry, Wizard},
};
use serde_json::{Value, json};

const HOME: &str = "home-health-need";

/// A draft that asks for something at home.
fn at_home<'a>(world: &World, clinic: &Clinic, by: &'a Person, (service, code): (&str, &str)) -> Result<Wizard<'a>> {
    let mut wizard = Wizard::begin(by, clinic, "outpatient")?;
    wizard.save("service", &json!({ "serviceType": service, "placeOfService": "12" }))?;
    wizard.save("diagnoses", &json!({ "diagnoses": ["I50.9"] }))?;
    ask(world, &mut wizard, &[code])?;
    Ok(wizard)
}

fn ask(world: &World, wizard: &mut Wizard<'_>, codes: &[&str]) -> Result<()> {
    let from = clinic::today(world, "commercial")?;
    let lines: Vec<Value> =
        codes.iter().map(|code| Entry { code, modifiers: &[], from, days: 7, units: 7 }.json()).collect();
    wizard.save("procedures", &json!({ "lines": lines }))?;
    Ok(())
}

/// What a case has to answer, each with how far it is.
fn asked(case: &Answer) -> Result<Vec<(String, String)>> {
    let text = |one: &Value, field: &str| one[field].as_str().unwrap_or_default().to_owned();
    let all = case.list("/questionnaires")?.iter();
    Ok(all.map(|one| (text(one, "questionnaire"), text(one, "progress"))).collect())
}

fn one(questionnaire: &str, progress: &str) -> Vec<(String, String)> {
    vec![(questionnaire.to_owned(), progress.to_owned())]
}

/// How far a step is.
fn standing(case: &Answer, step: &str) -> Result<String> {
    let steps = case.list("/steps")?.iter().find(|of| of["step"] == step);
    Ok(steps.and_then(|of| of["standing"].as_str()).context("no such step")?.to_owned())
}

/// What is wrong, by pointer and code.
fn wrong(refused: &Answer) -> Result<Vec<(String, String)>> {
    let text = |one: &Value, field: &str| one[field].as_str().unwrap_or_default().to_owned();
    Ok(refused.list("/errors")?.iter().map(|one| (text(one, "pointer"), text(one, "code"))).collect())
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(pointer, code)| ((*pointer).to_owned(), (*code).to_owned())).collect()
}

/// The step's body.
fn answers(questionnaire: &str, item: &Value, complete: bool) -> Value {
    json!({ "questionnaire": questionnaire, "version": "2026.1", "item": item, "complete": complete })
}

fn yes(name: &str, yes: bool) -> Value {
    json!({ "linkId": name, "answer": [{ "valueBoolean": yes }] })
}

fn words(name: &str, text: &str) -> Value {
    json!({ "linkId": name, "answer": [{ "valueString": text }] })
}

/// All that the questionnaire about care at home asks of somebody who was not in a hospital; with `task` to be done.
fn at_home_answers(day: &str, task: &str) -> Value {
    json!([
        yes("homebound", true),
        { "linkId": "seen-on", "answer": [{ "valueDate": day }] },
        yes("discharged", false),
        { "linkId": "tasks", "answer": [{ "valueCoding": { "code": task } }] },
        yes("alone", true),
        words("goal", "When the member walks alone."),
    ])
}

fn path(wizard: &Wizard<'_>) -> String {
    format!("/cases/{}/steps/questionnaires", wizard.key)
}

/// REQ: CASE-18
#[test]
fn the_rules_pick_questionnaires_and_a_submit_needs_them_complete() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, "commercial")?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let day = clinic::today(&world, "commercial")?.to_string();

    // By service type, by code, and by nothing.
    let mut wizard = at_home(&world, &clinic, &dana, ("home-health", "G0299"))?;
    let case = wizard.look()?;
    ensure!(
        asked(&case)? == one(HOME, "not-begun") && standing(&case, "questionnaires")? == "missing",
        "{:?}",
        case.body
    );
    let infusion = at_home(&world, &clinic, &dana, ("home-infusion", "S9494"))?.look()?;
    ensure!(asked(&infusion)? == one("home-infusion-safety", "not-begun"), "{:?}", infusion.body);
    let knee = at_home(&world, &clinic, &dana, ("outpatient-procedure", "29881"))?.look()?;
    ensure!(asked(&knee)?.is_empty() && standing(&knee, "questionnaires")? == "not-needed", "{:?}", knee.body);
    by_age(&world)?;

    // What is asked stands in the contract's document, and is asked as FHIR says.
    let contract = dana.portal.get("/contracts/commercial").expect(200)?;
    let home =
        contract.list("/questionnaires")?.iter().find(|known| known["id"] == HOME).context("not in the document")?;
    ensure!(home["resourceType"] == "Questionnaire" && home["version"] == "2026.1", "{home}");

    // A part is saved as it is typed; what is wrong in it is told in its place.
    let part = json!([yes("discharged", true), { "linkId": "stay", "item": [words("hospital", "River Hospital")] }]);
    let saved = wizard.save("questionnaires", &answers(HOME, &part, false))?;
    ensure!(saved.text("/saved/questionnaire/progress")? == "begun", "{:?}", saved.body);
    ensure!(saved.text("/saved/questionnaire/item/0/item/0/answer/0/valueString").is_err(), "kept in its order");
    let nonsense = json!([
        { "linkId": "seen-on", "answer": [{ "valueDate": "soon" }] },
        { "linkId": "tasks", "answer": [{ "valueCoding": { "code": "cooking" } }] },
        yes("nobody", true),
    ]);
    let refused =
        dana.portal.put(path(&wizard), &answers(HOME, &nonsense, false), &wizard.etag).refused(422, "invalid")?;
    let told = pairs(&[
        ("/item/0/answer/0/valueDate", "not-a-date"),
        ("/item/2/linkId", "not-found"),
        ("/item/1/answer/0/valueCoding", "not-a-choice"),
    ]);
    ensure!(wrong(&refused)? == told, "{:?}", refused.body);

    // Complete needs every answer that is asked, of what was answered: the stay, and at least one wound.
    let some = json!([
        yes("homebound", false),
        { "linkId": "seen-on", "answer": [{ "valueDate": day }] },
        yes("discharged", true),
        { "linkId": "stay", "item": [words("hospital", "River Hospital"), { "linkId": "discharged-on" }] },
        { "linkId": "tasks", "answer": [{ "valueCoding": { "code": "wound" } }] },
        yes("alone", true),
        words("goal", "When the wound is closed."),
    ]);
    let refused = dana.portal.put(path(&wizard), &answers(HOME, &some, true), &wizard.etag).refused(422, "invalid")?;
    let told = pairs(&[
        ("/item", "unanswered"),
        ("/item/3/item/1/answer/0/valueDate", "unanswered"),
        ("/item", "unanswered"),
        ("/item", "unanswered"),
    ]);
    ensure!(wrong(&refused)? == told, "{:?}", refused.body);

    // A submit is refused by name before, and taken after.
    let submission = format!("/cases/{}/submission", wizard.key);
    let agreed = json!({ "disclaimerAgreed": true });
    let refused = dana.portal.post(&submission, &agreed).refused(422, "invalid")?;
    ensure!(
        wrong(&refused)? == pairs(&[(&format!("/questionnaires/{HOME}"), "questionnaire-missing")]),
        "{:?}",
        refused.body
    );
    let complete = answers(HOME, &at_home_answers(&day, "teaching"), true);
    let saved = wizard.save("questionnaires", &complete)?;
    ensure!(saved.text("/saved/questionnaire/progress")? == "complete", "{:?}", saved.body);
    ensure!(standing(&wizard.look()?, "questionnaires")? == "complete");

    asked_again(&world, &mut wizard, &complete)?;

    wizard.submit()?;
    let case = wizard.look()?;
    ensure!(asked(&case)? == one(HOME, "complete"), "{:?}", case.body);
    dana.portal.put(path(&wizard), &complete, &wizard.etag).refused(409, "conflict")?;
    read_by_others(&world, &wizard)
}

/// A child of two years is asked about early development, one of four nothing.
fn by_age(world: &World) -> Result<()> {
    let today = clinic::today(world, "arkansas")?;
    for (years, wanted) in [(2, vec![("early-development".to_owned(), "not-begun".to_owned())]), (4, vec![])] {
        let born = today.checked_sub(years.years())?.checked_sub(30.days())?;
        let place = Clinic::with_member(world, "arkansas", |member| member.birth_date = born)?;
        let person = Person::of_clinic(world, &place)?;
        let mut wizard = Wizard::begin(&person, &place, "outpatient")?;
        wizard.save("service", &json!({ "serviceType": "day-habilitative", "placeOfService": "11" }))?;
        let entry = Entry { code: "T1015", modifiers: &["U6", "UB"], from: today, days: 7, units: 7 };
        wizard.save("procedures", &json!({ "lines": [entry.json()] }))?;
        ensure!(asked(&wizard.look()?)? == wanted, "{years} years");
    }
    Ok(())
}

/// The same is asked again when the codes change, and when the answers are to another version.
fn asked_again(world: &World, wizard: &mut Wizard<'_>, complete: &Value) -> Result<()> {
    ask(world, wizard, &["G0299", "G0151"])?;
    ensure!(asked(&wizard.look()?)? == one(HOME, "request-changed"));
    let agreed = json!({ "disclaimerAgreed": true });
    let submission = format!("/cases/{}/submission", wizard.key);
    let refused = wizard.person.portal.post(&submission, &agreed).refused(422, "invalid")?;
    ensure!(
        wrong(&refused)? == pairs(&[(&format!("/questionnaires/{HOME}"), "answered-for-another")]),
        "{:?}",
        refused.body
    );
    wizard.save("questionnaires", complete)?;

    let mut other = complete.clone();
    other["version"] = json!("2025.1");
    let refused = wizard.person.portal.put(path(wizard), &other, &wizard.etag).refused(422, "invalid")?;
    ensure!(wrong(&refused)? == pairs(&[("/version", "questionnaire-changed")]), "{:?}", refused.body);
    ensure!(world.answered(&wizard.key, "2025.1")? == ["2026.1"], "the version stands with the answers");
    ensure!(asked(&wizard.look()?)? == one(HOME, "version-changed"));
    let refused = wizard.person.portal.post(&submission, &agreed).refused(422, "invalid")?;
    ensure!(
        wrong(&refused)? == pairs(&[(&format!("/questionnaires/{HOME}"), "questionnaire-changed")]),
        "{:?}",
        refused.body
    );
    wizard.save("questionnaires", complete)?;
    ensure!(asked(&wizard.look()?)? == one(HOME, "complete"));
    Ok(())
}

/// A reviewer reads questions and answers in words; nobody else reads or writes them.
fn read_by_others(world: &World, wizard: &Wizard<'_>) -> Result<()> {
    let nurse = Person::of_staff(world, "commercial", StaffRole::Nurse)?;
    let case = nurse.portal.get(format!("/staff/cases/{}", wizard.key)).expect(200)?;
    let item = case.list("/questionnaires/0/item")?;
    let goal = item.iter().find(|item| item["linkId"] == "goal").context("no goal")?;
    ensure!(goal["text"] == "When will the care be finished, and how will that be seen?", "{goal}");
    ensure!(goal["answer"] == json!([{ "valueString": "When the member walks alone." }]), "{goal}");
    let task = item.iter().find(|item| item["linkId"] == "tasks").context("no tasks")?;
    ensure!(task["answer"][0]["valueCoding"]["display"] == "Teaching the member or family", "{task}");
    let other = Clinic::new(world, "commercial")?;
    let stranger = Person::of_clinic(world, &other)?;
    stranger.portal.put(path(wizard), &answers(HOME, &json!([]), false), &wizard.etag).refused(404, "not-found")?;
    Ok(())
}

/// REQ: CASE-19
#[test]
fn what_nothing_requires_is_skipped_on_the_way_to_submit_and_what_is_required_is_not() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, "commercial")?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let optional = ["questionnaires", "documents", "notes"];

    // None of the three is required: each says so, and the submit is taken without them.
    let mut knee = at_home(&world, &clinic, &dana, ("outpatient-procedure", "29881"))?;
    let case = knee.look()?;
    for step in optional {
        ensure!(standing(&case, step)? == "not-needed", "{step}: {:?}", case.body);
    }
    knee.submit()?;

    // A questionnaire is.
    let mut nursing = at_home(&world, &clinic, &dana, ("home-health", "G0299"))?;
    let case = nursing.look()?;
    ensure!(standing(&case, "questionnaires")? == "missing" && standing(&case, "documents")? == "not-needed");
    let day = clinic::today(&world, "commercial")?.to_string();
    nursing.save("questionnaires", &answers(HOME, &at_home_answers(&day, "therapy"), true))?;
    let case = nursing.look()?;
    ensure!(standing(&case, "questionnaires")? == "complete", "{:?}", case.body);

    // Documents are.
    let child = Clinic::new(&world, "arkansas")?;
    let person = Person::of_clinic(&world, &child)?;
    let mut day_care = Wizard::begin(&person, &child, "outpatient")?;
    let case = day_care.look()?;
    ensure!(standing(&case, "questionnaires")? == "missing", "nobody knows before there are codes: {:?}", case.body);
    day_care.save("service", &json!({ "serviceType": "day-habilitative", "placeOfService": "11" }))?;
    let from = clinic::today(&world, "arkansas")?;
    let entry = Entry { code: "T1015", modifiers: &["U6", "UB"], from, days: 7, units: 7 };
    day_care.save("procedures", &json!({ "lines": [entry.json()] }))?;
    let case = day_care.look()?;
    let standings = [standing(&case, "questionnaires")?, standing(&case, "documents")?, standing(&case, "notes")?];
    ensure!(standings == ["not-needed", "missing", "not-needed"], "{standings:?}");
    Ok(())
}

/// An answer may name a document of the case, and no other; when it is taken out, the questionnaire is asked again.
#[test]
fn an_answer_names_a_document_that_is_attached() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, "commercial")?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let mut wizard = at_home(&world, &clinic, &dana, ("home-health", "G0299"))?;
    let day = clinic::today(&world, "commercial")?.to_string();
    let with = |document: &str| {
        let mut item = at_home_answers(&day, "teaching");
        item[2] = yes("discharged", true);
        let summary = json!({ "linkId": "summary", "answer": [{ "valueAttachment": { "url": document } }] });
        let left = json!({ "linkId": "discharged-on", "answer": [{ "valueDate": day }] });
        let stay = json!({ "linkId": "stay", "item": [words("hospital", "River Hospital"), left, summary] });
        if let Some(list) = item.as_array_mut() {
            list.push(stay);
        }
        answers(HOME, &item, true)
    };
    let foreign = with(&format!("doc_{:032x}", 7));
    let refused = dana.portal.put(path(&wizard), &foreign, &wizard.etag).refused(422, "invalid")?;
    ensure!(
        wrong(&refused)? == pairs(&[("/item/6/item/2/answer/0/valueAttachment", "not-found")]),
        "{:?}",
        refused.body
    );

    let document = wizard.attach("other", &files::pdf("summary.pdf", "Discharged to home."))?;
    wizard.checked()?;
    let saved = wizard.save("questionnaires", &with(&document))?;
    ensure!(saved.body.to_string().contains("summary.pdf"), "{:?}", saved.body);
    dana.portal.delete(format!("/cases/{}/documents/{document}", wizard.key)).expect(204)?;
    ensure!(asked(&wizard.look()?)? == one(HOME, "document-gone"));
    Ok(())
}
