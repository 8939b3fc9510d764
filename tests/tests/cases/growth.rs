//! Cases that grow for years: each part is bounded, what is decided stands beside the case, and what would be too large is
//! told as that.

use anyhow::{Context, Result, ensure};
use portico_aws::{
    Aws, Config, clock,
    table::{Error, Table, Transaction, cases::CaseFile},
};
use portico_domain::{
    cases::{
        Case, Change, MOST_NOTES,
        determination::{Correction, Criterion, DecidedBy, Determination, LineOutcome, Sources},
        document::{Document, DocumentState, FileType, MOST_DOCUMENTS},
        request::{Referral, Request, State},
    },
    clock::{Clock, TimeLimit, TimeUnit},
    contracts::Contract,
    events::{Actor, EventKind},
    id::{CaseKey, DocumentId, MemberId, RequestNumber},
    person::Member,
    service::Setting,
};
use portico_testkit::{clinic::Clinic, people::Person, seeding::World, stack::Stack, wizard::Wizard};
use serde_json::json;

fn table() -> Result<Aws> {
    let stack = Stack::read()?;
    Ok(Aws::new(Config::read(|name| stack.variable(name))?))
}

fn run<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}

/// Fifty lines, each with as much of a reason as may be given, and twenty criteria: as large as one decision can be.
fn longest(number: u32) -> Determination {
    let words = |length: usize| "The records show no need. ".chars().cycle().take(length).collect::<String>();
    let criterion = |_| Criterion { title: words(200), citation: words(200), text: words(4000) };
    Determination {
        request: RequestNumber::FIRST,
        number,
        at: clock::now(),
        by: DecidedBy::Reviewer {
            username: "dr.reed".parse().unwrap(),
            name: "Ann Reed".into(),
            credential: "MD".into(),
            specialty: None,
            license: None,
        },
        lines: (0..50).map(|_| LineOutcome::Denied { reason: words(4000) }).collect(),
        criteria: (0..20).map(criterion).collect(),
        authorization: None,
        contract_version: "1".into(),
        correction: (number > 1).then(|| Correction {
            of: number - 1,
            replaced: clock::now(),
            reason: words(4000),
            takes: true,
        }),
        sources: Sources { reasons: vec![Some(words(60)); 50], criteria: vec![Some(words(60)); 20] },
    }
}

/// A time limit that has not begun.
fn limit() -> Clock {
    Clock { limit: TimeLimit { amount: 14, unit: TimeUnit::CalendarDays }, ledger: Vec::new() }
}

/// A draft of the seed's first member and provider, under a key of its own.
fn draft(world: &World) -> Result<Case> {
    let place = world.seed.providers.first().context("the seed has no provider")?;
    let seeded = world.seed.members.iter().find(|member| member.contract == place.provider.contract);
    let member = Member { id: MemberId::new(clock::new_uuid()), ..seeded.context("the seed has no member")?.clone() };
    let by = (clock::now(), "growth.test".parse()?);
    let key = CaseKey::new(clock::new_uuid());
    Ok(Case::create(key, Setting::Outpatient, member, place.provider.clone(), "501-555-0123".parse()?, by).case)
}

async fn save(table: &Table, case: &Case, made: Option<Determination>, contract: &Contract) -> Result<(), Error> {
    let events = vec![EventKind::StepSaved { step: "service".into() }];
    let change = Change { case: case.clone(), events, determination: made };
    let mut transaction = Transaction::new();
    transaction.case(table, &change, &contract.calendar, &Actor::System)?;
    table.commit(transaction).await
}

/// REQ: REV-04
#[test]
fn a_second_decision_of_full_length_is_kept_beside_the_first() -> Result<()> {
    let (world, aws) = (World::open()?, table()?);
    let mut case = draft(&world)?;
    let contract = world.contract(&case.contract.to_string())?;
    let file: CaseFile = run(async {
        save(aws.table(), &case, None, contract).await?;
        for number in 1..=3 {
            let made = longest(number);
            let request = case.requests.first_mut().context("a case has a request")?;
            let earlier = request.decided().cloned();
            request.earlier.extend(earlier);
            request.state = State::Determined { clock: limit(), decided: made.in_short() };
            case.version += 1;
            save(aws.table(), &case, Some(made), contract).await?;
        }
        aws.table().case_file(case.key).await?.context("the case is stored")
    })?;
    ensure!(file.case == case, "the case is as it was saved");
    ensure!(file.determinations.iter().map(|made| made.number).eq(1..=3), "every decision is kept, the oldest first");
    let second = file.determination(RequestNumber::FIRST, 2).context("the second decision")?;
    ensure!(second.lines == longest(2).lines && second.criteria == longest(2).criteria, "with all its words");
    let bytes = serde_json::to_string(&file.case)?.len();
    ensure!(bytes < 20_000, "the case itself has {bytes} bytes");
    Ok(())
}

/// REQ: OPS-04
#[test]
fn a_case_that_is_too_large_is_refused_as_that_and_stays_as_it_was() -> Result<()> {
    let (world, aws) = (World::open()?, table()?);
    let case = draft(&world)?;
    let contract = world.contract(&case.contract.to_string())?;
    run(async {
        save(aws.table(), &case, None, contract).await?;
        let mut larger = Case { version: 2, ..case.clone() };
        let state = State::PhysicianReview { clock: limit(), claimed: None };
        let referral =
            Referral { by: "nurse.ann".parse()?, at: "2026-05-07T15:00:00Z".parse()?, note: "n".repeat(4000) };
        let request = Request { state, referrals: vec![referral], ..Request::first() };
        larger.requests = vec![request; 110];
        let refused = save(aws.table(), &larger, None, contract).await;
        ensure!(matches!(refused, Err(Error::TooLarge(_))), "{refused:?}");
        ensure!(aws.table().case(case.key).await? == Some(case.clone()), "nothing was saved");
        Ok(())
    })
}

fn clinic(world: &World) -> Result<(Clinic, Person)> {
    let clinic = Clinic::new(world, "arkansas")?;
    let person = Person::of_clinic(world, &clinic)?;
    Ok((clinic, person))
}

/// REQ: CASE-22, ACT-07
#[test]
fn notes_are_shown_page_by_page_from_the_last_and_have_a_bound() -> Result<()> {
    let world = World::open()?;
    let (clinic, person) = clinic(&world)?;
    let mut wizard = Wizard::begin(&person, &clinic, "outpatient")?;
    world.many_notes(&wizard.key, &person.username, MOST_NOTES - 1)?;
    wizard.save("notes", &json!({ "text": "The last one." }))?;
    let path = format!("/cases/{}/steps/notes", wizard.key);
    let full = person.portal.put(path, &json!({ "text": "One too many." }), "\"1\"").refused(409, "conflict")?;
    ensure!(full.text("/detail")?.contains("at most 200 notes"), "{}", full.text("/detail")?);

    let (mut seen, mut before, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let shown = person.portal.get(format!("/cases/{}{before}", wizard.key)).expect(200)?;
        let bytes = shown.body.to_string().len();
        ensure!(bytes < 300_000, "one page has {bytes} bytes");
        let notes = shown.list("/notes")?.iter().filter_map(|note| note["text"].as_str().map(ToOwned::to_owned));
        seen.splice(0..0, notes);
        pages += 1;
        match shown.at("/earlierNotes")?.as_str() {
            Some(earlier) => before = format!("?notesBefore={earlier}"),
            None => break,
        }
    }
    ensure!(pages == 4 && seen.len() == MOST_NOTES, "{pages} pages with {} notes", seen.len());
    let expected = (1..MOST_NOTES).map(|n| format!("Note {n}.")).chain(["The last one.".to_owned()]);
    ensure!(seen.into_iter().eq(expected), "each note once, in order");
    person
        .portal
        .get(format!("/cases/{}?notesBefore=x", wizard.key))
        .expect(422)?
        .wrong_at("/notesBefore", "not-an-id")?;
    Ok(())
}

/// REQ: CASE-20
#[test]
fn a_case_takes_so_many_documents_and_says_so() -> Result<()> {
    let (world, aws) = (World::open()?, table()?);
    let (clinic, person) = clinic(&world)?;
    let wizard = Wizard::begin(&person, &clinic, "outpatient")?;
    let case: CaseKey = wizard.key.parse()?;
    let documents: Vec<Document> = (0..MOST_DOCUMENTS)
        .map(|n| Document {
            id: DocumentId::new(clock::new_uuid()),
            request: RequestNumber::FIRST,
            document_type: "other".into(),
            file_name: format!("{n}.pdf"),
            file_type: FileType::Pdf,
            at: clock::now(),
            by: "growth.test".parse().unwrap(),
            state: DocumentState::Awaited,
        })
        .collect();
    run(async {
        for some in documents.chunks(100) {
            let mut transaction = Transaction::new();
            for document in some {
                transaction.document(aws.table(), case, document, 1)?;
            }
            aws.table().commit(transaction).await?;
        }
        Ok(())
    })?;
    let another = json!({ "request": "R01", "documentType": "other", "fileName": "more.pdf", "bytes": 1000 });
    let full = person.portal.post(format!("/cases/{case}/documents"), &another).refused(409, "conflict")?;
    ensure!(full.text("/detail")?.contains("at most 100 documents"), "{}", full.text("/detail")?);
    Ok(())
}
