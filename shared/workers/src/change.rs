//! Changes a case because something is due, decided anew from what is stored for as long as others change it at the same moment: of
//! several who do it at once, one does.

use std::sync::Arc;

use jiff::Timestamp;
use portico_aws::{
    Aws, clock,
    pause::Pause,
    table::{Guard, Transaction},
};
use portico_domain::{
    cases::{Case, Change},
    contracts::Contract,
    events::Actor,
    id::CaseKey,
    reviews::worksheet,
};

use crate::failure::{Failure, found};

/// What is due for a case, by which contract, and what is said of it.
pub(crate) type Due<T> = Option<(Change, Arc<Contract>, T)>;

/// Changes a case as is due; gives what was said of the change, if there was one.
///
/// # Errors
/// When there is no such case, it cannot be loaded or saved, or others change it again and again.
pub(crate) async fn change<T>(
    aws: &Aws,
    key: CaseKey,
    due: impl AsyncFn(&Case, Timestamp) -> Result<Due<T>, Failure>,
) -> Result<Option<T>, Failure> {
    let (table, mut pause) = (aws.table(), Pause::short());
    loop {
        let (now, case) = (clock::now(), found(Box::pin(table.case(key)).await?, "case")?);
        let Some((change, contract, said)) = Box::pin(due(&case, now)).await? else { return Ok(None) };
        let mut transaction = Transaction::new();
        transaction.case(table, &change, &contract.calendar, &Actor::System)?;
        for request in worksheet::ended(&case, &change.case) {
            transaction.end_worksheet(table, case.key, request);
        }
        match Box::pin(table.commit(transaction)).await {
            Err(error) if error.refused(Guard::Version) && pause.again().await => {}
            saved => return Ok(saved.map(|()| Some(said))?),
        }
    }
}
