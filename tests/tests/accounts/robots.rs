//! Accounts that sign in very often: robots of clearing houses leave a session with every file that they bring.

use anyhow::{Context, Result, ensure};
use portico_testkit::{mailbox, portal::Portal, seeding::World};
use serde_json::json;

use portico_tests::office::Office;

const ANOTHER: &str = "Meadow-Cloud-2027?";

/// REQ: ACC-13, ACC-19, ORG-08
#[test]
fn an_account_with_a_hundred_and_fifty_sessions_is_left_reset_and_taken_out_as_any_other() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, "arkansas")?;
    let robot = office.hire("robo", &office.provider(), "staff")?;
    let mail = format!("{}@people.example", robot.username);

    // Many at once, which no rule of ours forbids before the next sign-in.
    world.many_sessions(&robot.username, 150, 150)?;
    robot.portal.delete("/sessions").expect(204)?;
    robot.portal.get("/me").refused(401, "signed-out")?;
    ensure!(world.open_sessions(&robot.username)? == 0, "a session goes on after signing out everywhere");

    world.many_sessions(&robot.username, 150, 5)?;
    let portal = Portal::new(&world.stack);
    portal.post("/passwords/forgotten", &json!({ "username": robot.username })).expect(202)?;
    let mail = mailbox::wait_for(&world.stack, &mail, "Set a new password")?;
    let token = mail.token().context("the mail has no link")?;
    portal.post("/passwords", &json!({ "token": token, "password": ANOTHER })).expect(204)?;
    ensure!(world.open_sessions(&robot.username)? == 0, "a session goes on after a new password");

    world.many_sessions(&robot.username, 150, 150)?;
    let out = office.change(&office.admin, &robot.username, &json!({ "deactivate": true }))?;
    ensure!(out.status == 200, "taking the account out was answered with {}", out.status);
    ensure!(world.open_sessions(&robot.username)? == 0, "a session goes on after the account was taken out");
    Ok(())
}

/// REQ: ACC-19
#[test]
fn ten_sessions_go_on_and_with_one_more_the_oldest_ends() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, "arkansas")?;
    let first = office.hire("tess", &office.provider(), "staff")?;
    world.many_sessions(&first.username, 100, 9)?;
    ensure!(world.open_sessions(&first.username)? == 10);
    let last = first.clone().sign_in()?;
    ensure!(world.open_sessions(&first.username)? == 10, "the oldest gave way");
    last.portal.get("/me").expect(200)?;
    Ok(())
}
