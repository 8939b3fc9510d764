//! A phone number is proved before it holds, the second factor moves with it, and further ones are added.

use anyhow::{Context, Result};
use portico_testkit::{
    carriers,
    clinic::Clinic,
    mailbox,
    people::{Person, code},
    poll::{self, PATIENCE},
    portal::Portal,
    seeding::World,
};
use serde_json::json;

use portico_tests::{
    newcomer::{Newcomer, another},
    office::Office,
};

/// REQ: ACC-17, ACC-11
#[test]
fn a_new_phone_number_is_proved_by_a_call_and_the_factor_moves_with_it() -> Result<()> {
    let world = World::open()?;
    let dana = Newcomer::register(&world)?.by_phone()?;
    let asked = dana.sign_in(None)?;
    let session = dana.answer(&asked, &dana.call(2)?.pin())?;
    let me = dana.portal.with_token(Some(session.text("/accessToken")?));
    let seen = me.get("/me").expect(200)?;
    let before = seen.text("/contact/phone")?;
    let gone = me.patch("/me", &json!({ "contact": { "phone": "" } }), seen.header("etag")).expect(422)?;
    gone.wrong_at("/contact/phone", "used-to-sign-in")?;

    // Fresh numbers are those of a fresh clinic.
    let number = Newcomer::register(&world)?.number()?;
    let change = json!({ "contact": { "phone": number, "city": "Conway" } });
    let waiting = me.patch("/me", &change, seen.header("etag")).expect(200)?;
    assert_eq!(
        (waiting.text("/contact/phone")?, waiting.text("/contact/city")?),
        (before.clone(), "Conway".to_owned())
    );
    let masked = waiting.text("/phoneAwaitsPin")?;
    assert_eq!(masked.get(..10), Some("(***) ***-"));
    mailbox::wait_for(&world.stack, dana.clinic.contact.email.as_str(), "A new phone number was entered")?;
    let pin = carriers::wait_for_call(&world.stack, &number, 1)?.pin();
    let etag = waiting.header("etag");
    me.patch("/me", &json!({ "phonePin": another(&pin) }), etag).expect(422)?.wrong_at("/phonePin", "wrong-pin")?;
    me.patch("/me", &json!({ "phonePin": pin, "contact": {} }), etag)
        .expect(422)?
        .wrong_at("/phonePin", "not-by-itself")?;
    let proven = me.patch("/me", &json!({ "phonePin": pin }), etag).expect(200)?;
    assert_ne!(proven.text("/contact/phone")?, before);
    assert!(proven.text("/phoneAwaitsPin").is_err());
    me.patch("/me", &json!({ "phonePin": pin }), proven.header("etag"))
        .expect(422)?
        .wrong_at("/phonePin", "wrong-pin")?;
    assert_eq!(me.get("/me").expect(200)?.at("/factors")?, &json!([{ "factor": "voice", "sentTo": masked }]));

    let asked = dana.sign_in(Some("voice"))?;
    assert_eq!(asked.text("/sentTo")?, masked);
    let pin = carriers::wait_for_call(&world.stack, &number, 2)?.pin();
    assert_eq!(dana.answer(&asked, &pin)?.status, 200);
    Ok(())
}

/// REQ: ACC-11, ACC-17
#[test]
fn whoever_has_an_app_may_sign_in_with_their_phone_as_well() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, "arkansas")?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let anybody = Portal::new(&world.stack);
    let number = clinic.contact.phone.as_ref().context("the clinic has no phone")?.e164();
    let add = |factor: &str| dana.portal.post("/me/factors", &json!({ "factor": factor }));
    add("pigeon").expect(422)?.wrong_at("/factor", "not-a-choice")?;
    let begun = add("voice").expect(200)?;
    let spoken = |nth: usize| Ok::<_, anyhow::Error>(carriers::wait_for_call(&world.stack, &number, nth)?.pin());
    let answer = |handle: String, code: String| {
        anybody.post("/sessions/answers", &json!({ "handle": handle, "code": code })).send()
    };
    let pin = spoken(1)?;
    assert_eq!(answer(begun.text("/handle")?, another(&pin).to_owned())?.status, 401);
    let early = json!({ "username": dana.username, "password": dana.password, "with": "voice" });
    assert_eq!(anybody.post("/sessions", &early).expect(200)?.text("/factor")?, "app", "not proved yet");
    assert_eq!(answer(begun.text("/handle")?, pin.clone())?.status, 204);
    assert_eq!(answer(begun.text("/handle")?, pin)?.status, 401);
    add("voice").expect(422)?.wrong_at("/factor", "factor-known")?;
    mailbox::wait_for(&world.stack, clinic.contact.email.as_str(), "A second sign-in step was added")?;

    let ask = |with: &str| {
        let credentials = json!({ "username": dana.username, "password": dana.password, "with": with });
        anybody.post("/sessions", &credentials).expect(200)
    };
    let by_phone = ask("voice")?;
    assert_eq!(by_phone.text("/factor")?, "voice");
    assert_eq!(answer(by_phone.text("/handle")?, code(&dana.secret)?)?.status, 401, "the app's code is not the PIN");
    assert_eq!(answer(by_phone.text("/handle")?, spoken(2)?)?.status, 200);
    let by_app = ask("app")?;
    assert_eq!(by_app.text("/factor")?, "app");
    assert_eq!(answer(by_app.text("/handle")?, code(&dana.secret)?)?.status, 200);
    let factors = dana.portal.get("/me").expect(200)?;
    let names: Vec<_> = factors.list("/factors")?.iter().filter_map(|factor| factor["factor"].as_str()).collect();
    assert_eq!(names, ["app", "voice"]);
    Ok(())
}

/// REQ: ACC-11
#[test]
fn whoever_has_a_phone_may_add_an_app() -> Result<()> {
    let world = World::open()?;
    let dana = Newcomer::register(&world)?.by_phone()?;
    let session = dana.answer(&dana.sign_in(None)?, &dana.call(2)?.pin())?;
    let me = dana.portal.with_token(Some(session.text("/accessToken")?));
    let begun = me.post("/me/factors", &json!({ "factor": "app" })).expect(200)?;
    let secret = begun.text("/secret")?;
    assert_eq!(dana.answer(&begun, &code(&secret)?)?.status, 204);
    let asked = dana.sign_in(None)?;
    assert_eq!(asked.text("/factor")?, "app");
    assert_eq!(dana.answer(&asked, &code(&secret)?)?.status, 200);
    assert_eq!(dana.sign_in(Some("voice"))?.text("/factor")?, "voice");
    Ok(())
}

/// REQ: ACC-17
#[test]
fn letters_go_to_a_new_fax_number_only_when_the_code_that_was_faxed_there_comes_back() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, "arkansas")?;
    let me = &office.admin.portal;
    let seen = me.get("/me").expect(200)?;
    let before = seen.text("/contact/fax")?;
    // Fresh numbers are those of a fresh clinic.
    let number = Newcomer::register(&world)?.number()?;
    let waiting = me.patch("/me", &json!({ "contact": { "fax": number } }), seen.header("etag")).expect(200)?;
    assert_eq!(waiting.text("/contact/fax")?, before, "until then the old one holds");
    assert_eq!(waiting.text("/faxAwaitsPin")?.get(..10), Some("(***) ***-"));
    mailbox::wait_for(&world.stack, office.clinic.contact.email.as_str(), "A new fax number was entered")?;
    let page = poll::until("a page with the code", PATIENCE, || {
        Ok(carriers::sent(&world.stack)?.faxes.into_iter().find(|fax| fax.to == number && fax.status == "delivered"))
    })?;
    assert_eq!((page.client_reference.as_str(), page.pages), ("fax-code", Some(1)));
    let code = world.fax_code(&office.admin.username)?;
    let etag = waiting.header("etag");
    me.patch("/me", &json!({ "faxPin": another(&code) }), etag).expect(422)?.wrong_at("/faxPin", "wrong-pin")?;
    let proven = me.patch("/me", &json!({ "faxPin": code }), etag).expect(200)?;
    assert_ne!(proven.text("/contact/fax")?, before);
    assert!(proven.text("/faxAwaitsPin").is_err());

    // Nobody sets it for a colleague who has enrolled.
    let clerk = office.hire("vi", &office.provider(), "staff")?;
    let fax = json!({ "contact": { "fax": "501-555-0189", "phone": "501-555-0188" } });
    let refused = office.change(&office.admin, &clerk.username, &fax)?;
    assert_eq!(refused.status, 422, "{}", refused.body);
    refused.wrong_at("/contact/fax", "changed-by-the-user")?;
    refused.wrong_at("/contact/phone", "changed-by-the-user")?;
    Ok(())
}
