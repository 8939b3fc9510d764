//! Lists the imports of files, newest first, each with a link to its rejects (ORG-10). For operations and contract
//! managers, of their contracts.

use std::{sync::Arc, time::Duration};

use axum::{Json as Answer, extract::State};
use jiff::Timestamp;
use portico_domain::{
    caller::{Denied, Reviewer, StaffRole},
    feeds::import::{Import, ImportState},
    field::FieldErrors,
    id::ContractId,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use crate::{
    Route,
    app::App,
    caller::Token,
    page::{Page, Query, cursor},
    problem::{Problem, ProblemBody},
    words,
};

/// How long a link to a report works.
const LINK: Duration = Duration::from_mins(5);

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(list_imports))
}

/// Which imports.
#[derive(Deserialize, IntoParams, Default)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// One of the caller's contracts; all of them when absent.
    contract: Option<String>,
    /// Imports on a page: 1 to 50, usually 25.
    limit: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// A page of imports.
#[derive(Serialize, ToSchema)]
struct Imports {
    /// The newest first.
    items: Vec<ImportView>,
    /// The cursor of the next page, while there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// What became of a file.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ImportView {
    contract: String,
    /// `providers` or `members`.
    #[schema(value_type = words::FeedKind)]
    kind: String,
    /// Name of the file.
    file: String,
    /// `running`, `done` or `refused`.
    #[schema(value_type = words::ImportState)]
    state: &'static str,
    /// Why the file as a whole was not taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    arrived: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    began: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    ended: Option<Timestamp>,
    /// Rows so far.
    read: u64,
    new: u64,
    changed: u64,
    unchanged: u64,
    rejected: u64,
    /// Cases of temporary members that were given the real one.
    merged: u64,
    /// Temporary members that a person has to look at.
    undecided: Vec<UndecidedView>,
    /// The rows that were not taken, where there are some, as CSV; works for five minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    rejects: Option<String>,
    /// How much was seen in rows that were taken.
    remarks: u64,
    /// What, as CSV; works for five minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    remarks_report: Option<String>,
}

/// A temporary member who was not merged.
#[derive(Serialize, ToSchema)]
struct UndecidedView {
    temporary: String,
    reason: String,
}

/// Lists imports of files.
#[utoipa::path(
    get, path = "/staff/imports", tag = "feeds", params(Filter),
    responses(
        (status = 200, body = Imports, description = "A page, possibly empty"),
        (status = 403, body = ProblemBody, description = "The caller's role does not see imports"),
        (status = 404, body = ProblemBody, description = "Not one of the caller's contracts"),
        (status = 422, body = ProblemBody, description = "Fields are wrong"),
    ),
    security(("staff" = []))
)]
async fn list_imports(
    State(app): State<Arc<App>>,
    token: Token,
    query: Query<Filter>,
) -> Result<Answer<Imports>, Problem> {
    let (contract, page) = parse(&query.0)?;
    let caller = app.caller(&token).await?;
    let what = contract.as_ref().map(ToString::to_string).unwrap_or_default();
    let contracts = chosen(caller.reviewer()?, contract).map_err(|denied| Problem::from(denied).asked(what))?;
    let before = page.after.as_deref();
    let lists = contracts.iter().map(|contract| app.table().imports(contract, before, page.limit));
    let lists: Result<Vec<_>, _> = futures::future::join_all(lists).await.into_iter().collect();
    let (imports, next) = merge(lists?, usize::from(page.limit));
    let items = futures::future::join_all(imports.into_iter().map(|import| view(&app, import))).await;
    Ok(Answer(Imports { items: items.into_iter().collect::<Result<_, _>>()?, next }))
}

fn parse(query: &Filter) -> Result<(Option<ContractId>, Page), FieldErrors> {
    let mut errors = FieldErrors::none();
    let contract = errors.parse_optional("/contract", query.contract.as_deref());
    let page = Page::parse(&mut errors, (query.limit.as_deref(), query.cursor.as_deref()), (25, 50), is_place);
    errors.finish(Some((contract, page)))
}

/// `IMPORT#time#hash`: the place of an import in its contract's list.
fn is_place(text: &str) -> bool {
    let parts: Vec<&str> = text.split('#').collect();
    matches!(parts[..], ["IMPORT", at, id] if at.parse::<Timestamp>().is_ok() && id.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// The contracts to look at, if the caller's role sees imports.
fn chosen(reviewer: &Reviewer, asked: Option<ContractId>) -> Result<Vec<ContractId>, Denied> {
    match (reviewer.role, asked) {
        (_, Some(contract)) if !reviewer.contracts.contains(&contract) => Err(Denied::Hidden),
        (StaffRole::Operations | StaffRole::ContractManager, Some(contract)) => Ok(vec![contract]),
        (StaffRole::Operations | StaffRole::ContractManager, None) => Ok(reviewer.contracts.clone()),
        (StaffRole::Intake | StaffRole::Nurse | StaffRole::Physician | StaffRole::Support, _) => Err(Denied::Forbidden),
    }
}

/// The newest of several contracts' imports, and the cursor of what follows.
fn merge(lists: Vec<Vec<(String, Import)>>, limit: usize) -> (Vec<Import>, Option<String>) {
    let mut entries: Vec<_> = lists.into_iter().flatten().collect();
    entries.sort_by(|a, b| b.0.cmp(&a.0));
    let more = entries.len() > limit;
    entries.truncate(limit);
    let next = entries.last().filter(|_| more).map(|(place, _)| cursor(place));
    (entries.into_iter().map(|(_, import)| import).collect(), next)
}

async fn view(app: &App, import: Import) -> Result<ImportView, Problem> {
    let (state, ended, reason) = match import.state {
        ImportState::Running { .. } => ("running", None, None),
        ImportState::Done { at } => ("done", Some(at), None),
        ImportState::Refused { at, reason } => ("refused", Some(at), Some(reason)),
    };
    let link = async |key: String, version: Option<&str>| {
        let link = app.aws.files().link_to_version((&app.aws.config().feeds_bucket, &key, version), LINK).await;
        link.map_err(|error| Problem::unavailable(&error))
    };
    // A file that was refused as a whole has its one line there.
    let rejects = match (ended, import.counts.rejected) {
        (None, _) => None,
        (_, 0) if reason.is_none() => None,
        _ => Some(link(import.file.rejects(), import.report.as_deref()).await?),
    };
    let remarks_report = match (ended, import.remarks) {
        (None, _) | (_, 0) => None,
        _ => Some(link(import.file.remarks(), import.remarks_report.as_deref()).await?),
    };
    let undecided = import.undecided.into_iter();
    Ok(ImportView {
        contract: import.file.contract.to_string(),
        kind: import.file.kind.to_string(),
        file: if import.misnamed { import.file.name } else { format!("{}.csv", import.file.name) },
        state,
        reason,
        arrived: import.arrived,
        began: import.began,
        ended,
        read: import.counts.read,
        new: import.counts.new,
        changed: import.counts.changed,
        unchanged: import.counts.unchanged,
        rejected: import.counts.rejected,
        merged: import.merged,
        undecided: undecided
            .map(|left| UndecidedView { temporary: left.temporary.to_string(), reason: left.reason })
            .collect(),
        rejects,
        remarks: import.remarks,
        remarks_report,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    /// REQ: ORG-10
    #[test]
    fn operations_and_contract_managers_see_imports_of_their_contracts() {
        let nurse = samples::nurse("nurse.ann");
        let nurse = nurse.reviewer().unwrap().clone();
        let contract = |name: &str| Some(name.parse().unwrap());
        assert_eq!(chosen(&nurse, None), Err(Denied::Forbidden));
        assert_eq!(chosen(&nurse, contract("colorado")), Err(Denied::Hidden));
        for role in [StaffRole::Operations, StaffRole::ContractManager] {
            let manager = Reviewer { role, ..nurse.clone() };
            assert_eq!(chosen(&manager, None).unwrap(), manager.contracts);
            assert_eq!(chosen(&manager, contract("colorado")), Err(Denied::Hidden));
            assert_eq!(chosen(&manager, contract("arkansas")).unwrap().len(), 1);
        }
        assert!(
            is_place("IMPORT#2026-05-07T15:00:00Z#0a1b") && !is_place("IMPORT#today#0a1b") && !is_place("CASE#1#2")
        );
    }
}
