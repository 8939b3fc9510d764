//! Lists the faxes that wait for intake, the one that waits longest first, and shows one with its pages (LTR-08). Who looked is noted
//! before anything is shown: a page is full of what concerns a member.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use jiff::Timestamp;
use portico_aws::files::fax_page;
use portico_domain::{
    caller::{Denied, Reviewer, StaffRole},
    contracts::Contract,
    delivery::{
        intake::still_intake,
        received::{Kept, ReceivedFax},
    },
    field::FieldErrors,
    id::{ContractId, FaxId, Username},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use super::view_fax::FaxView;
use crate::{
    Route,
    app::App,
    caller::Token,
    page::{Page, Query},
    problem::{Problem, ProblemBody},
};

/// How long the address of a page works.
const VALID: Duration = Duration::from_mins(5);

/// The routes.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(list_faxes)).routes(routes!(get_fax))
}

/// Which part of the list.
#[derive(Deserialize, IntoParams, Default)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// One of the caller's contracts; all of them when absent.
    contract: Option<String>,
    /// Faxes on a page: 1 to 50, usually 25.
    limit: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// A page of the faxes that wait.
#[derive(Serialize, ToSchema)]
struct Faxes {
    /// The one that waits longest first.
    items: Vec<FaxView>,
    /// The cursor of the next page, while there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A fax with its pages.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ShownFax {
    #[serde(flatten)]
    fax: FaxView,
    /// Where the picture of each page is fetched, without a token: PNG.
    pages: Vec<String>,
    /// When these addresses stop working.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// Lists the faxes that wait for intake.
#[utoipa::path(
    get, path = "/staff/faxes", tag = "delivery", params(Filter),
    responses(
        (status = 200, body = Faxes, description = "A page, possibly empty"),
        (status = 403, body = ProblemBody, description = "The caller's role does no intake"),
        (status = 404, body = ProblemBody, description = "Not one of the caller's contracts"),
        (status = 422, body = ProblemBody, description = "Fields are wrong"),
    ),
    security(("staff" = []))
)]
async fn list_faxes(State(app): State<Arc<App>>, token: Token, query: Query<Filter>) -> Result<Answer<Faxes>, Problem> {
    let (contract, page) = parse(&query.0)?;
    let caller = app.caller(&token).await?;
    let what = contract.as_ref().map(ToString::to_string);
    let contracts = chosen(caller.reviewer()?, contract)
        .map_err(|denied| Problem::from(denied).asked(what.clone().unwrap_or_default()))?;
    let lists = contracts.iter().map(|of| app.table().intake(of, page.after.as_deref(), page.limit + 1));
    let (faxes, next) = page.of_all(futures::future::try_join_all(lists).await?);
    let shown = faxes.iter().map(|fax| fax.id.to_string()).collect();
    let (audited, items) = futures::join!(app.audit_shown(&token, "list-faxes", what, shown), views(&app, &faxes));
    audited?;
    Ok(Answer(Faxes { items: items?, next }))
}

/// Shows a fax with its pages.
#[utoipa::path(
    get, path = "/staff/faxes/{fax}", tag = "delivery",
    params(("fax" = String, Path, description = "Id of the fax")),
    responses(
        (status = 200, body = ShownFax, description = "With addresses of its pages for five minutes"),
        (status = 403, body = ProblemBody, description = "The caller's role does no intake"),
        (status = 404, body = ProblemBody, description = "No such fax, or of another contract"),
    ),
    security(("staff" = []))
)]
async fn get_fax(
    State(app): State<Arc<App>>,
    token: Token,
    Path(id): Path<String>,
) -> Result<Answer<ShownFax>, Problem> {
    let (_, fax, kept, _) = app.fax(&token, &id, "get-fax").await?;
    let (files, bucket, id) = (app.aws.files(), &app.aws.config().documents_bucket, fax.id);
    let links = (1..=kept.file.pages).map(|page| async move {
        let key = fax_page(id, page);
        files.link_to_version((bucket, &key, None), VALID).await
    });
    let links = futures::future::try_join_all(links).await.map_err(|error| Problem::unavailable(&error))?;
    let expires_at = app.now().checked_add(VALID).unwrap_or_else(|_| app.now());
    let access = app.access(&token, "get-fax", true);
    let (audited, views) =
        futures::join!(app.table().audit_fax(fax.id, &access), views(&app, std::slice::from_ref(&fax)));
    audited?;
    let view = views?.pop().ok_or_else(Problem::not_found)?;
    Ok(Answer(ShownFax { fax: view, pages: links, expires_at }))
}

fn parse(query: &Filter) -> Result<(Option<ContractId>, Page), FieldErrors> {
    let mut errors = FieldErrors::none();
    let contract = errors.parse_optional("/contract", query.contract.as_deref());
    let page = Page::parse(&mut errors, (query.limit.as_deref(), query.cursor.as_deref()), (25, 50), is_place);
    errors.finish(Some((contract, page)))
}

/// `time#fax_…`: the place of a fax among those that wait.
fn is_place(text: &str) -> bool {
    text.split_once('#').is_some_and(|(at, fax)| at.parse::<Timestamp>().is_ok() && fax.parse::<FaxId>().is_ok())
}

/// The contracts to look at: the one asked for, if it is the caller's, else all of theirs.
fn chosen(reviewer: &Reviewer, asked: Option<ContractId>) -> Result<Vec<ContractId>, Denied> {
    match asked {
        Some(contract) => reviewer.may_intake(&contract).map(|()| vec![contract]),
        None if reviewer.role == StaffRole::Intake => Ok(reviewer.contracts.clone()),
        None => Err(Denied::Forbidden),
    }
}

/// The faxes as they are shown, those without their claims whose holders may not work on them any more.
async fn views(app: &App, faxes: &[ReceivedFax]) -> Result<Vec<FaxView>, Problem> {
    let now = app.now();
    let mut views = Vec::new();
    for (fax, kept) in faxes.iter().filter_map(|fax| Some((fax, fax.kept()?))) {
        let contract = app.contract(&kept.contract).await?;
        views.push((FaxView::of(fax, kept, &contract, now), &kept.contract));
    }
    let names: Vec<Username> = views.iter().filter_map(|(view, _)| view.holder()?.parse().ok()).collect();
    let users = app.table().users(names.iter().collect::<BTreeSet<_>>()).await?;
    let shown = |(view, contract): (FaxView, &ContractId)| {
        let holder = view.holder().and_then(|name| name.parse::<Username>().ok());
        let works = holder.is_some_and(|name| still_intake(users.get(&name), contract));
        if works { view } else { view.without_claim() }
    };
    Ok(views.into_iter().map(shown).collect())
}

impl App {
    /// A fax with its contract, for the intake of that. One that is not fetched yet is not there.
    pub(super) async fn fax(
        &self,
        token: &Token,
        id: &str,
        operation: &str,
    ) -> Result<(Reviewer, ReceivedFax, Kept, Arc<Contract>), Problem> {
        let id: FaxId = id.parse().map_err(|_| Problem::not_found())?;
        let (caller, fax) = futures::join!(self.caller(token), self.table().received_fax(id));
        let (caller, fax) = (caller?, fax?);
        let reviewer = caller.reviewer()?.clone();
        let kept = fax.as_ref().and_then(|fax| fax.kept().cloned());
        let (fax, kept) = fax.zip(kept).ok_or(Denied::Hidden)?;
        if let Err(denied) = reviewer.may_intake(&kept.contract) {
            self.table().audit_fax(id, &self.access(token, operation, false)).await?;
            return Err(Problem::from(denied).noted());
        }
        let contract = self.contract(&kept.contract).await?;
        Ok((reviewer, fax, kept, contract))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn only_intake_of_a_contract_lists_its_faxes() {
        let nurse = samples::nurse("nurse.ann");
        let nurse = nurse.reviewer().unwrap();
        let clerk = Reviewer { role: StaffRole::Intake, ..nurse.clone() };
        let own: ContractId = nurse.contracts[0].clone();
        assert_eq!(chosen(&clerk, None), Ok(vec![own.clone()]));
        assert_eq!(chosen(&clerk, Some(own.clone())), Ok(vec![own.clone()]));
        assert_eq!(chosen(&clerk, "colorado".parse().ok()), Err(Denied::Hidden));
        assert_eq!((chosen(nurse, None), chosen(nurse, Some(own))), (Err(Denied::Forbidden), Err(Denied::Forbidden)));
    }

    #[test]
    fn a_place_is_a_time_and_a_fax() {
        assert!(is_place("2026-05-07T15:00:00Z#fax_0197a3c2f0c07d0aa1b2c3d4e5f60718"));
        assert!(!is_place("2026-05-07T15:00:00Z#doc_0197a3c2f0c07d0aa1b2c3d4e5f60718") && !is_place("0#fax_1"));
    }
}
