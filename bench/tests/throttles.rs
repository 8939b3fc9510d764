//! Wrong pairs of NPI and registration code, from addresses that only this test has.

use anyhow::Result;
use portico_aws::{Config, clock, secrets::sha256, table::accounts::tries::Throttle};
use portico_bench::door::Door;
use portico_testkit::{
    clinic::Clinic,
    people::Person,
    poll::{self, PATIENCE},
    portal::{Call, Portal},
    seeding::World,
    stack::Stack,
};
use serde_json::json;

/// Wrong pairs that one address has within ten minutes.
const LIMIT: usize = 10;
const WINDOW: i64 = 600;
const WRONG: &str = "NPI/Regcode is not valid. Please try different NPI/Regcode";

fn opened() -> Result<(Door, World)> {
    let mut stack = Stack::read()?;
    let door = Door::open(Config::read(|name| stack.variable(name))?)?;
    stack.api_url.clone_from(&door.url);
    Ok((door, World::seeded(stack)?))
}

fn verify<'a>(portal: &'a Portal, from: &str, npi: &str, code: &str) -> Call<'a> {
    portal.post("/registrations/verify", &json!({ "npi": npi, "code": code })).header("X-Forwarded-For", from)
}

/// REQ: ACC-02
#[test]
fn wrong_pairs_are_throttled_by_address_and_keep_nobody_else_out() -> Result<()> {
    let (_door, world) = opened()?;
    let portal = Portal::new(&world.stack);
    let (one, other) = (Clinic::new(&world, "arkansas")?, Clinic::new(&world, "arkansas")?);
    let (office, elsewhere) = (clock::new_uuid().to_string(), clock::new_uuid().to_string());
    let code = |clinic: &Clinic| clinic.place.registration_code.clone();
    poll::until("a window with time left", PATIENCE, || {
        Ok((clock::now().as_second().rem_euclid(WINDOW) < WINDOW - 20).then_some(()))
    })?;
    for _ in 0..LIMIT {
        let refused = verify(&portal, &office, &one.number(), "NOT-THIS-ONE").refused(422, "invalid")?;
        assert_eq!(refused.text("/detail")?, WRONG);
    }
    let answer = verify(&portal, &office, &other.number(), &code(&other)).refused(429, "throttled")?;
    let seconds: i64 = answer.header("retry-after").parse()?;
    assert!((1..=WINDOW).contains(&seconds));
    // Whose NPI strangers tried registers from elsewhere.
    verify(&portal, &elsewhere, &one.number(), &code(&one)).expect(200)?;
    // Another address of the same network is no other caller.
    let network = clock::new_uuid().as_u128() & 0xffff_ffff;
    let neighbour = |host: u16| format!("2001:db8:{:x}:{:x}::{host:x}", network >> 16, network & 0xffff);
    for host in 1..=10 {
        verify(&portal, &neighbour(host), &one.number(), "NOT-THIS-ONE").refused(422, "invalid")?;
    }
    verify(&portal, &neighbour(11), &one.number(), "NOT-THIS-ONE").refused(429, "throttled")?;
    Ok(())
}

/// REQ: ACC-02
#[test]
fn whichever_half_is_wrong_the_answer_and_the_work_are_the_same() -> Result<()> {
    let (door, world) = opened()?;
    let portal = Portal::new(&world.stack);
    let (clinic, stranger) = (Clinic::new(&world, "arkansas")?, Clinic::new(&world, "arkansas")?);
    let from = clock::new_uuid().to_string();
    // The first call of a process reads its key in addition.
    verify(&portal, &from, &clinic.number(), "NOT-THIS-ONE").refused(422, "invalid")?;
    let wrong_code = verify(&portal, &from, &clinic.number(), "NOT-THIS-ONE").refused(422, "invalid")?;
    let wrong_npi =
        verify(&portal, &from, &stranger.number(), &clinic.place.registration_code).refused(422, "invalid")?;
    let both = verify(&portal, &from, "1993999998", "NOT-THIS-ONE").refused(422, "invalid")?;
    for other in [&wrong_npi, &both] {
        assert_eq!(other.body, wrong_code.body);
    }
    let seen = door.seen();
    let calls: Vec<_> = seen["verify-registration"].iter().skip(1).map(|call| &call.trips.calls).collect();
    assert_eq!(calls.len(), 3);
    assert!(calls.iter().all(|made| *made == calls[0]), "{calls:?}");
    Ok(())
}

#[test]
fn strangers_lock_nobody_and_run_out_of_tries_of_their_own() -> Result<()> {
    let (_door, world) = opened()?;
    let portal = Portal::new(&world.stack);
    let clinic = Clinic::new(&world, "arkansas")?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let limit = world.contract("arkansas")?.accounts.lock_after_failures;
    let sign_in = |from: &str, password: &str| {
        let credentials = json!({ "username": dana.username, "password": password });
        portal.post("/sessions", &credentials).header("X-Forwarded-For", from).send()
    };
    let strangers = [clock::new_uuid().to_string(), clock::new_uuid().to_string()];
    for stranger in &strangers {
        for _ in 0..limit + 2 {
            assert_eq!(sign_in(stranger, "Wrong-Lantern-2026!")?.status, 401);
        }
        assert_eq!(sign_in(stranger, &dana.password)?.status, 401, "this stranger has no more tries, right or wrong");
    }
    // The owner, from where they signed in before, is not even slowed.
    assert_eq!(sign_in("127.0.0.1", &dana.password)?.status, 200);
    let dana = dana.clone().sign_in()?;
    dana.portal.get("/me").expect(200)?;
    // From there it locks as the contract says.
    for _ in 0..limit {
        assert_eq!(sign_in("127.0.0.1", "Wrong-Lantern-2026!")?.status, 401);
    }
    dana.portal.get("/me").refused(401, "signed-out")?;
    Ok(())
}

#[test]
fn an_address_that_fails_too_often_waits_whomever_it_tries() -> Result<()> {
    let (door, world) = opened()?;
    let portal = Portal::new(&world.stack);
    poll::until("a window with time left", PATIENCE, || {
        Ok((clock::now().as_second().rem_euclid(WINDOW) < WINDOW - 20).then_some(()))
    })?;
    let from = clock::new_uuid().to_string();
    let tried = |n: usize| {
        let credentials = json!({ "username": format!("nobody.{n}"), "password": "Wrong-Lantern-2026!" });
        portal.post("/sessions", &credentials).header("X-Forwarded-For", &from).send()
    };
    assert_eq!(tried(0)?.status, 401);
    // The others fail without the wait that each refusal takes.
    let limit = Throttle { what: "sign-in-address", limit: 100, minutes: 10 };
    door.beside(async |app| {
        for _ in 1..limit.limit {
            app.table().count_try_within(&limit, &sha256(&from), clock::now()).await?;
        }
        Ok(())
    })?;
    let refused = tried(1)?;
    assert_eq!(refused.status, 429, "{}", refused.body);
    Ok(())
}
