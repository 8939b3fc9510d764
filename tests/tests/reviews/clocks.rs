//! The time for a decision: a reviewer extends it and both are told, and when it is over what the contract says follows, once.

use anyhow::{Context, Result, ensure};
use jiff::Timestamp;
use portico_domain::caller::StaffRole;
use portico_testkit::{
    clinic::{Clinic, own_contract_like},
    files,
    people::Person,
    poll::{self, PATIENCE},
    portal::{Answer, Call},
    seeding::World,
    wizard::Wizard,
};
use serde_json::{Value, json};

use super::{CONTRACT, listed, request, waiting};

const REASON: &str = "The specialist's report comes next week and may show that the wheelchair is needed.";
const UNTIMELY: &str = "No decision was made within the time that the program has for it.";

fn longer(days: i64, asked_by: &str, reason: &str) -> Value {
    json!({ "days": days, "askedBy": asked_by, "reason": reason })
}

fn extend<'a>(by: &'a Person, wizard: &Wizard<'_>, body: &Value) -> Call<'a> {
    by.portal.post(request(wizard, "more-time"), body)
}

fn seen(by: &Person, wizard: &Wizard<'_>) -> Result<Answer> {
    by.portal.get(format!("/staff/cases/{}", wizard.key)).expect(200)
}

fn told(case: &Answer, sentence: &str) -> Result<usize> {
    Ok(case.list("/timeline")?.iter().filter(|moment| moment["text"] == sentence).count())
}

/// The words of both letters about this, the provider's first, once both are issued.
fn letters(by: &Person, wizard: &mut Wizard<'_>, about: &str) -> Result<[String; 2]> {
    let of = |case: &Answer| {
        let all = case.list("/letters")?.iter().filter(|letter| letter["about"] == about);
        anyhow::Ok(all.cloned().collect::<Vec<_>>())
    };
    let case = wizard.until("both letters", |case| Ok(of(case)?.len() == 2))?;
    let issued = of(&case)?;
    let words = |audience: &str| {
        let letter = issued.iter().find(|letter| letter["audience"] == audience).context("a letter for each")?;
        let id = letter["id"].as_str().context("an id")?;
        let url = by.portal.get(format!("/staff/cases/{}/letters/{id}", wizard.key)).expect(200)?.text("/url")?;
        let words = files::words_of_pdf(&by.portal.download(&url)?)?;
        // Lines break anywhere.
        anyhow::Ok(words.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    Ok([words("provider")?, words("member")?])
}

#[test]
fn a_reviewer_extends_the_time_once_and_both_are_told_why_and_that_they_may_complain() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let staff = |role| Person::of_staff(&world, CONTRACT, role);
    let (ann, bob) = (staff(StaffRole::Nurse)?, staff(StaffRole::Nurse)?);
    let mut wizard = waiting(&world, &clinic, &dana)?;
    let right = longer(14, "provider", REASON);
    extend(&ann, &wizard, &right).refused(409, "conflict")?;
    ann.portal.post(request(&wizard, "claim"), &json!({})).expect(200)?;
    extend(&bob, &wizard, &right).refused(409, "conflict")?;
    extend(&staff(StaffRole::Support)?, &wizard, &right).refused(403, "forbidden")?;

    // Each field is told what is wrong with it, and the letters are seen before.
    let before = seen(&ann, &wizard)?;
    ensure!(before.at("/requests/0/moreDays")? == 14, "{}", before.body);
    let preview = request(&wizard, "more-time/preview");
    for (body, field, code) in [
        (longer(0, "plan", REASON), "/days", "out-of-range"),
        (longer(15, "plan", REASON), "/days", "out-of-range"),
        (longer(3, "nurse", REASON), "/askedBy", "not-a-choice"),
        (longer(3, "plan", "Later."), "/reason", "not-specific"),
        (longer(3, "plan", "A report 📄 comes next week from the clinic."), "/reason", "unprintable"),
        (json!({ "askedBy": "plan", "reason": REASON }), "/days", "missing"),
    ] {
        extend(&ann, &wizard, &body).refused(422, "invalid")?.wrong_at(field, code)?;
        ann.portal.post(&preview, &body).refused(422, "invalid")?.wrong_at(field, code)?;
    }
    let shown = ann.portal.post(&preview, &right).expect(200)?;
    ensure!(shown.list("/letters")?.len() == 2, "both letters are seen");
    ensure!(seen(&ann, &wizard)?.header("etag") == before.header("etag"), "looking changes nothing");

    let due = |case: &Answer| anyhow::Ok(case.text("/requests/0/clock/due")?.parse::<Timestamp>()?);
    let extended = extend(&ann, &wizard, &right).expect(200)?;
    let until: Timestamp = extended.text("/due")?.parse()?;
    ensure!(until.duration_since(due(&before)?).as_hours().abs_diff(14 * 24) <= 1, "{}", extended.body);
    extend(&ann, &wizard, &right).refused(409, "conflict")?;

    // The provider reads until when and why, and no reviewer's name.
    let case = wizard.look()?;
    ensure!(due(&case)? == until && case.text("/requests/0/moreTime/reason")? == REASON, "{}", case.body);
    ensure!(case.text("/requests/0/moreTime/askedBy")? == "provider" && !case.body.to_string().contains(&ann.username));
    ensure!(told(&case, "The time to decide R01 was extended by 14 days.")? == 1);
    let last = case.at("/requests/0/lastDays/0")?;
    let why = last["why"].as_str().unwrap_or_default();
    ensure!(last["of"] == "decision" && last["over"] == false, "{last}");
    ensure!(why.contains("Extended by 14 days: the provider asked for more time."), "{why}");
    let listed = listed(&ann, &wizard.key)?.context("it is on the worklist")?;
    ensure!(listed["extendedDays"] == 14 && listed["due"] == until.to_string(), "{listed}");

    let zone = &world.contract(CONTRACT)?.calendar.time_zone;
    let day = zone.date_at(until).strftime("%B %-d, %Y").to_string();
    for words in letters(&ann, &mut wizard, "extension")? {
        for said in [REASON, &day, "asked for more time", "file a grievance"] {
            ensure!(words.contains(said), "{said}: {words}");
        }
    }
    let news = |by: &Person| {
        let listed = by.portal.get("/alerts?limit=50").expect(200)?;
        anyhow::Ok(
            listed
                .list("/alerts")?
                .iter()
                .filter(|alert| alert["case"] == wizard.key)
                .any(|alert| alert["news"] == "time-extended"),
        )
    };
    poll::until("the news", PATIENCE, || Ok(news(&dana)?.then_some(())))
}

/// A contract of this run whose limits end so.
fn ends_as(world: &World, on_expiry: &str) -> Result<String> {
    own_contract_like(world, CONTRACT, |pack| {
        for line in pack["turnaround"].as_array_mut().into_iter().flatten() {
            line["on-expiry"] = on_expiry.into();
        }
        pack["expiry"] = json!({
            "approved-reason": "State law approves what is not decided in time.",
            "denied": {
                "reason": UNTIMELY,
                "title": "Decisions that are not made in time",
                "citation": "42 CFR 438.404(c)(5)",
                "text": "A decision that is not made in time is a denial.",
            },
        });
    })
}

/// Sweeps at once and again.
fn sweeps(world: &World) -> Result<()> {
    std::thread::scope(|scope| {
        let sweeps: Vec<_> = (0..3).map(|_| scope.spawn(|| world.sweep_unanswered_pends())).collect();
        sweeps.into_iter().try_for_each(|sweep| sweep.join().map_err(|_| anyhow::anyhow!("a thread died"))?.map(drop))
    })?;
    world.sweep_unanswered_pends().map(drop)
}

#[test]
fn what_is_late_is_escalated_once_to_who_leads_and_who_has_it_and_is_still_decided() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let ann = Person::of_staff(&world, CONTRACT, StaffRole::Nurse)?;
    let lead = Person::of_staff(&world, CONTRACT, StaffRole::ContractManager)?;
    let mut wizard = waiting(&world, &clinic, &dana)?;
    ann.portal.post(request(&wizard, "claim"), &json!({})).expect(200)?;
    world.sweep_unanswered_pends()?;
    ensure!(listed(&ann, &wizard.key)?.context("it is on the worklist")?["escalatedSince"].is_null());
    world.deadline_is_over(&wizard.key)?;
    extend(&ann, &wizard, &longer(3, "plan", REASON)).refused(409, "conflict")?;
    sweeps(&world)?;
    let late = seen(&ann, &wizard)?;
    let sentence = "The time to decide R01 was over: those who lead the reviewers were told.";
    ensure!(told(&late, sentence)? == 1 && late.text("/status")? == "nurse-review", "{}", late.body);
    ensure!(late.at("/requests/0/clock/overdue")? == true && late.text("/requests/0/clock/escalated").is_ok());
    let entries = late.list("/requests/0/clock/ledger")?;
    ensure!(entries.iter().filter(|entry| entry["what"] == "escalated").count() == 1, "{entries:?}");
    ensure!(listed(&ann, &wizard.key)?.context("it is on the worklist")?["escalatedSince"].is_string());
    for by in [&ann, &lead] {
        let count = || {
            let listed = by.portal.get("/staff/alerts?limit=50").expect(200)?;
            let of_it = |alert: &&Value| alert["case"] == wizard.key && alert["news"] == "time-over";
            anyhow::Ok(listed.list("/alerts")?.iter().filter(of_it).count())
        };
        poll::until("one alert", PATIENCE, || Ok((count()? == 1).then_some(())))?;
    }
    let approved = json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] });
    ann.portal.post(request(&wizard, "determination"), &approved).expect(200)?;
    sweeps(&world)?;
    let decided = wizard.look()?;
    ensure!(decided.text("/status")? == "approved" && decided.text("/requests/0/clock/state")? == "missed");
    ensure!(told(&decided, sentence)? == 1);
    Ok(())
}

#[test]
fn what_counts_as_approved_or_denied_is_decided_once_with_letters_and_the_rights_of_a_decision() -> Result<()> {
    let world = World::open()?;
    for (on_expiry, status) in [("deemed-approved", "approved"), ("deemed-denied", "denied")] {
        let contract = ends_as(&world, on_expiry)?;
        let clinic = Clinic::new(&world, &contract)?;
        let dana = Person::of_clinic(&world, &clinic)?;
        let ann = Person::of_staff(&world, &contract, StaffRole::Nurse)?;
        let mut wizard = waiting(&world, &clinic, &dana)?;
        ann.portal.post(request(&wizard, "claim"), &json!({})).expect(200)?;
        world.deadline_is_over(&wizard.key)?;
        sweeps(&world)?;
        let case = wizard.look()?;
        ensure!(case.text("/status")? == status, "{}", case.body);
        let sentence = format!("The time to decide R01 was over, so that it counts as {status}.");
        ensure!(told(&case, &sentence)? == 1 && told(&case, &format!("R01 was {status}."))? == 1, "{}", case.body);
        ensure!(case.text("/requests/0/clock/state")? == "missed");
        let by = case.text("/requests/0/determination/by")?;
        let [provider, member] = letters(&ann, &mut wizard, "determination")?;
        if status == "approved" {
            ensure!(by.contains("State law approves what is not decided in time."), "{by}");
            let number = case.text("/requests/0/determination/authorizationNumber")?;
            ensure!(provider.contains(&number) && member.contains("We approved this request"), "{provider}");
        } else {
            ensure!(by == "Nobody in time, which counts as a denial", "{by}");
            for words in [&provider, &member] {
                for said in [UNTIMELY, "42 CFR 438.404(c)(5)", "appeal"] {
                    ensure!(words.contains(said), "{said}: {words}");
                }
            }
            let days = case.list("/requests/0/lastDays")?;
            ensure!(days.iter().any(|day| day["of"] == "appeal" && day["over"] == false), "{days:?}");
            ensure!(case.list("/requests/0/follows")?.iter().any(|offer| offer["kind"] == "appeal"), "{}", case.body);
        }
        // It is decided: nobody decides it again, and there are no more letters.
        let approved = json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] });
        ann.portal.post(request(&wizard, "determination"), &approved).refused(409, "conflict")?;
        sweeps(&world)?;
        ensure!(wizard.look()?.list("/letters")?.len() == 2);
    }
    Ok(())
}

#[test]
fn a_reviewer_and_the_end_of_the_time_decide_once_between_them() -> Result<()> {
    let world = World::open()?;
    let contract = ends_as(&world, "deemed-denied")?;
    let clinic = Clinic::new(&world, &contract)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let ann = Person::of_staff(&world, &contract, StaffRole::Nurse)?;
    let approved = json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] });
    for _ in 0..3 {
        let mut wizard = waiting(&world, &clinic, &dana)?;
        ann.portal.post(request(&wizard, "claim"), &json!({})).expect(200)?;
        world.deadline_is_over(&wizard.key)?;
        let path = request(&wizard, "determination");
        let status = std::thread::scope(|scope| {
            let swept = scope.spawn(|| world.sweep_unanswered_pends());
            let decided = ann.portal.post(path, &approved).send()?.status;
            swept.join().map_err(|_| anyhow::anyhow!("a thread died"))??;
            anyhow::Ok(decided)
        })?;
        sweeps(&world)?;
        let case = wizard.look()?;
        let expected = if status == 200 { "approved" } else { "denied" };
        ensure!(matches!(status, 200 | 409) && case.text("/status")? == expected, "{status}: {}", case.body);
        let made = ["R01 was approved.", "R01 was denied."].map(|sentence| told(&case, sentence));
        let [approvals, denials] = made;
        ensure!(approvals? + denials? == 1, "{}", case.body);
    }
    Ok(())
}

#[test]
fn nobody_is_deemed_for_whom_the_file_has_no_coverage() -> Result<()> {
    let world = World::open()?;
    let contract = ends_as(&world, "deemed-approved")?;
    let clinic = Clinic::new(&world, &contract)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let mut wizard = waiting(&world, &clinic, &dana)?;
    let yesterday = portico_testkit::clinic::today(&world, CONTRACT)?.yesterday()?;
    let mut member = clinic.member.clone();
    member.coverage = portico_domain::person::Coverage { from: None, to: Some(yesterday) };
    world.stack.imported(&world.stack.drop_coverage(&member)?)?;
    world.deadline_is_over(&wizard.key)?;
    sweeps(&world)?;
    let case = wizard.look()?;
    ensure!(case.text("/status")? == "nurse-review", "{}", case.body);
    ensure!(told(&case, "The time to decide R01 was over: those who lead the reviewers were told.")? == 1);
    Ok(())
}
