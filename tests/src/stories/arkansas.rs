//! Arkansas: Day Habilitative Services for a child. A clinic registers; a line beyond the daily cap is refused; required
//! documents are asked for by name; nurse and physician review; fewer units are approved; the fax line is busy once.

use anyhow::{Context, Result, ensure};
use jiff::Timestamp;
use portico_domain::{
    accounts::registration::WRONG_PAIR,
    caller::StaffRole,
    cases::{determination::Criterion, document::FileType},
    contracts::Contract,
    service::Setting,
};
use portico_testkit::{
    carriers::{self, Script},
    clinic::{self, Clinic},
    files::{self, File},
    mailbox,
    people::{self, Door, Person},
    portal::Portal,
    seeding::World,
    wizard::{Entry, Wizard},
};
use serde_json::{Value, json};

use super::{
    Played,
    expect::{case_id, clock, hides, in_words, item, number, plus, same, says, set, text},
    reading, review,
};
use crate::narrator::Narrator;

const CONTRACT: &str = "arkansas";
const MODIFIERS: [&str; 2] = ["U6", "UB"];
const DAYS: u32 = 30;
const REASON: &str =
    "The developmental assessment supports four hours a day; a fifth hour is not explained by its goals.";

/// Plays the story.
///
/// # Errors
/// The first deviation.
pub fn play(world: &World, narrator: &mut Narrator<'_>) -> Result<Played> {
    let contract = world.contract(CONTRACT)?;
    let clinic = Clinic::new(world, CONTRACT)?;
    let person = join(world, narrator, contract, &clinic)?;
    let mut wizard = write(world, narrator, contract, &clinic, &person)?;
    attach_and_submit(narrator, contract, &mut wizard)?;
    // What the line will do, before anybody decides: busy, then free; reports twice, the last one first.
    let fax = clinic.contact.fax.e164();
    let script = Script { outcomes: vec!["busy", "delivered"], twice: true, out_of_order: true, ..Script::default() };
    carriers::script(&world.stack, &fax, &script)?;
    let (nurse, physician) = decide(world, narrator, contract, &wizard)?;
    let letters = letters(world, narrator, contract, &clinic, &mut wizard)?;
    let faxes = delivered(world, narrator, &clinic, &mut wizard, &letters)?;
    let case = wizard.look()?.body;
    let people = vec![("Group Admin of the clinic", person.clone()), ("nurse", nurse), ("physician", physician)];
    let letters = letters.into_iter().map(|letter| (letter.0.to_owned(), letter.1.pdf)).collect();
    Ok(Played { clinic, people, case, letters, faxes })
}

fn join(world: &World, narrator: &mut Narrator<'_>, contract: &Contract, clinic: &Clinic) -> Result<Person> {
    let portal = Portal::new(&world.stack);
    let (npi, code) = (clinic.number(), &clinic.place.registration_code);
    narrator.step("A wrong registration code", || {
        let pair = json!({ "npi": npi, "code": "WRONG-1" });
        let refused = portal.post("/registrations/verify", &pair).refused(422, "invalid")?;
        same("the refusal", &refused.text("/detail")?.as_str(), &WRONG_PAIR)?;
        Ok(((), format!("refused: “{WRONG_PAIR}”")))
    })?;
    let terms = narrator.step("The right code", || {
        let pair = json!({ "npi": npi, "code": code });
        let found = portal.post("/registrations/verify", &pair).expect(200)?;
        same("the provider", &found.text("/provider/name")?, &clinic.place.provider.name.to_string())?;
        same("the label of the code", &found.text("/contract/codeLabel")?, &contract.registration.code_label)?;
        same("the terms", &found.text("/terms/text")?, &contract.registration.terms)?;
        let told = format!("{} under {}, with the terms of use", clinic.place.provider.name, contract.name);
        Ok((found.text("/terms/version")?, told))
    })?;
    let name = &clinic.username;
    narrator.step("Registration with username, contact and terms", || {
        let free = portal.get(format!("/usernames/{name}")).expect(200)?;
        same("the username's availability", free.at("/available")?, &json!(true))?;
        let mut form = people::registration(clinic, &terms);
        set(&mut form, "/termsAcknowledged", json!(false))?;
        set(&mut form, "/contact/confirmEmail", json!("other@clinic.example"))?;
        let refused = portal.post("/registrations", &form).refused(422, "invalid")?;
        refused.wrong_at("/termsAcknowledged", "not-agreed")?;
        refused.wrong_at("/contact/confirmEmail", "emails-differ")?;
        let registered = portal.post("/registrations", &people::registration(clinic, &terms)).expect(201)?;
        same("the username", &registered.text("/username")?, name)?;
        let taken = portal.get(format!("/usernames/{name}")).expect(200)?;
        same("the username's availability", taken.at("/available")?, &json!(false))?;
        let pair = json!({ "npi": npi, "code": code });
        let second = portal.post("/registrations/verify", &pair).refused(409, "conflict")?;
        says("the answer to a second registration", &second.text("/detail")?, &clinic.contact.full_name())?;
        Ok((
            (),
            format!("{name} was free and is taken now; who comes second is told to ask {}", clinic.contact.full_name()),
        ))
    })?;
    let token = narrator.step("The mailed link", || {
        let token = mailbox::wait_for_link(&world.stack, clinic.contact.email.as_str())?;
        for mail in mailbox::mails_to(&world.stack, clinic.contact.email.as_str())? {
            hides("the mail", &mail.body_text, &["your password is".to_owned()])?;
        }
        Ok((token, format!("mailed to {}, without a password", clinic.contact.email)))
    })?;
    narrator.step("An own password and an authenticator app", || {
        let weak = json!({ "token": token, "password": "riverstone" });
        let refused = portal.post("/enrolments", &weak).refused(422, "invalid")?;
        let told = refused.error_at("/password")?;
        for rule in ["14 characters", "upper case", "number", "special character"] {
            says("the refusal of a weak password", &told, rule)?;
        }
        let person = Person::enrolled(world, Door::Provider, &token)?;
        let again = json!({ "token": token, "password": people::PASSWORD });
        portal.post("/enrolments", &again).refused(404, "not-found")?;
        Ok((person, "“riverstone” breaks four rules, each told; 14 characters and the first code do, and the link is used up".to_owned()))
    })
    .and_then(|person| {
        narrator.step("Signing in with password and code", || {
            let wrong = json!({ "username": person.username, "password": "Not-The-Password-1" });
            portal.post("/sessions", &wrong).refused(401, "sign-in-refused")?;
            let staff_door = json!({ "username": person.username, "password": person.password });
            portal.post("/staff/sessions", &staff_door).refused(401, "sign-in-refused")?;
            let person = person.sign_in()?;
            Ok((person, "a wrong password and the staff door are refused alike; password and TOTP code let in".to_owned()))
        })
    })
}

fn write<'a>(
    world: &World,
    narrator: &mut Narrator<'_>,
    contract: &Contract,
    clinic: &Clinic,
    person: &'a Person,
) -> Result<Wizard<'a>> {
    let portal = &person.portal;
    let member = &clinic.member;
    narrator.step("Looking for the member", || {
        let by_name = json!({ "contract": CONTRACT, "lastName": member.last_name, "birthDate": member.birth_date });
        let by_number = json!({ "contract": CONTRACT, "memberNumber": clinic.member_number() });
        for search in [by_name, by_number] {
            let found = portal.post("/members/search", &search).expect(200)?;
            same("the number of members found", &found.list("/members")?.len(), &1)?;
            same("the member", &found.text("/members/0/id")?, &member.id.to_string())?;
        }
        Ok(((), format!("{}, by name and birth date and by number", member.full_name())))
    })?;
    let mut wizard = narrator.step("A case begins", || {
        let wizard = Wizard::begin(person, clinic, "outpatient")?;
        let drafts = portal.get("/cases?status=draft").expect(200)?;
        item(drafts.list("/cases")?, "key", &wizard.key)?;
        Ok((wizard, "saved at once, and listed as saved but not submitted".to_owned()))
    })?;
    narrator.step("Providers, service, diagnosis, kind of request", || {
        let case = wizard.look()?;
        let fax = case.text("/fax")?;
        same("the fax number filled in", &fax, &clinic.contact.fax.to_string())?;
        let own = portal.get(format!("/providers?contract={CONTRACT}&npi={}", clinic.number())).expect(200)?;
        let servicing = own.text("/providers/0/id")?;
        same("the provider found by its NPI", &servicing, &clinic.place.provider.id.to_string())?;
        wizard.save("providers", &json!({ "servicing": servicing, "fax": fax }))?;
        wizard.save("service", &json!({ "serviceType": "day-habilitative", "placeOfService": "11" }))?;
        let codes = portal.get("/codes/icd10cm?q=autistic%20disorder").expect(200)?;
        let code = text(item(codes.list("/codes")?, "code", "F84.0")?, "/code")?.to_owned();
        wizard.save("diagnoses", &json!({ "diagnoses": [code] }))?;
        wizard.save("request", &json!({ "review": "initial", "urgency": "standard" }))?;
        Ok(((), "fax from the profile; F84.0 found by its words".to_owned()))
    })?;
    let rule = contract.codes.first().context("the pack has no code")?;
    let cap = rule.max_units_per_day.context("the pack has no daily cap")?;
    let from = plus(clinic::today(world, CONTRACT)?, 7)?;
    let code = rule.code.to_string();
    let entry = |units| Entry { code: &code, modifiers: &MODIFIERS, from, days: DAYS, units };
    narrator.step(&format!("{} hours a day", cap + 1), || {
        let lines = json!({ "lines": [entry((cap + 1) * DAYS).json()] });
        let path = format!("/cases/{}/steps/procedures", wizard.key);
        let refused = portal.put(path, &lines, &wizard.etag).refused(422, "invalid")?;
        let told = refused.error_at("/lines/0/quantity")?;
        says("the refusal", &told, &format!("At most {cap} units a day (1 unit = {})", rule.unit))?;
        let named = refused.wrong_at("/lines/0/quantity", "too-many-units-a-day")?;
        let expected = json!({ "most": cap, "days": DAYS, "allowed": cap * DAYS, "unit": rule.unit });
        same("what the sentence names", &named, &expected)?;
        Ok(((), format!("refused at the field: “{told}”")))
    })?;
    narrator.step(&format!("{cap} hours a day"), || {
        wizard.save("procedures", &json!({ "lines": [entry(cap * DAYS).json()] }))?;
        Ok(((), format!("{code} {}: {} units in {DAYS} days", MODIFIERS.join(" "), cap * DAYS)))
    })?;
    Ok(wizard)
}

fn attach_and_submit(narrator: &mut Narrator<'_>, contract: &Contract, wizard: &mut Wizard<'_>) -> Result<()> {
    let service = contract.service_type("day-habilitative").context("the pack has no day-habilitative")?;
    let required: Vec<_> = service.required_documents.iter().filter_map(|id| contract.document_type(id)).collect();
    let path = format!("/cases/{}/submission", wizard.key);
    let portal = wizard.person.portal.clone();
    narrator.step("Submit without the required documents", || {
        let case = wizard.look()?;
        let refused = portal.post(path.as_str(), &json!({ "disclaimerAgreed": true })).refused(422, "invalid")?;
        let told = refused.error_at("/documents")?;
        for kind in &required {
            same(
                "the checklist",
                &text(item(case.list("/checklist")?, "label", &kind.label)?, "/status")?,
                &"missing",
            )?;
            says("the refusal", &told, &kind.label)?;
            let sentence = format!("This document is required: {}.", kind.label);
            let error = item(refused.list("/errors")?, "detail", &sentence)?;
            same("what is wrong", &text(error, "/code")?, &"document-missing")?;
            same("what the sentence names", &text(error, "/values/document")?, &kind.label.as_str())?;
        }
        let names: Vec<_> = required.iter().map(|kind| kind.label.as_str()).collect();
        Ok(((), format!("refused, naming each of {}: {}", required.len(), names.join("; "))))
    })?;
    narrator.step("Real files, and a program renamed to .pdf", || {
        let files = files()?;
        for (kind, file) in required.iter().zip(files.iter().cycle()) {
            wizard.attach(&kind.id, file)?;
        }
        let pretender = files::executable("treatment plan.pdf");
        wizard.attach("other", &pretender)?;
        let case = wizard.checked()?;
        let documents = case.list("/documents")?;
        let refused = item(documents, "fileName", &pretender.name)?;
        same("the program", &text(refused, "/state")?, &"refused")?;
        let reason = text(refused, "/reason")?;
        says("the reason", reason, FileType::Pdf.label())?;
        for file in &files {
            same(&file.name, &text(item(documents, "fileName", &file.name)?, "/state")?, &"accepted")?;
        }
        for entry in case.list("/checklist")? {
            same("the checklist", &text(entry, "/status")?, &"attached")?;
        }
        Ok(((), format!("{} files kept; the program refused: “{reason}”", documents.len() - 1)))
    })?;
    narrator.step("Submit", || {
        let refused = portal.post(path.as_str(), &json!({ "disclaimerAgreed": false })).refused(422, "invalid")?;
        refused.wrong_at("/disclaimerAgreed", "not-agreed")?;
        let submitted = wizard.submit()?;
        let case = wizard.look()?;
        same("the disclaimer", &case.text("/disclaimer")?, &contract.disclaimer)?;
        let (id, at) = (submitted.text("/caseId")?, case.text("/submission/at")?.parse::<Timestamp>()?);
        case_id(&id, contract, at)?;
        let due = clock(&case, contract, Setting::Outpatient, None)?;
        let limit = contract.turnaround_for(
            portico_domain::service::ReviewKind::Initial,
            Setting::Outpatient,
            None,
            portico_domain::service::Urgency::Standard,
        );
        let days = limit.context("the pack has no limit")?.limit.amount;
        // Counted by hand as well: the days of the pack after the day in Chicago.
        same("the due day", &due, &plus(contract.calendar.time_zone.date_at(at), days)?)?;
        Ok((
            (),
            format!(
                "only with the disclaimer; Case ID {id}, due by the end of {} ({days} calendar days)",
                in_words(due)
            ),
        ))
    })
}

/// A PDF, a picture, a Word document.
fn files() -> Result<[File; 3]> {
    Ok([
        files::pdf("DMS-693.pdf", "DMS-693 with well child checkup"),
        files::jpeg("history.jpg"),
        files::docx("assessment.docx", "Battelle Developmental Inventory, Z-scores")?,
    ])
}

fn decide(
    world: &World,
    narrator: &mut Narrator<'_>,
    contract: &Contract,
    wizard: &Wizard<'_>,
) -> Result<(Person, Person)> {
    let key = &wizard.key;
    let nurse = narrator.step("The nurse refers", || {
        let nurse = Person::of_staff(world, CONTRACT, StaffRole::Nurse)?;
        let waiting = review::find(&nurse, "nurse", CONTRACT, key)?;
        text(&waiting, "/due")?;
        review::claim(&nurse, key)?;
        let denial = json!({ "decision": "determine", "lines": [{ "outcome": "denied", "reason": REASON }] });
        let denial = nurse.portal.post(review::determination(key), &denial).send()?;
        ensure!(denial.status == 403 || denial.status == 422, "a nurse's denial was answered with {}", denial.status);
        let refer = json!({ "decision": "refer", "note": "Five hours a day; the assessment explains four." });
        let referred = nurse.portal.post(review::determination(key), &refer).expect(200)?;
        same("the status", &referred.text("/status")?.as_str(), &"physician-review")?;
        Ok((nurse, "found by due time, claimed, referred to a physician; a nurse may not deny".to_owned()))
    })?;
    let rule = contract.codes.first().context("the pack has no code")?;
    let cap = rule.max_units_per_day.context("the pack has no daily cap")?;
    let (asked, granted) = (cap * DAYS, (cap - 1) * DAYS);
    let physician = narrator.step("The physician approves fewer units", || {
        let physician = Person::of_staff(world, CONTRACT, StaffRole::Physician)?;
        review::find(&physician, "physician", CONTRACT, key)?;
        review::claim(&physician, key)?;
        let decision = |reason: &str, criteria: Value| {
            json!({ "decision": "determine", "lines": [{ "outcome": "modified", "units": granted, "reason": reason }], "criteria": criteria })
        };
        let criteria = json!([criterion()]);
        let vague = decision("Too many.", criteria.clone());
        let refused = physician.portal.post(review::determination(key), &vague).refused(422, "invalid")?;
        same("what the sentence names", &refused.wrong_at("/lines/0/reason", "not-specific")?, &json!({ "least": 20 }))?;
        let determined = physician.portal.post(review::determination(key), &decision(REASON, criteria)).expect(200)?;
        same("the status", &determined.text("/status")?.as_str(), &"modified")?;
        let number = determined.text("/authorizationNumber")?;
        Ok((physician, format!("{granted} of {asked} units, with a specific reason and the criteria; authorization {number}")))
    })?;
    Ok((nurse, physician))
}

fn criterion() -> Criterion {
    Criterion {
        title: "Day Habilitative Services under EPSDT".to_owned(),
        citation: "Arkansas Medicaid, Habilitative Services Aged 0-6, T1015-U6-UB".to_owned(),
        text: "Hours must be explained by the goals of the developmental assessment.".to_owned(),
    }
}

type Letters = [(&'static str, reading::Read); 2];

fn letters(
    world: &World,
    narrator: &mut Narrator<'_>,
    contract: &Contract,
    clinic: &Clinic,
    wizard: &mut Wizard<'_>,
) -> Result<Letters> {
    let letters = narrator.step("Letters to provider and member", || {
        let letters =
            [("provider", reading::letter(wizard, "provider")?), ("member", reading::letter(wizard, "member")?)];
        let case = wizard.look()?;
        let number = case.text("/requests/0/determination/authorizationNumber")?;
        for (reader, letter) in &letters {
            says(&format!("the letter to the {reader}"), &letter.words, &case.text("/caseId")?)?;
            says(&format!("the letter to the {reader}"), &letter.words, &number)?;
            says(&format!("the letter to the {reader}"), &letter.words, &clinic.member.full_name())?;
            says(&format!("the letter to the {reader}"), &letter.words, "a fifth hour is not explained by its goals")?;
        }
        Ok((letters, format!("both name the case, authorization {number} and the reason; hashes as issued")))
    })?;
    narrator.step("The window for reconsideration", || {
        let case = wizard.look()?;
        let decided: Timestamp = case.text("/requests/0/determination/at")?.parse()?;
        let days = contract.windows.reconsideration_days;
        let last = plus(contract.calendar.time_zone.date_at(decided), days)?;
        let [(_, provider), (_, member)] = &letters;
        says("the letter to the provider", &provider.words, &format!("within {days} days, by {}", in_words(last)))?;
        says("the letter to the member", &member.words, &in_words(last))?;
        let _ = world;
        Ok(((), format!("{days} days, until {}, in both letters", in_words(last))))
    })?;
    Ok(letters)
}

fn delivered(
    world: &World,
    narrator: &mut Narrator<'_>,
    clinic: &Clinic,
    wizard: &mut Wizard<'_>,
    letters: &Letters,
) -> Result<Vec<std::path::PathBuf>> {
    let [(_, provider), (_, member)] = letters;
    let fax = &clinic.contact.fax;
    let faxes = narrator.step("The fax to the submitter's number", || {
        let case = reading::delivery(wizard, &provider.id, "delivered")?;
        let delivery = item(case.list("/deliveries")?, "letter", &provider.id)?;
        same("the number", &text(delivery, "/faxTo")?, &fax.to_string().as_str())?;
        same("the first call", &text(delivery, "/calls/0/status/is")?, &"failed")?;
        same("its reason", &text(delivery, "/calls/0/status/reason")?, &"busy")?;
        same("the second call", &text(delivery, "/calls/1/status/is")?, &"delivered")?;
        let issued = item(case.list("/letters")?, "id", &provider.id)?;
        let pages = number(delivery, "/calls/1/status/pages")?;
        same("the pages that arrived", &pages, &number(issued, "/pages")?)?;
        let faxes = reading::faxes_to(world, &fax.e164())?;
        same("the calls that the carrier saw", &faxes.len(), &2)?;
        Ok((faxes, format!("{fax}: busy, then all {pages} pages")))
    })?;
    narrator.step("Call-backs twice and out of order", || {
        // The carrier goes on reporting after the last word came first.
        let case = wizard.until("all reports of both calls", |case| {
            let delivery = item(case.list("/deliveries")?, "letter", &provider.id)?;
            let reports = |call: u8| {
                delivery.pointer(&format!("/calls/{call}/reports")).and_then(Value::as_array).map_or(0, Vec::len)
            };
            Ok(reports(0) == 3 && reports(1) == 3)
        })?;
        let delivery = item(case.list("/deliveries")?, "letter", &provider.id)?;
        same("the report that came first", &text(delivery, "/calls/1/reports/0/says/is")?, &"delivered")?;
        same("the call after a late “sending”", &text(delivery, "/calls/1/status/is")?, &"delivered")?;
        let seen =
            portico_testkit::poll::until("the carrier's last call-back", portico_testkit::poll::PATIENCE, || {
                let seen: usize = reading::faxes_to(world, &fax.e164())?.iter().map(|fax| fax.callbacks.len()).sum();
                Ok((seen >= 12).then_some(seen))
            })?;
        Ok(((), format!("{seen} call-backs, each report once on the case, status only forward")))
    })?;
    narrator.step("The member's letter by mail", || {
        let piece = reading::mailed(world, &member.id)?;
        says("the envelope", &piece.to.name, &clinic.member.full_name())?;
        reading::delivery(wizard, &member.id, "mailed")?;
        Ok(((), format!("to {}, {}", piece.to.name, piece.to.lines.join(", "))))
    })?;
    narrator.step("The notice by e-mail", || {
        let mail = mailbox::wait_for(&world.stack, clinic.contact.email.as_str(), "News on a case")?;
        let member = &clinic.member;
        let words = ["approved", "denied", clinic.member_number(), member.last_name.as_str()].map(ToOwned::to_owned);
        hides("the notice", &mail.body_text, &words)?;
        Ok(((), "says that there is news, and nothing of what was decided".to_owned()))
    })?;
    Ok(reading::files_of(&faxes))
}
