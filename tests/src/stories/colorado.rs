//! Colorado: a CPAP device for an adult with obstructive sleep apnea. Registered with a Medicaid ID; approved at once by
//! a rule of the contract that names itself.

use anyhow::{Context, Result, ensure};
use portico_domain::service::Setting;
use portico_testkit::{
    clinic::{self, Clinic},
    people::Person,
    seeding::World,
    wizard::{Entry, Wizard},
};
use serde_json::json;

use super::{
    Played,
    expect::{clock, in_words, item, same, says, text},
    reading,
};
use crate::narrator::Narrator;

const CONTRACT: &str = "colorado";

/// Plays the story.
///
/// # Errors
/// The first deviation.
pub fn play(world: &World, narrator: &mut Narrator<'_>) -> Result<Played> {
    let contract = world.contract(CONTRACT)?;
    let clinic = Clinic::new(world, CONTRACT)?;
    let rule = contract.auto_review.first().context("the pack has no rule of automatic review")?;
    let person = narrator.step("Registration with a Medicaid ID", || {
        says("the label of the code", &contract.registration.code_label, "Medicaid ID")?;
        let person = Person::of_clinic(world, &clinic)?;
        Ok((person, format!("{}: registered, enrolled, signed in as {}", clinic.place.provider.name, clinic.username)))
    })?;
    let (code, diagnosis) = (rule.codes.first().context("no code")?, rule.diagnoses.first().context("no diagnosis")?);
    let mut wizard = narrator.step("A case for a CPAP device", || {
        let mut wizard = Wizard::begin(&person, &clinic, "outpatient")?;
        wizard.save("service", &json!({ "serviceType": "durable-medical-equipment", "placeOfService": "12" }))?;
        wizard.save("diagnoses", &json!({ "diagnoses": [diagnosis] }))?;
        let from = clinic::today(world, CONTRACT)?;
        let line = Entry { code: code.as_str(), modifiers: &[], from, days: 1, units: 1 };
        wizard.save("procedures", &json!({ "lines": [line.json()] }))?;
        Ok((wizard, format!("{code} for {diagnosis}, member {}", clinic.member.full_name())))
    })?;
    narrator.step("Submit", || {
        let submitted = wizard.submit()?;
        let case = wizard.look()?;
        let due = clock(&case, contract, Setting::Outpatient, None)?;
        Ok(((), format!("Case ID {}, due by the end of {}", submitted.text("/caseId")?, in_words(due))))
    })?;
    narrator.step("Approved at once by a rule", || {
        let case = wizard.until("the automatic approval", |case| Ok(case.text("/status")? == "approved"))?;
        let by = case.text("/requests/0/determination/by")?;
        says("who decided", &by, &rule.id)?;
        let version = case.text("/requests/0/determination/contractVersion")?;
        same("the contract's version", &version, &contract.version)?;
        let last = case.list("/requests/0/clock/ledger")?.last().cloned().unwrap_or_default();
        same("the clock's end", &text(&last, "/what")?, &"met")?;
        says("the clock's reason", text(&last, "/reason")?, &rule.id)?;
        let timeline = case.list("/timeline")?;
        ensure!(
            !timeline.iter().any(|moment| moment["text"].as_str().is_some_and(|said| said.contains("reviewer"))),
            "a reviewer saw it"
        );
        Ok(((), format!("{by} (version {version})")))
    })?;
    let letters = narrator.step("The approval letter", || {
        let letters =
            ["provider", "member"].map(|reader| reading::letter(&mut wizard, reader).map(|letter| (reader, letter)));
        let letters = letters.into_iter().collect::<Result<Vec<_>>>()?;
        let case = wizard.look()?;
        let number = case.text("/requests/0/determination/authorizationNumber")?;
        for (reader, letter) in &letters {
            says(&format!("the letter to the {reader}"), &letter.words, "pproved")?;
            says(&format!("the letter to the {reader}"), &letter.words, &number)?;
            // The provider is told the rule by its name, the member what it says.
            let named = letter.words.contains(&rule.id);
            same(&format!("whether the letter to the {reader} names the rule"), &named, &(*reader == "provider"))?;
        }
        Ok((letters, format!("to provider and member, authorization {number}")))
    })?;
    let faxes = narrator.step("The fax", || {
        let provider = letters.iter().find(|(reader, _)| *reader == "provider").context("no letter to the provider")?;
        let case = reading::delivery(&mut wizard, &provider.1.id, "delivered")?;
        let delivery = item(case.list("/deliveries")?, "letter", &provider.1.id)?;
        same("the number", &text(delivery, "/faxTo")?, &clinic.contact.fax.to_string().as_str())?;
        Ok((
            reading::faxes_to(world, &clinic.contact.fax.e164())?,
            format!("delivered to {} at the first call", clinic.contact.fax),
        ))
    })?;
    let case = wizard.look()?.body;
    let letters = letters.into_iter().map(|(reader, letter)| (reader.to_owned(), letter.pdf)).collect();
    let faxes = reading::files_of(&faxes);
    Ok(Played { clinic, people: vec![("Group Admin of the clinic", person.clone())], case, letters, faxes })
}
