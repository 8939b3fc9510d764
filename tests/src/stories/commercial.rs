//! Commercial plan: an elective stay. Due in business days of the plan's calendar; a denial without criteria is not
//! issued; the fax fails as often as the contract tries, and the letter goes by mail.

use anyhow::{Context, Result, ensure};
use jiff::Timestamp;
use portico_domain::{
    caller::StaffRole,
    contracts::Contract,
    service::{Admission, Setting},
};
use portico_testkit::{
    carriers::{self, Fax, Script},
    clinic::{self, Clinic},
    mailbox,
    people::Person,
    seeding::World,
    wizard::{Entry, Wizard},
};
use serde_json::json;

use super::{
    Played,
    expect::{clock, hides, in_words, item, plus, same, says, text},
    reading, review,
};
use crate::narrator::Narrator;

const CONTRACT: &str = "commercial";
const REASON: &str = "The records show no trial of physical therapy before an operation on the knee.";

/// How the calls to the fax number fail, in turn.
const FAILURES: [&str; 3] = ["no-answer", "busy", "line-error"];

/// Plays the story.
///
/// # Errors
/// The first deviation.
pub fn play(world: &World, narrator: &mut Narrator<'_>) -> Result<Played> {
    let contract = world.contract(CONTRACT)?;
    let clinic = Clinic::new(world, CONTRACT)?;
    let outcomes = FAILURES.into_iter().cycle().take(usize::try_from(contract.fax.attempts)?).collect();
    carriers::script(&world.stack, &clinic.contact.fax.e164(), &Script { outcomes, ..Script::default() })?;
    let person = narrator.step("Registration with a BCBS ID", || {
        says("the label of the code", &contract.registration.code_label, "BCBS ID")?;
        let person = Person::of_clinic(world, &clinic)?;
        Ok((person, format!("{}: registered, enrolled, signed in as {}", clinic.place.provider.name, clinic.username)))
    })?;
    let mut wizard = write(world, narrator, contract, &clinic, &person)?;
    let (nurse, physician) = deny(world, narrator, &mut wizard)?;
    let letters = letters(narrator, contract, &mut wizard)?;
    let provider = letters.iter().find(|(reader, _)| *reader == "provider").context("no letter to the provider")?;
    let faxes = delivered(world, narrator, contract, &clinic, &mut wizard, &provider.1)?;
    let case = wizard.look()?.body;
    let letters = letters.into_iter().map(|(reader, letter)| (reader.to_owned(), letter.pdf)).collect();
    let people = vec![("Group Admin of the hospital", person.clone()), ("nurse", nurse), ("physician", physician)];
    Ok(Played { clinic, people, case, letters, faxes: reading::files_of(&faxes) })
}

fn write<'a>(
    world: &World,
    narrator: &mut Narrator<'_>,
    contract: &Contract,
    clinic: &Clinic,
    person: &'a Person,
) -> Result<Wizard<'a>> {
    let mut wizard = narrator.step("A case for an elective stay", || {
        let mut wizard = Wizard::begin(person, clinic, "inpatient")?;
        let surgeon = person.portal.get(format!("/providers?contract={CONTRACT}&name=Thomas")).expect(200)?;
        let surgeon = surgeon.text("/providers/0/id")?;
        let providers =
            json!({ "servicing": clinic.place.provider.id, "attending": surgeon, "fax": clinic.contact.fax });
        wizard.save("providers", &providers)?;
        let from = plus(clinic::today(world, CONTRACT)?, 14)?;
        let service = |stay| json!({ "serviceType": "elective-surgery", "placeOfService": "21", "stay": stay });
        let path = format!("/cases/{}/steps/service", wizard.key);
        let refused = person.portal.put(path, &service(json!(null)), &wizard.etag).refused(422, "invalid")?;
        refused.wrong_at("/stay", "missing")?;
        wizard.save("service", &service(json!({ "admission": "elective", "admitted": from })))?;
        wizard.save("diagnoses", &json!({ "diagnoses": ["M17.11"] }))?;
        let knee = Entry { code: "27447", modifiers: &[], from, days: 1, units: 1 };
        let bed = Entry { code: "0120", modifiers: &[], from, days: 3, units: 3 };
        wizard.save("procedures", &json!({ "lines": [knee.json(), bed.json()] }))?;
        Ok((wizard, format!("27447 and 3 days of 0120 from {}, elective", in_words(from))))
    })?;
    narrator.step("Submit", || {
        let submitted = wizard.submit()?;
        let case = wizard.look()?;
        let due = clock(&case, contract, Setting::Inpatient, Some(Admission::Elective))?;
        let calendar = &contract.calendar;
        ensure!(calendar.is_open(due), "due on {due}, a closed day");
        // Counted by hand as well: open days after the day that counts as received.
        let received = calendar.counts_from(case.text("/submission/at")?.parse::<Timestamp>()?);
        let limit = case.text("/requests/0/clock/limit")?;
        same("the limit", &limit, &format!("{} business days", calendar.business_days_between(received, due)))?;
        Ok((
            (),
            format!(
                "Case ID {}, {limit} from {}: due by the end of {}",
                submitted.text("/caseId")?,
                in_words(received),
                in_words(due)
            ),
        ))
    })?;
    Ok(wizard)
}

fn deny(world: &World, narrator: &mut Narrator<'_>, wizard: &mut Wizard<'_>) -> Result<(Person, Person)> {
    let key = wizard.key.clone();
    let nurse = narrator.step("The nurse refers", || {
        let nurse = Person::of_staff(world, CONTRACT, StaffRole::Nurse)?;
        review::refer(&nurse, CONTRACT, &key, "No trial of therapy in the records.")?;
        Ok((nurse, "claimed and referred to a physician".to_owned()))
    })?;
    let denied = json!([{ "outcome": "denied", "reason": REASON }, { "outcome": "denied", "reason": REASON }]);
    let physician = narrator.step("A denial without criteria", || {
        let physician = Person::of_staff(world, CONTRACT, StaffRole::Physician)?;
        review::find(&physician, "physician", CONTRACT, &key)?;
        review::claim(&physician, &key)?;
        let bare = json!({ "decision": "determine", "lines": denied, "criteria": [] });
        let refused = physician.portal.post(review::determination(&key), &bare).refused(422, "invalid")?;
        let told = refused.error_at("/criteria")?;
        says("the refusal", &told, "criteria")?;
        refused.wrong_at("/criteria", "criteria-missing")?;
        let case = wizard.look()?;
        same("the status", &case.text("/status")?.as_str(), &"physician-review")?;
        same("the letters", &case.list("/letters")?.len(), &0)?;
        Ok((physician, format!("refused before a letter is issued: “{told}”")))
    })?;
    narrator.step("The denial with criteria", || {
        let criteria = json!([{
            "title": "Total knee replacement", "citation": "Copper Birch medical policy 12.3",
            "text": "An operation follows at least three months of physical therapy without success.",
        }]);
        let whole = json!({ "decision": "determine", "lines": denied, "criteria": criteria });
        let determined = physician.portal.post(review::determination(&key), &whole).expect(200)?;
        same("the status", &determined.text("/status")?.as_str(), &"denied")?;
        same("the authorization number", determined.at("/authorizationNumber")?, &json!(null))?;
        Ok(((), "denied line by line, with reason and criteria".to_owned()))
    })?;
    Ok((nurse, physician))
}

type Letters = Vec<(&'static str, reading::Read)>;

fn letters(narrator: &mut Narrator<'_>, contract: &Contract, wizard: &mut Wizard<'_>) -> Result<Letters> {
    narrator.step("Letters to provider and member", || {
        let letters =
            ["provider", "member"].map(|reader| reading::letter(wizard, reader).map(|letter| (reader, letter)));
        let letters = letters.into_iter().collect::<Result<Vec<_>>>()?;
        let case = wizard.look()?;
        let decided: Timestamp = case.text("/requests/0/determination/at")?.parse()?;
        let day = contract.calendar.time_zone.date_at(decided);
        let last = in_words(plus(day, contract.windows.appeal_days)?);
        for (reader, letter) in &letters {
            says(&format!("the letter to the {reader}"), &letter.words, "Copper Birch medical policy 12.3")?;
            says(&format!("the letter to the {reader}"), &letter.words, &last)?;
        }
        Ok((letters, format!("with reason, criteria and the appeal until {last}")))
    })
}

fn delivered(
    world: &World,
    narrator: &mut Narrator<'_>,
    contract: &Contract,
    clinic: &Clinic,
    wizard: &mut Wizard<'_>,
    letter: &reading::Read,
) -> Result<Vec<Fax>> {
    let calls = usize::try_from(contract.fax.attempts)?;
    let reasons = || FAILURES.into_iter().cycle().take(calls);
    let faxes = narrator.step(&format!("The fax fails {calls} times"), || {
        let case = reading::delivery(wizard, &letter.id, "mailed")?;
        let delivery = item(case.list("/deliveries")?, "letter", &letter.id)?;
        let made = delivery["calls"].as_array().cloned().unwrap_or_default();
        same("the calls", &made.len(), &calls)?;
        for (call, reason) in made.iter().zip(reasons()) {
            same("a call", &text(call, "/status/is")?, &"failed")?;
            same("its reason", &text(call, "/status/reason")?, &reason)?;
        }
        same("why it is mailed", &text(delivery, "/mail/why")?, &"fax-failed")?;
        let faxes = reading::faxes_to(world, &clinic.contact.fax.e164())?;
        same("the calls that the carrier saw", &faxes.len(), &calls)?;
        let told: Vec<_> = reasons().collect();
        Ok((faxes, format!("{}; then the letter goes by mail", told.join(", "))))
    })?;
    narrator.step("The mail, and the alert", || {
        let piece = reading::mailed(world, &letter.id)?;
        same("the envelope", &piece.to.name, &clinic.place.provider.name.to_string())?;
        let alert = mailbox::wait_for(&world.stack, clinic.contact.email.as_str(), "could not be faxed")?;
        hides("the alert", &alert.body_text, &["denied".to_owned(), clinic.member_number().to_owned()])?;
        Ok(((), format!("to {}, {}; the submitter was told by e-mail", piece.to.name, piece.to.lines.join(", "))))
    })?;
    Ok(faxes)
}
