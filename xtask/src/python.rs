//! Python environments: made once each, from pinned and hashed packages.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::paths::Paths;
use crate::process::tail;
use crate::progress::Step;

/// The local engine, what deploys to it and what checks templates.
pub(crate) const ENGINE: &str = "localstack/requirements.txt";
/// What deploys to AWS and builds for it.
pub(crate) const DEPLOYMENT: &str = "infra/requirements.txt";

/// The interpreter of the environment that belongs to a list of packages as it is now.
pub(crate) fn environment(paths: &Paths, list: &str) -> Result<PathBuf> {
    let wanted = paths.root.join(list);
    let text = fs::read(&wanted).with_context(|| format!("cannot read {}", wanted.display()))?;
    let key: String = hex::encode(Sha256::digest(&text)).chars().take(12).collect();
    let home = paths.target.join(format!("python-{key}"));
    let python = home.join("bin/python");
    if home.join("complete").exists() && python.exists() {
        return Ok(python);
    }
    let lock = fs::File::create(paths.target.join("python.lock"))?;
    lock.lock().context("cannot wait for another command that installs")?;
    if home.join("complete").exists() && python.exists() {
        return Ok(python);
    }
    let system = interpreter()?;
    let step = Step::begin(&format!("installing {list} (about half a minute, once)"));
    let log = paths.engine.join("install.log");
    let done = install(&system, &home, &wanted, &log);
    if let Err(error) = done {
        step.abandon();
        let _ = fs::remove_dir_all(&home);
        bail!("{error:#}\n{}\nIs the package index reachable? The whole log is {}.", tail(&log, 6), paths.short(&log));
    }
    fs::write(home.join("complete"), "")?;
    step.end(&format!("installed {list}"));
    Ok(python)
}

fn install(system: &str, home: &std::path::Path, wanted: &std::path::Path, log: &std::path::Path) -> Result<()> {
    let output = fs::File::create(log)?;
    let run = |command: &mut Command, what: &str| -> Result<()> {
        let status = command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output.try_clone()?).status()?;
        if status.success() { Ok(()) } else { bail!("{what} failed") }
    };
    let mut venv = Command::new(system);
    run(
        venv.args(["-m", "venv", "--clear"]).arg(home),
        "making a virtual environment (on Debian and Ubuntu it needs the package python3-venv)",
    )?;
    let mut pip = Command::new(home.join("bin/python"));
    pip.args(["-m", "pip", "install", "--disable-pip-version-check", "--no-deps", "--require-hashes", "-r"])
        .arg(wanted);
    run(&mut pip, "installing the packages of the list")
}

/// A Python of at least 3.11 on the path.
fn interpreter() -> Result<String> {
    let mut seen = Vec::new();
    for name in ["python3", "python3.14", "python3.13", "python3.12", "python3.11"] {
        let Ok(output) = Command::new(name).args(["-c", "import sys; print(*sys.version_info[:2])"]).output() else {
            continue;
        };
        let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        let mut numbers = text.split(' ').filter_map(|part| part.parse::<u32>().ok());
        match (numbers.next(), numbers.next()) {
            (Some(major), Some(minor)) if (major, minor) >= (3, 11) => return Ok(name.to_owned()),
            (Some(major), Some(minor)) => seen.push(format!("{name} is {major}.{minor}")),
            _ => {}
        }
    }
    if seen.is_empty() {
        bail!("python3 is not installed; Portico needs Python 3.11 or newer. Install it and run the command again.");
    }
    bail!(
        "Portico needs Python 3.11 or newer, but {}. Install a newer one; `python3.12` beside it is found too.",
        seen.join(", ")
    )
}
