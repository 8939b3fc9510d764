//! Add New User: a new account in a group, with its parts at providers; a link lets the person set their own password
//! (ACC-09, ORG-01, ORG-08). Nobody gives a part that allows more than their own (ORG-06).

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use jiff::Timestamp;
use portico_aws::table::{Transaction, accounts::users::UserFile};
use portico_domain::{
    accounts::{Door, User, UserState},
    caller::RoleAt,
    contact::Contact,
    events::{About, Actor, EventKind},
    field::FieldErrors,
    groups::{RoleChange, change_roles},
    id::{GroupId, NewUsername, Username},
    wrong::Wrong,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{
    parts::{self, PartForm, Wanted},
    people::{UserView, manages_in},
};
use crate::{
    Route,
    account::may_invite,
    app::App,
    caller::{Fresh, Token},
    contact_form::ContactForm,
    json::Json,
    once,
    problem::{Kind, Problem, ProblemBody},
};

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(add_user))
}

/// A new user.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase")]
struct NewUser {
    /// A free username.
    #[schema(value_type = String, required = true)]
    username: Option<String>,
    #[schema(value_type = ContactForm, required = true)]
    contact: Option<ContactForm>,
    /// At least one, all in this group.
    #[schema(value_type = Vec<PartForm>, required = true)]
    roles: Option<Vec<PartForm>>,
}

/// A user who was invited.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AddedUser {
    user: UserView,
    /// Until then the mailed link works.
    #[schema(value_type = Option<String>, format = DateTime)]
    link_valid_until: Option<Timestamp>,
}

/// Adds a user to a group.
#[utoipa::path(
    post, path = "/groups/{id}/users", tag = "groups", request_body = NewUser,
    params(
        ("id" = String, Path, description = "The group"),
        ("Idempotency-Key" = String, Header, description = "A new value for each new user"),
    ),
    responses(
        (status = 201, body = AddedUser, description = "AddedUser; a link to set the password was mailed"),
        (status = 403, body = ProblemBody, description = "A part allows more than the caller's own; or `proof-required`: sign in once more"),
        (status = 404, body = ProblemBody, description = "No group of the caller's"),
        (status = 422, body = ProblemBody, description = "The username is taken, or fields are wrong"),
        (status = 429, body = ProblemBody, description = "As many invitations as one person sends in an hour"),
    ),
    security(("provider" = []))
)]
async fn add_user(
    State(app): State<Arc<App>>,
    token: Token,
    Path(group): Path<String>,
    key: once::Key,
    body: Json<NewUser>,
) -> Result<Response, Problem> {
    let key = key.scoped(token.username.as_str(), "add-user", &format!("{group} {}", body.raw));
    let group: GroupId = group.parse().map_err(|_| Problem::not_found())?;
    let (replay, by) = futures::join!(app.replay(&key), app.caller_file(&token));
    let by = by?;
    manages_in(&by.roles, group)?;
    if let Some(answer) = replay?.give(&by) {
        return Ok(answer);
    }
    app.proven(&by, &token, Fresh::Others)?;
    let (username, contact, wanted) = parse(&body.value)?;
    let changes = in_group(group, parts::changes(&app, &by.roles, &wanted).await?)?;
    let roles = change_roles(&by.roles, &[], &changes).map_err(|(_, error)| error)?;
    may_invite(&app, &by.user).await?;
    let user = invited(&app, username, contact, &roles).await?;
    let file = UserFile { user, roles, sessions: Vec::new(), usage: None };
    let transaction = write(&app, &by, &file).await?;
    let link_valid_until = match &file.user.state {
        UserState::Invited { until, .. } => Some(*until),
        _ => None,
    };
    let answer = AddedUser { user: UserView::of(&file, &by.roles, &[]), link_valid_until };
    app.commit_once(transaction, &key, StatusCode::CREATED, &answer).await.map_err(|problem| match problem.kind() {
        Kind::Stale => Problem::invalid_field("/username", crate::account::username_taken()),
        _ => problem,
    })
}

/// The new account, with the strictest rules of its contracts (ACC-16).
async fn invited(app: &App, username: Username, contact: Contact, roles: &[RoleAt]) -> Result<User, Problem> {
    let (rules, _) = parts::rules_of(app, roles).await?.ok_or_else(Problem::not_found)?;
    let nonce = app.fresh_nonce().await?;
    Ok(User::invite(username, contact, Door::Provider, rules, (nonce, app.now())))
}

async fn write(app: &App, by: &UserFile, file: &UserFile) -> Result<Transaction, Problem> {
    let (table, now) = (app.table(), app.now());
    let (tokens, lookups) = (app.tokens().await?, app.lookups().await?);
    let (actor, name) = (Actor::User(by.user.username.clone()), &file.user.username);
    let mut transaction = Transaction::new();
    transaction.invite(table, &tokens, &file.user, &actor, now)?;
    transaction.findable(table, &lookups, &file.user)?;
    transaction.roles(table, name, &[], &file.roles)?;
    let given = EventKind::RolesGiven { roles: parts::news(&[], &file.roles) };
    transaction.event(table, About::User(name.clone()), actor, given, now)?;
    // One's own name is taken: the write of the user is refused for that, and one item is written once.
    if *name != by.user.username {
        transaction.witness(table, &by.user.username, by.user.version);
    }
    Ok(transaction)
}

/// The parts, when all are in the group that was named.
fn in_group(group: GroupId, changes: Vec<RoleChange>) -> Result<Vec<RoleChange>, Problem> {
    let mut errors = FieldErrors::none();
    for (n, change) in changes.iter().enumerate() {
        if !matches!(change, RoleChange::Give(at) if at.group == group) {
            errors.add(format!("/roles/{n}/provider"), parts::not_yours());
        }
    }
    Ok(errors.finish(Some(changes))?)
}

fn parse(body: &NewUser) -> Result<(Username, Contact, Vec<Wanted>), Problem> {
    let mut errors = FieldErrors::none();
    let username = errors.parse::<NewUsername>("/username", body.username.as_deref()).map(NewUsername::get);
    let mut part = FieldErrors::none();
    let contact = body.contact.as_ref().unwrap_or(&ContactForm::default()).parse(&mut part);
    errors.nest("/contact", part);
    let forms = body.roles.as_deref().unwrap_or_default();
    if forms.is_empty() {
        errors.add("/roles", Wrong::Missing.says("Choose at least one provider for the user."));
    }
    let roles = parts::parse(&mut errors, forms);
    for (n, _) in roles.iter().enumerate().filter(|(_, (_, role))| role.is_none()) {
        let text = "A new user has nothing to take away.";
        errors.add(format!("/roles/{n}/removed"), Wrong::NothingToTakeAway.says(text));
    }
    let parsed = username.zip(contact).map(|(username, contact)| (username, contact, roles));
    Ok(errors.finish(parsed)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointers(json: &str) -> Vec<String> {
        parse(&serde_json::from_str(json).unwrap()).map_or_else(|problem| problem.pointers(), |_| Vec::new())
    }

    /// REQ: ACC-07, ORG-08
    #[test]
    fn every_wrong_field_is_told_at_once() {
        let missing = pointers("{}");
        for required in ["/username", "/contact/fax", "/contact/email", "/roles"] {
            assert!(missing.contains(&required.to_owned()), "{required}");
        }
        let removed = pointers(r#"{"roles":[{"provider":"prv_00000000000000000000000000000001","removed":true}]}"#);
        assert!(removed.contains(&"/roles/0/removed".to_owned()));
    }
}
