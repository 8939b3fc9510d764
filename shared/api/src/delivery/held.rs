//! A fax on intake's desk: whose it is, where it stands, and how what becomes of it is saved.

use std::sync::Arc;

use axum::Json as Answer;
use portico_aws::table::{Guard, Transaction};
use portico_domain::{
    caller::Reviewer,
    cases::Change,
    contracts::Contract,
    delivery::received::{CloseReason, ReceivedFax, Stands},
    events::{About, Actor, EventKind},
    id::{CaseKey, RequestNumber, Username},
};

use super::view_fax::FaxView;
use crate::{app::App, caller::Token, problem::Problem};

/// A fax that the intake of its contract does something with.
pub(super) struct Held<'a> {
    app: &'a App,
    token: &'a Token,
    operation: &'static str,
    pub(super) by: Reviewer,
    pub(super) fax: ReceivedFax,
    pub(super) contract: Arc<Contract>,
}

impl<'a> Held<'a> {
    pub(super) async fn open(
        app: &'a App,
        token: &'a Token,
        id: &str,
        operation: &'static str,
    ) -> Result<Self, Problem> {
        let (by, fax, _, contract) = app.fax(token, id, operation).await?;
        Ok(Self { app, token, operation, by, fax, contract })
    }

    pub(super) fn stands(&self) -> Option<&Stands> {
        self.fax.kept().map(|kept| &kept.stands)
    }

    pub(super) fn holder(&self) -> Option<&Username> {
        match self.stands() {
            Some(Stands::Waits { claim: Some(claim), .. }) => Some(&claim.by),
            _ => None,
        }
    }

    pub(super) fn filed_to(&self, key: CaseKey, number: RequestNumber) -> bool {
        matches!(self.stands(), Some(Stands::Filed { case, request, by: Some(by), .. })
            if *case == key && *request == number && *by == self.by.username)
    }

    pub(super) fn closed_by_caller(&self, (why, text): &(CloseReason, String)) -> bool {
        matches!(self.stands(), Some(Stands::Closed { reason, note, by, .. })
            if reason == why && note == text && *by == self.by.username)
    }

    /// Whether the caller has begun a case with it already.
    pub(super) fn opened_by_caller(&self) -> bool {
        matches!(self.stands(), Some(Stands::Opened { by, .. }) if *by == self.by.username)
    }

    /// Saves a case that the fax changes or begins: it is the fax that did it, and who dealt with it is on record.
    pub(super) fn case(&self, transaction: &mut Transaction, change: &Change, operation: &str) -> Result<(), Problem> {
        let (table, by) = (self.app.table(), Actor::User(Username::from(self.fax.id)));
        transaction.case(table, change, &self.contract.calendar, &by)?;
        let mut access = self.app.access(self.token, operation, true);
        access.what = Some(self.fax.id.to_string());
        Ok(transaction.audit(table, change.case.key, &access)?)
    }

    /// Saves the fax as it is now, if it has changed, with all that goes with it.
    pub(super) async fn save(
        &self,
        changed: Option<ReceivedFax>,
        event: EventKind,
        mut transaction: Transaction,
    ) -> Result<Answer<FaxView>, Problem> {
        let Some(fax) = changed else { return self.answer(&self.fax) };
        let (app, table, by) = (self.app, self.app.table(), Actor::User(self.by.username.clone()));
        transaction.received_fax(table, &fax)?;
        transaction.event(table, About::Fax(fax.id), by, event, app.now())?;
        transaction.audit_fax(table, fax.id, &app.access(self.token, self.operation, true))?;
        match table.commit(transaction).await {
            Ok(()) => self.answer(&fax),
            Err(error) if error.refused(Guard::Version) => Err(Problem::stale()),
            Err(error) => Err(error.into()),
        }
    }

    /// The fax as it stands. Whoever has it is the caller, or was asked for just now.
    pub(super) fn answer(&self, fax: &ReceivedFax) -> Result<Answer<FaxView>, Problem> {
        let kept = fax.kept().ok_or_else(Problem::not_found)?;
        Ok(Answer(FaxView::of(fax, kept, &self.contract, self.app.now())))
    }
}
