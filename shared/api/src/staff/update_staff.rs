//! Edits a member of payer staff: role and what it needs, contracts, out and back in (ACC-18). For Contract Managers, and
//! nobody for themselves.
//!
//! Contracts are given and taken by whoever manages them; everything else by whoever manages all of the person's
//! contracts. Who takes a Contract Manager's post is one and stays: the transaction is held to that, so that of two who
//! take each other's post at once one remains.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use portico_aws::table::{Transaction, accounts::users::UserFile};
use portico_domain::{
    accounts::{Door, User},
    caller::{Denied, Reviewer},
    events::{Actor, EventKind},
    field::FieldErrors,
    groups::ManageError,
    id::Username,
    wrong::Wrong,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{
    own_post,
    post::{PostForm, StaffView},
};
use crate::{
    Route,
    account::{may_invite, relink, rules_of},
    app::App,
    caller::{Fresh, Token},
    json::Json,
    problem::{Problem, ProblemBody},
    version::{IfMatch, etag},
};

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(update_staff))
}

/// What changes; what is absent stays.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase")]
struct StaffEdit {
    post: Option<PostForm>,
    /// True to take the account out; then nothing else.
    deactivate: Option<bool>,
    /// True to bring an account back that was taken out, with a fresh link; then nothing else.
    reactivate: Option<bool>,
}

/// What is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Wanted {
    Post,
    Out,
    Back,
}

/// Edits a member of staff.
#[utoipa::path(
    patch, path = "/staff/users/{name}", tag = "staff", request_body = StaffEdit,
    params(
        ("name" = String, Path, description = "Username"),
        ("If-Match" = String, Header, description = "Version of the person from the list"),
    ),
    responses(
        (status = 200, body = StaffView, description = "Changed; the person was told by e-mail", headers(("ETag" = String, description = "Version, for If-Match"))),
        (status = 403, body = ProblemBody, description = "Only Contract Managers do this, within their contracts, nobody for themselves, and nobody what is an operator's"),
        (status = 404, body = ProblemBody, description = "Nobody of this name in the caller's contracts"),
        (status = 409, body = ProblemBody, description = "Not in this state"),
        (status = 412, body = ProblemBody, description = "Changed in the meantime"),
        (status = 422, body = ProblemBody, description = "Fields are wrong"),
    ),
    security(("staff" = []))
)]
async fn update_staff(
    State(app): State<Arc<App>>,
    token: Token,
    Path(name): Path<String>,
    seen: IfMatch,
    body: Json<StaffEdit>,
) -> Result<Response, Problem> {
    let name: Username = name.parse().map_err(|_| Problem::not_found())?;
    let wanted = parse(&body.value)?;
    let (by, file) = futures::join!(app.caller_file(&token), app.table().user_file(&name));
    let by = by?;
    let own = own_post(&by.user)?;
    own.may_manage_staff()?;
    let file = file?.ok_or(Denied::Hidden)?;
    let post = file.user.post().ok_or(Denied::Hidden)?;
    own.may_see_staff(post)?;
    seen.check(file.user.version)?;
    let changed = match wanted {
        Wanted::Post => edited(&app, own, &file.user, post, body.value.post.as_ref()).await?,
        Wanted::Out => {
            own.may_manage_staff_account(post)?;
            Some(file.user.clone().deactivated(app.now())?)
        }
        Wanted::Back => {
            own.may_manage_staff_account(post)?;
            may_invite(&app, &by.user).await?;
            Some(back(&app, file.user.clone()).await?)
        }
    };
    let Some((user, event)) = changed else { return answer(own, &file.user) };
    app.proven(&by, &token, Fresh::Others)?;
    let mut transaction = write(&app, &by, &file, &user, event).await?;
    transaction.witness(app.table(), &by.user.username, by.user.version);
    app.table().commit(transaction).await?;
    answer(own, &user)
}

fn answer(own: &Reviewer, user: &User) -> Result<Response, Problem> {
    let view = StaffView::of(user, own).ok_or_else(Problem::not_found)?;
    Ok(([etag(user.version)], Answer(view)).into_response())
}

/// The person with another post and the rules of its contracts; none when nothing differs.
async fn edited(
    app: &App,
    own: &Reviewer,
    user: &User,
    before: &Reviewer,
    form: Option<&PostForm>,
) -> Result<Option<(User, EventKind)>, Problem> {
    let Some(form) = form else { return Ok(None) };
    let (mut errors, mut part) = (FieldErrors::none(), FieldErrors::none());
    let post = form.edit(&mut part, before, own.managed());
    errors.nest("/post", part);
    errors.into_result()?;
    if post == *before {
        return Ok(None);
    }
    own.may_change_post(before, &post)?;
    let (rules, _) = rules_of(app, &post.contracts).await?.ok_or_else(Problem::not_found)?;
    let event = EventKind::PostChanged { role: post.role, contracts: post.contracts.clone() };
    let user = User { version: user.version + 1, rules, door: Door::Staff(post), ..user.clone() };
    Ok(Some((user, event)))
}

/// Whom a Contract Manager took out, with a fresh link: password and factor are set anew.
async fn back(app: &App, user: User) -> Result<(User, EventKind), Problem> {
    if !user.is_deactivated() {
        return Err(ManageError::State(user.state.name()).into());
    }
    let nonce = app.fresh_nonce().await?;
    Ok(user.invited_again(nonce, app.now())?)
}

async fn write(
    app: &App,
    by: &UserFile,
    before: &UserFile,
    user: &User,
    event: EventKind,
) -> Result<Transaction, Problem> {
    let (table, now, name) = (app.table(), app.now(), &user.username);
    let mut transaction = Transaction::new();
    transaction.user(table, user, &Actor::User(by.user.username.clone()), vec![event], now)?;
    let works_for = user.post().map(|post| post.contracts.as_slice()).unwrap_or_default();
    let left = before.user.post().map(|post| post.contracts.as_slice()).unwrap_or_default();
    let left: Vec<_> = left.iter().filter(|contract| !works_for.contains(contract)).cloned().collect();
    transaction.leave_contracts(table, name, &left);
    if !user.is_active() {
        transaction.end_sessions(table, name, &table.to_end(name, &before.sessions, now).await?);
    }
    if user.state != before.user.state {
        relink(&mut transaction, table, &app.tokens().await?, &before.user, user)?;
    }
    before.reschedule(&mut transaction, table, user);
    Ok(transaction)
}

fn parse(body: &StaffEdit) -> Result<Wanted, Problem> {
    let mut errors = FieldErrors::none();
    let others = body.post.is_some();
    let wanted = match (body.deactivate, body.reactivate) {
        (None, None) => Wanted::Post,
        (Some(true), None) if !others => Wanted::Out,
        (None, Some(true)) if !others => Wanted::Back,
        (Some(_), _) => {
            let text = "Send true to deactivate, by itself, without other changes.";
            errors.add("/deactivate", Wrong::NotByItself.says(text));
            Wanted::Out
        }
        (None, Some(_)) => {
            let text = "Send true to reactivate, by itself, without other changes.";
            errors.add("/reactivate", Wrong::NotByItself.says(text));
            Wanted::Back
        }
    };
    Ok(errors.finish(Some(wanted))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// REQ: ACC-18
    #[test]
    fn an_account_is_taken_out_and_brought_back_without_other_changes() {
        let of = |json: &str| parse(&serde_json::from_str(json).unwrap()).map_err(|problem| problem.pointers());
        assert_eq!(of("{}"), Ok(Wanted::Post));
        assert_eq!(of(r#"{"post":{"role":"nurse"}}"#), Ok(Wanted::Post));
        assert_eq!(of(r#"{"deactivate":true}"#), Ok(Wanted::Out));
        assert_eq!(of(r#"{"reactivate":true}"#), Ok(Wanted::Back));
        assert_eq!(of(r#"{"deactivate":true,"post":{"role":"nurse"}}"#), Err(vec!["/deactivate".to_owned()]));
        assert_eq!(of(r#"{"deactivate":true,"reactivate":true}"#), Err(vec!["/deactivate".to_owned()]));
        assert_eq!(of(r#"{"reactivate":false}"#), Err(vec!["/reactivate".to_owned()]));
    }
}
