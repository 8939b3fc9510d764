//! The letters of a decision are seen before it is issued.

use anyhow::{Context, Result, ensure};
use base64::{Engine, prelude::BASE64_STANDARD};
use portico_aws::table::accounts::tries::Throttle;
use portico_domain::caller::StaffRole;
use portico_testkit::{clinic::Clinic, people::Person, seeding::World};
use serde_json::json;

use super::{CONTRACT, denied, request, waiting};

const REASON: &str = "The records show that a walker was not tried before.";

fn contains(file: &[u8], words: &str) -> bool {
    file.windows(words.len()).any(|window| window == words.as_bytes())
}

#[test]
fn a_physician_sees_the_letters_before_the_decision_is_issued_and_nothing_is_saved_by_it() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let mut wizard = waiting(&world, &clinic, &dana)?;
    let physician = Person::of_staff(&world, CONTRACT, StaffRole::Physician)?;
    let (preview, decide) = (request(&wizard, "determination/preview"), request(&wizard, "determination"));
    let body = denied(REASON);

    // By whom it may be decided now, and by nobody else.
    physician.portal.post(&preview, &body).refused(409, "conflict")?;
    physician.portal.post(request(&wizard, "claim"), &json!({})).expect(200)?;
    let before = wizard.look()?;

    let shown = physician.portal.post(&preview, &body).expect(200)?;
    ensure!(shown.header("cache-control") == "no-store", "it is kept nowhere");
    let letters = shown.list("/letters")?;
    ensure!(letters.iter().map(|letter| &letter["audience"]).eq(["provider", "member"].iter()));
    for letter in letters {
        let pdf = BASE64_STANDARD.decode(letter["pdf"].as_str().context("a PDF")?)?;
        ensure!(pdf.starts_with(b"%PDF-") && contains(&pdf, "Not issued: "), "{}", letter["audience"]);
    }

    // Every fault is that of the decision itself, at the same field.
    for faulty in [denied("no"), json!({ "decision": "determine", "lines": [] }), json!({})] {
        let [told, final_word] =
            [&preview, &decide].map(|path| physician.portal.post(path.as_str(), &faulty).refused(422, "invalid"));
        ensure!(told?.at("/errors")? == final_word?.at("/errors")?, "{faulty}");
    }
    let refer = json!({ "decision": "refer", "note": "Please look." });
    physician.portal.post(&preview, &refer).refused(422, "invalid")?.error_at("/decision")?;

    // Nothing came of it but a line of the record.
    let after = wizard.look()?;
    ensure!(after.header("etag") == before.header("etag") && after.body == before.body, "{}", after.body);
    let audits = world.audits(&wizard.key)?;
    let seen: Vec<_> = audits.iter().filter(|access| access.operation == "preview-letters" && access.allowed).collect();
    let [one] = seen[..] else { anyhow::bail!("{seen:?}") };
    ensure!(one.by.as_str() == physician.username && one.what.as_deref() == Some("R01"), "{one:?}");

    // What goes out then has the same pages and no mark.
    physician.portal.post(&decide, &body).expect(200)?;
    physician.portal.post(&preview, &body).refused(409, "conflict")?;
    let case = wizard.until("both letters", |case| Ok(case.list("/letters")?.len() == 2))?;
    for issued in case.list("/letters")? {
        let same = letters.iter().find(|letter| letter["audience"] == issued["audience"]).context("its preview")?;
        ensure!(same["pages"] == issued["pages"], "{issued}");
        let id = issued["id"].as_str().context("an id")?;
        let file = dana.portal.get(format!("/cases/{}/letters/{id}", wizard.key)).expect(200)?;
        ensure!(!contains(&dana.portal.download(&file.text("/url")?)?, "Not issued"), "{issued}");
    }
    Ok(())
}

#[test]
fn letters_are_looked_at_as_often_as_a_reviewer_does_and_no_program() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let mut wizard = waiting(&world, &clinic, &dana)?;
    let physician = Person::of_staff(&world, CONTRACT, StaffRole::Physician)?;
    let preview = request(&wizard, "determination/preview");
    physician.portal.post(request(&wizard, "claim"), &json!({})).expect(200)?;
    world.use_up(&Throttle { what: "previews", limit: 59, minutes: 10 }, &physician.username)?;
    physician.portal.post(&preview, &denied(REASON)).expect(200)?;
    let refused = physician.portal.post(&preview, &denied(REASON)).refused(429, "throttled")?;
    let seconds: u32 = refused.header("retry-after").parse()?;
    ensure!((1..=600).contains(&seconds) && refused.text("/detail")?.contains("Please go on in"), "{}", refused.body);
    // Others go on, and so does the decision itself.
    let other = Person::of_staff(&world, CONTRACT, StaffRole::Physician)?;
    other.portal.post(&preview, &denied(REASON)).refused(409, "conflict")?;
    physician.portal.post(request(&wizard, "determination"), &denied(REASON)).expect(200)?;
    ensure!(wizard.look()?.text("/status")? == "denied");
    Ok(())
}

#[test]
fn a_nurse_sees_the_letters_of_what_a_nurse_may_decide() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let wizard = waiting(&world, &clinic, &dana)?;
    let staff = |role| Person::of_staff(&world, CONTRACT, role);
    let (ann, bob) = (staff(StaffRole::Nurse)?, staff(StaffRole::Nurse)?);
    let preview = request(&wizard, "determination/preview");
    ann.portal.post(request(&wizard, "claim"), &json!({})).expect(200)?;
    let approved = json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] });
    ann.portal.post(&preview, &approved).expect(200)?;
    ann.portal.post(&preview, &denied(REASON)).refused(403, "forbidden")?;
    bob.portal.post(&preview, &approved).refused(409, "conflict")?;
    dana.portal.post(&preview, &approved).expect(401)?;
    Ok(())
}

#[test]
fn a_decision_as_long_as_may_be_is_shown_within_what_a_function_answers() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let wizard = waiting(&world, &clinic, &dana)?;
    let physician = Person::of_staff(&world, CONTRACT, StaffRole::Physician)?;
    physician.portal.post(request(&wizard, "claim"), &json!({})).expect(200)?;
    let words = |length| "The records show no need. ".chars().cycle().take(length).collect::<String>();
    let long = |text: &str| {
        let criterion = json!({ "title": "Wheelchairs", "citation": "8.590.5", "text": text });
        json!({
            "decision": "determine",
            "lines": [{ "outcome": "denied", "reason": text }],
            "criteria": vec![criterion; 20],
        })
    };
    let preview = request(&wizard, "determination/preview");
    let shown = physician.portal.post(&preview, &long(words(4000).trim())).expect(200)?;
    ensure!(shown.body.to_string().len() < 6_000_000);
    Ok(())
}
