//! Edits the own profile (ACC-17). The fax number is where letters go from now on (LTR-03).
//!
//! A new e-mail address or phone number holds only when its owner has proved it: a PIN is mailed there, or spoken in a
//! call; the old e-mail address is told, and until the PIN comes back by the same action the old one stays. Second factors
//! that go there move with it.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::State,
    response::{IntoResponse, Response},
};
use jiff::ToSpan;
use portico_aws::{
    accounts::Pool,
    links::pin,
    table::{
        Key, Transaction,
        accounts::pending::{PendingEmail, PendingPhone},
        accounts::tries::Throttle,
    },
};
use portico_domain::{
    accounts::{Door, User},
    contact::{Contact, Email, Phone},
    events::{About, Actor, EventKind},
    factor::Factors,
    field::FieldErrors,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::get_profile::ContactView;
use crate::{
    Route,
    app::App,
    caller::{Fresh, Token},
    contact_form::{ContactForm, changed_fields},
    doors,
    form::code,
    json::Json,
    problem::{Problem, ProblemBody},
    throttle::{self, EMAIL_PINS, EMAIL_PINS_TRIED, PHONE_PINS, PHONE_PINS_TRIED},
    version::{IfMatch, etag},
};

/// How long a PIN works.
const PIN_MINUTES: i64 = 30;

/// The routes: one for each door.
#[must_use]
pub fn route() -> Route {
    doors::at_both(Route::new().routes(routes!(update_profile)))
}

/// What changes; what is absent stays.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase")]
struct ProfileEdit {
    contact: Option<ContactForm>,
    /// The six digits that were mailed to a new address; then nothing else.
    #[schema(example = "123456")]
    email_pin: Option<String>,
    /// The six digits that were spoken to a new phone number; then nothing else.
    #[schema(example = "123456")]
    phone_pin: Option<String>,
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
    /// A new phone number, masked, that waits for its PIN; until then the old one holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_awaits_pin: Option<String>,
}

/// What is new and not proved yet.
#[derive(Default, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
struct Waiting {
    email: Option<Email>,
    phone: Option<Phone>,
}

/// Edits the own profile.
#[utoipa::path(
    patch, path = "/me", tag = "accounts", request_body = ProfileEdit,
    params(("If-Match" = String, Header, description = "ETag of the profile")),
    responses(
        (status = 200, body = EditedProfile, description = "Saved; a new address or phone number waits for its PIN", headers(("ETag" = String, description = "Version, for If-Match"))),
        (status = 403, body = ProblemBody, description = "`proof-required`: sign in once more to change where mail, calls and letters go"),
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

async fn change(app: &App, token: &Token, seen: IfMatch, body: &ProfileEdit) -> Result<Response, Problem> {
    let file = app.caller_file(token).await?;
    let proven = app.proven(&file, token, Fresh::Own);
    let user = file.user;
    seen.check(user.version)?;
    match body {
        ProfileEdit { contact, email_pin: None, phone_pin: None } => edit(app, user, contact.as_ref(), proven).await,
        ProfileEdit { contact: None, email_pin: Some(pin), phone_pin: None } => {
            Box::pin(prove_email(app, user, &code(pin))).await
        }
        ProfileEdit { contact: None, email_pin: None, phone_pin: Some(pin) } => {
            Box::pin(prove_phone(app, user, &code(pin))).await
        }
        ProfileEdit { email_pin: Some(_), .. } => Err(Problem::invalid_field("/emailPin", "Send the PIN by itself.")),
        ProfileEdit { .. } => Err(Problem::invalid_field("/phonePin", "Send the PIN by itself.")),
    }
}

/// Takes the new address over when the PIN is the one that was mailed there.
async fn prove_email(app: &App, user: User, said: &str) -> Result<Response, Problem> {
    let key = Key::pending_email(&user.username);
    let proven: PendingEmail = proven(app, &user, &key, &EMAIL_PINS_TRIED, |waits: &PendingEmail| &waits.nonce, said)
        .await?
        .ok_or_else(|| {
            Problem::invalid_field("/emailPin", "This PIN is wrong or too old. Enter the address again for a new one.")
        })?;
    let factors = user.factors.clone().moved_to_email(&proven.email);
    let contact = Contact { email: proven.email, ..user.contact.clone() };
    let mut transaction = Transaction::new();
    transaction.no_pending_email(app.table(), &user.username);
    take_over(app, transaction, user, contact, factors).await
}

/// Takes the new number over when the PIN is the one that was spoken to it.
async fn prove_phone(app: &App, user: User, said: &str) -> Result<Response, Problem> {
    let key = Key::pending_phone(&user.username);
    let proven: PendingPhone = proven(app, &user, &key, &PHONE_PINS_TRIED, |waits: &PendingPhone| &waits.nonce, said)
        .await?
        .ok_or_else(|| {
            Problem::invalid_field("/phonePin", "This PIN is wrong or too old. Enter the number again for a new one.")
        })?;
    let factors = user.factors.clone().moved_to_phone(&proven.phone);
    let contact = Contact { phone: Some(proven.phone), ..user.contact.clone() };
    let mut transaction = Transaction::new();
    transaction.no_pending_phone(app.table(), &user.username);
    take_over(app, transaction, user, contact, factors).await
}

/// What waits under this key, when its PIN was said.
async fn proven<T: DeserializeOwned>(
    app: &App,
    user: &User,
    key: &Key,
    tries: &Throttle,
    nonce: impl Fn(&T) -> &String,
    said: &str,
) -> Result<Option<T>, Problem> {
    let (counted, waits, tokens) = futures::join!(
        throttle::count(app, tries, user.username.as_str()),
        app.table().kept::<T>(key, app.now()),
        app.tokens()
    );
    counted?;
    let tokens = tokens?;
    Ok(waits?.filter(|waits| pin(&tokens, nonce(waits)) == said))
}

/// Saves what was proved. The pool that sends PINs is told first: if what follows fails, the same PIN may be said again.
async fn take_over(
    app: &App,
    transaction: Transaction,
    mut user: User,
    contact: Contact,
    factors: Factors,
) -> Result<Response, Problem> {
    for moved in factors.iter().filter(|reach| user.factors.get(reach.factor()) != Some(*reach)) {
        app.aws.accounts().move_factor(Pool::of(&user.door), &user.username, moved).await?;
    }
    user.factors = factors;
    save(app, transaction, user, contact, &Waiting::default()).await
}

/// Saves what the form changes; a new address or number waits. Where mail, calls and letters go is changed only by who has
/// just signed in.
async fn edit(
    app: &App,
    user: User,
    form: Option<&ContactForm>,
    proven: Result<(), Problem>,
) -> Result<Response, Problem> {
    let mut errors = FieldErrors::none();
    let (contact, waiting) = match form {
        Some(form) => split(form.edit(&mut errors, &user.contact), &user.contact),
        None => (user.contact.clone(), Waiting::default()),
    };
    let gone = user.contact.phone.as_ref().filter(|_| contact.phone.is_none());
    if gone.is_some_and(|phone| user.factors.reach_phone(phone)) {
        errors.add("/phone", "You sign in with this phone number. Enter another one in its place.");
    }
    let mut nested = FieldErrors::none();
    nested.nest("/contact", errors);
    nested.into_result()?;
    if waiting != Waiting::default() || gone.is_some() || contact.fax != user.contact.fax {
        proven?;
    }
    let mut transaction = Transaction::new();
    let name = user.username.as_str();
    let (email, phone) = futures::join!(
        allowed(app, waiting.email.is_some(), &EMAIL_PINS, name),
        allowed(app, waiting.phone.is_some(), &PHONE_PINS, name)
    );
    email.and(phone)?;
    ask(app, &mut transaction, &user, &waiting).await?;
    save(app, transaction, user, contact, &waiting).await
}

async fn allowed(app: &App, asks: bool, throttle: &Throttle, name: &str) -> Result<(), Problem> {
    if asks { throttle::count(app, throttle, name).await } else { Ok(()) }
}

/// What may be saved at once, and what may not. A number that is taken away is gone at once.
fn split(edited: Contact, now: &Contact) -> (Contact, Waiting) {
    let email = Some(edited.email.clone()).filter(|email| *email != now.email);
    let phone = edited.phone.clone().filter(|phone| Some(phone) != now.phone.as_ref());
    let holds = if phone.is_some() { now.phone.clone() } else { edited.phone.clone() };
    (Contact { email: now.email.clone(), phone: holds, ..edited }, Waiting { email, phone })
}

/// Keeps what is new with the events that mail and speak its PINs.
async fn ask(app: &App, transaction: &mut Transaction, user: &User, waiting: &Waiting) -> Result<(), Problem> {
    let (table, now, name) = (app.table(), app.now(), &user.username);
    let until = now.checked_add(PIN_MINUTES.minutes()).unwrap_or(now);
    let (about, by) = (About::User(name.clone()), Actor::User(name.clone()));
    if let Some(email) = waiting.email.clone() {
        let nonce = app.fresh_nonce().await?;
        transaction.pending_email(table, name, &PendingEmail { email, nonce: nonce.clone() }, until)?;
        transaction.event(table, about.clone(), by.clone(), EventKind::EmailChangeAsked { nonce }, now)?;
    }
    if let Some(phone) = waiting.phone.clone() {
        let nonce = app.fresh_nonce().await?;
        transaction.pin_call(table, &nonce, &phone, until)?;
        transaction.pending_phone(table, name, &PendingPhone { phone, nonce: nonce.clone() }, until)?;
        transaction.event(table, about, by, EventKind::PhoneChangeAsked { nonce }, now)?;
    }
    Ok(())
}

async fn save(
    app: &App,
    mut transaction: Transaction,
    mut user: User,
    contact: Contact,
    waiting: &Waiting,
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
        email_awaits_pin: waiting.email.as_ref().map(Email::masked),
        phone_awaits_pin: waiting.phone.as_ref().map(Phone::masked),
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
        let (saved, waits) = split(edited, &contact);
        assert_eq!((&saved.email, saved.fax.to_string().as_str()), (&contact.email, "501-555-0199"));
        assert_eq!(waits, Waiting { email: Some(new), phone: None });
        assert_eq!(split(contact.clone(), &contact), (contact.clone(), Waiting::default()));

        let phone = |text: &str| Some(text.parse::<Phone>().unwrap());
        let called = Contact { phone: phone("501-555-0100"), ..contact.clone() };
        let waits = Waiting { email: None, phone: called.phone.clone() };
        assert_eq!(split(called.clone(), &contact), (contact.clone(), waits), "a first number is proved, too");
        let other = Contact { phone: phone("501-555-0101"), ..contact.clone() };
        assert_eq!(split(other.clone(), &called), (called.clone(), Waiting { email: None, phone: other.phone }));
        assert_eq!(split(contact.clone(), &called), (contact, Waiting::default()), "a number is taken away at once");
    }
}
