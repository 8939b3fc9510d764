//! Edits the own profile (ACC-17). The fax number is where letters go from now on (LTR-03).
//!
//! A new e-mail address, phone or fax number holds only when its owner has proved it: a PIN is mailed there, spoken in a
//! call or faxed on a page; the e-mail address is told, and until the PIN comes back by the same action the old one stays.
//! Second factors that go there move with it. No letter is faxed to the staff of a contract: their number is saved as it is.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::State,
    response::{IntoResponse, Response},
};
use jiff::ToSpan;
use portico_aws::{
    accounts::Pool,
    links::{link_token, pin, undo_hash},
    table::{
        Key, Transaction,
        accounts::pending::{EmailBefore, PendingEmail, PendingFax, PendingPhone},
        accounts::tries::Throttle,
    },
};
use portico_domain::{
    accounts::{Door, NEWS_MAIL, NewsMail, User},
    contact::{Contact, Email, Phone},
    events::{About, Actor, EventKind},
    factor::Factors,
    field::FieldErrors,
    wrong::Wrong,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{
    get_profile::ContactView,
    refusal::{Whose, note},
};
use crate::{
    Route,
    app::App,
    caller::{Fresh, From as Address, Token},
    contact_form::{ContactForm, changed_fields},
    doors,
    form::{choice, code, word},
    json::Json,
    problem::{Problem, ProblemBody},
    throttle::{self, EMAIL_PINS, EMAIL_PINS_TRIED, FAX_PINS, FAX_PINS_TRIED, PHONE_PINS, PHONE_PINS_TRIED},
    version::{IfMatch, etag},
    words,
};

/// How long a PIN works.
const PIN_MINUTES: i64 = 30;
/// How long a faxed one does: the machine may stand in an office that has closed.
const FAX_HOURS: i64 = 24;

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
    /// Of which news on cases mail is wanted.
    #[schema(value_type = Option<words::NewsMail>)]
    news_mail: Option<String>,
    /// The six digits that were mailed to a new address; then nothing else.
    #[schema(example = "123456")]
    email_pin: Option<String>,
    /// The six digits that were spoken to a new phone number; then nothing else.
    #[schema(example = "123456")]
    phone_pin: Option<String>,
    /// The six digits that were faxed to a new fax number; then nothing else.
    #[schema(example = "123456")]
    fax_pin: Option<String>,
}

/// The profile after an edit.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct EditedProfile {
    /// For If-Match.
    version: u64,
    contact: ContactView,
    /// Of which news on cases mail is wanted.
    #[schema(value_type = words::NewsMail)]
    news_mail: String,
    /// A new address, masked, that waits for its PIN; until then the old one holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    email_awaits_pin: Option<String>,
    /// A new phone number, masked, that waits for its PIN; until then the old one holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_awaits_pin: Option<String>,
    /// A new fax number, masked, that waits for its PIN; until then letters go to the old one.
    #[serde(skip_serializing_if = "Option::is_none")]
    fax_awaits_pin: Option<String>,
}

/// What is new and not proved yet.
#[derive(Default, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
struct Waiting {
    email: Option<Email>,
    phone: Option<Phone>,
    fax: Option<Phone>,
}

/// Edits the own profile.
#[utoipa::path(
    patch, path = "/me", tag = "accounts", request_body = ProfileEdit,
    params(("If-Match" = String, Header, description = "ETag of the profile")),
    responses(
        (status = 200, body = EditedProfile, description = "Saved; a new address or number waits for its PIN", headers(("ETag" = String, description = "Version, for If-Match"))),
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
    let from = Address(token.from.clone());
    match said(body)? {
        None => edit(app, user, body, proven).await,
        Some((Said::Email, pin)) => Box::pin(prove_email(app, (user, &from), &code(pin))).await,
        Some((Said::Phone, pin)) => Box::pin(prove_phone(app, (user, &from), &code(pin))).await,
        Some((Said::Fax, pin)) => Box::pin(prove_fax(app, (user, &from), &code(pin))).await,
    }
}

/// What a PIN is said for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Said {
    Email,
    Phone,
    Fax,
}

/// The PIN that is said, if one is: by itself.
fn said(body: &ProfileEdit) -> Result<Option<(Said, &str)>, Problem> {
    let all = [
        ("/emailPin", Said::Email, &body.email_pin),
        ("/phonePin", Said::Phone, &body.phone_pin),
        ("/faxPin", Said::Fax, &body.fax_pin),
    ];
    let mut given = all.into_iter().filter_map(|(pointer, of, pin)| Some((pointer, of, pin.as_deref()?)));
    let Some((pointer, of, pin)) = given.next() else { return Ok(None) };
    if body.contact.is_some() || body.news_mail.is_some() || given.next().is_some() {
        return Err(Problem::invalid_field(pointer, Wrong::NotByItself.says("Send the PIN by itself.")));
    }
    Ok(Some((of, pin)))
}

/// Takes the new address over when the PIN is the one that was mailed there.
async fn prove_email(app: &App, (user, from): (User, &Address), said: &str) -> Result<Response, Problem> {
    let key = Key::pending_email(&user.username);
    let proven: PendingEmail =
        proven(app, (&user, from), &key, &EMAIL_PINS_TRIED, |waits: &PendingEmail| &waits.nonce, said)
            .await?
            .ok_or_else(|| {
                let text = "This PIN is wrong or too old. Enter the address again for a new one.";
                Problem::invalid_field("/emailPin", Wrong::WrongPin.says(text))
            })?;
    let factors = user.factors.clone().moved_to_email(&proven.email);
    let contact = Contact { email: proven.email, ..user.contact.clone() };
    let mut transaction = Transaction::new();
    transaction.no_pending_email(app.table(), &user.username);
    keep_undo(app, &mut transaction, &user).await?;
    take_over(app, transaction, user, contact, factors).await
}

/// Keeps the address that goes, with the event that mails it the link by which it comes back.
async fn keep_undo(app: &App, transaction: &mut Transaction, user: &User) -> Result<(), Problem> {
    let (table, now, name) = (app.table(), app.now(), &user.username);
    let tokens = app.tokens().await?;
    let nonce = tokens.nonce().map_err(|error| Problem::internal(&error))?;
    let days = i64::from(user.rules.email_undo_days.min(365));
    let until = now.checked_add((days * 24).hours()).unwrap_or(now);
    let (email, factors) = (user.contact.email.clone(), user.factors.clone());
    let before = EmailBefore { user: name.clone(), email, factors, at: now, until };
    transaction.keep(table, &Key::link(&undo_hash(&link_token(&tokens, &nonce))), &before, until)?;
    let (about, by) = (About::User(name.clone()), Actor::User(name.clone()));
    Ok(transaction.event(table, about, by, EventKind::EmailChanged { nonce }, now).map(drop)?)
}

/// Takes the new number over when the PIN is the one that was spoken to it.
async fn prove_phone(app: &App, (user, from): (User, &Address), said: &str) -> Result<Response, Problem> {
    let key = Key::pending_phone(&user.username);
    let proven: PendingPhone =
        proven(app, (&user, from), &key, &PHONE_PINS_TRIED, |waits: &PendingPhone| &waits.nonce, said)
            .await?
            .ok_or_else(|| {
                let text = "This PIN is wrong or too old. Enter the number again for a new one.";
                Problem::invalid_field("/phonePin", Wrong::WrongPin.says(text))
            })?;
    let factors = user.factors.clone().moved_to_phone(&proven.phone);
    let contact = Contact { phone: Some(proven.phone), ..user.contact.clone() };
    let mut transaction = Transaction::new();
    transaction.no_pending_phone(app.table(), &user.username);
    take_over(app, transaction, user, contact, factors).await
}

/// Takes the new fax number over when the PIN is the one that was faxed to it: letters go there from now on.
async fn prove_fax(app: &App, (user, from): (User, &Address), said: &str) -> Result<Response, Problem> {
    let key = Key::pending_fax(&user.username);
    let proven: PendingFax = proven(app, (&user, from), &key, &FAX_PINS_TRIED, |waits: &PendingFax| &waits.nonce, said)
        .await?
        .ok_or_else(|| {
            let text = "This PIN is wrong or too old. Enter the number again for a new one.";
            Problem::invalid_field("/faxPin", Wrong::WrongPin.says(text))
        })?;
    let (contact, factors) = (Contact { fax: proven.fax, ..user.contact.clone() }, user.factors.clone());
    let mut transaction = Transaction::new();
    transaction.no_pending_fax(app.table(), &user.username);
    take_over(app, transaction, user, contact, factors).await
}

/// What waits under this key, when its PIN was said. A wrong one goes on record.
async fn proven<T: DeserializeOwned>(
    app: &App,
    (user, from): (&User, &Address),
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
    let proven = waits?.filter(|waits| pin(&tokens, nonce(waits)) == said);
    if proven.is_none() {
        note(app, Whose::User(&user.username), from, "wrong PIN").await?;
    }
    Ok(proven)
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
    save(app, transaction, user, (contact, None), &Waiting::default()).await
}

/// Saves what the form changes; a new address or number waits. Where mail, calls and letters go is changed only by who has
/// just signed in.
async fn edit(app: &App, mut user: User, body: &ProfileEdit, proven: Result<(), Problem>) -> Result<Response, Problem> {
    let mut errors = FieldErrors::none();
    let (contact, waiting) = match &body.contact {
        Some(form) => split(form.edit(&mut errors, &user.contact), &user),
        None => (user.contact.clone(), Waiting::default()),
    };
    let gone = user.contact.phone.as_ref().filter(|_| contact.phone.is_none());
    if gone.is_some_and(|phone| user.factors.reach_phone(phone)) {
        let text = "You sign in with this phone number. Enter another one in its place.";
        errors.add("/phone", Wrong::UsedToSignIn.says(text));
    }
    let mut nested = FieldErrors::none();
    nested.nest("/contact", errors);
    let known = "Mail is sent of news on all cases, of your own, or of none.";
    let mail: Option<NewsMail> =
        body.news_mail.as_deref().and_then(|word| choice(&mut nested, "/newsMail", Some(word), known));
    nested.into_result()?;
    if waiting != Waiting::default() || gone.is_some() || contact.fax != user.contact.fax {
        proven?;
    }
    let mut transaction = Transaction::new();
    let name = user.username.as_str();
    let (email, phone, fax) = futures::join!(
        allowed(app, waiting.email.is_some(), &EMAIL_PINS, name),
        allowed(app, waiting.phone.is_some(), &PHONE_PINS, name),
        allowed(app, waiting.fax.is_some(), &FAX_PINS, name)
    );
    email.and(phone).and(fax)?;
    ask(app, &mut transaction, &user, &waiting).await?;
    let mail = mail.unwrap_or(user.news_mail);
    let changed = (user.news_mail != mail).then(|| NEWS_MAIL.to_owned());
    user.news_mail = mail;
    save(app, transaction, user, (contact, changed), &waiting).await
}

async fn allowed(app: &App, asks: bool, throttle: &Throttle, name: &str) -> Result<(), Problem> {
    if asks { throttle::count(app, throttle, name).await } else { Ok(()) }
}

/// What may be saved at once, and what may not. A number that is taken away is gone at once.
fn split(edited: Contact, user: &User) -> (Contact, Waiting) {
    let now = &user.contact;
    let faxed = user.post().is_none();
    let fax = Some(edited.fax.clone()).filter(|fax| faxed && *fax != now.fax);
    let fax_holds = if fax.is_some() { now.fax.clone() } else { edited.fax.clone() };
    let email = Some(edited.email.clone()).filter(|email| *email != now.email);
    let phone = edited.phone.clone().filter(|phone| Some(phone) != now.phone.as_ref());
    let holds = if phone.is_some() { now.phone.clone() } else { edited.phone.clone() };
    (Contact { email: now.email.clone(), phone: holds, fax: fax_holds, ..edited }, Waiting { email, phone, fax })
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
        transaction.event(table, about.clone(), by.clone(), EventKind::PhoneChangeAsked { nonce }, now)?;
    }
    if let Some(fax) = waiting.fax.clone() {
        let (nonce, until) = (app.fresh_nonce().await?, now.checked_add(FAX_HOURS.hours()).unwrap_or(now));
        transaction.pending_fax(table, name, &PendingFax { fax, nonce: nonce.clone() }, until)?;
        transaction.event(table, about, by, EventKind::FaxChangeAsked { nonce }, now)?;
    }
    Ok(())
}

async fn save(
    app: &App,
    mut transaction: Transaction,
    mut user: User,
    (contact, beside): (Contact, Option<String>),
    waiting: &Waiting,
) -> Result<Response, Problem> {
    let (table, now) = (app.table(), app.now());
    let fields: Vec<String> = changed_fields(&user.contact, &contact).into_iter().chain(beside).collect();
    if !fields.is_empty() {
        // Letters name a reviewer as the person is named.
        if let Door::Staff(post) = &mut user.door {
            post.name = contact.full_name();
        }
        user.contact = contact;
        user.version += 1;
        let by = Actor::User(user.username.clone());
        transaction.user(table, &user, &by, vec![EventKind::ProfileChanged { fields }], now)?;
        transaction.findable(table, &app.lookups().await?, &user)?;
    }
    if !transaction.is_empty() {
        table.commit(transaction).await?;
    }
    let edited = EditedProfile {
        version: user.version,
        contact: ContactView::of(&user.contact),
        news_mail: word(&user.news_mail),
        email_awaits_pin: waiting.email.as_ref().map(Email::masked),
        phone_awaits_pin: waiting.phone.as_ref().map(Phone::masked),
        fax_awaits_pin: waiting.fax.as_ref().map(Phone::masked),
    };
    Ok(([etag(user.version)], Answer(edited)).into_response())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn user(door: &serde_json::Value) -> User {
        serde_json::from_value(json!({
            "username": "jo.smith", "version": 1, "state": {"is": "active", "since": "2026-05-01T00:00:00Z"}, "door": door,
            "contact": {
                "firstName": "Jo", "lastName": "Smith", "email": "jo@example.org", "fax": "501-555-0123",
                "address": {"line1": "12 Elm Street", "city": "Little Rock", "state": "AR", "zip": "72201"},
            },
            "rules": {
                "enrolment-days": 2, "lock-after-failures": 3, "dormant-days": 90, "idle-minutes": 15, "absolute-hours": 10,
            },
        }))
        .unwrap()
    }

    /// REQ: ACC-17
    #[test]
    fn a_new_address_or_number_waits_and_the_rest_is_saved() {
        let mut jo = user(&json!("provider"));
        let contact = jo.contact.clone();
        let (new, line): (Email, _) = ("jo@clinic.example".parse().unwrap(), "Conway".parse().unwrap());
        let mut edited = Contact { email: new.clone(), ..contact.clone() };
        edited.address.city = line;
        let (saved, waits) = split(edited.clone(), &jo);
        assert_eq!(saved, Contact { email: contact.email.clone(), ..edited });
        assert_eq!(waits, Waiting { email: Some(new), ..Waiting::default() });
        assert_eq!(split(contact.clone(), &jo), (contact.clone(), Waiting::default()));

        let phone = |text: &str| Some(text.parse::<Phone>().unwrap());
        let called = Contact { phone: phone("501-555-0100"), ..contact.clone() };
        let waits = Waiting { phone: called.phone.clone(), ..Waiting::default() };
        assert_eq!(split(called.clone(), &jo), (contact.clone(), waits), "a first number is proved, too");
        jo.contact = called.clone();
        let other = Contact { phone: phone("501-555-0101"), ..contact.clone() };
        let waits = Waiting { phone: other.phone.clone(), ..Waiting::default() };
        assert_eq!(split(other, &jo), (called, waits));
        assert_eq!(split(contact.clone(), &jo), (contact, Waiting::default()), "a number is taken away at once");
    }

    #[test]
    fn letters_go_to_a_number_only_when_it_is_proved() {
        let jo = user(&json!("provider"));
        let fax: Phone = "501-555-0199".parse().unwrap();
        let edited = Contact { fax: fax.clone(), ..jo.contact.clone() };
        let waits = Waiting { fax: Some(fax), ..Waiting::default() };
        assert_eq!(split(edited, &jo), (jo.contact.clone(), waits));
    }

    #[test]
    fn a_pin_is_said_by_itself() {
        let of = |body: serde_json::Value| {
            let body: ProfileEdit = serde_json::from_value(body).unwrap();
            said(&body).map(|said| said.map(|(of, _)| of))
        };
        assert_eq!(of(json!({ "faxPin": "123456" })).unwrap(), Some(Said::Fax));
        assert_eq!(of(json!({ "contact": {} })).unwrap(), None);
        assert_eq!(of(json!({ "faxPin": "1", "contact": {} })).unwrap_err().pointers(), ["/faxPin"]);
        assert_eq!(of(json!({ "emailPin": "1", "phonePin": "2" })).unwrap_err().pointers(), ["/emailPin"]);
    }
}
