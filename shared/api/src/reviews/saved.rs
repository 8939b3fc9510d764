//! Saves what a reviewer did to a request, unless the case was changed at the same moment: that is to be looked at first.

use portico_aws::table::{Guard, Transaction};
use portico_domain::{
    cases::request::Request,
    id::{CaseKey, RequestNumber},
};

use crate::{app::App, form::word, problem::Problem};

/// # Errors
/// With where the request stands now, when the case was changed at the same moment.
pub(super) async fn save(
    app: &App,
    transaction: Transaction,
    (case, number): (CaseKey, RequestNumber),
    before: &str,
) -> Result<(), Problem> {
    match app.table().commit(transaction).await {
        Err(error) if error.refused(Guard::Version) => {
            let status = app.reload(case).await?.request(number).map(Request::status);
            let detail = format!("The case was changed at the same moment. Look at it again before you {before}.");
            Err(Problem::conflict(detail, status.map(|status| word(&status)).unwrap_or_default()))
        }
        saved => Ok(saved?),
    }
}
