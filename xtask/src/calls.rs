//! Calls that nobody would make up by hand: Schemathesis makes them from the API's document, as each of a few callers, and
//! holds the answers to it. Two of them at a time: each is one process, which waits for the API half of its time.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::checks::{Count, check, outcome};
use crate::paths::Paths;
use crate::python;

/// What makes the calls.
const SCHEMATHESIS: &str = "tests/calls/requirements.txt";

/// How many callers call at the same time.
const AT_ONCE: usize = 2;

/// One check for each caller. They need the stack.
pub(crate) fn run(paths: &Paths) -> Count {
    let began = Instant::now();
    let (python, callers) = match prepare(paths) {
        Ok(prepared) => prepared,
        Err(error) => return outcome("made-up calls", began, Err(format!("{error:#}"))),
    };
    let waiting = Mutex::new(callers.into_iter());
    let next = || waiting.lock().ok()?.next();
    thread::scope(|scope| {
        let lane = || {
            let mut count = Count::default();
            while let Some(caller) = next() {
                count.add(call(paths, &python, &caller));
            }
            count
        };
        let lanes: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(lane)).collect();
        let died = Count { passed: 0, failed: 1 };
        lanes.into_iter().fold(Count::default(), |mut sum, lane| {
            sum.add(lane.join().unwrap_or(died));
            sum
        })
    })
}

/// What one caller makes up.
fn call(paths: &Paths, python: &Path, caller: &Path) -> Count {
    let name = caller.file_stem().unwrap_or_default().display().to_string();
    let mut command = Command::new(python);
    command.args(["-c", "import sys; from schemathesis.cli import schemathesis; sys.exit(schemathesis())"]);
    command.arg("--config-file").arg(caller).arg("run").arg(paths.root.join("shared/api/openapi.json"));
    // One at a time: two of its threads disturb each other where it reads its own source.
    command.args(["--workers", "1"]).current_dir(caller.parent().unwrap_or(&paths.root));
    command.env("PYTHONPATH", paths.root.join("tests/calls"));
    command.envs([("SCHEMATHESIS_HOOKS", "versions"), ("PYTHONDONTWRITEBYTECODE", "1")]);
    check(&format!("made-up calls of {name}"), &mut command)
}

/// Python with what it needs, and a configuration for each caller.
fn prepare(paths: &Paths) -> Result<(PathBuf, Vec<PathBuf>)> {
    let python = python::environment(paths, SCHEMATHESIS)?;
    let folder: PathBuf = paths.root.join("target/callers");
    // What it remembers of earlier runs would make this one another.
    let _ = fs::remove_dir_all(&folder);
    let output = paths
        .cargo()
        .args(["run", "--quiet", "--package", "portico-tests", "--bin", "callers", "--"])
        .arg(&folder)
        .output()?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr));
    }
    let mut callers = files(&folder)?;
    // The administrator may do the most, and is the first.
    callers.sort();
    if callers.is_empty() {
        bail!("nobody was made who could call");
    }
    Ok((python, callers))
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let read = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    Ok(read.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?)
}
