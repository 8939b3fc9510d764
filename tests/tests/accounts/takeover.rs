//! What would let somebody else in later: a stolen token, an old link, a refresh token that was copied, an administrator.

use anyhow::{Context, Result};
use jiff::SignedDuration;
use portico_domain::events::EventKind;
use portico_testkit::{
    mailbox,
    people::Person,
    poll::{self, PATIENCE},
    portal::{Answer, Portal},
    seeding::World,
};
use portico_tests::office::Office;
use serde_json::{Value, json};

use crate::sessions::signed_in;

const ANOTHER: &str = "Meadow-Cloud-2027?";

#[test]
fn who_signed_in_a_while_ago_proves_it_anew_before_ways_in_are_changed() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, "arkansas")?;
    let me = &office.admin.portal;
    world.signed_in_ago(&office.admin.username, SignedDuration::from_mins(6))?;
    let version = me.get("/me").expect(200)?.header("etag").to_owned();
    me.post("/me/factors", &json!({ "factor": "email" })).refused(403, "proof-required")?;
    let contact = |change: Value| json!({ "contact": change });
    for change in [
        json!({ "email": "thief@new.example", "confirmEmail": "thief@new.example" }),
        json!({ "phone": "501-555-0188" }),
        json!({ "fax": "501-555-0189" }),
    ] {
        me.patch("/me", &contact(change), &version).refused(403, "proof-required")?;
    }
    me.patch("/me", &contact(json!({ "firstName": "Dane" })), &version).expect(200)?;

    // An administrator who manages users in a row is asked later.
    let clerk = office.hire("vi", &office.provider(), "staff")?;
    world.signed_in_ago(&office.admin.username, SignedDuration::from_mins(16))?;
    let new = office.form(&office.name("wu"), &json!([{ "provider": office.provider(), "role": "staff" }]));
    let users = format!("/groups/{}/users", office.group);
    me.post(&users, &new).refused(403, "proof-required")?;
    me.post(format!("/users/{}/registration-reset", clerk.username), &json!({})).refused(403, "proof-required")?;
    let part = json!({ "roles": [{ "provider": office.provider(), "role": "provider-admin" }] });
    assert_eq!(office.change(&office.admin, &clerk.username, &part)?.status, 403);

    let again = office.admin.sign_in()?.portal;
    again.post(&users, &new).expect(201)?;
    again.post("/me/factors", &json!({ "factor": "app" })).expect(200)?;
    Ok(())
}

#[test]
fn whoever_administers_a_user_does_not_become_the_user() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, "arkansas")?;
    let clerk = office.hire("xi", &office.provider(), "staff")?;
    let mail = format!("{}@people.example", clerk.username);
    let first = mailbox::wait_for_link(&world.stack, &mail)?;
    office.admin.portal.post(format!("/users/{}/registration-reset", clerk.username), &json!({})).expect(200)?;
    let own = json!({ "contact": { "email": "admin@own.example", "confirmEmail": "admin@own.example" } });
    let refused = office.change(&office.admin, &clerk.username, &own)?;
    assert_eq!(refused.status, 422, "{}", refused.body);
    refused.wrong_at("/contact/email", "changed-by-the-user")?;
    let fresh = poll::until("a fresh link to the person", PATIENCE, || {
        Ok(Some(mailbox::wait_for_link(&world.stack, &mail)?).filter(|token| *token != first))
    })?;
    assert_ne!(fresh, first);
    Ok(())
}

#[test]
fn of_several_links_to_a_new_password_the_last_one_works() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, "arkansas")?;
    let anybody = Portal::new(&world.stack);
    let mail = office.clinic.contact.email.as_str();
    let mut links: Vec<String> = Vec::new();
    for _ in 0..2 {
        anybody.post("/passwords/forgotten", &json!({ "username": office.admin.username })).expect(202)?;
        let link = poll::until("another link", PATIENCE, || {
            let token = mailbox::wait_for(&world.stack, mail, "Set a new password")?.token();
            Ok(token.filter(|token| !links.contains(token)))
        })?;
        links.push(link);
    }
    let set = |token: &str, password: &str| {
        anybody.post("/passwords", &json!({ "token": token, "password": password })).send()
    };
    let [old, new] = links.as_slice() else { anyhow::bail!("two links") };
    assert_eq!(set(old, ANOTHER)?.status, 404);
    assert_eq!(set(new, ANOTHER)?.status, 204);
    for token in [old, new] {
        assert_eq!(set(token, "Third-Lantern-2028!")?.status, 404);
    }
    Person { password: ANOTHER.to_owned(), ..office.admin.clone() }.sign_in()?;
    Ok(())
}

fn change_address(me: &Portal, mail: &str, world: &World) -> Result<()> {
    let asked = me.get("/me").expect(200)?;
    let new = json!({ "contact": { "email": mail, "confirmEmail": mail } });
    let waiting = me.patch("/me", &new, asked.header("etag")).expect(200)?;
    let said = mailbox::wait_for(&world.stack, mail, "The PIN is ")?.body_text;
    let pin: String = said.split_once("The PIN is ").context("a PIN")?.1.chars().take(6).collect();
    me.patch("/me", &json!({ "emailPin": pin }), waiting.header("etag")).expect(200)?;
    Ok(())
}

fn undo_link(world: &World, mail: &str) -> Result<String> {
    let told = mailbox::wait_for(&world.stack, mail, "Your e-mail address was changed")?;
    told.token().context("the mail has a link")
}

#[test]
fn an_old_address_takes_the_change_back_and_whoever_made_it_has_nothing_left() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, "arkansas")?;
    let (thief, anybody) = (office.admin.clone().sign_in()?, Portal::new(&world.stack));
    let old = office.clinic.contact.email.to_string();
    let [first, second] = ["first", "second"].map(|place| format!("{}.{place}@thief.example", office.admin.username));
    change_address(&thief.portal, &first, &world)?;
    change_address(&thief.portal, &second, &world)?;
    let (link, of_thief) = (undo_link(&world, &old)?, undo_link(&world, &first)?);
    // A link to a new password goes to where mail goes now; it does not end the other link.
    anybody.post("/passwords/forgotten", &json!({ "username": office.admin.username })).expect(202)?;
    let forgotten = mailbox::wait_for(&world.stack, &second, "Set a new password")?.token().context("a link")?;
    let set = |token: &str, password: &str| {
        anybody.post("/passwords", &json!({ "token": token, "password": password })).send()
    };
    assert_eq!(set(&link, "short")?.status, 422, "a password that breaks rules uses nothing up");
    assert_eq!(set(&link, ANOTHER)?.status, 204);

    // Neither session, nor link, nor password of before.
    thief.portal.get("/me").refused(401, "signed-out")?;
    for dead in [&link, &of_thief, &forgotten] {
        assert_eq!(set(dead, "Third-Lantern-2028!")?.status, 404);
    }
    assert!(office.admin.clone().sign_in().is_err(), "the old password opens nothing");
    let back = Person { password: ANOTHER.to_owned(), ..office.admin.clone() }.sign_in()?;
    assert_eq!(back.portal.get("/me").expect(200)?.text("/contact/email")?, old);
    mailbox::wait_for(&world.stack, &old, "Your e-mail address is the old one again")?;
    // Who changes it then can take that back as well.
    let own = format!("{}.new@people.example", office.admin.username);
    change_address(&back.portal, &own, &world)?;
    let again =
        poll::until("another link", PATIENCE, || Ok(Some(undo_link(&world, &old)?).filter(|token| *token != link)))?;
    assert_eq!(set(&again, "Third-Lantern-2028!")?.status, 204);
    Ok(())
}

fn refresh(anybody: &Portal, token: &str) -> Result<Answer> {
    anybody.post("/sessions/refresh", &json!({ "refreshToken": token })).send()
}

#[test]
fn a_refresh_token_that_is_used_again_ends_the_session() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, "arkansas")?;
    let anybody = Portal::new(&world.stack);
    let first = signed_in(&office.admin)?.text("/refreshToken")?;
    let second = refresh(&anybody, &first)?;
    assert_eq!(second.status, 200, "{}", second.body);
    assert_ne!(second.text("/refreshToken")?, first);
    // A second tab at the same time is given what the first was given.
    assert_eq!(refresh(&anybody, &first)?.text("/refreshToken")?, second.text("/refreshToken")?);
    let third = refresh(&anybody, &second.text("/refreshToken")?)?;
    let browser = anybody.with_token(Some(third.text("/accessToken")?));
    browser.get("/me").expect(200)?;
    assert_eq!(refresh(&anybody, &first)?.status, 401, "two generations old: it was copied");
    browser.get("/me").refused(401, "signed-out")?;
    assert_eq!(refresh(&anybody, &third.text("/refreshToken")?)?.status, 401);
    let events = world.user_events(&office.admin.username)?;
    let noted =
        |kind: &EventKind| matches!(kind, EventKind::SignInRefused { why, .. } if why == "refresh token used twice");
    assert!(events.iter().any(noted));
    Ok(())
}

#[test]
fn a_session_that_has_ended_reads_no_answer_that_was_kept() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, "arkansas")?;
    let new = office.form(&office.name("yu"), &json!([{ "provider": office.provider(), "role": "staff" }]));
    let users = format!("/groups/{}/users", office.group);
    let send = || office.admin.portal.post(&users, &new).header("Idempotency-Key", "the-same-key-again").send();
    let added = send()?;
    assert_eq!((added.status, send()?.body), (201, added.body));
    office.admin.portal.delete("/sessions").expect(204)?;
    assert_eq!(send()?.status, 401);

    // Whatever takes a key: who signed out is told so, before anything else.
    let document: Value = serde_json::from_str(include_str!("../../../shared/api/openapi.json"))?;
    let mut keyed = 0;
    for (path, item) in document["paths"].as_object().context("paths")? {
        for (method, operation) in item.as_object().context("operations")? {
            let takes_key = operation["parameters"]
                .as_array()
                .is_some_and(|parameters| parameters.iter().any(|parameter| parameter["name"] == "Idempotency-Key"));
            if !takes_key || operation["security"][0].get("provider").is_none() {
                continue;
            }
            assert_eq!(method, "post", "{path}");
            let id = if path.starts_with("/groups") { office.group.as_str() } else { "263300001" };
            let path = path.replace("{id}", id).replace("{name}", "nobody.here").replace("{number}", "R01");
            let answer = office.admin.portal.post(&path, &json!({})).send()?;
            assert!(answer.status == 401 || answer.status == 422, "{path}: {}", answer.status);
            keyed += 1;
        }
    }
    assert!(keyed >= 6, "{keyed}");
    Ok(())
}
