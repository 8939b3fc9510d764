//! Results as people read them.

use jiff::Timestamp;
use portico_aws::{
    lanes::Redriven,
    table::{audit::Operation, chain::Over},
};
use portico_contracts::Pack;
use portico_ops::{
    audit,
    dead_letters::Dead,
    events::{Replay, Replayed, Waiting},
    packs::{Applied, Checked, Effect, Held, Planned, Standing},
    secrets::Key,
    staff::{self, Invitation, Invitee},
    status::Status,
    template::Begun,
};

fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
}

fn time_or(at: Option<Timestamp>) -> String {
    at.map_or_else(|| "-".to_owned(), time)
}

/// One sentence where a list is empty.
fn or_nothing(mut lines: Vec<String>, nothing: &str) -> Vec<String> {
    if lines.is_empty() {
        lines.push(nothing.to_owned());
    }
    lines
}

pub(crate) fn begun(begun: &Begun) -> Vec<String> {
    let Begun { folder, files, places } = begun;
    vec![
        format!("{folder} has {} files with {places} places to fill.", files.len()),
        format!("They are listed by: portico-ops packs check {folder}"),
    ]
}

pub(crate) fn checked(all: &[Checked]) -> Vec<String> {
    let mut lines = Vec::new();
    for one in all {
        match &one.pack {
            Some(pack) => lines.push(format!("{}: {pack} may be applied", one.folder)),
            None => lines.push(format!("{}: {} problems", one.folder, one.problems.len())),
        }
        lines.extend(one.problems.iter().map(|problem| format!("  {problem}")));
        lines.extend(one.warnings.iter().map(|warning| format!("  unusual, but it may be right: {warning}")));
    }
    lines
}

fn effect(one: &Applied) -> String {
    let Applied { contract, version, effective_from, .. } = one;
    match (one.effect, one.in_force) {
        (Effect::Nothing, _) => format!("{contract} {version} is applied already; nothing changes"),
        (Effect::New, true) => {
            format!("{contract} {version} holds within a minute (its first day was {effective_from})")
        }
        (Effect::New, false) => format!("{contract} {version} holds from {effective_from} on"),
        (Effect::Replaces, true) => {
            format!("{contract} {version}, which is in force, has other content within a minute")
        }
        (Effect::Replaces, false) => format!("{contract} {version} of {effective_from} has other content"),
    }
}

pub(crate) fn planned(plans: &[Planned], packs: &[Pack]) -> Vec<String> {
    let mut lines = Vec::new();
    for (plan, pack) in plans.iter().zip(packs) {
        lines.push(effect(&plan.applied));
        lines.extend(plan.changes.iter().map(|change| format!("  {change}")));
        lines.extend(pack.warnings.iter().map(|warning| format!("  unusual, but it may be right: {warning}")));
    }
    lines
}

pub(crate) fn applied(all: &[Applied]) -> Vec<String> {
    all.iter().map(effect).collect()
}

pub(crate) fn held(all: &[Held]) -> Vec<String> {
    let line = |one: &Held| {
        let standing = match one.standing {
            Standing::Past => "past",
            Standing::InForce => "in force",
            Standing::ToCome => "to come",
        };
        let name = one.name.as_deref().unwrap_or("(this program cannot read it)");
        format!("{:<20} {:<12} from {}  {standing:<8}  {name}", one.contract, one.version, one.effective_from)
    };
    or_nothing(all.iter().map(line).collect(), "No pack is applied.")
}

pub(crate) fn invitation(invitation: &Invitation, person: &Invitee) -> Vec<String> {
    let (username, email) = (&invitation.username, &person.contact.email);
    let until = time_or(invitation.link_valid_until);
    vec![match (invitation.effect, invitation.link_valid_until) {
        (staff::Effect::Invited, _) => {
            format!("{username} is invited: the link that goes to {email} works until {until}.")
        }
        (staff::Effect::InvitedAgain, _) => {
            format!("{username} gets a fresh link: the one that goes to {email} works until {until}.")
        }
        (staff::Effect::Changed, _) => format!("{username} works for these contracts from now on."),
        (staff::Effect::Nothing, Some(_)) => {
            format!("{username} was invited before; the link works until {until}. Nothing changed.")
        }
        (staff::Effect::Nothing, None) => format!("{username} has the post already. Nothing changed."),
    }]
}

pub(crate) fn keys(all: &[Key]) -> Vec<String> {
    let line = |key: &Key| {
        let word = if key.set { "set" } else { "GENERATED: no carrier knows it" };
        format!("{:<12} {word:<30} changed {}", key.carrier.name(), time_or(key.changed))
    };
    all.iter().map(line).collect()
}

pub(crate) fn dead(all: &[Dead]) -> Vec<String> {
    let mut lines = Vec::new();
    for dead in all.iter().filter(|dead| dead.count > 0 || all.len() == 1) {
        lines.push(format!("{}: {}, oldest {}", dead.queue, dead.count, time_or(dead.oldest)));
        for letter in &dead.letters {
            let event = letter.event.map_or_else(|| "no event".to_owned(), |event| event.to_string());
            let task = letter.task.as_deref().unwrap_or("-");
            let about = letter.about.as_deref().unwrap_or("-");
            lines.push(format!("  {}  sent {}  {event}  {task}  {about}", letter.message, time_or(letter.sent)));
            let reason =
                letter.reason.as_deref().unwrap_or("none given: it is in the worker's log, under the message's id");
            lines.push(format!("      reason: {reason}"));
        }
    }
    or_nothing(lines, "There are no dead letters.")
}

pub(crate) fn redriven(done: Redriven) -> Vec<String> {
    let mut lines = vec![format!("{} went back to their queue.", done.redriven)];
    if done.stay > 0 {
        lines.push(format!(
            "{} name no event, or one that cannot be made anew, and stay: list them, do what they say, then drop them.",
            done.stay
        ));
    }
    lines
}

pub(crate) fn replay(replay: &Replay) -> Vec<String> {
    let mut lines = vec![format!("the tasks of {} events go out again", replay.events.len())];
    lines.extend(
        replay
            .events
            .iter()
            .map(|one| format!("  {}  {}  {}  gives {}", one.event, time(one.at), one.kind, one.tasks.join(", "))),
    );
    lines
}

pub(crate) fn replayed(done: &Replayed) -> Vec<String> {
    vec![format!("{} tasks of {} events are in their queues again.", done.tasks, done.events)]
}

pub(crate) fn pending(all: &[Waiting]) -> Vec<String> {
    let line = |one: &Waiting| format!("{}  since {}", one.event, time_or(one.since));
    or_nothing(all.iter().map(line).collect(), "Every event has reached its queues.")
}

pub(crate) fn status(status: &Status) -> Vec<String> {
    let mut lines =
        vec![format!("{:<16} {:>8} {:>10} {:>8} {:>6}", "queue", "waiting", "in flight", "delayed", "dead")];
    lines.extend(status.queues.iter().map(|queue| {
        let (name, waiting, in_flight) = (&queue.name, queue.waiting, queue.in_flight);
        format!("{name:<16} {waiting:>8} {in_flight:>10} {:>8} {:>6}", queue.delayed, queue.dead)
    }));
    let (waiting, oldest) = (status.outbox.waiting, time_or(status.outbox.oldest));
    lines.push(format!("outbox: {waiting} events wait, the oldest since {oldest}"));
    lines.extend(status.imports.iter().map(|import| {
        let (kind, contract, rows) = (&import.kind, &import.contract, import.counts.read);
        format!("import: {kind} of {contract}, arrived {}, {rows} rows so far", time(import.arrived))
    }));
    lines.extend(status.attention.iter().map(|text| format!("! {text}")));
    if status.attention.is_empty() {
        lines.push("Nothing needs anybody.".to_owned());
    }
    lines
}

pub(crate) fn history(all: &[Operation]) -> Vec<String> {
    let line = |one: &Operation| format!("{}  {}  {}  {}", time(one.at), one.operation, one.on.join(" "), one.by);
    or_nothing(all.iter().map(line).collect(), "No operator has changed anything.")
}

/// What a check found of the record, a line for each chain and one for each fault.
pub(crate) fn record(all: &[audit::Checked]) -> Vec<String> {
    let mut lines = Vec::new();
    for checked in all {
        let audit::Checked { case, chains } = checked;
        let verdict = match checked.is_whole() {
            true => "whole",
            false if chains.iter().all(|chain| chain.faults.is_empty()) => "NOTHING ON RECORD",
            false => "BROKEN",
        };
        lines.push(format!("{case}  {verdict}"));
        for chain in chains {
            let over = match chain.over {
                Over::Audit => "who looked",
                Over::Event => "what happened",
            };
            let mut line = format!("  {over}: {} records, {} links", chain.records, chain.links);
            for (count, what) in [(chain.waiting, "too new to be linked"), (chain.older, "from before")] {
                if count > 0 {
                    line = format!("{line}, {count} {what}");
                }
            }
            lines.push(line);
            lines.extend(chain.faults.iter().map(|fault| format!("  ! {over}: {}", fault_of(fault))));
        }
    }
    let broken = all.iter().filter(|checked| !checked.is_whole()).count();
    lines.push(match broken {
        0 => format!("{} cases: the record of each is whole.", all.len()),
        _ => format!("{broken} of {} cases: the record is not what was written.", all.len()),
    });
    lines
}

fn fault_of(fault: &audit::Fault) -> String {
    match fault {
        audit::Fault::Altered { record } => format!("{record} was altered"),
        audit::Fault::Missing { record } => format!("{record} is missing"),
        audit::Fault::Inserted { record } => format!("{record} was inserted later"),
        audit::Fault::Link { number } => format!("link {number} of the chain was altered, or the one before it"),
    }
}
