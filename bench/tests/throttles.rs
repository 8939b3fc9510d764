//! Wrong pairs of NPI and registration code, from addresses that only this test has.

use anyhow::Result;
use portico_aws::{Config, clock};
use portico_bench::door::Door;
use portico_testkit::{
    clinic::Clinic,
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
