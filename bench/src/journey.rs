//! A request's way from registration to the fax, and a provider group at work: every action takes part at least once.

use anyhow::{Context, Result, ensure};
use jiff::{ToSpan, civil::Date};
use portico_aws::{Config, accounts::Pool};
use portico_domain::caller::StaffRole;
use portico_testkit::{
    carriers,
    clinic::{self, Clinic},
    files,
    people::Person,
    poll::{self, PATIENCE},
    portal::Portal,
    seeding::World,
    stack::Stack,
    wizard::{Entry, Wizard},
};
use serde_json::{Value, json};

use crate::{door::Door, faxes, feeds, fhir, group, packs};

pub(crate) const CONTRACT: &str = "arkansas";

/// Plays it in this process against the running stack; workers and carriers are the stack's own.
///
/// # Errors
/// When no stack runs, or anything is answered otherwise than the journey expects.
pub fn play() -> Result<Door> {
    let mut stack = Stack::read()?;
    let door = Door::open(Config::read(|name| stack.variable(name))?)?;
    stack.api_url.clone_from(&door.url);
    let world = World::seeded(stack)?;
    let contracts: Vec<_> = world.packs.iter().map(|pack| pack.contract.id.clone()).collect();
    // A function that has served before holds its contracts and its keys.
    door.beside(async |app| {
        let config = app.aws.config();
        for secret in [&config.lookup_secret, &config.token_secret, &config.fax_reports_secret] {
            app.aws.secrets().accepted(secret).await?;
        }
        for contract in &contracts {
            app.table().contract(contract, app.now()).await?;
        }
        // The secrets of the app clients are read with the first password, be it a wrong one.
        for pool in [Pool::Providers, Pool::Staff] {
            let refused = app.aws.accounts().password(pool, &"nobody.at.all".parse()?, "Wrong-Password-2026!").await;
            ensure!(refused.is_err(), "nobody has a password");
        }
        Ok(())
    })?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let person = join(&world, &clinic)?;
    let mut wizard = write(&world, &clinic, &person)?;
    manage(&world)?;
    review(&world, &wizard)?;
    let letter = read(&mut wizard)?;
    report_fax(&door, &world, &mut wizard, &letter)?;
    faxes::play(&world, &clinic, &mut wizard)?;
    group::play(&world)?;
    fhir::play(&world)?;
    packs::play(&world)?;
    feeds::play(&door, &world)?;
    Ok(door)
}

fn join(world: &World, clinic: &Clinic) -> Result<Person> {
    let portal = Portal::new(&world.stack);
    let pair = json!({ "npi": clinic.number(), "code": clinic.place.registration_code });
    portal.post("/registrations/verify", &pair).expect(200)?;
    portal.get("/contracts").expect(200)?;
    portal.get(format!("/contracts/{CONTRACT}")).expect(200)?;
    portal.get(format!("/usernames/{}", clinic.username)).expect(200)?;
    Person::of_clinic(world, clinic)
}

fn write<'a>(world: &World, clinic: &Clinic, person: &'a Person) -> Result<Wizard<'a>> {
    let (portal, member) = (&person.portal, &clinic.member);
    let search = json!({ "contract": CONTRACT, "lastName": member.last_name, "birthDate": member.birth_date });
    portal.post("/members/search", &search).expect(200)?;
    portal.get(format!("/providers?contract={CONTRACT}&npi={}", clinic.number())).expect(200)?;
    portal.get("/codes/icd10cm?q=autistic").expect(200)?;
    let today = clinic::today(world, CONTRACT)?;
    let asked = json!({ "code": "T1015", "modifiers": ["U6", "UB"], "setting": "outpatient", "on": today, "member": member.id });
    let number = portal.post(format!("/contracts/{CONTRACT}/checks"), &asked).expect(201)?.text("/number")?;
    portal.get(format!("/checks/{number}")).expect(200)?;
    portal.get(format!("/members/{}/requests", member.id)).expect(200)?;
    let mut wizard = Wizard::begin(person, clinic, "outpatient")?;
    let provider = clinic.place.provider.id;
    wizard.save("providers", &json!({ "servicing": provider, "attending": provider, "fax": clinic.contact.fax }))?;
    wizard.save("service", &json!({ "serviceType": "day-habilitative", "placeOfService": "11" }))?;
    wizard.save("diagnoses", &json!({ "diagnoses": ["F84.0"] }))?;
    wizard.save("request", &json!({ "review": "initial", "urgency": "standard" }))?;
    let contract = world.contract(CONTRACT)?;
    let rule = contract.codes.first().context("the pack has no code")?;
    let from = clinic::today(world, CONTRACT)?.checked_add(7.days())?;
    let code = rule.code.to_string();
    let line = Entry { code: &code, modifiers: &["U6", "UB"], from, days: 10, units: 10 };
    wizard.save("procedures", &json!({ "lines": [line.json()] }))?;
    wizard.save("notes", &json!({ "text": "For the reviewer." }))?;
    wizard.look()?;
    let service = contract.service_type("day-habilitative").context("the pack has no such service")?;
    for document in &service.required_documents {
        wizard.attach(document, &files::pdf(&format!("{document}.pdf"), "A document."))?;
    }
    let document = service.required_documents.first().context("the service asks for no document")?;
    let wrong = wizard.attach(document, &files::pdf("wrong.pdf", "Of somebody else."))?;
    wizard.checked()?;
    let place = format!("/cases/{}/documents/{wrong}", wizard.key);
    portal.get(&place).expect(200)?;
    portal.delete(&place).expect(204)?;
    wizard.look()?;
    portal.get(format!("/cases/{}/duplicates", wizard.key)).expect(200)?;
    let number = wizard.submit()?.text("/caseId")?;
    portal.post("/cases/search", &search).expect(200)?;
    portal.post("/cases/search", &json!({ "provider": clinic.number() })).expect(200)?;
    portal.get("/cases").expect(200)?;
    portal.get(format!("/cases?caseId={number}")).expect(200)?;
    portal.get(format!("/cases/{number}")).expect(200)?;
    portal.get(format!("/cases/{}/accesses", wizard.key)).expect(200)?;
    Ok(wizard)
}

fn manage(world: &World) -> Result<()> {
    let manager = Person::of_staff(world, CONTRACT, StaffRole::ContractManager)?;
    let (name, email) = (format!("new.{}", manager.username), "new@staff.example");
    let new = json!({
        "username": name, "post": { "role": "intake", "contracts": [CONTRACT] },
        "contact": {
            "firstName": "Nell", "lastName": "Shaw", "address1": "1 Review Plaza", "city": "Little Rock", "state": "AR",
            "zip": "72201", "email": email, "confirmEmail": email, "fax": "501-555-0166",
        },
    });
    manager.portal.get("/staff/users").expect(200)?;
    manager.portal.post("/staff/users", &new).expect(201)?;
    let change = json!({ "post": { "role": "support" } });
    manager.portal.get(format!("/staff/users/{name}")).expect(200)?;
    manager.portal.patch(format!("/staff/users/{name}"), &change, "\"1\"").expect(200)?;
    Ok(())
}

fn review(world: &World, wizard: &Wizard<'_>) -> Result<()> {
    let nurse = Person::of_staff(world, CONTRACT, StaffRole::Nurse)?;
    let request = format!("/staff/cases/{}/requests/R01", wizard.key);
    poll::until("the case in nurse review", PATIENCE, || {
        let case = nurse.portal.get(format!("/staff/cases/{}", wizard.key)).expect(200)?;
        Ok((case.text("/status")? == "nurse-review").then_some(()))
    })?;
    nurse.portal.get("/staff/worklists/nurse").expect(200)?;
    nurse.portal.post(format!("{request}/claim"), &json!({})).expect(200)?;
    let approval = json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] });
    nurse.portal.get(format!("{request}/worksheet")).expect(200)?;
    let typed = json!({ "note": "", "lines": [{ "outcome": "approved" }], "criteria": [] });
    nurse.portal.put(format!("{request}/worksheet"), &typed, "\"0\"").expect(200)?;
    nurse.portal.post(format!("{request}/determination/preview"), &approval).expect(200)?;
    world.without_address(&wizard.key, || {
        nurse.portal.post(format!("{request}/determination"), &approval).expect(200).map(drop)
    })?;
    repair(&nurse, &wizard.key)
}

/// The member's record has the address that the case lacks: the letter that is held is written again, and is issued.
fn repair(nurse: &Person, case: &str) -> Result<()> {
    let listed = |asked: bool| {
        let page = nurse.portal.get(format!("/staff/held-letters?contract={CONTRACT}&limit=50")).expect(200)?;
        let found = page.list("/items")?.iter().find(|item| item["key"] == case);
        let letter = found.and_then(|item| item["id"].as_str().map(ToOwned::to_owned));
        Ok(if asked { letter.is_none().then(String::new) } else { letter })
    };
    let letter = poll::until("the letter that is held", PATIENCE, || listed(false))?;
    nurse.portal.post(format!("/staff/held-letters/{case}/{letter}"), &json!({})).expect(202)?;
    poll::until("the letter to be issued", PATIENCE, || listed(true)).map(drop)
}

fn read(wizard: &mut Wizard<'_>) -> Result<String> {
    let case = wizard.until("the provider's letter", |case| {
        Ok(case.list("/letters")?.iter().any(|letter| letter["audience"] == "provider"))
    })?;
    let letter = case.list("/letters")?.iter().find(|letter| letter["audience"] == "provider");
    let id = letter.and_then(|letter| letter["id"].as_str()).context("the letter has no id")?.to_owned();
    wizard.person.portal.get(format!("/cases/{}/letters/{id}", wizard.key)).expect(200)?;
    let messages = format!("/cases/{}/messages", wizard.key);
    let sent = wizard.person.portal.post(&messages, &json!({ "text": "Thank you." })).expect(201)?.text("/id")?;
    wizard.person.portal.get(&messages).expect(200)?;
    wizard
        .person
        .portal
        .put(format!("{messages}/read"), &json!({ "upTo": sent }), "")
        .without("If-Match")
        .expect(204)?;
    let told = poll::until("news", PATIENCE, || {
        let listed = wizard.person.portal.get("/alerts").expect(200)?;
        Ok(listed.list("/alerts")?.first().and_then(|alert| alert["id"].as_str().map(ToOwned::to_owned)))
    })?;
    let all = json!({ "upTo": told });
    wizard.person.portal.put("/alerts/read", &all, "").without("If-Match").expect(204)?;
    let to = case.text("/requests/0/lines/0/to")?.parse::<Date>()?.tomorrow()?;
    let further = json!({ "of": "R01", "kind": "extension", "to": to, "note": "One day more." });
    wizard.person.portal.post(format!("/cases/{}/requests", wizard.key), &further).expect(201)?;
    Ok(id)
}

/// The carrier says once more that it delivered the letter.
fn report_fax(door: &Door, world: &World, wizard: &mut Wizard<'_>, letter: &str) -> Result<()> {
    wizard.until("the fax to be delivered", |case| {
        let of_letter = |delivery: &&Value| delivery["letter"] == letter;
        Ok(case.list("/deliveries")?.iter().find(of_letter).is_some_and(|delivery| delivery["status"] == "delivered"))
    })?;
    let faxes = carriers::sent(&world.stack)?.faxes;
    let fax = faxes.iter().find(|fax| fax.client_reference.contains(letter)).context("no fax of this letter")?;
    let body = json!({
        "eventId": "bench", "type": "fax.delivered", "faxId": fax.id, "clientReference": fax.client_reference,
        "occurredAt": portico_aws::clock::now(), "pages": 1,
    })
    .to_string();
    let signature = door.beside(async |app| {
        let secret = app.aws.secrets().get(&app.aws.config().fax_reports_secret).await?;
        let time = app.now().as_second();
        Ok(format!("t={time},v1={}", secret.sign(format!("{time}.{body}").as_bytes())))
    })?;
    let portal = Portal::new(&world.stack);
    let report = portal.post("/carriers/fax/events", &Value::Null).text(body);
    report.header("Fax-Signature", &signature).expect(204)?;
    Ok(())
}
