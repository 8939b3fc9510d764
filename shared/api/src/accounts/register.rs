//! Registers a provider and its Group Admin (ACC-01 to ACC-09).
//!
//! One transaction makes user, group and role, puts the provider into the group and mails the link, of which the table
//! keeps a hash. Whoever is second, by a moment or by a year, is told whom to ask.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use portico_aws::{
    clock::new_uuid,
    table::{Transaction, people::Registrable},
};
use portico_domain::{
    accounts::{
        UserState,
        registration::{Credentials, Registered, register as decide},
    },
    contact::Contact,
    events::{About, Actor, EventKind, RoleNow},
    field::FieldErrors,
    id::{GroupId, NewUsername, Username},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::{
    Route,
    app::App,
    caller::From as Address,
    contact_form::ContactForm,
    json::Json,
    once, pair,
    problem::{Kind, Problem, ProblemBody},
    terms,
};

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(register))
}

/// A registration.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Registration {
    /// The NPI; an atypical provider enters the code here too.
    #[schema(value_type = String, required = true)]
    npi: Option<String>,
    /// The registration code.
    #[schema(value_type = String, required = true)]
    code: Option<String>,
    /// A free username.
    #[schema(value_type = String, required = true)]
    username: Option<String>,
    #[schema(value_type = ContactForm, required = true)]
    contact: Option<ContactForm>,
    /// The version of the terms that were shown.
    #[schema(value_type = String, required = true)]
    terms_version: Option<String>,
    /// Must be true.
    #[schema(value_type = bool, required = true)]
    terms_acknowledged: Option<bool>,
}

/// An account that waits for enrolment.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Invited {
    username: String,
    /// Where the link was mailed, masked.
    email: String,
    /// RFC 3339.
    link_valid_until: Option<String>,
}

/// What the form says, parsed.
struct Form {
    credentials: Credentials,
    username: Username,
    contact: Contact,
    terms_version: String,
}

/// Registers a provider and its Group Admin.
#[utoipa::path(
    post, path = "/registrations", tag = "accounts", request_body = Registration,
    params(("Idempotency-Key" = String, Header, description = "A new value for each new registration")),
    responses(
        (status = 201, body = Invited, description = "Registered; a link to set the password was mailed"),
        (status = 403, body = ProblemBody, description = "The contract does not register this kind of provider"),
        (status = 409, body = ProblemBody, description = "Registered already; says whom to ask"),
        (status = 422, body = ProblemBody, description = "The pair is wrong, the username is taken, or fields are wrong"),
        (status = 429, body = ProblemBody, description = "Too many wrong pairs"),
    ),
    security(())
)]
async fn register(
    State(app): State<Arc<App>>,
    from: Address,
    key: once::Key,
    body: Json<Registration>,
) -> Result<Response, Problem> {
    let key = key.scoped("", "register", &body.raw);
    let form = parse(&body.value)?;
    let (replay, looked_up) = futures::join!(app.replay(&key), Box::pin(pair::look_up(&app, &from, &form.credentials)));
    if let Some(answer) = replay?.give(&once::Anybody) {
        return Ok(answer);
    }
    let (found, contract) = looked_up?;
    terms::current(&form.terms_version, &contract)?;
    let fresh = (GroupId::new(new_uuid()), app.fresh_nonce().await?);
    let registered = decide(found.provider.clone(), &contract, form.username, form.contact, fresh, app.now());
    let transaction = write(&app, &found, &registered).await?;
    let answer = answer(&registered);
    app.commit_once(transaction, &key, StatusCode::CREATED, &answer).await.map_err(|problem| match problem.kind() {
        Kind::Stale => Problem::invalid_field("/username", crate::account::username_taken()),
        _ => problem,
    })
}

async fn write(app: &App, found: &Registrable, made: &Registered) -> Result<Transaction, Problem> {
    let (tokens, lookups) = (app.tokens().await?, app.lookups().await?);
    let (table, username, now) = (app.table(), &made.user.username, app.now());
    let by = Actor::User(username.clone());
    let mut transaction = Transaction::new();
    transaction.invite(table, &tokens, &made.user, &by, now)?;
    transaction.findable(table, &lookups, &made.user)?;
    transaction.group(table, &made.group)?;
    transaction.registered_provider(table, found, &made.provider)?;
    transaction.role(table, username, &made.role)?;
    let part = RoleNow { provider: made.role.provider, role: Some(made.role.role) };
    let given = EventKind::RolesGiven { roles: vec![part] };
    for kind in made.agreed.iter().cloned().chain([given]) {
        transaction.event(table, About::User(username.clone()), by.clone(), kind, now)?;
    }
    Ok(transaction)
}

fn answer(made: &Registered) -> Invited {
    let until = match &made.user.state {
        UserState::Invited { until, .. } => Some(until.to_string()),
        _ => None,
    };
    Invited {
        username: made.user.username.to_string(),
        email: made.user.contact.email.masked(),
        link_valid_until: until,
    }
}

fn parse(body: &Registration) -> Result<Form, Problem> {
    let mut errors = FieldErrors::none();
    let credentials = pair::parse(&mut errors, body.npi.as_deref(), body.code.as_deref());
    let username = errors.parse::<NewUsername>("/username", body.username.as_deref()).map(NewUsername::get);
    let mut part = FieldErrors::none();
    let contact = body.contact.as_ref().unwrap_or(&ContactForm::default()).parse(&mut part);
    errors.nest("/contact", part);
    let terms_version = errors.parse("/termsVersion", body.terms_version.as_deref());
    terms::check(&mut errors, body.terms_acknowledged);
    let form = credentials.zip(username).zip(contact).zip(terms_version);
    let form = form.map(|(((credentials, username), contact), terms_version)| Form {
        credentials,
        username,
        contact,
        terms_version,
    });
    Ok(errors.finish(form)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn good() -> Value {
        json!({
            "npi": "1234567893", "code": "M-1", "username": "Jo.Smith", "termsVersion": "1", "termsAcknowledged": true,
            "contact": {
                "firstName": "Jo", "lastName": "Smith", "address1": "12 Elm Street", "city": "Little Rock", "state": "AR",
                "zip": "72201", "email": "jo@example.org", "confirmEmail": "jo@EXAMPLE.org", "fax": "501-555-0123",
            },
        })
    }

    fn pointers(change: impl FnOnce(&mut Value)) -> Vec<String> {
        let mut body = good();
        change(&mut body);
        let body: Registration = serde_json::from_value(body).unwrap();
        parse(&body).map_or_else(|problem| problem.pointers(), |_| Vec::new())
    }

    /// REQ: ACC-07
    #[test]
    fn every_wrong_field_is_told_at_once() {
        assert_eq!(pointers(|_| {}), [""; 0]);
        let all = pointers(|body| *body = json!({}));
        for required in ["/npi", "/code", "/username", "/termsVersion", "/termsAcknowledged", "/contact/fax"] {
            assert!(all.contains(&required.to_owned()), "{required}");
        }
        assert!(!all.contains(&"/contact/address2".to_owned()));
        let three = pointers(|body| {
            body["npi"] = json!("1234567890");
            body["contact"]["confirmEmail"] = json!("jo@example.com");
            body["termsAcknowledged"] = json!(false);
        });
        assert_eq!(three, ["/npi", "/contact/confirmEmail", "/termsAcknowledged"]);
    }
}
