//! Support grants an administrator the contract's reports, or withdraws them (ORG-01, ORG-05).
//!
//! Whoever registers a clinic is Group Admin without Reports (ACC-05), and administrators give what they hold. Reports are
//! the contract's: support of the contract grants them at its providers, and sees of a user no other part.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use portico_aws::table::{Transaction, accounts::users::UserFile};
use portico_domain::{
    accounts::Door,
    caller::{Denied, Reviewer},
    events::{Actor, EventKind},
    field::FieldErrors,
    groups::reports::{ReportsError, grant_reports as granted, served},
    id::{ProviderId, Username},
    person::Provider,
    wrong::Wrong,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{parts, people::PartView};
use crate::{
    Route,
    app::App,
    caller::{Fresh, Token},
    json::Json,
    problem::{Problem, ProblemBody},
    version::{IfMatch, etag},
};

/// The routes: what is, and what shall be.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(get_reports, grant_reports))
}

/// Reports at one provider.
#[derive(Deserialize, ToSchema, Default)]
struct Grant {
    /// One of the user's, by a contract of the caller's.
    #[schema(value_type = String, required = true, example = "prv_0197a3c2f0c07d0aa1b2c3d4e5f60718")]
    provider: Option<String>,
    /// True to grant, false to withdraw.
    #[schema(value_type = bool, required = true)]
    reports: Option<bool>,
}

/// Where a user has reports and where not.
#[derive(Serialize, ToSchema)]
struct GrantedReports {
    username: String,
    /// For If-Match.
    version: u64,
    /// The user's parts at providers of the caller's contracts; others are not shown.
    roles: Vec<PartView>,
}

/// Shows where a user has reports.
#[utoipa::path(
    get, path = "/staff/users/{name}/reports", tag = "groups",
    params(("name" = String, Path, description = "Username")),
    responses(
        (status = 200, body = GrantedReports, description = "The user's roles at providers of the caller's contracts", headers(("ETag" = String, description = "Version, for If-Match"))),
        (status = 403, body = ProblemBody, description = "Only support does this"),
        (status = 404, body = ProblemBody, description = "No such user at a provider of the caller's contracts"),
    ),
    security(("staff" = []))
)]
async fn get_reports(State(app): State<Arc<App>>, token: Token, Path(name): Path<String>) -> Result<Response, Problem> {
    let (by, file) = served_user(&app, &token, &name).await?;
    let support = support(&by)?;
    let ids: Vec<ProviderId> = served(support, &file.roles)?.iter().map(|at| at.provider).collect();
    answer(support, &file, &app.table().providers(&ids).await?)
}

/// Grants a user reports at one provider, or withdraws them there.
#[utoipa::path(
    put, path = "/staff/users/{name}/reports", tag = "groups", request_body = Grant,
    params(
        ("name" = String, Path, description = "Username"),
        ("If-Match" = String, Header, description = "Version of the user"),
    ),
    responses(
        (status = 200, body = GrantedReports, description = "So it is; the person is told by e-mail of a change", headers(("ETag" = String, description = "Version, for If-Match"))),
        (status = 403, body = ProblemBody, description = "Only support does this"),
        (status = 404, body = ProblemBody, description = "No such user, or not at such a provider, of the caller's contracts"),
        (status = 412, body = ProblemBody, description = "Changed in the meantime"),
        (status = 422, body = ProblemBody, description = "Fields are wrong, or the user is Staff there: there is no Staff + Reports"),
    ),
    security(("staff" = []))
)]
async fn grant_reports(
    State(app): State<Arc<App>>,
    token: Token,
    Path(name): Path<String>,
    seen: IfMatch,
    body: Json<Grant>,
) -> Result<Response, Problem> {
    let (by, file) = served_user(&app, &token, &name).await?;
    let support = support(&by)?;
    let (provider, reports) = parse(&body.value)?;
    seen.check(file.user.version)?;
    let roles = granted(support, &file.roles, provider, reports)?;
    if roles == file.roles {
        return answer(support, &file, &[]);
    }
    app.proven(&by, &token, Fresh::Others)?;
    let mut after = UserFile { roles, ..file.clone() };
    after.user.version += 1;
    let (table, name) = (app.table(), &after.user.username);
    let changed = EventKind::RolesChanged { roles: parts::news(&file.roles, &after.roles) };
    let mut transaction = Transaction::new();
    transaction.user(table, &after.user, &Actor::User(token.username), vec![changed], app.now())?;
    transaction.roles(table, name, &file.roles, &after.roles)?;
    transaction.witness(table, &by.user.username, by.user.version);
    table.commit(transaction).await?;
    answer(support, &after, &[])
}

/// The caller, who is support, and a provider user with a part at a provider of the caller's contracts.
async fn served_user(app: &App, token: &Token, name: &str) -> Result<(UserFile, UserFile), Problem> {
    let name: Username = name.parse().map_err(|_| Problem::not_found())?;
    let (by, file) = futures::join!(app.caller_file(token), app.table().user_file(&name));
    let (by, file) = (by?, file?.filter(|file| file.user.door == Door::Provider));
    served(support(&by)?, file.as_ref().map_or(&[], |file| &file.roles))?;
    Ok((by, file.ok_or(Denied::Hidden)?))
}

fn support(by: &UserFile) -> Result<&Reviewer, Denied> {
    by.user.post().ok_or(Denied::Hidden)
}

fn answer(support: &Reviewer, file: &UserFile, providers: &[Provider]) -> Result<Response, Problem> {
    let (username, version) = (file.user.username.to_string(), file.user.version);
    let roles = served(support, &file.roles)?.into_iter().map(|at| PartView::of(at, providers)).collect();
    Ok(([etag(version)], Answer(GrantedReports { username, version, roles })).into_response())
}

fn parse(body: &Grant) -> Result<(ProviderId, bool), Problem> {
    let mut errors = FieldErrors::none();
    let provider: Option<ProviderId> = errors.parse("/provider", body.provider.as_deref());
    if body.reports.is_none() {
        let text = "Send true to grant reports, or false to withdraw them.";
        errors.add("/reports", Wrong::Missing.says(text));
    }
    Ok(errors.finish(provider.zip(body.reports))?)
}

impl From<ReportsError> for Problem {
    fn from(error: ReportsError) -> Self {
        match error {
            ReportsError::Denied(denied) => denied.into(),
            ReportsError::NoStaffReports => Self::invalid_field("/reports", Wrong::NoReportsForStaff.says(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// REQ: ORG-05
    #[test]
    fn a_grant_names_its_provider_and_says_what_shall_be() {
        let of = |json: &str| parse(&serde_json::from_str(json).unwrap()).map_err(|problem| problem.pointers());
        let id = "prv_00000000000000000000000000000001";
        assert_eq!(of(&format!(r#"{{"provider":"{id}","reports":false}}"#)), Ok((id.parse().unwrap(), false)));
        assert_eq!(of(r#"{"provider":"x"}"#), Err(vec!["/provider".to_owned(), "/reports".to_owned()]));
        assert_eq!(of("{}"), Err(vec!["/provider".to_owned(), "/reports".to_owned()]));
    }
}
