//! The sign-in chain: failures in a row, one answer to all refusals, and a handle that is used once.

use std::thread;

use anyhow::{Context, Result, anyhow};
use portico_domain::caller::StaffRole;
use portico_testkit::{
    clinic::Clinic,
    mailbox,
    people::{PASSWORD, Person, code},
    portal::{Answer, Portal},
    seeding::World,
};
use serde_json::json;

use portico_tests::newcomer::{Newcomer, another};

const WRONG: &str = "Wrong-Password-2026!";
const FRESH: &str = "Meadow-Cloud-2027?";

/// The same call many times at once.
fn at_once(times: usize, call: impl Fn() -> Result<Answer> + Sync) -> Result<Vec<Answer>> {
    thread::scope(|scope| {
        let calls: Vec<_> = (0..times).map(|_| scope.spawn(&call)).collect();
        calls.into_iter().map(|call| call.join().map_err(|_| anyhow!("a thread died"))?).collect()
    })
}

/// REQ: ACC-11, ACC-14
#[test]
fn a_handle_works_once_even_for_two_callers_at_once() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, "arkansas")?;
    let (dana, anybody) = (Person::of_clinic(&world, &clinic)?, Portal::new(&world.stack));
    let credentials = json!({ "username": dana.username, "password": dana.password, "with": "app" });
    let asked = anybody.post("/sessions", &credentials).expect(200)?;
    assert_eq!(asked.text("/factor")?, "app");
    let answer = json!({ "handle": asked.text("/handle")?, "code": code(&dana.secret)? });
    let answers = at_once(2, || anybody.post("/sessions/answers", &answer).send())?;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401]);
    let session = answers.iter().find(|answer| answer.status == 200).context("nobody got through")?;
    anybody.with_token(Some(session.text("/accessToken")?)).get("/me").expect(200)?;
    Ok(())
}

/// REQ: ACC-14, ACC-13
#[test]
fn wrong_pins_lock_as_wrong_passwords_do_and_a_new_password_does_not_unlock() -> Result<()> {
    let world = World::open()?;
    let dana = Newcomer::register(&world)?.by_phone()?;
    let limit = world.contract("arkansas")?.accounts.lock_after_failures;
    assert_eq!(dana.sign_in_by(WRONG, None)?.status, 401, "the first failure in a row");
    let asked = dana.sign_in(None)?;
    let pin = dana.call(2)?.pin();
    for _ in 1..limit {
        assert_eq!(dana.answer(&asked, another(&pin))?.status, 401);
    }
    let refused = dana.answer(&asked, &pin)?;
    assert_eq!(refused.status, 401, "the right PIN comes too late");
    let email = dana.clinic.contact.email.as_str();
    mailbox::wait_for(&world.stack, email, "Your account is locked")?;

    dana.portal.post("/passwords/forgotten", &json!({ "username": dana.clinic.username })).expect(202)?;
    let token = mailbox::wait_for(&world.stack, email, "Set a new password")?.token().context("no link")?;
    dana.portal.post("/passwords", &json!({ "token": token, "password": PASSWORD })).expect(422)?;
    dana.portal.post("/passwords", &json!({ "token": token, "password": FRESH })).expect(204)?;
    let still = dana.sign_in_by(FRESH, None)?;
    assert_eq!((still.status, &still.body), (401, &refused.body), "one refusal for everything");

    let support = Person::of_staff(&world, "arkansas", StaffRole::Support)?;
    support.portal.post(format!("/staff/users/{}/unlock", dana.clinic.username), &json!({})).expect(200)?;
    let asked = dana.sign_in_by(FRESH, None)?;
    assert_eq!(dana.answer(&asked, &dana.call(3)?.pin())?.status, 200);
    Ok(())
}

/// REQ: ACC-14
#[test]
fn many_wrong_passwords_at_once_lock_and_one_right_one_forgets_the_failures_before() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, "arkansas")?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let anybody = Portal::new(&world.stack);
    let limit = world.contract("arkansas")?.accounts.lock_after_failures;
    let wrong = json!({ "username": dana.username, "password": WRONG });
    for _ in 1..limit {
        anybody.post("/sessions", &wrong).refused(401, "sign-in-refused")?;
    }
    let dana = dana.sign_in()?;
    for _ in 1..limit {
        anybody.post("/sessions", &wrong).refused(401, "sign-in-refused")?;
    }
    let dana = dana.sign_in()?;
    let answers = at_once(8, || anybody.post("/sessions", &wrong).send())?;
    assert!(answers.iter().all(|answer| answer.status == 401));
    dana.portal.get("/me").refused(401, "signed-out")?;
    let right = json!({ "username": dana.username, "password": dana.password });
    anybody.post("/sessions", &right).refused(401, "sign-in-refused")?;
    Ok(())
}

#[test]
fn right_answers_at_once_never_lock() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, "arkansas")?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let anybody = Portal::new(&world.stack);
    let right = json!({ "username": dana.username, "password": dana.password });
    let answers = at_once(8, || anybody.post("/sessions", &right).send())?;
    assert!(answers.iter().any(|answer| answer.status == 200));
    assert!(answers.iter().all(|answer| [200, 401].contains(&answer.status)));
    dana.portal.get("/me").expect(200)?;
    dana.sign_in()?.portal.get("/me").expect(200)?;
    Ok(())
}

/// Whoever is invited, unknown or of the other door is answered alike, at sign-in and when the password is forgotten.
///
/// REQ: ACC-13, ACC-14, ACC-18
#[test]
fn nobody_learns_who_has_an_account() -> Result<()> {
    let world = World::open()?;
    let invited = Newcomer::register(&world)?;
    let nurse = Person::of_staff(&world, "arkansas", StaffRole::Nurse)?;
    let anybody = Portal::new(&world.stack);
    let names = ["nobody.at.all", &invited.clinic.username, &nurse.username, "no name at all"];
    let mut refusals = names.iter().map(|name| {
        let credentials = json!({ "username": name, "password": nurse.password, "with": "voice" });
        anybody.post("/sessions", &credentials).refused(401, "sign-in-refused")
    });
    let first = refusals.next().context("nobody was refused")??;
    for refusal in refusals {
        assert_eq!(refusal?.body, first.body);
    }
    let forgotten = |name: &str| anybody.post("/passwords/forgotten", &json!({ "username": name })).expect(202);
    let told = [forgotten("nobody.at.all")?, forgotten(&invited.clinic.username)?, forgotten(&nurse.username)?];
    assert!(told.iter().all(|answer| answer.body == told[0].body));
    // A link of somebody else proves that mail was sent meanwhile.
    let other = Person::of_clinic(&world, &Clinic::new(&world, "arkansas")?)?;
    forgotten(&other.username)?;
    let address = format!("{}@clinic.example", other.username);
    mailbox::wait_for(&world.stack, &address, "Set a new password")?;
    let mails = mailbox::mails_to(&world.stack, invited.clinic.contact.email.as_str())?;
    assert_eq!(mails.iter().filter(|mail| mail.subject.contains("Set a new password")).count(), 0);
    Ok(())
}
