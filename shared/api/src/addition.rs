//! What is added to a request after it was submitted (ACT-01), by a person or a system: one write, so that nobody is told of
//! files that were never sent on their way, and none is on its way untold.

use jiff::Timestamp;
use portico_aws::table::{Transaction, audit::Access, cases::Note, idempotency::IdempotencyKey};
use portico_domain::{
    cases::{
        Case,
        document::{self, Document, MOST_DOCUMENTS},
        questionnaires::Answers,
        request::{Added, Request},
    },
    contracts::Contract,
    events::{About, Actor, EventKind},
    id::RequestNumber,
    reviews::information,
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    app::App,
    problem::{Kind, Problem},
};

/// How often an addition follows a case that somebody else changes at the same moment: a reviewer who takes it is no reason
/// to send anything again.
const TRIES: usize = 3;

/// What is added, as it is stored.
pub(crate) struct Addition {
    pub(crate) request: RequestNumber,
    pub(crate) added: Added,
    pub(crate) note: Option<Note>,
    pub(crate) documents: Vec<Document>,
    /// Answers to questionnaires, in place of those that were handed in: only while nobody has decided.
    pub(crate) answers: Vec<Answers>,
}

impl Addition {
    /// Saves it with who did it; what is kept under the key is made of the case as it is then.
    pub(crate) async fn save<K: Serialize + DeserializeOwned>(
        &self,
        app: &App,
        mut case: Case,
        (key, access): (&IdempotencyKey, &Access),
        contract: &Contract,
        kept: impl Fn(&Case) -> K,
    ) -> Result<K, Problem> {
        let Self { request, added, note, documents, answers } = self;
        let by = Actor::User(added.by.clone());
        for _ in 0..TRIES {
            if !answers.is_empty() && !case.request(*request).is_some_and(Request::is_undecided) {
                let detail = "The request is not open any more: answers stay as they were handed in.";
                return Err(Problem::conflict(detail, "decided"));
            }
            let change = information::add(case, *request, added.clone(), contract)?;
            let (table, of) = (app.table(), change.case.key);
            let mut transaction = Transaction::new();
            transaction.case(table, &change, &contract.calendar, &by)?;
            for document in documents {
                transaction.document(table, of, document, 1)?;
                let event = EventKind::DocumentAwaited { document: document.id };
                transaction.event(table, About::Case(of), by.clone(), event, added.at)?;
            }
            for answers in answers {
                transaction.answers(table, of, answers)?;
            }
            if let Some(note) = note {
                transaction.note(table, of, note)?;
            }
            transaction.audit(table, of, access)?;
            match app.commit_value(transaction, key, &kept(&change.case)).await {
                Err(problem) if problem.kind() == Kind::Stale => case = app.reload(of).await?,
                done => return done,
            }
        }
        Err(Problem::stale())
    }
}

/// Whether so many more documents have a place in the case.
pub(crate) fn has_room(documents: &[Document], more: usize, now: Timestamp) -> Result<(), Problem> {
    if !document::has_room(documents, more, now) {
        let detail = format!("A case has at most {MOST_DOCUMENTS} documents. Put several pages into one file.");
        return Err(Problem::conflict(detail, "full"));
    }
    Ok(())
}
