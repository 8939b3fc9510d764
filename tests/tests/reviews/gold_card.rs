//! Automatic review by what is known of the member and the provider: a gold card that is earned by what people decide, and taken away;
//! an authorization before; and what a changed rule would have made of past requests.

use anyhow::{Context, Result, ensure};
use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::{ToSpan, civil::Date};
use portico_domain::caller::StaffRole;
use portico_testkit::{
    clinic::{self, Clinic, own_contract_like},
    files,
    people::Person,
    poll::{self, PATIENCE},
    portal::Answer,
    seeding::World,
    wizard::{Entry, Wizard},
};
use serde_json::{Value, json};

const CARD: &str = "trusted";
const BEFORE: &str = "again";

/// Colorado's rules with one for whoever has a gold card for wheelchairs, and one for what a member had before.
fn rules(pack: &mut Value) {
    pack["gold-card"] = json!({ "days": 365, "least": 2, "percent": 100 });
    pack["auto-review"] = json!([
        {
            "id": CARD, "reason": "A wheelchair, asked for by a provider whose requests are approved.",
            "codes": ["K0001"], "max-units": 1, "places": ["12"], "gold-card": true,
        },
        {
            "id": BEFORE, "reason": "The member had this device before.",
            "codes": ["E0601"], "max-units": 1, "authorized-within-days": 30,
        },
    ]);
}

/// A request for one device on that day.
fn asked<'a>(by: &'a Person, clinic: &Clinic, code: &str, day: Date) -> Result<Wizard<'a>> {
    let mut wizard = Wizard::begin(by, clinic, "outpatient")?;
    wizard.save("service", &json!({ "serviceType": "durable-medical-equipment", "placeOfService": "12" }))?;
    wizard.save("diagnoses", &json!({ "diagnoses": ["G82.20"] }))?;
    let line = Entry { code, modifiers: &[], from: day, days: 1, units: 1 };
    wizard.save("procedures", &json!({ "lines": [line.json()] }))?;
    wizard.submit()?;
    Ok(wizard)
}

fn until(wizard: &mut Wizard<'_>, status: &str) -> Result<Answer> {
    wizard.until(status, |case| Ok(case.text("/status")? == status))
}

/// Why it went to a person, as a reviewer reads it.
fn why(nurse: &Person, wizard: &Wizard<'_>) -> Result<String> {
    let case = nurse.portal.get(format!("/staff/cases/{}", wizard.key)).expect(200)?;
    let mut texts = case.list("/timeline")?.iter().filter_map(|moment| moment["text"].as_str());
    let said = texts.rfind(|text| text.contains("went to the nurse reviewers"));
    Ok(said.context("it went to nobody")?.to_owned())
}

fn decide(nurse: &Person, wizard: &mut Wizard<'_>, outcome: &Value) -> Result<()> {
    until(wizard, "nurse-review")?;
    let request = format!("/staff/cases/{}/requests/R01", wizard.key);
    nurse.portal.post(format!("{request}/claim"), &json!({})).expect(200)?;
    nurse.portal.post(format!("{request}/determination"), outcome).expect(200)?;
    Ok(())
}

fn approved() -> Value {
    json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] })
}

struct Story<'a> {
    world: &'a World,
    contract: String,
    clinic: Clinic,
    today: Date,
    nurse: Person,
    manager: Person,
}

impl Story<'_> {
    fn cards(&self) -> String {
        format!("/staff/contracts/{}/gold-cards", self.contract)
    }

    fn npi(&self) -> Result<String> {
        Ok(self.clinic.place.provider.npi.context("the clinic has an NPI")?.to_string())
    }

    /// What the provider has for wheelchairs, once so many decisions are counted: that follows from the events by itself.
    fn counted(&self, decided: u32) -> Result<Value> {
        poll::until("the decisions to be counted", PATIENCE, || {
            let card = self.card()?;
            Ok((card["decided"] == decided).then_some(card))
        })
    }

    fn card(&self) -> Result<Value> {
        let all = self.manager.portal.get(format!("{}?npi={}", self.cards(), self.npi()?)).expect(200)?;
        Ok(all.list("/cards")?.iter().find(|card| card["code"] == "K0001").cloned().unwrap_or_default())
    }

    fn put(&self, body: &Value, status: u16) -> Result<Answer> {
        self.manager.portal.put(format!("{}/{}/K0001", self.cards(), self.npi()?), body, "*").expect(status)
    }

    fn day(&self, days: i64) -> Date {
        self.today.saturating_add(days.days())
    }
}

#[test]
fn a_provider_earns_a_gold_card_it_is_taken_away_and_a_changed_rule_is_tried_on_past_requests() -> Result<()> {
    let world = World::open()?;
    let contract = own_contract_like(&world, "colorado", rules)?;
    let clinic = Clinic::new(&world, &contract)?;
    let story = Story {
        world: &world,
        today: clinic::today(&world, "colorado")?,
        nurse: Person::of_staff(&world, &contract, StaffRole::Nurse)?,
        manager: Person::of_post(&world, &[&contract], StaffRole::ContractManager)?,
        contract,
        clinic,
    };
    let dana = Person::of_clinic(&world, &story.clinic)?;
    what_people_decide_earns_it(&story, &dana)?;
    it_is_taken_away_and_given_back(&story, &dana)?;
    what_the_member_had_before_is_approved_again(&story, &dana)?;
    a_changed_rule_is_tried(&story)
}

fn what_people_decide_earns_it(story: &Story<'_>, dana: &Person) -> Result<()> {
    let unknown = story.manager.portal.get(format!("{}?npi={}", story.cards(), story.npi()?)).expect(200)?;
    ensure!(unknown.at("/cards")? == &json!([]) && unknown.at("/codes")? == &json!(["K0001"]), "{}", unknown.body);
    ensure!(
        unknown.at("/rules/least")? == 2 && unknown.text("/provider")? == story.clinic.place.provider.name.to_string()
    );
    for day in [0, 1] {
        let mut wizard = asked(dana, &story.clinic, "K0001", story.day(day))?;
        decide(&story.nurse, &mut wizard, &approved())?;
        ensure!(why(&story.nurse, &wizard)?.ends_with("The rule trusted does not fit: no gold card."));
    }
    let card = story.counted(2)?;
    ensure!(card["holds"] == true && card["approved"] == 2, "{card}");
    let mut third = asked(dana, &story.clinic, "K0001", story.day(2))?;
    let case = until(&mut third, "approved")?;
    let said = case.body.to_string();
    ensure!(said.contains("Rule trusted") && said.contains("2 of 2 requests decided since"), "{said}");
    // What a rule decides earns nothing.
    ensure!(story.card()?["decided"] == 2);
    Ok(())
}

fn it_is_taken_away_and_given_back(story: &Story<'_>, dana: &Person) -> Result<()> {
    let wrong = story.put(&json!({ "revoked": true }), 422)?;
    ensure!(wrong.text("/errors/0/pointer")? == "/reason", "{}", wrong.body);
    story.put(&json!({}), 422)?;
    let reason = json!({ "revoked": true, "reason": "Findings of the audit of May." });
    let taken = story.put(&reason, 200)?;
    ensure!(taken.at("/holds")? == false && taken.text("/revoked/reason")?.contains("audit of May"), "{}", taken.body);
    story.put(&reason, 409)?;
    let mut wizard = asked(dana, &story.clinic, "K0001", story.day(3))?;
    until(&mut wizard, "nurse-review")?;
    ensure!(why(&story.nurse, &wizard)?.ends_with("no gold card."));
    story.put(&json!({ "revoked": false }), 200)?;
    let mut wizard = asked(dana, &story.clinic, "K0001", story.day(4))?;
    until(&mut wizard, "approved")?;
    // A denial of a physician counts: two of three are not enough.
    let doctor = Person::of_staff(story.world, &story.contract, StaffRole::Physician)?;
    let mut wizard = asked(dana, &story.clinic, "K0001", story.day(0))?;
    until(&mut wizard, "nurse-review")?;
    ensure!(why(&story.nurse, &wizard)?.contains("Possible duplicate"), "the card does not hide a duplicate");
    let request = format!("/staff/cases/{}/requests/R01", wizard.key);
    story.nurse.portal.post(format!("{request}/claim"), &json!({})).expect(200)?;
    let refer = json!({ "decision": "refer", "note": "The member has one for this day." });
    story.nurse.portal.post(format!("{request}/determination"), &refer).expect(200)?;
    doctor.portal.post(format!("{request}/claim"), &json!({})).expect(200)?;
    let denied = json!({
        "decision": "determine",
        "lines": [{ "outcome": "denied", "reason": "The member has a wheelchair for this day already." }],
        "criteria": [{ "title": "Wheelchairs", "citation": "8.590.5", "text": "One chair is covered." }],
    });
    doctor.portal.post(format!("{request}/determination"), &denied).expect(200)?;
    let card = story.counted(3)?;
    ensure!(card["holds"] == false && card["approved"] == 2, "{card}");
    Ok(())
}

fn what_the_member_had_before_is_approved_again(story: &Story<'_>, dana: &Person) -> Result<()> {
    let mut first = asked(dana, &story.clinic, "E0601", story.day(0))?;
    decide(&story.nurse, &mut first, &approved())?;
    ensure!(why(&story.nurse, &first)?.ends_with("The rule again does not fit: no authorization before."));
    let mut second = asked(dana, &story.clinic, "E0601", story.day(20))?;
    until(&mut second, "approved")?;
    let mut late = asked(dana, &story.clinic, "E0601", story.day(80))?;
    until(&mut late, "nurse-review")?;
    Ok(())
}

/// The pack as its author would send it, with other rules of automatic review.
fn sent(story: &Story<'_>, auto_review: &str) -> Result<Value> {
    let from = story.day(40);
    let archive = files::pack(&story.contract, "2027.1", from, |name, text| match name {
        "contract.toml" => {
            // Top-level tables only: what is put in stands before the first of them.
            let (head, tables) = text.split_once("\n[").unwrap_or((&text, ""));
            format!("{head}\n{auto_review}\n[{tables}")
        }
        _ => text,
    })?;
    Ok(json!({ "archive": STANDARD.encode(archive), "from": story.day(-1).to_string(), "to": story.today.to_string() }))
}

/// Without cards, and devices again whenever: what people decided of what only the changed rules approve is not hidden.
fn a_changed_rule_is_tried(story: &Story<'_>) -> Result<()> {
    let simulations = format!("/staff/contracts/{}/packs/simulations", story.contract);
    let rule = "[[auto-review]]\nid = \"device\"\nreason = \"A device.\"\ncodes = [\"E0601\"]\nmax-units = 1\n";
    let sent = sent(story, rule)?;
    // The facts follow from the events by themselves.
    let found = poll::until("what is known of all requests", PATIENCE, || {
        let found = story.manager.portal.post(&simulations, &sent).expect(200)?;
        let all = found.at("/of")? == 9 && found.at("/newlyApproved/approved")? == 1;
        Ok(all.then_some(found))
    })?;
    // Before: three by a card, for one that was taken away is tried as if it had not been, and the device that the member had. After: all
    // three devices, of which people approved one and one waits.
    ensure!(found.at("/requests")? == 9, "{}", found.body);
    ensure!(found.at("/approvedBefore")? == 4 && found.at("/approvedAfter")? == 3, "{}", found.body);
    ensure!(found.at("/newlyApproved")? == &json!({ "approved": 1, "modified": 0, "denied": 0, "none": 1 }));
    let differs = found.list("/differs")?;
    let lost: Vec<_> = differs.iter().filter(|one| one["before"]["rule"] == CARD).collect();
    ensure!(
        differs.len() == 5 && lost.len() == 3 && lost.iter().all(|one| one["after"]["rule"].is_null()),
        "{}",
        found.body
    );
    let wrong = story
        .manager
        .portal
        .post(&simulations, &json!({ "archive": sent["archive"], "from": "2026-09-02", "to": "2026-09-01" }));
    ensure!(wrong.expect(422)?.text("/errors/0/pointer")? == "/to");
    Ok(())
}
