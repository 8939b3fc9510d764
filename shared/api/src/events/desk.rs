//! Who looks after the queues, and what is noted of it: each change by the ids of messages before it is made, beside those of the
//! operator's program, and with its caller's address.

use futures::future::BoxFuture;
use jiff::Timestamp;
use portico_aws::table::{
    self, Transaction,
    audit::{Access, Operation, Shown},
};
use portico_domain::{
    caller::Reviewer,
    events::lane::{Lane, Pause, operates},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{app::App, caller::Token, problem::Problem};

/// Who holds what waits in a queue back.
#[derive(Serialize, ToSchema)]
pub(super) struct PauseView {
    /// Sign-in name; of who used the operator's program, the ARN of their identity.
    by: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

impl PauseView {
    pub(super) fn of(pause: &Pause) -> Self {
        Self { by: pause.by.clone(), at: pause.at }
    }
}

impl App {
    /// The caller, who looks after the queues.
    ///
    /// # Errors
    /// 404 for every other role.
    pub(super) async fn operator(&self, token: &Token) -> Result<Reviewer, Problem> {
        let caller = self.caller(token).await?;
        let reviewer = caller.reviewer()?;
        operates(reviewer)?;
        Ok(reviewer.clone())
    }

    /// Notes a change with the change itself.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub(super) fn note_operation(
        &self,
        transaction: &mut Transaction,
        token: &Token,
        operation: &str,
        on: Vec<String>,
    ) -> Result<(), table::Error> {
        let (at, by) = (self.now(), token.username.to_string());
        let access = Access { what: on.first().cloned(), ..self.access(token, operation, true) };
        let shown = Shown { access, shown: on.iter().skip(1).cloned().collect() };
        transaction.audit_operation(self.table(), &Operation { at, by, operation: operation.to_owned(), on })?;
        transaction.audit_shown(self.table(), &shown)
    }

    /// Notes what is about to be done in queues.
    ///
    /// # Errors
    /// When the table fails.
    pub(super) fn note<'a>(
        &'a self,
        token: &'a Token,
        operation: &'a str,
        on: Vec<String>,
    ) -> BoxFuture<'a, Result<(), table::Error>> {
        Box::pin(async move {
            let mut transaction = Transaction::new();
            self.note_operation(&mut transaction, token, operation, on)?;
            self.table().commit(transaction).await
        })
    }
}

/// A queue as it stands in a path.
///
/// # Errors
/// 404 when there is none of this name.
pub(super) fn lane(name: &str) -> Result<Lane, Problem> {
    name.parse().map_err(|_| Problem::not_found())
}
