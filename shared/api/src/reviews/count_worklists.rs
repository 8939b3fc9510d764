//! How much waits on each worklist that the caller works (REV-01). No member is seen here.

use std::sync::Arc;

use axum::{Json as Answer, extract::State};
use portico_aws::table::reviews::WorkCount;
use portico_domain::{
    caller::{Denied, Reviewer},
    id::ContractId,
    status::Queue,
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::SOON;
use crate::{
    Route,
    app::App,
    caller::Token,
    form::word,
    problem::{Problem, ProblemBody},
    words,
};

/// The route.
#[must_use]
pub(super) fn route() -> Route {
    Route::new().routes(routes!(count_worklists))
}

/// The caller's worklists.
#[derive(Serialize, ToSchema)]
struct Worklists {
    /// One for each of the caller's contracts and each list that the caller works; the caller's own list first.
    worklists: Vec<WorklistCount>,
}

/// What waits on the worklist of a contract.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct WorklistCount {
    #[schema(value_type = words::Queue)]
    queue: String,
    contract: String,
    /// Everything on it, up to about a thousand.
    waiting: usize,
    /// Of these, what was due before now.
    overdue: usize,
    /// Of these, what is due in the next 24 hours.
    due_soon: usize,
    /// There is more than was counted.
    more: bool,
}

/// Counts what waits on the caller's worklists.
#[utoipa::path(
    get, path = "/staff/worklists", tag = "reviews",
    responses(
        (status = 200, body = Worklists, description = "Each list that the caller works"),
        (status = 403, body = ProblemBody, description = "The caller works no worklist"),
    ),
    security(("staff" = []))
)]
async fn count_worklists(State(app): State<Arc<App>>, token: Token) -> Result<Answer<Worklists>, Problem> {
    let caller = app.caller(&token).await?;
    let lists = worked(caller.reviewer()?);
    if lists.is_empty() {
        return Err(Denied::Forbidden.into());
    }
    let (now, table) = (app.now(), app.table());
    let soon = now.checked_add(SOON).unwrap_or(now);
    let counts = lists.iter().map(|(queue, contract)| table.count_work((contract, *queue), (now, soon)));
    let counts = futures::future::try_join_all(counts).await?;
    let worklists = lists.iter().zip(counts).map(|(list, count)| WorklistCount::of(list, count)).collect();
    Ok(Answer(Worklists { worklists }))
}

/// The worklists that a reviewer works, the one of their own role first.
fn worked(by: &Reviewer) -> Vec<(Queue, ContractId)> {
    let queues = [Queue::Physician, Queue::Nurse].into_iter().filter(|queue| by.works(*queue));
    queues.flat_map(|queue| by.contracts.iter().map(move |contract| (queue, contract.clone()))).collect()
}

impl WorklistCount {
    fn of((queue, contract): &(Queue, ContractId), count: WorkCount) -> Self {
        Self {
            queue: word(queue),
            contract: contract.to_string(),
            waiting: count.waiting,
            overdue: count.overdue,
            due_soon: count.soon,
            more: count.more,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn a_reviewer_counts_the_lists_that_they_work() {
        let nurse = samples::nurse("nurse.ann");
        let nurse = nurse.reviewer().unwrap();
        assert_eq!(worked(nurse), [(Queue::Nurse, nurse.contracts[0].clone())]);
        let physician = Reviewer { role: portico_domain::caller::StaffRole::Physician, ..nurse.clone() };
        let queues: Vec<Queue> = worked(&physician).into_iter().map(|(queue, _)| queue).collect();
        assert_eq!(queues, [Queue::Physician, Queue::Nurse]);
        let support = Reviewer { role: portico_domain::caller::StaffRole::Support, ..nurse.clone() };
        assert!(worked(&support).is_empty());
    }
}
