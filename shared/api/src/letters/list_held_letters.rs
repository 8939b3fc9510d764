//! Lists the letters that are held for repair, across cases, the one held longest first (LTR-04): what each lacks, and where. Which cases
//! were shown is noted; of the member nothing is.

use std::{collections::BTreeMap, sync::Arc};

use axum::{Json as Answer, extract::State};
use jiff::Timestamp;
use portico_aws::table::cases::held::{HeldLetter, WrittenFrom};
use portico_domain::{
    caller::{Denied, Reviewer},
    field::FieldErrors,
    id::{CaseKey, ContractId, LetterId, RequestNumber},
    letters::repair,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use super::view_held::HeldLetterView;
use crate::{
    Route,
    app::App,
    caller::Token,
    page::{Page, Query},
    problem::{Problem, ProblemBody},
};

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(list_held_letters))
}

/// Which part of the list.
#[derive(Deserialize, IntoParams, Default)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// One of the caller's contracts; all of them when absent.
    contract: Option<String>,
    /// Letters on a page: 1 to 50, usually 25.
    limit: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// A page of the letters that are held.
#[derive(Serialize, ToSchema)]
struct HeldLetters {
    /// The one held longest first.
    items: Vec<HeldLetterView>,
    /// The cursor of the next page, while there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Lists the letters that are held for repair.
#[utoipa::path(
    get, path = "/staff/held-letters", tag = "letters", params(Filter),
    responses(
        (status = 200, body = HeldLetters, description = "A page, possibly empty"),
        (status = 403, body = ProblemBody, description = "The caller's role repairs no letters"),
        (status = 404, body = ProblemBody, description = "Not one of the caller's contracts"),
        (status = 422, body = ProblemBody, description = "Fields are wrong"),
    ),
    security(("staff" = []))
)]
async fn list_held_letters(
    State(app): State<Arc<App>>,
    token: Token,
    query: Query<Filter>,
) -> Result<Answer<HeldLetters>, Problem> {
    let (contract, page) = parse(&query.0)?;
    let caller = app.caller(&token).await?;
    let what = contract.as_ref().map(ToString::to_string);
    let contracts = chosen(caller.reviewer()?, contract)
        .map_err(|denied| Problem::from(denied).asked(what.clone().unwrap_or_default()))?;
    let lists = contracts.iter().map(|of| app.table().held_letters(of, page.after.as_deref(), page.limit + 1));
    let (found, next) = page.of_all(futures::future::try_join_all(lists).await?);
    let held: Vec<_> = found.iter().filter_map(|held| Some((held, held.from.as_ref()?))).collect();
    let mut keys: Vec<CaseKey> = held.iter().map(|(_, from)| from.case).collect();
    keys.sort_unstable();
    keys.dedup();
    let shown = keys.iter().map(ToString::to_string).collect();
    let (audited, due) = futures::join!(app.audit_shown(&token, "list-held-letters", what, shown), due(&app, keys));
    audited?;
    let due = due?;
    let view = |(held, from): (&HeldLetter, &WrittenFrom)| {
        HeldLetterView::of(held, from, due.get(&(from.case, held.request)).copied())
    };
    Ok(Answer(HeldLetters { items: held.into_iter().map(view).collect(), next }))
}

fn parse(query: &Filter) -> Result<(Option<ContractId>, Page), FieldErrors> {
    let mut errors = FieldErrors::none();
    let contract = errors.parse_optional("/contract", query.contract.as_deref());
    let page = Page::parse(&mut errors, (query.limit.as_deref(), query.cursor.as_deref()), (25, 50), is_place);
    errors.finish(Some((contract, page)))
}

/// `time#ltr_…`: the place of a letter among those that are held.
fn is_place(text: &str) -> bool {
    text.split_once('#')
        .is_some_and(|(at, letter)| at.parse::<Timestamp>().is_ok() && letter.parse::<LetterId>().is_ok())
}

/// The contracts to look at: the one asked for, if it is the caller's, else all of theirs.
fn chosen(reviewer: &Reviewer, asked: Option<ContractId>) -> Result<Vec<ContractId>, Denied> {
    match asked {
        Some(contract) => reviewer.may_repair(&contract).map(|()| vec![contract]),
        None if repair::may(reviewer.role) => Ok(reviewer.contracts.clone()),
        None => Err(Denied::Forbidden),
    }
}

/// When the time of each request of these cases is over that still runs.
async fn due(app: &App, keys: Vec<CaseKey>) -> Result<BTreeMap<(CaseKey, RequestNumber), Timestamp>, Problem> {
    let mut found = BTreeMap::new();
    for case in app.table().cases(keys).await? {
        let contract = app.contract(&case.contract).await?;
        let runs = case.requests.iter().filter_map(|request| {
            let clock = request.clock().filter(|clock| !clock.ended())?;
            Some(((case.key, request.number), clock.due(&contract.calendar)?))
        });
        found.extend(runs);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use portico_domain::caller::StaffRole;

    #[test]
    fn reviewers_and_managers_of_a_contract_list_its_letters() {
        let nurse = samples::nurse("nurse.ann");
        let nurse = nurse.reviewer().unwrap();
        let own = nurse.contracts[0].clone();
        let of = |role| Reviewer { role, ..nurse.clone() };
        for role in [StaffRole::Nurse, StaffRole::Physician, StaffRole::ContractManager] {
            assert_eq!(chosen(&of(role), None), Ok(vec![own.clone()]), "{role}");
            assert_eq!(chosen(&of(role), Some(own.clone())), Ok(vec![own.clone()]), "{role}");
            assert_eq!(chosen(&of(role), "colorado".parse().ok()), Err(Denied::Hidden), "{role}");
        }
        for role in [StaffRole::Intake, StaffRole::Support, StaffRole::Operations] {
            let asked = [None, Some(own.clone())].map(|contract| chosen(&of(role), contract));
            assert_eq!(asked, [Err(Denied::Forbidden), Err(Denied::Forbidden)], "{role}");
        }
    }

    #[test]
    fn a_place_is_a_time_and_a_letter() {
        assert!(is_place("2026-05-07T15:00:00Z#ltr_0197a3c2f0c07d0aa1b2c3d4e5f60718"));
        assert!(!is_place("2026-05-07T15:00:00Z#fax_0197a3c2f0c07d0aa1b2c3d4e5f60718") && !is_place("0#ltr_1"));
    }
}
