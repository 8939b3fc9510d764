//! Reports and yearly metrics over HTTP on the running engine: the figures of real requests, and who sees them.

#![cfg(test)]

use anyhow::{Context, Result, ensure};
use jiff::{ToSpan, tz::TimeZone};
use portico_aws::clock;
use portico_domain::caller::StaffRole;
use portico_testkit::{
    clinic::Clinic,
    people::Person,
    poll::{self, PATIENCE},
    portal::Answer,
    seeding::World,
    wizard::Wizard,
};
use portico_tests::office::Office;
use serde_json::{Value, json};

const CONTRACT: &str = "colorado";

/// A wheelchair that waits with the nurses.
fn waiting<'a>(world: &World, clinic: &Clinic, by: &'a Person) -> Result<Wizard<'a>> {
    let mut wizard = Wizard::begin(by, clinic, "outpatient")?;
    wizard.wheelchair(world)?;
    wizard.submit()?;
    wizard.until("the nurses", |case| Ok(case.text("/status")? == "nurse-review"))?;
    Ok(wizard)
}

fn act(by: &Person, case: &str, what: &str, body: &Value) -> Result<Answer> {
    by.portal.post(format!("/staff/cases/{case}/requests/R01/{what}"), body).expect(200)
}

fn approved() -> Value {
    json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] })
}

fn denied() -> Value {
    json!({
        "decision": "determine",
        "lines": [{ "outcome": "denied", "reason": "A walking aid was not tried before the wheelchair." }],
        "criteria": [{ "title": "Wheelchairs", "citation": "8.590.5", "text": "A walking aid is tried first." }],
    })
}

/// Yesterday to tomorrow: whatever zone the day is told in.
fn days() -> String {
    let today = TimeZone::UTC.to_datetime(clock::now()).date();
    format!("from={}&to={}", today.saturating_sub(1.day()), today.saturating_add(1.day()))
}

/// The year of today in Colorado.
fn year() -> String {
    let zone = TimeZone::get("America/Denver").unwrap();
    zone.to_datetime(clock::now()).year().to_string()
}

/// A report at a door, of the days around today.
fn report(by: &Person, door: &str, name: &str, more: &str) -> Result<Answer> {
    by.portal.get(format!("{door}/reports/{name}?contract={CONTRACT}&{}{more}", days())).expect(200)
}

/// A value of a report, by the names of its row and the id of its measure; none where nothing can be said.
fn value(report: &Answer, names: &[&str], measure: &str) -> Result<Option<f64>> {
    let place = report.list("/measures")?.iter().position(|known| known["id"] == measure).context("no such measure")?;
    let row = report.list("/rows")?.iter().find(|row| row["names"] == json!(names));
    Ok(row.and_then(|row| row["values"][place].as_f64()))
}

fn told(report: &Answer, names: &[&str], measure: &str, wanted: f64) -> Result<()> {
    let found = value(report, names, measure)?;
    ensure!(found == Some(wanted), "{names:?} {measure}: {found:?} instead of {wanted} in {}", report.body);
    Ok(())
}

/// A clinic whose Group Admin has Reports, with four requests: one approved, one denied, one withdrawn, one open.
struct Story<'a> {
    office: Office<'a>,
    nurse: Person,
    physician: Person,
    approved: String,
    denied: String,
}

fn story(world: &World) -> Result<Story<'_>> {
    let office = Office::open(world, CONTRACT)?;
    let of_staff = |role| Person::of_staff(world, CONTRACT, role);
    let (nurse, physician, support) =
        (of_staff(StaffRole::Nurse)?, of_staff(StaffRole::Physician)?, of_staff(StaffRole::Support)?);
    let path = format!("/reports/turnaround?contract={CONTRACT}");
    office.admin.portal.get(&path).refused(403, "forbidden")?;
    let wizards: Vec<Wizard<'_>> =
        (0..4).map(|_| waiting(world, &office.clinic, &office.admin)).collect::<Result<_>>()?;
    let [good, bad, back, _open] = &wizards[..] else { unreachable!("four were made") };
    act(&nurse, &good.key, "claim", &json!({}))?;
    act(&nurse, &good.key, "determination", &approved())?;
    act(&nurse, &bad.key, "claim", &json!({}))?;
    act(&nurse, &bad.key, "determination", &json!({ "decision": "refer", "note": "No trial of a walking aid." }))?;
    act(&physician, &bad.key, "claim", &json!({}))?;
    act(&physician, &bad.key, "determination", &denied())?;
    let withdrawal = json!({ "reason": "The chair was given by somebody else" });
    let case = office.admin.portal.get(format!("/cases/{}", back.key)).expect(200)?;
    let path = format!("/cases/{}/requests/R01/withdrawal", back.key);
    office.admin.portal.put(path, &withdrawal, case.header("etag")).expect(200)?;
    let (good, bad) = (good.key.clone(), bad.key.clone());
    drop(wizards);
    let grant = json!({ "provider": office.provider(), "reports": true });
    let name = office.admin.username.clone();
    let path = format!("/staff/users/{name}/reports");
    support.portal.put(path, &grant, &office.version(&name)?).expect(200)?;
    Ok(Story { office, nurse, physician, approved: good, denied: bad })
}

impl Story<'_> {
    /// Waits until the reports tell all that happened: the stream needs some seconds.
    fn counted(&self) -> Result<()> {
        poll::until("four requests in the reports", PATIENCE * 2, || {
            let outcomes = report(&self.office.admin, "", "outcomes", "")?;
            let open = value(&outcomes, &["open", "nobody"], "requests")?;
            let all = value(&outcomes, &["all", "all"], "requests")?;
            let letters = value(&report(&self.office.admin, "", "delivery", "")?, &["member", "mail"], "letters")?;
            Ok((all == Some(4.0) && open == Some(1.0) && letters == Some(3.0)).then_some(()))
        })
    }
}

/// REQ: OPS-03, ORG-05
#[test]
fn reports_and_yearly_metrics_tell_what_happened_to_whom_they_are_for() -> Result<()> {
    let world = World::open()?;
    let story = story(&world)?;
    story.counted()?;
    each_report_tells_what_happened_as_json_and_as_csv(&world, &story)?;
    the_yearly_metrics_are_the_same_twice_and_lead_to_the_requests_behind_them(&world, &story)?;
    let path = format!("/staff/reports/outcomes?contract={CONTRACT}");
    story.nurse.portal.get(path).refused(403, "forbidden")?;
    story.physician.portal.get(format!("/staff/metrics?contract={CONTRACT}")).refused(403, "forbidden")?;
    Ok(())
}

fn each_report_tells_what_happened_as_json_and_as_csv(world: &World, story: &Story<'_>) -> Result<()> {
    let (dana, ours) = (&story.office.admin, |name: &str| report(&story.office.admin, "", name, ""));

    let outcomes = ours("outcomes")?;
    for names in [["approved", "person"], ["denied", "person"], ["withdrawn", "provider"], ["open", "nobody"]] {
        told(&outcomes, &names, "requests", 1.0)?;
        told(&outcomes, &names, "share", 25.0)?;
    }
    ensure!(outcomes.text("/timeZone")? == "America/Denver", "{}", outcomes.body);
    let turnaround = ours("turnaround")?;
    for (measure, wanted) in
        [("received", 4.0), ("decided", 2.0), ("open", 1.0), ("in-time", 2.0), ("in-time-share", 100.0)]
    {
        told(&turnaround, &["standard"], measure, wanted)?;
    }
    told(&turnaround, &["expedited"], "received", 0.0)?;
    ensure!(value(&turnaround, &["standard"], "median")?.is_some_and(|hours| hours < 1.0), "{}", turnaround.body);
    ensure!(value(&turnaround, &["expedited"], "median")?.is_none(), "of nothing there is no median");
    for by in ["day", "week", "month", "review", "service-type", "setting", "provider"] {
        told(&report(dana, "", "volumes", &format!("&by={by}"))?, &["all"], "received", 4.0)?;
    }
    told(&report(dana, "", "volumes", "&by=setting")?, &["outpatient"], "standard", 4.0)?;
    let ageing = ours("ageing")?;
    told(&ageing, &["age", "under-1-day"], "open", 1.0)?;
    told(&ageing, &["all", "all"], "open", 1.0)?;
    told(&ageing, &["due", "overdue"], "open", 0.0)?;
    let delivery = ours("delivery")?;
    // Two decisions and a withdrawal.
    told(&delivery, &["provider", "fax"], "letters", 3.0)?;
    told(&delivery, &["member", "mail"], "letters", 3.0)?;
    let services = ours("services")?;
    ensure!(!services.list("/rows")?.is_empty(), "{}", services.body);

    // Told once more, nothing is counted twice.
    for case in [&story.approved, &story.denied] {
        world.tell_again(case)?;
    }
    ensure!(ours("outcomes")?.body == outcomes.body && ours("turnaround")?.body == turnaround.body);

    let csv = report(dana, "", "outcomes", "&format=csv")?;
    ensure!(csv.header("content-type").starts_with("text/csv"), "{}", csv.header("content-type"));
    ensure!(csv.header("content-disposition").contains("colorado-outcomes-"), "{}", csv.header("content-disposition"));
    let text = csv.text("")?;
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').split("\r\n").collect();
    ensure!(
        lines[..3] == ["outcome,by,requests,share (percent)", "approved,rule,0,0", "approved,person,1,25"],
        "{text}"
    );
    ensure!(!text.contains(&story.office.clinic.member.last_name.to_string()), "a report names no member");

    let manager = Person::of_staff(world, CONTRACT, StaffRole::ContractManager)?;
    let reviewers = report(&manager, "/staff", "reviewers", "")?;
    let (nurse, physician) = (story.nurse.username.as_str(), story.physician.username.as_str());
    for (who, measure, wanted) in [
        (nurse, "taken", 2.0),
        (nurse, "referred", 1.0),
        (nurse, "approved", 1.0),
        (nurse, "denied", 0.0),
        (physician, "taken", 1.0),
        (physician, "denied", 1.0),
    ] {
        told(&reviewers, &[who], measure, wanted)?;
    }
    let all = value(&report(&manager, "/staff", "outcomes", "")?, &["denied", "person"], "requests")?;
    ensure!(all.is_some_and(|count| count >= 1.0), "the whole contract holds what the clinic has");
    let seen = world.shown_to(&manager.username)?;
    let asked = seen.iter().find(|shown| shown.access.operation == "get-report").context("it is on record")?;
    ensure!(asked.access.what.as_deref().is_some_and(|what| what.contains("colorado")), "{asked:?}");
    Ok(())
}

fn the_yearly_metrics_are_the_same_twice_and_lead_to_the_requests_behind_them(
    world: &World,
    story: &Story<'_>,
) -> Result<()> {
    let manager = Person::of_staff(world, CONTRACT, StaffRole::ContractManager)?;
    let path = format!("/staff/metrics?contract={CONTRACT}&year={}", year());
    // Requests of other stories may come in between.
    let metrics = poll::until("the same figures twice", PATIENCE, || {
        let (first, second) = (manager.portal.get(&path).expect(200)?, manager.portal.get(&path).expect(200)?);
        Ok((first.body == second.body).then_some(second))
    })?;
    let figures: Vec<String> =
        metrics.list("/rows")?.iter().filter_map(|row| Some(row["names"][0].as_str()?.to_owned())).collect();
    ensure!(
        figures[..9]
            == [
                "services",
                "standard-approved",
                "standard-denied",
                "standard-approved-after-appeal",
                "approved-after-extension",
                "expedited-approved",
                "expedited-denied",
                "standard-time",
                "expedited-time"
            ],
        "{figures:?}"
    );
    for (figure, case) in [("standard-approved", &story.approved), ("standard-denied", &story.denied)] {
        let (many, whole) = (value(&metrics, &[figure], "numerator")?, value(&metrics, &[figure], "denominator")?);
        let (many, whole) = many.zip(whole).context("it is a share")?;
        ensure!(many >= 1.0 && many <= whole, "{figure}: {many} of {whole}");
        let percent = value(&metrics, &[figure], "percent")?.context("a share has percent")?;
        ensure!((percent - 100.0 * many / whole).abs() < 0.01, "{figure}: {percent}");
        let shown = story.office.admin.portal.get(format!("/cases/{case}")).expect(200)?;
        let number = shown.text("/caseId")?;
        let behind = behind(&manager, figure, &number)?.context("the request is behind the figure")?;
        ensure!(behind["outcome"] == figure.trim_start_matches("standard-"), "{behind}");
    }
    let days = value(&metrics, &["standard-time"], "median-days")?;
    ensure!(days.is_some() && value(&metrics, &["standard-time"], "median-hours")?.is_none(), "{}", metrics.body);
    let csv = manager.portal.get(format!("{path}&format=csv")).expect(200)?.text("")?;
    ensure!(csv.contains("\r\nstandard-denied,"), "{csv}");
    let path = format!("/staff/metrics/standard-denied?contract={CONTRACT}&year={}&format=csv", year());
    let csv = manager.portal.get(path).expect(200)?.text("")?;
    ensure!(csv.contains(",denied\r\n"), "{csv}");
    // Whose requests were in the file is on record.
    let denied = story.office.admin.portal.get(format!("/cases/{}", story.denied)).expect(200)?;
    let number = denied.text("/caseId")?;
    let seen = world.shown_to(&manager.username)?;
    let as_file = |what: &String| what.ends_with("standard-denied numerator as csv");
    let noted =
        seen.iter().any(|shown| shown.access.what.as_ref().is_some_and(as_file) && shown.shown.contains(&number));
    ensure!(noted, "{seen:?}");
    Ok(())
}

/// A request in the list behind a figure, which is read to its end, page by page.
fn behind(by: &Person, figure: &str, case: &str) -> Result<Option<Value>> {
    let mut cursor = String::new();
    loop {
        let path = format!("/staff/metrics/{figure}?contract={CONTRACT}&year={}&limit=3{cursor}", year());
        let page = by.portal.get(path).expect(200)?;
        if let Some(found) = page.list("/items")?.iter().find(|item| item["case"] == case) {
            return Ok(Some(found.clone()));
        }
        let Some(next) = page.body.get("next").and_then(Value::as_str) else { return Ok(None) };
        cursor = format!("&cursor={next}");
    }
}

/// REQ: ORG-05
#[test]
fn nobody_without_reports_sees_any_and_another_contract_is_hidden() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, CONTRACT)?;
    let dana = &office.admin;
    let of = |name: &str, contract: &str| format!("/reports/{name}?contract={contract}");
    dana.portal.get(of("turnaround", CONTRACT)).refused(403, "forbidden")?;
    dana.portal.get(of("turnaround", "arkansas")).refused(404, "not-found")?;
    let support = Person::of_staff(&world, CONTRACT, StaffRole::Support)?;
    let grant = json!({ "provider": office.provider(), "reports": true });
    let path = format!("/staff/users/{}/reports", dana.username);
    support.portal.put(path, &grant, &office.version(&dana.username)?).expect(200)?;
    dana.portal.get(of("turnaround", CONTRACT)).expect(200)?;
    dana.portal.get(of("reviewers", CONTRACT)).refused(404, "not-found")?;
    dana.portal.get(of("turnaround", "arkansas")).refused(404, "not-found")?;
    dana.portal.get(of("everything", CONTRACT)).refused(404, "not-found")?;

    let metrics = |contract: &str| format!("/staff/metrics?contract={contract}");
    for role in [StaffRole::Intake, StaffRole::Nurse, StaffRole::Physician, StaffRole::Support, StaffRole::Operations] {
        let person = Person::of_staff(&world, CONTRACT, role)?;
        person.portal.get(format!("/staff{}", of("turnaround", CONTRACT))).refused(403, "forbidden")?;
        person.portal.get(metrics(CONTRACT)).refused(403, "forbidden")?;
    }
    let manager = Person::of_staff(&world, CONTRACT, StaffRole::ContractManager)?;
    manager.portal.get(format!("/staff{}", of("turnaround", "arkansas"))).refused(404, "not-found")?;
    manager.portal.get(metrics("arkansas")).refused(404, "not-found")?;
    manager.portal.get("/staff/metrics/standard-denied?contract=arkansas").refused(404, "not-found")?;

    let wrong = |more: &str| manager.portal.get(format!("/staff/reports/volumes?contract={CONTRACT}&{more}"));
    wrong("from=2026-02-30").expect(422)?.wrong_at("/from", "not-a-date")?;
    wrong("from=2026-02-02&to=2026-02-01").expect(422)?.wrong_at("/to", "ends-before-it-begins")?;
    wrong("from=2024-01-01&to=2026-01-01").expect(422)?.wrong_at("/to", "out-of-range")?;
    wrong("by=colour").expect(422)?.wrong_at("/by", "not-a-choice")?;
    wrong("format=pdf").expect(422)?.wrong_at("/format", "not-a-choice")?;
    manager.portal.get("/staff/reports/volumes").expect(422)?.wrong_at("/contract", "missing")?;
    manager.portal.get(format!("{}&year=1999", metrics(CONTRACT))).expect(422)?.wrong_at("/year", "out-of-range")?;
    let list = format!("/staff/metrics/standard-denied?contract={CONTRACT}");
    manager.portal.get(format!("{list}&part=both")).expect(422)?.wrong_at("/part", "not-a-choice")?;
    manager.portal.get(format!("{list}&cursor=x")).expect(422)?.wrong_at("/cursor", "not-a-cursor")?;
    let nothing = report(&manager, "/staff", "turnaround", "")?;
    ensure!(nothing.list("/rows")?.len() == 3, "rows stand also where nothing is counted");
    Ok(())
}
