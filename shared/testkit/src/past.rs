//! What takes days, without waiting for it: what is stored is moved into the past, and a schedule is run by hand.

use anyhow::{Context, Result};
use jiff::{SignedDuration, Timestamp, ToSpan};
use portico_aws::{
    clock,
    secrets::sha256,
    table::{
        Transaction,
        cases::{Note, drafts::Open},
    },
};
use portico_domain::{
    accounts::{UserState, dormancy::Usage, session::Session},
    cases::{
        Case, Change,
        note::NoteType,
        request::{Request, State},
        talk::Stage,
    },
    contracts::Contract,
    events::{About, Actor, EventKind},
    id::{CaseKey, EventId, Username},
};
use serde_json::{Value, json};

use crate::seeding::World;

impl World {
    /// Makes the last sign-in of a user one of so long ago.
    ///
    /// # Errors
    /// When there is no such user, or the stack does not take it.
    pub fn last_seen(&self, name: &str, ago: SignedDuration) -> Result<Timestamp> {
        let (name, at): (Username, Timestamp) = (name.parse()?, clock::now().checked_sub(ago)?);
        self.wait(async {
            let table = self.aws.table();
            let user = table.user(&name).await?.with_context(|| format!("there is no user {name}"))?;
            let mut transaction = Transaction::new();
            transaction.usage(table, &user, &Usage::signed_in(at))?;
            table.commit(transaction).await?;
            Ok(at)
        })
    }

    /// Makes the answers of a case to its questionnaires ones to an earlier version; gives the versions that they were to.
    ///
    /// # Errors
    /// When the stack does not take it.
    pub fn answered(&self, case: &str, version: &str) -> Result<Vec<String>> {
        let case: CaseKey = case.parse()?;
        self.wait(async {
            let table = self.aws.table();
            let (_, mut kept) = table.beside(case).await?;
            let mut transaction = Transaction::new();
            let mut versions = Vec::new();
            for answers in &mut kept {
                versions.push(std::mem::replace(&mut answers.version, version.to_owned()));
                transaction.answers(table, case, answers)?;
            }
            table.commit(transaction).await?;
            Ok(versions)
        })
    }

    /// Ends the window in which an invited user may enrol.
    ///
    /// # Errors
    /// When the user is not invited, or the stack does not take it.
    pub fn window_is_over(&self, name: &str) -> Result<()> {
        let name: Username = name.parse()?;
        self.wait(async {
            let table = self.aws.table();
            let mut user = table.user(&name).await?.with_context(|| format!("there is no user {name}"))?;
            let UserState::Invited { until, .. } = &mut user.state else { anyhow::bail!("{name} is not invited") };
            *until = clock::now().checked_sub(SignedDuration::from_secs(1))?;
            user.version += 1;
            let mut transaction = Transaction::new();
            transaction.user(table, &user, &Actor::System, Vec::new(), clock::now())?;
            table.commit(transaction).await?;
            Ok(())
        })
    }

    /// Makes the sign-ins of a user ones of so long ago; their sessions go on.
    ///
    /// # Errors
    /// When the stack does not take it.
    pub fn signed_in_ago(&self, name: &str, ago: SignedDuration) -> Result<()> {
        let name: Username = name.parse()?;
        self.wait(async {
            let (table, since) = (self.aws.table(), clock::now().checked_sub(ago)?);
            let mut transaction = Transaction::new();
            for session in table.sessions(&name).await? {
                transaction.session(table, &name, &Session { since, ..session })?;
            }
            Ok(table.commit(transaction).await?)
        })
    }

    /// Leaves a user with so many sessions as sign-ins leave them: the older ones are over, though nothing has removed them
    /// yet, and `open` of them go on.
    ///
    /// # Errors
    /// When there is no such user, or the stack does not take it.
    pub fn many_sessions(&self, name: &str, all: u32, open: u32) -> Result<()> {
        let name: Username = name.parse()?;
        self.wait(async {
            let (table, now) = (self.aws.table(), clock::now());
            let user = table.user(&name).await?.with_context(|| format!("there is no user {name}"))?;
            let session = |n: u32| {
                let days = if n < open { 0 } else { 2 };
                let since = now.checked_sub(SignedDuration::from_secs(i64::from(n) + days * 24 * 3600))?;
                anyhow::Ok(Session::begin(sha256(&format!("{name} {n}")), &user.rules, since))
            };
            let sessions: Vec<Session> = (0..all).map(session).collect::<Result<_>>()?;
            for some in sessions.chunks(50) {
                let mut transaction = Transaction::new();
                for session in some {
                    transaction.session(table, &name, session)?;
                }
                table.commit(transaction).await?;
            }
            Ok(())
        })
    }

    /// How many sessions of a user go on.
    ///
    /// # Errors
    /// When the stack does not answer.
    pub fn open_sessions(&self, name: &str) -> Result<usize> {
        let name = name.parse()?;
        let sessions = self.wait(async { Ok(self.aws.table().sessions(&name).await?) })?;
        Ok(sessions.iter().filter(|session| session.is_open(clock::now())).count())
    }

    /// Leaves a case with so many notes.
    ///
    /// # Errors
    /// When the stack does not take it.
    pub fn many_notes(&self, case: &str, by: &str, count: usize) -> Result<()> {
        let (key, by): (CaseKey, Username) = (case.parse()?, by.parse()?);
        self.wait(async {
            let (table, at) = (self.aws.table(), clock::now());
            let notes: Vec<Note> = (1..=count)
                .map(|n| Note {
                    id: EventId::new(clock::new_uuid()),
                    at,
                    by: by.clone(),
                    text: format!("Note {n}."),
                    request: None,
                    of: NoteType::Note,
                })
                .collect();
            for some in notes.chunks(100) {
                let mut transaction = Transaction::new();
                for note in some {
                    transaction.note(table, key, note)?;
                }
                table.commit(transaction).await?;
            }
            Ok(())
        })
    }

    /// Ends the time in which the provider was to answer what was asked on the case's first request.
    ///
    /// # Errors
    /// When it does not wait for an answer, or the stack does not take it.
    pub fn time_to_answer_is_over(&self, case: &str) -> Result<()> {
        self.past(case, |request, _| {
            let pend = request.pends.last_mut().context("nothing was asked for")?;
            pend.until = a_second_ago()?;
            Ok(())
        })
    }

    /// Ends the time for which the case's first request waits for coverage.
    ///
    /// # Errors
    /// When it does not wait for that, or the stack does not take it.
    pub fn time_to_wait_for_coverage_is_over(&self, case: &str) -> Result<()> {
        self.past(case, |request, _| {
            let State::AwaitsCoverage { until, .. } = &mut request.state else {
                anyhow::bail!("it does not wait for coverage")
            };
            *until = a_second_ago()?;
            Ok(())
        })
    }

    /// Brings the time near in which the provider is to answer what was asked on the case's first request.
    ///
    /// # Errors
    /// When it does not wait for an answer, or the stack does not take it.
    pub fn time_to_answer_is_near(&self, case: &str) -> Result<()> {
        self.past(case, |request, _| {
            let pend = request.pends.last_mut().context("nothing was asked for")?;
            pend.remind_at = Some(a_second_ago()?);
            Ok(())
        })
    }

    /// Brings the time near by which the case's first request, which waits with the nurses, is to be decided.
    ///
    /// # Errors
    /// When it does not wait with the nurses, or the stack does not take it.
    pub fn deadline_is_near(&self, case: &str) -> Result<()> {
        self.past(case, |request, _| {
            let State::NurseReview { clock, .. } = &mut request.state else {
                anyhow::bail!("it does not wait with the nurses")
            };
            let soon = clock::now().checked_add(SignedDuration::from_hours(1))?;
            clock.ledger.last_mut().context("nothing is due")?.due = Some(soon);
            Ok(())
        })
    }

    /// Ends the time by which the case's first request, which waits with the nurses, is to be decided.
    ///
    /// # Errors
    /// When it does not wait with the nurses, or the stack does not take it.
    pub fn deadline_is_over(&self, case: &str) -> Result<()> {
        self.past(case, |request, _| {
            let State::NurseReview { clock, .. } = &mut request.state else {
                anyhow::bail!("it does not wait with the nurses")
            };
            clock.ledger.last_mut().context("nothing is due")?.due = Some(a_second_ago()?);
            Ok(())
        })
    }

    /// Has the case's first request decided so many days earlier, as calendars of the contract's zone count them.
    ///
    /// # Errors
    /// When it is not decided, or the stack does not take it.
    pub fn decided_earlier(&self, case: &str, days: u32) -> Result<()> {
        self.past(case, |request, contract| {
            let State::Determined { decided, .. } = &mut request.state else { anyhow::bail!("it is not decided") };
            let at = decided.at.to_zoned_datetime(contract.calendar.time_zone.rules().clone());
            decided.at = at.checked_sub(i64::from(days).days())?.timestamp();
            Ok(())
        })
    }

    /// Makes it a minute since the time that was chosen for the conversation about the case's first request.
    ///
    /// # Errors
    /// When no time is chosen, or the stack does not take it.
    pub fn time_to_talk_has_come(&self, case: &str) -> Result<()> {
        self.past(case, |request, _| {
            let Some(Stage::Scheduled { time }) = request.talks.last_mut().map(|talk| &mut talk.stage) else {
                anyhow::bail!("no time is chosen")
            };
            *time = clock::now().checked_sub(SignedDuration::from_mins(1))?;
            Ok(())
        })
    }

    /// Ends the time for which the claim of the case's first request holds.
    ///
    /// # Errors
    /// When nobody has it, or the stack does not take it.
    pub fn time_of_claim_is_over(&self, case: &str) -> Result<()> {
        self.past(case, |request, contract| {
            let (State::NurseReview { claimed: Some(claim), .. } | State::PhysicianReview { claimed: Some(claim), .. }) =
                &mut request.state
            else {
                anyhow::bail!("nobody has it")
            };
            claim.at = a_second_ago()?.checked_sub(SignedDuration::from_hours(i64::from(contract.reviews.claim_hours)))?;
            Ok(())
        })
    }

    /// Changes the first request of a case as if time had passed.
    fn past(&self, case: &str, change: impl FnOnce(&mut Request, &Contract) -> Result<()>) -> Result<()> {
        let key: CaseKey = case.parse()?;
        self.wait(async {
            let table = self.aws.table();
            let mut case = table.case(key).await?.context("there is no such case")?;
            let contract = table.contract(&case.contract, clock::now()).await?.context("there is no such contract")?;
            change(case.requests.first_mut().context("a case has a request")?, &contract)?;
            case.version += 1;
            let change = Change { case, events: Vec::new(), determination: None };
            let mut transaction = Transaction::new();
            transaction.case(table, &change, &contract.calendar, &Actor::System)?;
            Ok(table.commit(transaction).await?)
        })
    }

    /// Makes a draft one that nobody has changed for so many days.
    ///
    /// # Errors
    /// When there is no such case, or the stack does not take it.
    pub fn draft_is_left_for(&self, case: &str, days: u32) -> Result<()> {
        let ago = SignedDuration::from_hours(24 * i64::from(days));
        self.past_draft(case, |case| {
            case.changed_at = a_second_ago()?.checked_sub(ago)?;
            Ok(())
        })
    }

    /// Makes the day over at whose end a draft ends, as its owner was told; documents that came since came since.
    ///
    /// # Errors
    /// When its end was not told, or the stack does not take it.
    pub fn time_of_draft_is_over(&self, case: &str) -> Result<()> {
        self.past_draft(case, |case| {
            case.ending.as_mut().context("nobody was told that it ends")?.at = a_second_ago()?;
            Ok(())
        })
    }

    fn past_draft(&self, case: &str, change: impl FnOnce(&mut Case) -> Result<()>) -> Result<()> {
        let key: CaseKey = case.parse()?;
        self.wait(async {
            let table = self.aws.table();
            let mut case = table.case(key).await?.context("there is no such case")?;
            let contract = table.contract(&case.contract, clock::now()).await?.context("there is no such contract")?;
            change(&mut case)?;
            case.version += 1;
            let change = Change { case, events: Vec::new(), determination: None };
            let mut transaction = Transaction::new();
            transaction.case(table, &change, &contract.calendar, &Actor::System)?;
            Ok(table.commit(transaction).await?)
        })
    }

    /// What of a contract is open.
    ///
    /// # Errors
    /// When the stack does not answer.
    pub fn open_under(&self, contract: &str) -> Result<Open> {
        let contract = contract.parse()?;
        self.wait(async { Ok(self.aws.table().open_under(&contract).await?) })
    }

    /// Does what the schedule does every hour with drafts; what was done.
    ///
    /// # Errors
    /// When it fails.
    pub fn sweep_drafts(&self) -> Result<Value> {
        self.stack.invoke("sweep-drafts", &json!({}))
    }

    /// Does what the schedule does every quarter of an hour; what was done.
    ///
    /// # Errors
    /// When it fails.
    pub fn sweep_unanswered_pends(&self) -> Result<Value> {
        self.stack.invoke("sweep-unanswered-pends", &json!({}))
    }

    /// What happened to a user, oldest first.
    ///
    /// # Errors
    /// When the stack does not answer.
    pub fn user_events(&self, name: &str) -> Result<Vec<EventKind>> {
        let about = About::User(name.parse()?);
        let events = self.wait(async { Ok(self.aws.table().events(&about).await?) })?;
        Ok(events.into_iter().map(|event| event.kind).collect())
    }

    /// Does what the schedule does once a day; what was done.
    ///
    /// # Errors
    /// When it fails.
    pub fn sweep_dormant_users(&self) -> Result<Value> {
        self.stack.invoke("sweep-dormant-users", &json!({}))
    }
}

fn a_second_ago() -> Result<Timestamp> {
    Ok(clock::now().checked_sub(SignedDuration::from_secs(1))?)
}
