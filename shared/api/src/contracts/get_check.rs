//! Gives an answer to "is authorization required?" by its number (CASE-16): as it was given, whatever the rules say now. Whoever
//! works for a group of the one who asked sees it, and staff of the contract whose work is with cases.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use portico_domain::{caller::Denied, contracts::check::Check, id::CheckNumber};
use utoipa_axum::routes;

use super::view_check::CheckView;
use crate::{
    Route,
    app::App,
    caller::Token,
    doors,
    problem::{Problem, ProblemBody},
};

/// The routes.
#[must_use]
pub fn route() -> Route {
    doors::at_both(Route::new().routes(routes!(get_check)))
}

/// Gives an answer by its number.
#[utoipa::path(
    get, path = "/checks/{number}", tag = "contracts",
    params(("number" = String, Path, description = "The number that it was given under, as CK263320001")),
    responses(
        (status = 200, body = CheckView, description = "The answer, as it was given"),
        (status = 404, body = ProblemBody, description = "No such answer, or none that the caller may see"),
    ),
    security(("provider" = []))
)]
async fn get_check(
    State(app): State<Arc<App>>,
    token: Token,
    Path(number): Path<String>,
) -> Result<Answer<CheckView>, Problem> {
    let hidden = || Problem::from(Denied::Hidden).asked(number.clone());
    let found = async {
        match number.parse::<CheckNumber>() {
            Ok(number) => Ok(app.table().check(&number).await?),
            Err(_) => Ok::<_, Problem>(None),
        }
    };
    let (caller, found) = futures::join!(app.caller(&token), found);
    let caller = caller?;
    let check: Check = found?.filter(|check| check.is_seen_by(&caller)).ok_or_else(hidden)?;
    let member = async {
        match check.member {
            Some(member) => Ok(app.table().member(member).await?),
            None => Ok::<_, Problem>(None),
        }
    };
    let shown = [check.number.to_string()].into_iter().chain(check.member.map(|member| member.to_string())).collect();
    let audited = app.audit_shown(&token, "get-check", Some(check.number.to_string()), shown);
    let (member, contract, audited) = futures::join!(member, app.contract(&check.contract), audited);
    audited?;
    Ok(Answer(CheckView::of(&check, member?.as_ref(), &*contract?)))
}
