//! Support unlocks an account, or brings one back that was not used for too long (ACC-14, ACC-15). Nobody else can.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use portico_aws::table::{Transaction, accounts::users::UserFile};
use portico_domain::{
    accounts::{Door, dormancy::Usage},
    caller::{Denied, Reviewer, StaffRole},
    events::Actor,
    id::Username,
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::{
    Route,
    account::forget,
    app::App,
    caller::Token,
    problem::{Problem, ProblemBody},
    version::etag,
    words,
};

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(unlock_user))
}

/// An account that may be used again.
#[derive(Serialize, ToSchema)]
struct UnlockedUser {
    username: String,
    /// `active`.
    #[schema(value_type = words::UserState)]
    state: &'static str,
}

/// Unlocks or reactivates an account.
#[utoipa::path(
    post, path = "/staff/users/{name}/unlock", tag = "groups",
    params(("name" = String, Path, description = "Username")),
    responses(
        (status = 200, body = UnlockedUser, description = "It may be used again; once more changes nothing", headers(("ETag" = String, description = "Version, for If-Match"))),
        (status = 403, body = ProblemBody, description = "Only support does this"),
        (status = 404, body = ProblemBody, description = "No such user in the caller's contracts"),
        (status = 409, body = ProblemBody, description = "Not locked: taken out by an administrator, or not enrolled"),
    ),
    security(("staff" = []))
)]
async fn unlock_user(State(app): State<Arc<App>>, token: Token, Path(name): Path<String>) -> Result<Response, Problem> {
    let name: Username = name.parse().map_err(|_| Problem::not_found())?;
    let (table, now) = (app.table(), app.now());
    let (by, file) = futures::join!(app.caller_file(&token), table.user_file(&name));
    let by = by?;
    let file = supported(&by, file?)?;
    let unused = file.is_unused(now);
    if file.user.is_active() && !unused {
        return Ok(answer(&file.user.username, file.user.version));
    }
    let usage = file.usage.as_ref().map_or_else(|| Usage::begins(now), |usage| usage.again(now));
    let (user, unlocked) = file.user.unlocked(unused, now)?;
    let mut transaction = Transaction::new();
    transaction.user(table, &user, &Actor::User(token.username), vec![unlocked], now)?;
    transaction.usage(table, &user, &usage)?;
    forget(&mut transaction, table, &user.username);
    transaction.witness(table, &by.user.username, by.user.version);
    table.commit(transaction).await?;
    Ok(answer(&user.username, user.version))
}

fn answer(name: &Username, version: u64) -> Response {
    ([etag(version)], Answer(UnlockedUser { username: name.to_string(), state: "active" })).into_response()
}

/// The user, when the caller is support of one of the user's contracts, and somebody else.
///
/// # Errors
/// Forbidden to other staff; hidden when there is no such user in the caller's contracts.
pub(super) fn supported(by: &UserFile, file: Option<UserFile>) -> Result<UserFile, Denied> {
    let Door::Staff(support) = &by.user.door else { return Err(Denied::Hidden) };
    if support.role != StaffRole::Support {
        return Err(Denied::Forbidden);
    }
    let file = file.ok_or(Denied::Hidden)?;
    if serves(support, &file) && file.user.username != support.username { Ok(file) } else { Err(Denied::Hidden) }
}

fn serves(support: &Reviewer, file: &UserFile) -> bool {
    match &file.user.door {
        Door::Provider => file.roles.iter().any(|at| support.contracts.contains(&at.contract)),
        Door::Staff(colleague) => colleague.contracts.iter().any(|contract| support.contracts.contains(contract)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn file(name: &str, door: &Value, roles: &[&str]) -> UserFile {
        let user = json!({
            "username": name, "version": 3, "state": {"is": "active", "since": "2026-05-01T00:00:00Z"}, "door": door,
            "contact": {
                "firstName": "Jo", "lastName": "Smith", "email": "jo@example.org", "fax": "501-555-0123",
                "address": {"line1": "12 Elm Street", "city": "Little Rock", "state": "AR", "zip": "72201"},
            },
            "rules": {
                "enrolment-days": 2, "lock-after-failures": 3, "dormant-days": 90, "idle-minutes": 15, "absolute-hours": 10,
            },
        });
        let role = |contract: &&str| {
            json!({
                "provider": "prv_00000000000000000000000000000001", "group": "grp_00000000000000000000000000000002",
                "contract": contract, "role": "staff",
            })
        };
        UserFile {
            user: serde_json::from_value(user).unwrap(),
            roles: roles.iter().map(|contract| serde_json::from_value(role(contract)).unwrap()).collect(),
            sessions: Vec::new(),
            usage: None,
        }
    }

    fn staff(name: &str, role: &str, contract: &str) -> UserFile {
        let reviewer = json!({
            "username": name, "name": "Sam Hill", "role": role, "credential": "", "specialty": null, "license": null,
            "contracts": [contract],
        });
        file(name, &json!({"staff": reviewer}), &[])
    }

    /// REQ: ACC-14, ACC-15
    #[test]
    fn only_support_of_the_users_contract_unlocks() {
        let user = || Some(file("jo.smith", &json!("provider"), &["colorado", "arkansas"]));
        let support = staff("sam", "support", "arkansas");
        assert!(supported(&support, user()).is_ok());
        assert!(supported(&support, Some(staff("ann", "nurse", "arkansas"))).is_ok());
        assert_eq!(supported(&support, Some(staff("sam", "support", "arkansas"))), Err(Denied::Hidden));
        assert_eq!(supported(&staff("sam", "support", "commercial"), user()), Err(Denied::Hidden));
        assert_eq!(supported(&staff("sam", "nurse", "arkansas"), user()), Err(Denied::Forbidden));
        assert_eq!(supported(&file("jo.smith", &json!("provider"), &["arkansas"]), user()), Err(Denied::Hidden));
        assert_eq!(supported(&support, None), Err(Denied::Hidden));
    }
}
