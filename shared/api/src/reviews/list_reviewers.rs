//! Who may work a worklist, and how much each has: what a lead needs to give requests to one another (REV-11). No member is
//! seen here.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use jiff::Timestamp;
use portico_aws::table::cases::lists::CaseSummary;
use portico_domain::{
    accounts::User,
    caller::{Denied, Reviewer},
    contracts::Contract,
    field::FieldErrors,
    id::{ContractId, Username},
    reviews,
    status::Queue,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use super::lasts;
use crate::{
    Route,
    app::App,
    caller::Token,
    page::Query,
    problem::{Problem, ProblemBody},
    words,
};

/// People that are looked through at once, of each contract.
const LOOK: i32 = 100;
/// How often.
const ROUNDS: usize = 10;
/// Requests that are counted at once, of each contract, those that are due first.
const COUNT: u8 = 250;
/// How often.
const COUNTS: usize = 4;

/// The route.
#[must_use]
pub(super) fn route() -> Route {
    Route::new().routes(routes!(list_reviewers))
}

/// Whose.
#[derive(Deserialize, IntoParams, Default)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// One of the caller's contracts; all of them when absent.
    contract: Option<String>,
}

/// Reviewers of a worklist.
#[derive(Serialize, ToSchema)]
struct Reviewers {
    /// By username.
    reviewers: Vec<ReviewerView>,
}

/// Somebody who works a worklist.
#[derive(Serialize, ToSchema)]
struct ReviewerView {
    #[schema(example = "nurse.ann")]
    username: String,
    /// As it stands in letters.
    name: String,
    /// Of the contracts that were asked for, those that they work for.
    contracts: Vec<String>,
    /// How many requests of the worklist they have, of the thousand of each contract that are due first.
    holds: usize,
}

/// Lists who works a worklist.
#[utoipa::path(
    get, path = "/staff/worklists/{queue}/reviewers", tag = "reviews",
    params(("queue" = inline(words::Queue), Path, description = "Which worklist"), Filter),
    responses(
        (status = 200, body = Reviewers, description = "Whoever may work it now"),
        (status = 403, body = ProblemBody, description = "The caller does not lead the reviewers of this worklist"),
        (status = 404, body = ProblemBody, description = "No such worklist, or not one of the caller's contracts"),
        (status = 422, body = ProblemBody, description = "Fields are wrong"),
    ),
    security(("staff" = []))
)]
async fn list_reviewers(
    State(app): State<Arc<App>>,
    token: Token,
    Path(queue): Path<String>,
    query: Query<Filter>,
) -> Result<Answer<Reviewers>, Problem> {
    let queue: Queue = queue.parse().map_err(|_| Problem::not_found())?;
    let mut errors = FieldErrors::none();
    let contract = errors.parse_optional("/contract", query.0.contract.as_deref());
    errors.into_result()?;
    let caller = app.caller(&token).await?;
    let contracts = led(caller.reviewer()?, queue, contract)?;
    let of = contracts.iter().map(|contract| work(&app, contract, queue));
    let all = futures::future::try_join_all(of).await?;
    let mut reviewers = BTreeMap::new();
    for (contract, of) in contracts.iter().zip(&all) {
        count(&mut reviewers, (contract, queue), of, app.now());
    }
    Ok(Answer(Reviewers { reviewers: reviewers.into_values().collect() }))
}

/// The contracts whose reviewers the caller leads: the one asked for, or all of theirs.
fn led(by: &Reviewer, queue: Queue, asked: Option<ContractId>) -> Result<Vec<ContractId>, Denied> {
    match asked {
        Some(contract) if !by.contracts.contains(&contract) => Err(Denied::Hidden),
        _ if !by.leads(queue) => Err(Denied::Forbidden),
        Some(contract) => Ok(vec![contract]),
        None => Ok(by.contracts.clone()),
    }
}

/// A contract, its staff, and the requests of its worklist that are due first.
struct Work {
    pack: Option<Arc<Contract>>,
    staff: Vec<User>,
    waiting: Vec<(String, CaseSummary)>,
}

async fn work(app: &App, contract: &ContractId, queue: Queue) -> Result<Work, Problem> {
    let pack = app.table().contract(contract, app.now());
    let (pack, staff, waiting) = futures::join!(pack, staff(app, contract), waiting(app, contract, queue));
    Ok(Work { pack: pack?, staff: staff?, waiting: waiting? })
}

async fn waiting(app: &App, contract: &ContractId, queue: Queue) -> Result<Vec<(String, CaseSummary)>, Problem> {
    let mut waiting: Vec<(String, CaseSummary)> = Vec::new();
    for _ in 0..COUNTS {
        let after = waiting.last().map(|(place, _)| place.clone());
        let page = app.table().worklist(contract, queue, after.as_deref(), COUNT).await?;
        let full = page.len() >= usize::from(COUNT);
        waiting.extend(page);
        if !full {
            break;
        }
    }
    Ok(waiting)
}

async fn staff(app: &App, contract: &ContractId) -> Result<Vec<User>, Problem> {
    let mut staff: Vec<User> = Vec::new();
    for _ in 0..ROUNDS {
        let after = staff.last().map(|user| user.username.clone());
        let page = app.table().staff_of(contract, after.as_ref(), LOOK).await?;
        let full = page.len() >= usize::try_from(LOOK).unwrap_or_default();
        staff.extend(page);
        if !full {
            break;
        }
    }
    Ok(staff)
}

/// Adds the reviewers of one contract, with what each has of its worklist.
fn count(
    reviewers: &mut BTreeMap<Username, ReviewerView>,
    (contract, queue): (&ContractId, Queue),
    of: &Work,
    now: Timestamp,
) {
    for post in of.staff.iter().filter_map(|user| reviews::reviewer(Some(user), queue, contract)) {
        let theirs = |(_, entry): &&(String, CaseSummary)| {
            entry.claimed_by.as_ref() == Some(&post.username) && lasts(entry, of.pack.as_deref(), now)
        };
        let view = reviewers.entry(post.username.clone()).or_insert_with(|| ReviewerView {
            username: post.username.to_string(),
            name: post.name.clone(),
            contracts: Vec::new(),
            holds: 0,
        });
        view.contracts.push(contract.to_string());
        view.holds += of.waiting.iter().filter(theirs).count();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::samples;

    fn user(name: &str, role: &str, state: &str) -> User {
        serde_json::from_value(json!({
            "username": name, "version": 1, "state": { "is": state, "since": "2026-05-01T00:00:00Z" },
            "contact": {
                "firstName": "Ann", "lastName": "Lee", "email": "ann@example.org", "fax": "501-555-0123",
                "address": { "line1": "1 Review Plaza", "city": "Little Rock", "state": "AR", "zip": "72201" },
            },
            "door": { "staff": {
                "username": name, "name": "Ann Lee", "role": role, "credential": "RN", "specialty": null,
                "license": null, "contracts": ["arkansas"],
            } },
            "rules": {
                "enrolment-days": 2, "lock-after-failures": 3, "dormant-days": 90, "idle-minutes": 15,
                "absolute-hours": 10,
            },
        }))
        .unwrap()
    }

    #[test]
    fn only_who_leads_a_worklist_sees_who_works_it() {
        let by = |role: &str, lead: bool| -> Reviewer {
            let post = user("lea", role, "active").post().unwrap().clone();
            Reviewer { lead, ..post }
        };
        let contract = |name: &str| Some(name.parse().unwrap());
        assert_eq!(led(&by("nurse", true), Queue::Nurse, None).unwrap().len(), 1);
        assert_eq!(led(&by("nurse", true), Queue::Physician, None), Err(Denied::Forbidden));
        assert_eq!(led(&by("nurse", false), Queue::Nurse, None), Err(Denied::Forbidden));
        assert_eq!(led(&by("physician", true), Queue::Nurse, contract("arkansas")), Err(Denied::Forbidden));
        assert_eq!(led(&by("nurse", true), Queue::Nurse, contract("colorado")), Err(Denied::Hidden));
        assert!(led(&by("contract-manager", false), Queue::Physician, contract("arkansas")).is_ok());
    }

    #[test]
    fn a_list_says_who_may_work_it_now_and_how_much_each_has() {
        let pack = samples::contract();
        let entry = CaseSummary::of(&samples::claimed("ann"), &pack.calendar).unwrap();
        let of = Work {
            staff: vec![
                user("ann", "nurse", "active"),
                user("bob", "nurse", "active"),
                user("cyd", "nurse", "deactivated"),
                user("dan", "intake", "active"),
            ],
            waiting: vec![("1".to_owned(), entry.clone()), ("2".to_owned(), entry)],
            pack: Some(pack.clone().into()),
        };
        let listed = |now: &str| {
            let mut all = BTreeMap::new();
            count(&mut all, (&pack.id, Queue::Nurse), &of, now.parse().unwrap());
            all.into_values().map(|one| (one.username, one.holds)).collect::<Vec<_>>()
        };
        assert_eq!(listed(samples::MORNING), [("ann".to_owned(), 2), ("bob".to_owned(), 0)]);
        assert_eq!(listed("2026-06-07T15:00:00Z")[0].1, 0, "what was left for too long is nobody's");
    }
}
