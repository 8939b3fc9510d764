//! What becomes of an account: reset, locked, unlocked, its profile, its password and its sessions.

use anyhow::{Context, Result};
use portico_domain::caller::StaffRole;
use portico_testkit::{
    mailbox,
    people::{Door, PASSWORD, Person, answer, code, set_password},
    portal::{Answer, Portal},
    seeding::World,
};
use serde_json::json;

use portico_tests::office::Office;

const ANOTHER: &str = "Meadow-Cloud-2027?";

/// REQ: ACC-10, ACC-14, ORG-08
#[test]
fn a_reset_gives_a_fresh_link_and_a_lock_is_lifted_by_support_alone() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, "arkansas")?;
    let clerk = office.hire("cy", &office.provider(), "staff")?;
    let mail = format!("{}@people.example", clerk.username);
    let old = mailbox::wait_for_link(&world.stack, &mail)?;
    let reset = format!("/users/{}/registration-reset", clerk.username);
    clerk.portal.post(&reset, &json!({})).refused(403, "forbidden")?;
    office.admin.portal.post(&reset, &json!({})).expect(200)?;
    clerk.portal.get("/me").refused(401, "signed-out")?;
    let fresh = portico_testkit::poll::until("a fresh link", portico_testkit::poll::PATIENCE, || {
        Ok(Some(mailbox::wait_for_link(&world.stack, &mail)?).filter(|token| *token != old))
    })?;
    clerk.portal.post("/enrolments", &json!({ "token": old, "password": ANOTHER })).expect(404)?;
    let same = clerk.portal.post("/enrolments", &json!({ "token": fresh, "password": PASSWORD })).expect(422)?;
    assert_eq!(same.wrong_at("/password", "used-before")?, json!({ "last": 5 }));
    let clerk = enrolled_with(&world, &fresh, ANOTHER)?;

    let failures = world.contract("arkansas")?.accounts.lock_after_failures;
    for _ in 0..failures {
        let wrong = json!({ "username": clerk.username, "password": "Wrong-Password-2026!" });
        clerk.portal.post("/sessions", &wrong).refused(401, "sign-in-refused")?;
    }
    clerk.portal.get("/me").refused(401, "signed-out")?;
    office.admin.portal.post(&reset, &json!({})).refused(409, "conflict")?;
    let unlock = format!("/staff/users/{}/unlock", clerk.username);
    let nurse = Person::of_staff(&world, "arkansas", StaffRole::Nurse)?;
    nurse.portal.post(&unlock, &json!({})).refused(403, "forbidden")?;
    let support = Person::of_staff(&world, "arkansas", StaffRole::Support)?;
    support.portal.post(&unlock, &json!({})).expect(200)?;
    support.portal.post(&unlock, &json!({})).expect(200)?;
    mailbox::wait_for(&world.stack, &mail, "You can sign in again")?;
    clerk.sign_in()?.portal.get("/me").expect(200)?;
    Ok(())
}

fn enrolled_with(world: &World, token: &str, password: &str) -> Result<Person> {
    let portal = Portal::new(&world.stack);
    let begun = set_password(&portal, token, password)?;
    let secret = begun.text("/secret")?;
    let answer = json!({ "handle": begun.text("/handle")?, "code": code(&secret)? });
    portal.post(begun.text("/answerAt")?, &answer).expect(204)?;
    let username = begun.text("/username")?;
    Person { username, password: password.to_owned(), secret, door: Door::Provider, portal }.sign_in()
}

/// REQ: ACC-17, ORG-08
#[test]
fn a_profile_is_edited_and_a_new_address_is_proven_first() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, "arkansas")?;
    let me = &office.admin.portal;
    let seen = me.get("/me").expect(200)?;
    assert!(!seen.list("/roles/0/address")?.is_empty() && seen.at("/lastSignIn").is_ok());
    let city = json!({ "contact": { "city": "Conway" } });
    me.patch("/me", &city, "\"77\"").refused(412, "stale")?;
    let saved = me.patch("/me", &city, seen.header("etag")).expect(200)?;
    assert_eq!(saved.text("/contact/city")?, "Conway");

    let address = format!("{}@new.example", office.admin.username);
    let change = json!({ "contact": { "email": address, "confirmEmail": address } });
    let waiting = me.patch("/me", &change, saved.header("etag")).expect(200)?;
    assert_eq!(waiting.text("/contact/email")?, office.clinic.contact.email.to_string());
    waiting.text("/emailAwaitsPin")?;
    mailbox::wait_for(&world.stack, office.clinic.contact.email.as_str(), "A new e-mail address was entered")?;
    let mail = mailbox::wait_for(&world.stack, &address, "Confirm your e-mail address")?;
    // A username has digits as well.
    let (_, said) = mail.body_text.split_once("The PIN is ").context("no PIN in the mail")?;
    let pin = said.get(..6).context("a PIN is too short")?;
    let wrong = if pin == "000000" { "111111" } else { "000000" };
    let etag = waiting.header("etag");
    me.patch("/me", &json!({ "emailPin": wrong }), etag).expect(422)?.wrong_at("/emailPin", "wrong-pin")?;
    let proven = me.patch("/me", &json!({ "emailPin": pin }), etag).expect(200)?;
    assert_eq!(proven.text("/contact/email")?, address);
    me.patch("/me", &json!({ "emailPin": pin }), proven.header("etag")).expect(422)?;
    Ok(())
}

/// A full sign-in with its refresh token.
pub(crate) fn signed_in(person: &Person) -> Result<Answer> {
    let credentials = json!({ "username": person.username, "password": person.password });
    let asked = person.portal.with_token(None).post("/sessions", &credentials).expect(200)?;
    let answer = answer(&asked, &code(&person.secret)?)?;
    person.portal.with_token(None).post("/sessions/answers", &answer).expect(200)
}

/// REQ: ACC-18, ACC-19
#[test]
fn a_session_is_refreshed_until_it_is_ended() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, "arkansas")?;
    let (anybody, session) = (Portal::new(&world.stack), signed_in(&office.admin)?);
    let first = json!({ "refreshToken": session.text("/refreshToken")? });
    let fresh = anybody.post("/sessions/refresh", &first).expect(200)?;
    let refresh = json!({ "refreshToken": fresh.text("/refreshToken")? });
    let browser = anybody.with_token(Some(fresh.text("/accessToken")?));
    browser.get("/me").expect(200)?;
    anybody.post("/staff/sessions/refresh", &refresh).refused(401, "signed-out")?;
    anybody.post("/sessions/refresh", &json!({ "refreshToken": "made up" })).refused(401, "signed-out")?;
    browser.delete("/sessions").expect(204)?;
    browser.get("/me").refused(401, "signed-out")?;
    office.admin.portal.get("/me").refused(401, "signed-out")?;
    anybody.post("/sessions/refresh", &refresh).refused(401, "signed-out")?;
    Ok(())
}

/// REQ: ACC-12, ACC-13
#[test]
fn a_forgotten_password_is_replaced_without_help() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, "arkansas")?;
    let anybody = Portal::new(&world.stack);
    let ask = |name: &str| anybody.post("/passwords/forgotten", &json!({ "username": name })).expect(202);
    assert_eq!(ask("nobody.at.all")?.body, ask(&office.admin.username)?.body);
    let mail = mailbox::wait_for(&world.stack, office.clinic.contact.email.as_str(), "Set a new password")?;
    let token = mail.token().context("no link in the mail")?;
    let set = |password: &str| anybody.post("/passwords", &json!({ "token": token, "password": password }));
    let short = set("short").expect(422)?;
    let codes: Vec<_> = short.list("/errors")?.iter().filter_map(|error| error["code"].as_str()).collect();
    assert_eq!(codes, ["too-short", "no-upper-case", "no-digit", "no-special-character"]);
    assert_eq!(short.at("/errors/0/values")?, &json!({ "least": 14 }));
    assert_eq!(set(PASSWORD).expect(422)?.wrong_at("/password", "used-before")?, json!({ "last": 5 }));
    anybody.post("/enrolments", &json!({ "token": token, "password": ANOTHER })).expect(404)?;
    set(ANOTHER).expect(204)?;
    set("Third-Password-2028!").refused(404, "not-found")?;
    office.admin.portal.get("/me").refused(401, "signed-out")?;
    mailbox::wait_for(&world.stack, office.clinic.contact.email.as_str(), "Your password has changed")?;
    let old = json!({ "username": office.admin.username, "password": PASSWORD });
    anybody.post("/sessions", &old).refused(401, "sign-in-refused")?;
    Person { password: ANOTHER.to_owned(), ..office.admin.clone() }.sign_in()?.portal.get("/me").expect(200)?;
    Ok(())
}
