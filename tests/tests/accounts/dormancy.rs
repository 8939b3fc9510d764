//! Accounts that nobody uses.

use anyhow::Result;
use jiff::SignedDuration;
use portico_domain::{caller::StaffRole, events::EventKind};
use portico_testkit::{
    mailbox,
    people::Person,
    poll::{self, PATIENCE},
    portal::Portal,
    seeding::World,
};
use serde_json::json;

use portico_tests::office::Office;

fn days(days: u32) -> SignedDuration {
    SignedDuration::from_hours(i64::from(days) * 24)
}

fn refused(person: &Person) -> Result<()> {
    let credentials = json!({ "username": person.username, "password": person.password });
    let path = format!("{}/sessions", person.door.prefix());
    person.portal.with_token(None).post(path, &credentials).refused(401, "sign-in-refused")?;
    Ok(())
}

fn warnings(world: &World, name: &str) -> Result<usize> {
    Ok(world.user_events(name)?.iter().filter(|kind| matches!(kind, EventKind::DormancyWarned { .. })).count())
}

fn taken_out(world: &World, name: &str) -> Result<usize> {
    Ok(world.user_events(name)?.iter().filter(|kind| **kind == EventKind::UserDormant).count())
}

/// REQ: ACC-15
#[test]
fn an_account_whose_time_is_over_is_refused_before_any_sweep_and_support_brings_it_back() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, "arkansas")?;
    let clerk = office.hire("cy", &office.provider(), "staff")?;
    let dormant = world.contract("arkansas")?.accounts.dormant_days;
    world.last_seen(&clerk.username, days(dormant - 1))?;
    let clerk = clerk.sign_in()?;
    world.last_seen(&clerk.username, days(dormant))?;
    refused(&clerk)?;
    let told = |kind: &EventKind| matches!(kind, EventKind::SignInRefused { why, .. } if why == "dormant");
    assert!(world.user_events(&clerk.username)?.iter().any(told));
    let support = Person::of_staff(&world, "arkansas", StaffRole::Support)?;
    support.portal.post(format!("/staff/users/{}/unlock", clerk.username), &json!({})).expect(200)?;
    world.sweep_dormant_users()?;
    clerk.sign_in()?.portal.get("/me").expect(200)?;
    Ok(())
}

/// REQ: ACC-15
#[test]
fn two_sweeps_at_once_warn_once_and_whoever_signs_in_stays() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, "arkansas")?;
    let clerk = office.hire("cy", &office.provider(), "staff")?;
    let rules = world.contract("arkansas")?.accounts;
    let [first, _] = rules.dormancy_warning_days;
    world.last_seen(&clerk.username, days(rules.dormant_days - first))?;
    std::thread::scope(|scope| {
        let sweeps: Vec<_> = (0..3).map(|_| scope.spawn(|| world.sweep_dormant_users())).collect();
        sweeps.into_iter().try_for_each(|sweep| sweep.join().map_err(|_| anyhow::anyhow!("a thread died"))?.map(drop))
    })?;
    assert_eq!(warnings(&world, &clerk.username)?, 1);
    let mail = format!("{}@people.example", clerk.username);
    let warned = mailbox::wait_for(&world.stack, &mail, "to keep your account")?;
    assert!(warned.body_text.contains(&clerk.username) && warned.body_text.contains("60 days"), "{}", warned.body_text);

    let clerk = clerk.sign_in()?;
    world.sweep_dormant_users()?;
    assert_eq!((warnings(&world, &clerk.username)?, taken_out(&world, &clerk.username)?), (1, 0));
    // Nobody swept for ten days: one warning while there is time, and none when there is none.
    world.last_seen(&clerk.username, days(rules.dormant_days) - SignedDuration::from_hours(1))?;
    world.sweep_dormant_users()?;
    world.sweep_dormant_users()?;
    assert_eq!(warnings(&world, &clerk.username)?, 2);
    world.last_seen(&clerk.username, days(rules.dormant_days + 10))?;
    world.sweep_dormant_users()?;
    assert_eq!((warnings(&world, &clerk.username)?, taken_out(&world, &clerk.username)?), (2, 1));
    clerk.portal.get("/me").refused(401, "signed-out")?;
    mailbox::wait_for(&world.stack, &mail, "because it was not used")?;
    Ok(())
}

/// REQ: ACC-15, ACC-16
#[test]
fn the_strictest_contract_holds_from_the_day_on_which_it_joins() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, "arkansas")?;
    let name = &office.admin.username;
    let strict = world.contract("commercial")?.accounts.dormant_days;
    world.last_seen(name, days(strict))?;
    world.sweep_dormant_users()?;
    assert_eq!(taken_out(&world, name)?, 0);
    office.further("commercial")?;
    refused(&office.admin)?;
    world.sweep_dormant_users()?;
    assert_eq!(taken_out(&world, name)?, 1);
    Ok(())
}

/// REQ: ACC-15, ACC-18
#[test]
fn staff_are_taken_out_too_and_who_never_enrolled_is_not() -> Result<()> {
    let world = World::open()?;
    let nurse = Person::of_staff(&world, "commercial", StaffRole::Nurse)?;
    world.last_seen(&nurse.username, days(world.contract("commercial")?.accounts.dormant_days))?;
    let office = Office::open(&world, "arkansas")?;
    let invited = office.name("ivy");
    let form = office.form(&invited, &json!([{ "provider": office.provider() }]));
    office.admin.portal.post(format!("/groups/{}/users", office.group), &form).expect(201)?;
    world.window_is_over(&invited)?;
    world.sweep_dormant_users()?;
    assert_eq!((taken_out(&world, &nurse.username)?, taken_out(&world, &invited)?), (1, 0));
    assert_eq!(warnings(&world, &invited)?, 0);
    refused(&nurse)?;
    let support = Person::of_staff(&world, "commercial", StaffRole::Support)?;
    support.portal.post(format!("/staff/users/{}/unlock", nurse.username), &json!({})).expect(200)?;
    let nurse = poll::until("a sign-in", PATIENCE, || Ok(nurse.clone().sign_in().ok()))?;
    nurse.portal.get("/staff/me").expect(200)?;
    Portal::new(&world.stack).get("/staff/me").expect(401)?;
    Ok(())
}
