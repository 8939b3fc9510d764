//! Adds a member of payer staff: a Contract Manager gives a post for contracts of their own, and a link lets the person
//! set their own password (ACC-09, ACC-18). Nurses and physicians are not added without their license.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use jiff::Timestamp;
use portico_aws::table::{Transaction, accounts::users::UserFile};
use portico_domain::{
    accounts::{Door, User, UserState},
    caller::{Reviewer, StaffRole},
    contact::Contact,
    events::{About, Actor, EventKind},
    field::FieldErrors,
    id::NewUsername,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{
    own_post,
    post::{PostForm, StaffView},
};
use crate::{
    Route,
    account::{may_invite, rules_of},
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
    Route::new().routes(routes!(add_staff))
}

/// A new member of staff.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase")]
struct NewStaff {
    /// A free username.
    #[schema(value_type = String, required = true)]
    username: Option<String>,
    #[schema(value_type = ContactForm, required = true)]
    contact: Option<ContactForm>,
    #[schema(value_type = PostForm, required = true)]
    post: Option<PostForm>,
}

/// A member of staff who was invited.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AddedStaff {
    staff: Option<StaffView>,
    /// Until then the mailed link works.
    #[schema(value_type = Option<String>, format = DateTime)]
    link_valid_until: Option<Timestamp>,
}

/// Adds a member of staff.
#[utoipa::path(
    post, path = "/staff/users", tag = "staff", request_body = NewStaff,
    params(("Idempotency-Key" = String, Header, description = "A new value for each new person")),
    responses(
        (status = 201, body = AddedStaff, description = "Added; a link to set the password was mailed"),
        (status = 403, body = ProblemBody, description = "Only Contract Managers do this; or `proof-required`: sign in once more"),
        (status = 422, body = ProblemBody, description = "The username is taken, or fields are wrong"),
        (status = 429, body = ProblemBody, description = "As many invitations as one person sends in an hour"),
    ),
    security(("staff" = []))
)]
async fn add_staff(
    State(app): State<Arc<App>>,
    token: Token,
    key: once::Key,
    body: Json<NewStaff>,
) -> Result<Response, Problem> {
    let key = key.scoped(token.username.as_str(), "add-staff", &body.raw);
    let (replay, by) = futures::join!(app.replay(&key), app.caller_file(&token));
    let by = by?;
    let own = own_post(&by.user)?;
    own.may_manage_staff()?;
    if let Some(answer) = replay?.give(&by) {
        return Ok(answer);
    }
    app.proven(&by, &token, Fresh::Others)?;
    let (post, contact) = parse(&body.value, own)?;
    own.may_give_post(&post)?;
    let (rules, _) = rules_of(&app, &post.contracts).await?.ok_or_else(Problem::not_found)?;
    may_invite(&app, &by.user).await?;
    let nonce = app.fresh_nonce().await?;
    let user = User::invite(post.username.clone(), contact, Door::Staff(post), rules, (nonce, app.now()));
    let transaction = write(&app, &by, &user).await?;
    let link_valid_until = match &user.state {
        UserState::Invited { until, .. } => Some(*until),
        _ => None,
    };
    let answer = AddedStaff { staff: StaffView::of(&user, own), link_valid_until };
    app.commit_once(transaction, &key, StatusCode::CREATED, &answer).await.map_err(|problem| match problem.kind() {
        Kind::Stale => Problem::invalid_field("/username", crate::account::username_taken()),
        _ => problem,
    })
}

async fn write(app: &App, by: &UserFile, user: &User) -> Result<Transaction, Problem> {
    let (table, now, tokens) = (app.table(), app.now(), app.tokens().await?);
    let actor = Actor::User(by.user.username.clone());
    let mut transaction = Transaction::new();
    transaction.invite(table, &tokens, user, &actor, now)?;
    if let Some(post) = user.post() {
        let given = EventKind::PostGiven { role: post.role, contracts: post.contracts.clone() };
        transaction.event(table, About::User(user.username.clone()), actor, given, now)?;
    }
    // One's own name is taken: the write of the user is refused for that, and one item is written once.
    if user.username != by.user.username {
        transaction.witness(table, &by.user.username, by.user.version);
    }
    Ok(transaction)
}

fn parse(body: &NewStaff, own: &Reviewer) -> Result<(Reviewer, Contact), Problem> {
    let mut errors = FieldErrors::none();
    let username = errors.parse::<NewUsername>("/username", body.username.as_deref()).map(NewUsername::get);
    let mut part = FieldErrors::none();
    let contact = body.contact.as_ref().unwrap_or(&ContactForm::default()).parse(&mut part);
    errors.nest("/contact", part);
    let blank = Reviewer {
        role: StaffRole::Intake,
        credential: String::new(),
        specialty: None,
        license: None,
        lead: false,
        contracts: Vec::new(),
        ..own.clone()
    };
    let mut part = FieldErrors::none();
    let post = body.post.as_ref().unwrap_or(&PostForm::default()).new_post(&mut part, &blank, own.managed());
    errors.nest("/post", part);
    let parsed = username.zip(contact).map(|(username, contact)| {
        let name = contact.full_name();
        (Reviewer { username, name, ..post }, contact)
    });
    Ok(errors.finish(parsed)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn own() -> Reviewer {
        serde_json::from_value(json!({
            "username": "grace", "name": "Grace Tan", "role": "contract-manager", "credential": "", "specialty": null,
            "license": null, "contracts": ["arkansas"],
        }))
        .unwrap()
    }

    fn new(change: &Value) -> Result<(Reviewer, Contact), Problem> {
        let mut body = json!({
            "username": "Ann.Lee",
            "post": {
                "role": "nurse", "credential": "RN", "contracts": ["arkansas"], "license": { "state": "AR", "number": "R-900001" },
            },
            "contact": {
                "firstName": "Ann", "lastName": "Lee", "address1": "1 Review Plaza", "city": "Little Rock", "state": "AR",
                "zip": "72201", "email": "ann@example.org", "confirmEmail": "ann@example.org", "fax": "501-555-0123",
            },
        });
        for (pointer, value) in change.as_object().unwrap() {
            *body.pointer_mut(pointer).unwrap() = value.clone();
        }
        parse(&serde_json::from_value(body).unwrap(), &own())
    }

    /// REQ: ACC-07, ACC-18
    #[test]
    fn every_wrong_field_is_told_at_once() {
        let (post, _) = new(&json!({})).unwrap();
        assert_eq!((post.username.as_str(), post.name.as_str()), ("ann.lee", "Ann Lee"));
        let pointers = |change: Value| new(&change).unwrap_err().pointers();
        let wrong = json!({ "/username": "a", "/contact": {}, "/post/role": null, "/post/contracts": ["colorado"] });
        let told = pointers(wrong);
        for pointer in ["/username", "/contact/fax", "/post/role", "/post/contracts/0"] {
            assert!(told.contains(&pointer.to_owned()), "{pointer}");
        }
        assert_eq!(
            pointers(json!({ "/post/license": null, "/post/credential": null })),
            ["/post/credential", "/post/license"]
        );
        assert_eq!(pointers(json!({ "/post/contracts": [] })), ["/post/contracts"]);
    }
}
