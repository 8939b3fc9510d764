//! Prints the table of budgets, writes it to `target/bench.md`, and fails when one is broken.
#![allow(clippy::print_stdout, reason = "a command talks to its user on standard output")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use anyhow::{Context, Result, ensure};
use portico_bench::{
    budgets::BUDGETS,
    documents,
    door::Seen,
    feeds, journey, letters, memory,
    report::{Row, megabytes, table},
    rules, search, startup,
};
use portico_testkit::stack::{self, Stack};

/// The largest of these is told; the letters' function has a budget of its own.
const LETTERS: [&str; 2] = ["write-letter", "preview-letters"];
/// Actions whose memory is looked at: embedded data, a large case, four queries at once.
const WARM: [&str; 3] = ["find-codes", "get-case", "list-worklist"];
const STARTS: usize = 25;
const START_BUDGET: f64 = 2.5;

fn main() -> ExitCode {
    match run(std::env::args().nth(1).as_deref()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// What the parts are measured with.
struct Ground {
    /// Where cargo puts binaries of this profile.
    folder: PathBuf,
    stack: Stack,
    environment: Vec<(String, String)>,
}

type Part = (&'static str, fn(&Ground) -> Result<Vec<Row>>);

/// In the order of the table.
const PARTS: [Part; 8] = [
    ("startup", starts),
    ("sizes", sizes),
    ("search", |_| Ok(vec![search::row()])),
    ("rules", |_| rules()),
    ("letters", letters),
    ("documents", |_| Ok(documents::rows())),
    ("calls", calls),
    ("feeds", |ground| feeds::rows(&ground.folder, &ground.stack, &ground.environment)),
];

fn run(part: Option<&str>) -> Result<bool> {
    // A process of its own, so that only letters are in its memory.
    if part == Some("render-letters") {
        println!("{}", letters::memory()?);
        return Ok(true);
    }
    let chosen: Vec<&Part> = PARTS.iter().filter(|(name, _)| part.is_none_or(|part| part == *name)).collect();
    let names = PARTS.map(|(name, _)| name).join(", ");
    ensure!(!chosen.is_empty(), "there is no part {}; the parts are {names}", part.unwrap_or_default());
    let stack = Stack::read()?;
    let environment = memory::environment(&stack)?;
    let folder = std::env::current_exe()?.parent().context("no folder of binaries")?.to_path_buf();
    let ground = Ground { folder, stack, environment };
    let mut rows = Vec::new();
    for (name, measure) in chosen {
        eprintln!("  … measuring: {name}");
        rows.extend(measure(&ground).with_context(|| format!("part {name}"))?);
    }
    let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
    let text = format!("Profile of all binaries: {profile}.\n\n{}", table(&rows));
    print!("{text}");
    fs::write(stack::root().join("target/bench.md"), text)?;
    Ok(rows.iter().all(|row| row.kept))
}

fn rules() -> Result<Vec<Row>> {
    let pack = portico_contracts::load(&stack::root().join("contracts/arkansas"));
    let pack = pack.map_err(|problems| anyhow::anyhow!("{}", problems.join("\n")))?;
    rules::rows(&pack.whole)
}

fn starts(ground: &Ground) -> Result<Vec<Row>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.args(["build", "--quiet", "--package", "portico-bench", "--bin", "hello"]);
    if !cfg!(debug_assertions) {
        build.arg("--release");
    }
    ensure!(build.status()?.success(), "the yardstick does not build");
    let hello = ground.folder.join("hello");
    let functions = ground.stack.functions.keys().map(|name| ground.folder.join(name));
    let binaries: Vec<PathBuf> = std::iter::once(hello).chain(functions).collect();
    let times = startup::medians(&binaries, &ground.environment, STARTS)?;
    let bare = times.first().context("no time of the yardstick")?.as_secs_f64();
    let mut ratios: Vec<(f64, String)> = (binaries.iter().zip(&times).skip(1))
        .map(|(binary, time)| (time.as_secs_f64() / bare, binary.file_name().unwrap_or_default().display().to_string()))
        .collect();
    ratios.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (middle, _) = ratios.get(ratios.len() / 2).context("no functions")?;
    let (worst, name) = ratios.first().context("no functions")?;
    Ok(vec![Row::new(
        format!("process start to first poll, slowest of {} functions ({name}), median of {STARTS}", ratios.len()),
        format!("{worst:.2} × bare runtime ({:.1} ms); middle one {middle:.2} ×", bare * 1e3),
        format!("{START_BUDGET} ×"),
        *worst <= START_BUDGET,
    )])
}

/// Packages as they are shipped; `cargo xtask bench` has built them.
fn sizes(_: &Ground) -> Result<Vec<Row>> {
    let packages = stack::root().join("target/bench/packages");
    let mut sizes = Vec::new();
    for entry in fs::read_dir(&packages).with_context(|| format!("{} is missing", packages.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "zip") {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            sizes.push((fs::metadata(&path)?.len(), name));
        }
    }
    sizes.sort_unstable();
    let (letters, sizes): (Vec<_>, Vec<_>) = sizes.into_iter().partition(|(_, name)| LETTERS.contains(&name.as_str()));
    let row = |(bytes, name): &(u64, String), budget: u64| {
        let what = format!("zipped function, {name}");
        Row::new(what, megabytes(*bytes), format!("{budget} MB"), *bytes <= budget * 1_000_000)
    };
    let mut rows: Vec<Row> = sizes.iter().rev().take(3).map(|size| row(size, 5)).collect();
    rows.extend(letters.iter().map(|size| row(size, 25)));
    Ok(rows)
}

fn warm(folder: &Path, environment: &[(String, String)], seen: &Seen) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for name in WARM {
        let answered =
            seen.get(name).and_then(|calls| calls.iter().rev().find(|call| (200..300).contains(&call.status)));
        let event = &answered.with_context(|| format!("{name} was never called"))?.event;
        let bytes = memory::after_calls(&folder.join(name), environment, event)?;
        let what = format!("memory after {} warm calls, {name}", memory::CALLS);
        rows.push(Row::new(what, megabytes(bytes), "30 MB", bytes <= 30_000_000));
    }
    Ok(rows)
}

fn letters(_: &Ground) -> Result<Vec<Row>> {
    let mut rows = letters::rows()?;
    rows.push(rendered()?);
    Ok(rows)
}

/// What a request's whole way shows: memory of warm functions, and round trips of every action.
fn calls(ground: &Ground) -> Result<Vec<Row>> {
    let seen = journey::play()?.seen();
    let mut rows = warm(&ground.folder, &ground.environment, &seen)?;
    rows.extend(trips(&seen));
    Ok(rows)
}

fn rendered() -> Result<Row> {
    let output = Command::new(std::env::current_exe()?).arg("render-letters").output()?;
    ensure!(output.status.success(), "letters: {}", String::from_utf8_lossy(&output.stderr));
    let bytes: u64 = String::from_utf8(output.stdout)?.trim().parse()?;
    let what = format!("memory after {} letters", memory::CALLS);
    Ok(Row::new(what, megabytes(bytes), "120 MB", bytes <= 120_000_000))
}

/// The call of each action that waited most often.
fn trips(seen: &Seen) -> Vec<Row> {
    let row = |(name, budget): &(&str, portico_bench::trips::Budget)| {
        let calls = seen.get(name).map(Vec::as_slice).unwrap_or_default();
        let worst =
            calls.iter().map(|call| &call.trips).max_by_key(|trips| trips.before + trips.transactions + trips.after);
        let measured = worst.map_or_else(|| "never called".to_owned(), ToString::to_string);
        let why = if budget.why.is_empty() { String::new() } else { format!(": {}", budget.why) };
        let kept = !calls.is_empty() && calls.iter().all(|call| call.trips.within(*budget));
        Row::new(format!("round trips, {name}"), measured, format!("{budget}{why}"), kept)
    };
    BUDGETS.iter().map(row).collect()
}
