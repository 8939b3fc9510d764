//! What the scan finds in an upload decides before anybody can open it, about the bytes that it looked through and no others.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use portico_aws::{
    Aws, Config,
    files::{accepted, incoming},
};
use portico_domain::{caller::StaffRole, id::DocumentId};
use portico_testkit::{
    clinic::Clinic,
    files::{self, File},
    gate::Fault,
    people::Person,
    poll::{self, PATIENCE},
    portal::Answer,
    seeding::World,
    wizard::Wizard,
};
use serde_json::{Value, json};

const HARMFUL: &str = "A virus or other harmful content was found in this file.";

/// A case of a clinic, and what looks into the stack's buckets.
struct Scene {
    world: Arc<World>,
    clinic: Clinic,
    dana: Person,
    aws: Aws,
}

impl Scene {
    fn new() -> Result<Self> {
        let world = World::open()?;
        let clinic = Clinic::new(&world, "colorado")?;
        let dana = Person::of_clinic(&world, &clinic)?;
        let aws = Aws::new(Config::read(|name| world.stack.variable(name))?);
        Ok(Self { world, clinic, dana, aws })
    }

    fn case(&self) -> Result<Wizard<'_>> {
        let mut wizard = Wizard::begin(&self.dana, &self.clinic, "outpatient")?;
        wizard.wheelchair(&self.world)?;
        Ok(wizard)
    }

    /// Puts a file where the uploads of a document arrive, and gives its version.
    fn arrives(&self, case: &Wizard<'_>, document: &str, file: &File) -> Result<String> {
        let (key, bucket) = (incoming(case.key.parse()?, document.parse()?), &self.world.stack.documents_bucket);
        let written = self.aws.files().write(bucket, &key, "application/pdf", file.content.clone());
        run(async { written.await?.context("the bucket keeps no versions") })
    }

    /// Takes a version of an upload away.
    fn removed(&self, case: &Wizard<'_>, document: &str, version: &str) -> Result<()> {
        let (key, bucket) = (incoming(case.key.parse()?, document.parse()?), &self.world.stack.documents_bucket);
        let removed = self.aws.files().remove_version(bucket, &key, version);
        run(async { Ok(removed.await?) })
    }

    fn nothing_waits(&self, case: &Wizard<'_>) -> Result<()> {
        poll::until("the uploads to be gone", PATIENCE, || {
            let waiting =
                self.world.stack.objects(&self.world.stack.documents_bucket, &format!("incoming/{}/", case.key))?;
            Ok(waiting.is_empty().then_some(()))
        })
    }

    fn is_kept(&self, document: &str) -> Result<bool> {
        let key = accepted(document.parse::<DocumentId>()?);
        Ok(self.world.stack.object(&self.world.stack.documents_bucket, &key)?.is_some())
    }

    /// A scan's word on a version of an upload, as `GuardDuty` publishes it.
    fn result(&self, case: &Wizard<'_>, document: &str, version: &str, (status, result): (&str, &str)) -> Result<()> {
        let event = json!({
            "version": "0", "id": "72c7d362-737a-6dce-fc78-9e27a0171419", "source": "aws.guardduty",
            "detail-type": "GuardDuty Malware Protection Object Scan Result",
            "detail": {
                "schemaVersion": "1.0", "scanStatus": status, "resourceType": "S3_OBJECT",
                "s3ObjectDetails": {
                    "bucketName": self.world.stack.documents_bucket, "eTag": "0", "versionId": version, "s3Throttled": false,
                    "objectKey": incoming(case.key.parse()?, document.parse()?),
                },
                "scanResultDetails": { "scanResultStatus": result, "threats": null },
            },
        });
        self.world.stack.send("documents", &event.to_string())
    }

    /// Keeps the worker from the table as long as it asks for this document, so that its results wait.
    fn hold(&self, document: &str) -> Result<Fault<'_>> {
        let fault = json!({
            "answer": "unavailable", "function": "on-document-uploaded", "service": "dynamodb", "contains": document,
        });
        Fault::set(&self.world.stack, &fault)
    }
}

fn run<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}

/// A document of a case as it is seen.
fn document(case: &Answer, id: &str) -> Result<Value> {
    let found = case.list("/documents")?.iter().find(|document| document["id"] == id);
    found.cloned().with_context(|| format!("the case has no document {id}"))
}

fn told(case: &Answer, words: &str) -> Result<usize> {
    let has = |moment: &&Value| moment["text"].as_str().is_some_and(|text| text.contains(words));
    Ok(case.list("/timeline")?.iter().filter(has).count())
}

/// REQ: CASE-29
#[test]
fn what_the_scan_finds_harmful_is_refused_and_opened_by_nobody() -> Result<()> {
    let scene = Scene::new()?;
    let mut wizard = scene.case()?;
    // The second is no PDF at all: that a scan came before is seen by what it is refused for.
    let infected = wizard.attach("other", &files::infected("infected.pdf"))?;
    let bare = wizard.attach("other", &File { name: "bare.jpg".to_owned(), content: files::test_virus() })?;
    let plan = files::pdf("plan.pdf", "Plan");
    let clean = wizard.attach("other", &plan)?;
    let case = wizard.checked()?;
    for (id, name) in [(&infected, "infected.pdf"), (&bare, "bare.jpg")] {
        let refused = document(&case, id)?;
        ensure!(refused["state"] == "refused" && refused["scan"] == "harmful", "{refused}");
        ensure!(refused["reason"].as_str().is_some_and(|reason| reason.starts_with(HARMFUL)), "{refused}");
        ensure!(told(&case, &format!("{name} was refused"))? == 1 && !scene.is_kept(id)?);
    }
    let kept = document(&case, &clean)?;
    ensure!(kept["state"] == "accepted" && kept["scan"].is_null(), "{kept}");
    scene.nothing_waits(&wizard)?;

    wizard.submit()?;
    wizard.until("the nurses", |case| Ok(case.text("/status")? == "nurse-review"))?;
    let nurse = Person::of_staff(&scene.world, "colorado", StaffRole::Nurse)?;
    let elsewhere = Person::of_clinic(&scene.world, &Clinic::new(&scene.world, "colorado")?)?;
    for (portal, door) in [(&scene.dana.portal, ""), (&nurse.portal, "/staff")] {
        let path = |id: &str| format!("{door}/cases/{}/documents/{id}", wizard.key);
        for id in [&infected, &bare] {
            let refused = portal.get(path(id)).refused(409, "conflict")?;
            ensure!(refused.text("/detail")?.starts_with(HARMFUL), "{}", refused.body);
        }
        let given = portal.get(path(&clean)).expect(200)?;
        ensure!(portal.download(&given.text("/url")?)? == plan.content);
    }
    elsewhere.portal.get(format!("/cases/{}/documents/{infected}", wizard.key)).refused(404, "not-found")?;
    Ok(())
}

/// What cannot be looked into, and what a scan failed at, is as closed as what is harmful, and says what can be done.
#[test]
fn what_was_not_scanned_is_refused_with_what_to_do() -> Result<()> {
    let scene = Scene::new()?;
    let mut wizard = scene.case()?;
    let results = [
        ("SKIPPED", "UNSUPPORTED", "unscannable", "Save it as a PDF without a password"),
        ("SKIPPED", "ACCESS_DENIED", "unscanned", "Please attach it again."),
        ("FAILED", "FAILED", "unscanned", "Please attach it again."),
        ("SKIPPED", "NO_THREATS_FOUND", "unscanned", "Please attach it again."),
    ];
    for (status, result, scan, to_do) in results {
        let body = json!({ "request": "R01", "documentType": "other", "fileName": "scan.pdf", "bytes": 400 });
        let id = scene.dana.portal.post(format!("/cases/{}/documents", wizard.key), &body).expect(201)?.text("/id")?;
        scene.result(&wizard, &id, "none", (status, result))?;
        let case = wizard.checked()?;
        let refused = document(&case, &id)?;
        ensure!(refused["state"] == "refused" && refused["scan"] == scan, "{status} {result}: {refused}");
        ensure!(refused["reason"].as_str().is_some_and(|reason| reason.contains(to_do)), "{refused}");
        // A result that comes once more, or another one after it, changes nothing.
        for other in [(status, result), ("COMPLETED", "NO_THREATS_FOUND")] {
            let version = scene.arrives(&wizard, &id, &files::pdf("late.pdf", "Late"))?;
            scene.result(&wizard, &id, &version, other)?;
            scene.nothing_waits(&wizard)?;
        }
        ensure!(document(&wizard.look()?, &id)? == refused && !scene.is_kept(&id)?);
    }
    ensure!(told(&wizard.look()?, "scan.pdf was refused")? == results.len());
    Ok(())
}

/// Whoever puts another file in the place of one that is being scanned gets it no further than its own scan.
///
/// REQ: CASE-29
#[test]
fn what_is_put_in_the_place_of_a_scanned_file_is_not_taken_for_it() -> Result<()> {
    let scene = Scene::new()?;
    let mut wizard = scene.case()?;
    let begin = |wizard: &Wizard<'_>| {
        let body = json!({ "request": "R01", "documentType": "other", "fileName": "plan.pdf", "bytes": 900 });
        scene.dana.portal.post(format!("/cases/{}/documents", wizard.key), &body).expect(201)?.text("/id")
    };
    let (plan, infected) = (files::pdf("plan.pdf", "Plan"), files::infected("plan.pdf"));

    // Its result waits while another file takes its place: what was scanned is what is kept, or nothing is.
    let id = begin(&wizard)?;
    let fault = scene.hold(&id)?;
    scene.arrives(&wizard, &id, &plan)?;
    poll::until("the first result", PATIENCE, || Ok((fault.hits()? > 0).then_some(())))?;
    scene.arrives(&wizard, &id, &infected)?;
    drop(fault);
    let decided = document(&wizard.checked()?, &id)?;
    if decided["state"] == "accepted" {
        let given = scene.dana.portal.get(format!("/cases/{}/documents/{id}", wizard.key)).expect(200)?;
        ensure!(scene.dana.portal.download(&given.text("/url")?)? == plan.content, "{decided}");
    } else {
        ensure!(decided["scan"] == "harmful" && !scene.is_kept(&id)?, "{decided}");
    }
    scene.nothing_waits(&wizard)?;
    ensure!(document(&wizard.look()?, &id)? == decided, "the other one's result changes nothing");

    // The file that was clean is gone when its result is read, and another lies there.
    let id = begin(&wizard)?;
    let fault = scene.hold(&id)?;
    let version = scene.arrives(&wizard, &id, &plan)?;
    poll::until("its result", PATIENCE, || Ok((fault.hits()? > 0).then_some(())))?;
    scene.removed(&wizard, &id, &version)?;
    scene.arrives(&wizard, &id, &infected)?;
    drop(fault);
    let refused = document(&wizard.checked()?, &id)?;
    ensure!(refused["state"] == "refused" && refused["scan"] == "harmful" && !scene.is_kept(&id)?, "{refused}");
    Ok(())
}

/// What no scan tells of is counted by a sweep that may look at nothing but names.
#[test]
fn uploads_without_a_result_are_counted() -> Result<()> {
    let world = World::open()?;
    let swept = world.stack.invoke("sweep-uploads", &json!({}))?;
    ensure!(swept["unchecked"].is_u64(), "{swept}");
    Ok(())
}
