//! How fast files of providers and members are imported, and in what memory: the functions themselves, fed with the events
//! that S3 wrote for the files, against the running stack. `FEED_ROWS` takes fewer rows than the budget is for.
//!
//! The engine's table, one process on this machine, is a good part of what is measured; on AWS it is not the limit.

use std::{
    fmt::Write,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use portico_aws::clock;
use portico_domain::{
    caller::StaffRole,
    feeds::{FeedFile, Kind, import::Import},
    npi::Npi,
};
use portico_testkit::{clinic::Clinic, feeds::header, people::Person, poll, seeding::World, stack::Stack};
use serde_json::{Value, json};

use crate::{
    door::Door,
    report::{Row, megabytes},
    runtime_api::Function,
};

/// Rows that the budget is for.
const ROWS: u64 = 100_000;
const MINUTES: f64 = 15.0;
const MEMORY: u64 = 512_000_000;
const CONTRACT: &str = "arkansas";
/// A contract that takes temporary members.
const TEMPORARY: &str = "colorado";

/// The part's lines of the table.
///
/// # Errors
/// When the stack does not answer, or a row is not taken.
pub fn rows(folder: &Path, stack: &Stack, environment: &[(String, String)]) -> Result<Vec<Row>> {
    let count = match std::env::var_os("FEED_ROWS") {
        Some(text) => text.to_string_lossy().parse().context("FEED_ROWS is a number")?,
        None => ROWS,
    };
    let mut rows = Vec::new();
    for kind in [Kind::Members, Kind::Providers] {
        let name = format!("import-{kind}");
        let function = Function::start(&folder.join(&name), environment.iter().cloned())?;
        // What waits in the queue meanwhile is found done later.
        stack.set_mapping(&name, false)?;
        let measured = both(&function, stack, kind, count);
        stack.set_mapping(&name, true)?;
        for (what, seconds) in measured? {
            // A number of rows that a file can have is exact in this type.
            #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
            let (per_second, all) = (count as f64 / seconds, ROWS as f64);
            let minutes = all / per_second / 60.0;
            rows.push(Row::new(
                format!("import of {count} {kind}, {what}"),
                format!("{per_second:.0} rows/s: {ROWS} rows in {minutes:.1} min of Lambda time"),
                format!("{MINUTES} min"),
                minutes <= MINUTES,
            ));
        }
        let peak = function.peak_memory()?;
        let what = format!("memory at its highest, imports of {count} {kind}");
        rows.push(Row::new(what, megabytes(peak), megabytes(MEMORY), peak <= MEMORY));
    }
    Ok(rows)
}

/// The same file twice: all of it new, then nothing of it.
fn both(function: &Function, stack: &Stack, kind: Kind, count: u64) -> Result<Vec<(&'static str, f64)>> {
    let text = file(kind, count);
    let mut measured = Vec::new();
    for what in ["all new", "all unchanged"] {
        let file = stack.drop_text(kind, CONTRACT, &text)?;
        let event = event(stack, &file)?;
        let begin = Instant::now();
        let answer = function.call_within(&event, Duration::from_secs(3_600))?;
        let seconds = begin.elapsed().as_secs_f64();
        ensure!(answer == json!({ "batchItemFailures": [] }), "the import answered {answer}");
        let summary = stack.object(&stack.feeds_bucket, &file.summary())?.context("nothing was reported")?;
        let Import { counts, .. } = serde_json::from_slice(&summary)?;
        let as_said = if what == "all new" { counts.new } else { counts.unchanged };
        ensure!(as_said == count && counts.read == count, "{what}: {counts:?}");
        measured.push((what, seconds));
    }
    Ok(measured)
}

/// A temporary member is added and merged by intake, operations look at imports and queues and a contract manager at reports: the part of these actions in the journey.
///
/// # Errors
/// When something is answered otherwise.
pub fn play(door: &Door, world: &World) -> Result<()> {
    let contract = world.contract(TEMPORARY)?.id.clone();
    // A function that has served before holds its contract.
    door.beside(async |app| {
        app.table().contract(&contract, app.now()).await?;
        Ok(())
    })?;
    let clinic = Clinic::new(world, TEMPORARY)?;
    let person = Person::of_clinic(world, &clinic)?;
    let member = Clinic::unknown(world, TEMPORARY)?.member;
    let form = json!({
        "contract": TEMPORARY, "firstName": member.first_name, "lastName": member.last_name, "gender": member.gender,
        "birthDate": member.birth_date, "useFacilityAddress": clinic.place.provider.id,
    });
    let temporary = person.portal.post("/members", &form).expect(201)?.text("/id")?;
    let intake = Person::of_staff(world, TEMPORARY, StaffRole::Intake)?;
    intake.portal.get(format!("/staff/temporary-members?contract={TEMPORARY}")).expect(200)?;
    let one = format!("/staff/contracts/{TEMPORARY}/temporary-members/{temporary}");
    intake.portal.get(&one).expect(200)?;
    intake.portal.post(format!("{one}/search"), &json!({ "memberNumber": "NOBODY-1" })).expect(200)?;
    intake.portal.post(format!("{one}/merge"), &json!({ "into": clinic.member.id })).expect(200)?;
    let operations = Person::of_staff(world, TEMPORARY, StaffRole::Operations)?;
    operations.portal.get("/staff/imports").expect(200)?;
    operations.portal.get("/staff/queues").expect(200)?;
    operations.portal.get("/staff/queues/claim-feeds/dead-letters").expect(200)?;
    operations.portal.post("/staff/queues/claim-feeds/redrive", &json!({ "all": true })).expect(200)?;
    operations.portal.put("/staff/queues/mail/pause", &json!({}), "").expect(200)?;
    operations.portal.delete("/staff/queues/mail/pause").expect(200)?;
    let manager = Person::of_staff(world, TEMPORARY, StaffRole::ContractManager)?;
    for report in ["turnaround", "ageing", "services"] {
        manager.portal.get(format!("/staff/reports/{report}?contract={TEMPORARY}")).expect(200)?;
    }
    manager.portal.get(format!("/staff/metrics?contract={TEMPORARY}")).expect(200)?;
    manager.portal.get(format!("/staff/metrics/standard-approved?contract={TEMPORARY}")).expect(200)?;
    Ok(())
}

/// What SQS would give the function for the file.
fn event(stack: &Stack, file: &FeedFile) -> Result<Value> {
    poll::until("the event of the file", poll::PATIENCE, || {
        let waiting = stack.waiting()?;
        let message = waiting.into_iter().find(|message| message.body.contains(&file.name));
        Ok(message.map(|message| {
            let attributes = json!({ "ApproximateReceiveCount": "1" });
            json!({ "Records": [{ "messageId": "1", "body": message.body, "attributes": attributes }] })
        }))
    })
}

/// Rows that differ in all that matters, the same for the same beginning; each run has another one, so that its rows are
/// new.
fn file(kind: Kind, count: u64) -> String {
    let begin = u64::try_from(clock::now().as_second()).unwrap_or_default() % 100_000_000;
    let mut text = header(kind) + "\n";
    for place in 0..count {
        // Writing to a String cannot fail.
        let _ = match kind {
            Kind::Members => writeln!(
                text,
                "{CONTRACT},B{begin:08}{place:06},Avery,Sample{},{}-{:02}-{:02},U,{place} Main Street,,Little Rock,AR,72201",
                place % 5_000,
                1940 + place % 80,
                1 + place % 12,
                1 + place % 28,
            ),
            Kind::Providers => writeln!(
                text,
                "{CONTRACT},{},B{begin:08}{place:06},Pediatrics,{:03},{} Clinic {place},facility,{place} Main Street,,Conway,AR,72032",
                npi(begin.wrapping_mul(31).wrapping_add(place / 3)),
                place % 3,
                ["Ash", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Holly"]
                    .get(usize::try_from(place % 8).unwrap_or_default())
                    .unwrap_or(&"Ash"),
            ),
            Kind::Claims => writeln!(text, "{CONTRACT},B{begin:08}{place:06},1,A26001000101,T1015,U6 UB,2026-01-05,1"),
        };
    }
    text
}

/// A number that is valid by form, beginning with 2: none has ever been given to anyone.
fn npi(number: u64) -> String {
    let body = format!("2{:08}", number % 100_000_000);
    let with = |check: u64| format!("{body}{check}");
    (0..10).map(with).find(|text| text.parse::<Npi>().is_ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use portico_domain::feeds::{IdKey, provider, rows::all};

    use super::*;

    /// REQ: ORG-10
    #[test]
    fn the_rows_that_are_measured_may_be_taken() {
        let text = file(Kind::Providers, 9);
        let rows: Vec<_> = all(text.as_bytes()).into_iter().map(|row| row.fields.unwrap()).collect();
        let header = provider::LAYOUT.header(&rows[0]).unwrap();
        for row in &rows[1..] {
            provider::parse(&IdKey::new("a key"), &CONTRACT.parse().unwrap(), header.row(row).unwrap()).unwrap();
        }
        assert_eq!(rows.len(), 10);
    }
}
