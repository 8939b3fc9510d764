//! Plays the stories against the running stack as people would see them, and keeps what came out of them in
//! `target/demo/`. Ends with an error at the first deviation.
#![allow(clippy::print_stdout, reason = "a program that tells its reader what happens")]

use std::{fmt::Write as _, fs, path::Path, process::ExitCode, time::Instant};

use anyhow::{Context, Result};
use portico_testkit::{
    people::{Door, Person},
    seeding::World,
    stack::root,
};
use portico_tests::{
    narrator::{Narrator, Step},
    stories::{ALL, Played},
};
use serde_json::Value;

fn main() -> ExitCode {
    match play() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("\n  ✗ {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn play() -> Result<()> {
    let began = Instant::now();
    let world = World::open()?;
    println!(
        "\nSeeded: {} contracts, {} members, {} provider locations",
        world.packs.len(),
        world.seed.members.len(),
        world.seed.providers.len()
    );
    println!("By portico-ops: packs applied, carriers' keys set, the first Contract Manager invited by mail");
    let folder = root().join("target/demo");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let mut people = Vec::new();
    for (name, title, story) in ALL {
        println!("\n{title}");
        let played = story(&world, &mut Narrator::new(tell)).with_context(|| format!("the story {name}"))?;
        keep(&folder, name, &played).with_context(|| format!("keeping the story {name}"))?;
        people.extend(played.people.into_iter().map(|(role, person)| (name, role, person)));
    }
    println!(
        "\nAll as expected, in {:.1} s. Letters, faxes and timelines: target/demo/",
        began.elapsed().as_secs_f64()
    );
    logins(&world, &people)
}

fn tell(step: &Step) {
    println!("  {:>2}  {}: {} ({:.1} s)", step.number, step.what, step.happened, step.took.as_secs_f64());
}

/// Letters, faxes as transmitted, the case as JSON, its timeline as JSON and as text.
fn keep(folder: &Path, name: &str, played: &Played) -> Result<()> {
    for (reader, pdf) in &played.letters {
        fs::write(folder.join(format!("{name}-letter-{reader}.pdf")), pdf)?;
    }
    for (number, fax) in (1..).zip(&played.faxes) {
        fs::copy(fax, folder.join(format!("{name}-fax-{number}.tiff")))?;
    }
    fs::write(folder.join(format!("{name}-case.json")), serde_json::to_string_pretty(&played.case)?)?;
    let timeline = played.case.get("timeline").context("the case has no timeline")?;
    fs::write(folder.join(format!("{name}-timeline.json")), serde_json::to_string_pretty(timeline)?)?;
    fs::write(folder.join(format!("{name}-timeline.txt")), readable(timeline)?)?;
    Ok(())
}

/// One line for each thing that happened.
fn readable(timeline: &Value) -> Result<String> {
    let mut text = String::new();
    for moment in timeline.as_array().context("the timeline is no list")? {
        let part = |name: &str| moment.get(name).and_then(Value::as_str).unwrap_or_default();
        writeln!(text, "{}Z  {:<28}  {}", part("at").get(..19).unwrap_or_default(), part("by"), part("text"))?;
    }
    Ok(text)
}

fn logins(world: &World, people: &[(&str, &str, Person)]) -> Result<()> {
    let mut text = String::new();
    writeln!(text, "API           {}", world.stack.api_url)?;
    writeln!(text, "Mailbox       {}/_ministack/ses/messages", world.stack.endpoint)?;
    writeln!(text, "Carriers      {}/_sent", world.stack.carriers_url)?;
    writeln!(text)?;
    for (story, role, person) in people {
        let door = if person.door == Door::Staff { "/staff/sessions" } else { "/sessions" };
        writeln!(text, "{story}, {role} (POST {door})")?;
        writeln!(text, "  username {}  password {}  TOTP secret {}", person.username, person.password, person.secret)?;
    }
    writeln!(text)?;
    writeln!(text, "A code: enter the secret into any authenticator app, or `oathtool --totp --base32 SECRET`.")?;
    fs::write(root().join("target/demo/logins.txt"), &text)?;
    println!("\n{text}");
    Ok(())
}
