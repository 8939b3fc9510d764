//! A provider group at work, in which every action on users, providers, profiles and sessions takes part.

use anyhow::{Context, Result, ensure};
use portico_domain::caller::StaffRole;
use portico_testkit::{
    carriers,
    clinic::Clinic,
    mailbox,
    people::{self, Person, code},
    portal::Portal,
    seeding::World,
};
use serde_json::{Value, json};

const CONTRACT: &str = "arkansas";
const ANOTHER_PASSWORD: &str = "Meadow-Cloud-2027?";

/// Plays it with the Group Admin of a fresh clinic.
///
/// # Errors
/// When anything is answered otherwise than expected.
pub fn play(world: &World) -> Result<()> {
    let clinic = Clinic::new(world, CONTRACT)?;
    let admin = Person::of_clinic(world, &clinic)?;
    let me = admin.portal.get("/me").expect(200)?;
    let city = json!({ "contact": { "city": "Conway" } });
    admin.portal.patch("/me", &city, me.header("etag")).expect(200)?;
    let group = format!("/groups/{}", me.text("/roles/0/group")?);
    let further = Clinic::new(world, CONTRACT)?;
    let pair = people::joining(world, &further)?;
    admin.portal.post(format!("{group}/providers"), &pair).expect(201)?;
    let clerk = hire(&admin, &clinic, &group)?;
    admin.portal.get(format!("{group}/users")).expect(200)?;
    admin.portal.get(format!("{group}/providers")).expect(200)?;
    admin.portal.get(format!("/users/{clerk}")).expect(200)?;
    let promoted = json!({ "roles": [{ "provider": clinic.place.provider.id, "role": "provider-admin" }] });
    admin.portal.patch(format!("/users/{clerk}"), &promoted, "1").expect(200)?;
    admin.portal.post(format!("/users/{clerk}/registration-reset"), &json!({})).expect(200)?;
    account(world, admin, (clinic.contact.email.as_str(), &clinic.number()))?;
    by_phone(world, &Clinic::new(world, CONTRACT)?)
}

/// Somebody who signs in by a call, and asks for another one.
fn by_phone(world: &World, clinic: &Clinic) -> Result<()> {
    let anybody = Portal::new(&world.stack);
    let terms = &world.contract(CONTRACT)?.registration.terms_version;
    anybody.post("/registrations", &people::registration(clinic, terms)).expect(201)?;
    let link = mailbox::wait_for_link(&world.stack, clinic.contact.email.as_str())?;
    let number = clinic.contact.phone.as_ref().context("the clinic has no phone")?.e164();
    let answer = |handle: String, nth: usize| {
        let pin = carriers::wait_for_call(&world.stack, &number, nth)?.pin();
        anybody.post("/sessions/answers", &json!({ "handle": handle, "code": pin })).send()
    };
    let choice = json!({ "token": link, "password": people::PASSWORD, "factor": "voice" });
    let begun = anybody.post("/enrolments", &choice).expect(200)?;
    answer(begun.text("/handle")?, 1)?;
    let credentials = json!({ "username": clinic.username, "password": people::PASSWORD });
    let asked = anybody.post("/sessions", &credentials).expect(200)?.text("/handle")?;
    carriers::wait_for_call(&world.stack, &number, 2)?;
    anybody.post("/sessions/pins", &json!({ "handle": asked })).expect(200)?;
    let session = answer(asked, 3)?;
    ensure!(session.status == 200, "the PIN of the second call: {}", session.body);
    let signed_in = anybody.with_token(Some(session.text("/accessToken")?));
    signed_in.post("/me/factors", &json!({ "factor": "app" })).expect(200)?;
    Ok(())
}

/// A clerk who has not followed the mailed link yet.
fn hire(admin: &Person, clinic: &Clinic, group: &str) -> Result<String> {
    let name = clinic.username.replace("dana", "cy");
    let email = format!("{name}@people.example");
    let new = json!({
        "username": name, "roles": [{ "provider": clinic.place.provider.id }],
        "contact": {
            "firstName": "Cy", "lastName": "Reed", "address1": "1 Main Street", "city": "Little Rock", "state": "AR",
            "zip": "72201", "email": email, "confirmEmail": email, "fax": "501-555-0142",
        },
    });
    admin.portal.post(format!("{group}/users"), &new).expect(201)?;
    Ok(name)
}

/// Sessions, a forgotten password, a lock and its end; reports.
fn account(world: &World, person: Person, (mail, npi): (&str, &str)) -> Result<()> {
    let anybody = Portal::new(&world.stack);
    let session = session(&anybody, &person)?;
    let refresh = json!({ "refreshToken": session.get("refreshToken") });
    let token = anybody.post("/sessions/refresh", &refresh).expect(200)?.text("/accessToken")?;
    anybody.with_token(Some(token)).delete("/sessions").expect(204)?;

    anybody.post("/passwords/forgotten", &json!({ "username": person.username })).expect(202)?;
    let link = mailbox::wait_for(&world.stack, mail, "Set a new password")?.token().context("no link in the mail")?;
    anybody.post("/passwords", &json!({ "token": link, "password": ANOTHER_PASSWORD })).expect(204)?;

    let wrong = json!({ "username": person.username, "password": people::PASSWORD });
    for _ in 0..world.contract(CONTRACT)?.accounts.lock_after_failures {
        anybody.post("/sessions", &wrong).refused(401, "sign-in-refused")?;
    }
    let support = Person::of_staff(world, CONTRACT, StaffRole::Support)?;
    // By the clinic, whose users are looked through, and by what few have.
    for known in [json!({ "npi": npi }), json!({ "name": "Rivers", "npi": npi }), json!({ "email": mail })] {
        support.portal.post("/staff/accounts/search", &known).expect(200)?;
    }
    support.portal.post(format!("/staff/users/{}/unlock", person.username), &json!({})).expect(200)?;
    let reports = format!("/staff/users/{}/reports", person.username);
    let now = support.portal.get(&reports).expect(200)?;
    let grant = json!({ "provider": now.text("/roles/0/provider")?, "reports": true });
    support.portal.put(&reports, &grant, now.header("etag")).expect(200)?;
    Person { password: ANOTHER_PASSWORD.to_owned(), ..person }.sign_in()?;
    Ok(())
}

/// A sign-in with its refresh token.
fn session(anybody: &Portal, person: &Person) -> Result<Value> {
    let credentials = json!({ "username": person.username, "password": person.password });
    let asked = anybody.post("/sessions", &credentials).expect(200)?;
    let answer = people::answer(&asked, &code(&person.secret)?)?;
    Ok(anybody.post("/sessions/answers", &answer).expect(200)?.body)
}
