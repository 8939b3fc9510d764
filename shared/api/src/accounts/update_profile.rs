//! Edits the own profile (ACC-17). The fax number is where letters go from now on (LTR-03).
//!
//! A new e-mail address holds only when its owner has proved it: a PIN is mailed there, the old address is told, and
//! until the PIN comes back by the same action the old one stays.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::State,
    response::{IntoResponse, Response},
};
use jiff::ToSpan;
use portico_aws::{
    clock::new_nonce,
    links::email_pin,
    table::{Key, Transaction, groups::PendingEmail},
};
use portico_domain::{
    account::{Door, User},
    contact::{Contact, Email},
    event::{About, Actor, EventKind},
    field::FieldErrors,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{
    contact_form::{ContactForm, changed_fields},
    get_profile::ContactView,
    register::masked,
    throttle::{self, EMAIL_PINS, EMAIL_PINS_TRIED},
};
use crate::{
    Route,
    app::App,
    caller::Token,
    json::Json,
    problem::{Problem, ProblemBody},
    version::{IfMatch, etag},
};

/// How long a PIN works.
const PIN_MINUTES: i64 = 30;

/// The routes: one for each door.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(update_profile)).routes(routes!(update_staff_profile))
}

/// What changes; what is absent stays.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase")]
struct ProfileEdit {
    contact: Option<ContactForm>,
    /// The six digits that were mailed to a new address; then nothing else.
    #[schema(example = "123456")]
    email_pin: Option<String>,
}

/// The profile after an edit.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct EditedProfile {
    /// For If-Match.
    version: u64,
    contact: ContactView,
    /// A new address, masked, that waits for its PIN; until then the old one holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    email_awaits_pin: Option<String>,
}

/// Edits the own profile.
#[utoipa::path(
    patch, path = "/me", tag = "accounts", request_body = ProfileEdit,
    params(("If-Match" = String, Header, description = "ETag of the profile")),
    responses(
        (status = 200, body = EditedProfile, description = "Saved; a new address waits for its PIN"),
        (status = 412, body = ProblemBody, description = "Changed in the meantime"),
        (status = 422, body = ProblemBody, description = "Fields are wrong, or the PIN is"),
        (status = 429, body = ProblemBody, description = "Too many PINs"),
    ),
    security(("provider" = []))
)]
async fn update_profile(
    State(app): State<Arc<App>>,
    token: Token,
    seen: IfMatch,
    body: Json<ProfileEdit>,
) -> Result<Response, Problem> {
    change(&app, &token, seen, &body.value).await
}

/// Edits the own profile of payer staff.
#[utoipa::path(
    patch, path = "/staff/me", tag = "accounts", request_body = ProfileEdit,
    params(("If-Match" = String, Header, description = "ETag of the profile")),
    responses(
        (status = 200, body = EditedProfile, description = "Saved; a new address waits for its PIN"),
        (status = 412, body = ProblemBody, description = "Changed in the meantime"),
        (status = 422, body = ProblemBody, description = "Fields are wrong, or the PIN is"),
        (status = 429, body = ProblemBody, description = "Too many PINs"),
    ),
    security(("staff" = []))
)]
async fn update_staff_profile(
    State(app): State<Arc<App>>,
    token: Token,
    seen: IfMatch,
    body: Json<ProfileEdit>,
) -> Result<Response, Problem> {
    change(&app, &token, seen, &body.value).await
}

async fn change(app: &App, token: &Token, seen: IfMatch, body: &ProfileEdit) -> Result<Response, Problem> {
    let user = app.caller_file(token).await?.user;
    seen.check(user.version)?;
    match (&body.email_pin, &body.contact) {
        (Some(_), Some(_)) => Err(Problem::invalid_field("/emailPin", "Send the PIN by itself.")),
        (Some(pin), None) => prove(app, user, pin.trim()).await,
        (None, form) => edit(app, user, form.as_ref()).await,
    }
}

/// Takes the new address over when the PIN is the one that was mailed there.
async fn prove(app: &App, user: User, pin: &str) -> Result<Response, Problem> {
    throttle::count(app, &EMAIL_PINS_TRIED, user.username.as_str()).await?;
    let (table, now) = (app.table(), app.now());
    let pending = Key::pending_email(&user.username);
    let (pending, tokens) = futures::join!(table.kept::<PendingEmail>(&pending, now), app.tokens());
    let (pending, tokens) = (pending?, tokens?);
    let proven = pending.filter(|pending| email_pin(&tokens, &pending.nonce) == pin);
    let proven = proven.ok_or_else(|| {
        Problem::invalid_field("/emailPin", "This PIN is wrong or too old. Enter the address again for a new one.")
    })?;
    let contact = Contact { email: proven.email, ..user.contact.clone() };
    let mut transaction = Transaction::new();
    transaction.no_pending_email(table, &user.username);
    save(app, transaction, user, contact, None).await
}

/// Saves what the form changes; a new address waits.
async fn edit(app: &App, user: User, form: Option<&ContactForm>) -> Result<Response, Problem> {
    let mut errors = FieldErrors::none();
    let (contact, new_email) = match form {
        Some(form) => split(form.edit(&mut errors, &user.contact), &user.contact.email),
        None => (user.contact.clone(), None),
    };
    let mut nested = FieldErrors::none();
    nested.nest("/contact", errors);
    nested.into_result()?;
    let mut transaction = Transaction::new();
    if let Some(email) = &new_email {
        throttle::count(app, &EMAIL_PINS, user.username.as_str()).await?;
        ask(app, &mut transaction, &user, email.clone())?;
    }
    save(app, transaction, user, contact, new_email.as_ref()).await
}

/// What may be saved at once, and a new address that may not.
fn split(edited: Contact, now: &Email) -> (Contact, Option<Email>) {
    if edited.email == *now {
        return (edited, None);
    }
    let new = edited.email.clone();
    (Contact { email: now.clone(), ..edited }, Some(new))
}

/// Keeps the new address with the event that mails its PIN.
fn ask(app: &App, transaction: &mut Transaction, user: &User, email: Email) -> Result<(), Problem> {
    let (table, now) = (app.table(), app.now());
    let nonce = new_nonce().map_err(|error| Problem::internal(&error))?;
    let until = now.checked_add(PIN_MINUTES.minutes()).unwrap_or(now);
    transaction.pending_email(table, &user.username, &PendingEmail { email, nonce: nonce.clone() }, until)?;
    let (about, by) = (About::User(user.username.clone()), Actor::User(user.username.clone()));
    transaction.event(table, about, by, EventKind::EmailChangeAsked { nonce }, now)?;
    Ok(())
}

async fn save(
    app: &App,
    mut transaction: Transaction,
    mut user: User,
    contact: Contact,
    waits: Option<&Email>,
) -> Result<Response, Problem> {
    let (table, now) = (app.table(), app.now());
    let fields = changed_fields(&user.contact, &contact);
    if !fields.is_empty() {
        // Letters name a reviewer as the person is named.
        if let Door::Staff(post) = &mut user.door {
            post.name = contact.full_name();
        }
        user.contact = contact;
        user.version += 1;
        let by = Actor::User(user.username.clone());
        transaction.user(table, &user, &by, vec![EventKind::ProfileChanged { fields }], now)?;
    }
    if !transaction.is_empty() {
        table.commit(transaction).await?;
    }
    let edited = EditedProfile {
        version: user.version,
        contact: ContactView::of(&user.contact),
        email_awaits_pin: waits.map(masked),
    };
    Ok(([etag(user.version)], Answer(edited)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// REQ: ACC-17
    #[test]
    fn a_new_address_waits_and_the_rest_is_saved() {
        let contact: Contact = serde_json::from_value(serde_json::json!({
            "firstName": "Jo", "lastName": "Smith", "email": "jo@example.org", "fax": "501-555-0123",
            "address": {"line1": "12 Elm Street", "city": "Little Rock", "state": "AR", "zip": "72201"},
        }))
        .unwrap();
        let new: Email = "jo@clinic.example".parse().unwrap();
        let edited = Contact { email: new.clone(), fax: "501-555-0199".parse().unwrap(), ..contact.clone() };
        let (saved, waits) = split(edited, &contact.email);
        assert_eq!((&saved.email, saved.fax.to_string().as_str()), (&contact.email, "501-555-0199"));
        assert_eq!(waits, Some(new));
        assert_eq!(split(contact.clone(), &contact.email), (contact, None));
    }
}
