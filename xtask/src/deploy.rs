//! Hands sources and packages to `infra/deploy.py`, and asks the engine for logs.

use std::env::consts::ARCH;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::{fs, io};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::engine::{REGION, Running, describe};
use crate::functions::Profile;
use crate::paths::Paths;
use crate::process::tail;
use crate::progress::Step;
use crate::{functions, portal, python};

/// What the stack is told on the local engine. What the engine itself wants otherwise is in `localstack/differences.py`.
fn parameters(running: &Running, portal: &str) -> Vec<String> {
    let architecture = if ARCH == "aarch64" { "arm64" } else { "x86_64" };
    vec![
        // Plain HTTP on this machine, and `down` may remove everything.
        "DeletionProtection=false".to_owned(),
        "TlsOnly=false".to_owned(),
        "Backups=false".to_owned(),
        "Rollout=AllAtOnce".to_owned(),
        format!("Architecture={architecture}"),
        format!("FaxUrl={}/fax", running.carriers_url()),
        format!("MailUrl={}/mail", running.carriers_url()),
        format!("VoiceUrl={}/voice", running.carriers_url()),
        format!("PortalUrl={portal}"),
        // The simulated receiver, by plain HTTP on this machine.
        format!("LocalReceiver={}/hooks", running.carriers_url()),
        "MailFrom=notices@portal.example.org".to_owned(),
        "AlarmEmail=operations@portal.example.org".to_owned(),
        "LogRetentionDays=7".to_owned(),
        // Everybody comes from one address here, and tests come by the hundred.
        "OpenRequestsPerSecond=200".to_owned(),
    ]
}

/// Brings the local stack to the state of the sources and the packages, for a portal at this address; writes
/// `target/engine/stack.json`.
pub(crate) fn deploy(paths: &Paths, python: &Path, running: &Running, packages: &Path, portal: &str) -> Result<()> {
    let mut command = Command::new(python);
    command.arg("infra/deploy.py").current_dir(&paths.root);
    command.args(["--region", REGION, "--endpoint", &running.endpoint(), "--carriers", &running.carriers_url()]);
    command.args(["--differences", "localstack/differences.py", "--no-preflight", "--monitor", "0", "--pause", "0.2"]);
    command.arg("--packages").arg(packages);
    command.arg("--out").arg(paths.engine.join("stack.json"));
    command.arg("--templates").arg(paths.engine.join("templates"));
    command.arg("--keys").arg(paths.engine.join("keys.json"));
    command.args(parameters(running, portal).iter().flat_map(|parameter| ["--parameter", parameter.as_str()]));
    let done = watch(command);
    if done.is_err() && !running.engine.alive() {
        let log = paths.engine.join("engine.log");
        bail!("the engine ended during the deployment. Its last words ({}):\n{}", paths.short(&log), tail(&log, 12));
    }
    done?;
    println!("  API at {}", api_url(paths)?);
    Ok(())
}

/// Where the API of the last deployment answers.
pub(crate) fn api_url(paths: &Paths) -> Result<String> {
    Ok(stack(paths)?.get("apiUrl").and_then(Value::as_str).context("the stack's record has no apiUrl")?.to_owned())
}

/// Builds for AWS and deploys to the account of the caller's credentials; the record is `target/aws/<prefix>.json`.
pub(crate) fn to_aws(paths: &Paths, prefix: &str, region: &str, arguments: &[String]) -> Result<()> {
    let packages = functions::package(paths, &[], Profile::Release)?;
    let home = paths.root.join("target/aws");
    fs::create_dir_all(&home)?;
    let mut command = Command::new(python::environment(paths, python::DEPLOYMENT)?);
    command.arg("infra/deploy.py").current_dir(&paths.root).args(["--region", region, "--prefix", prefix]);
    command.arg("--packages").arg(packages);
    command.arg("--out").arg(home.join(format!("{prefix}.json")));
    command.arg("--templates").arg(home.join("templates"));
    command.args(arguments);
    watch(command)
}

/// Runs the deployment and shows where it is.
fn watch(mut command: Command) -> Result<()> {
    let step = Step::begin("deploying");
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().context("cannot start infra/deploy.py")?;
    let mut notes = Vec::new();
    for line in BufReader::new(child.stdout.take().context("no output")?).lines() {
        let line = line?;
        match line.split_once(' ') {
            Some(("progress", rest)) => progress(&step, rest),
            Some(("note", rest)) => notes.push(rest.to_owned()),
            _ => {}
        }
    }
    let message = io::read_to_string(child.stderr.take().context("no error output")?)?;
    if !child.wait()?.success() {
        step.abandon();
        for note in &notes {
            println!("  {note}");
        }
        bail!("{}", message.trim());
    }
    step.end(if notes.is_empty() { "deployed: nothing changed" } else { "deployed" });
    for note in &notes {
        println!("  {note}");
    }
    Ok(())
}

fn progress(step: &Step, rest: &str) {
    let mut words = rest.splitn(3, ' ');
    if let (Some(Ok(done)), Some(Ok(total)), Some(what)) =
        (words.next().map(str::parse), words.next().map(str::parse), words.next())
    {
        step.at(done, total, what);
    }
}

/// What the last deployment wrote down.
fn stack(paths: &Paths) -> Result<Value> {
    let file = paths.engine.join("stack.json");
    let bytes =
        fs::read(&file).with_context(|| format!("{} is missing; cargo xtask up writes it", paths.short(&file)))?;
    Ok(serde_json::from_slice(&bytes)?)
}

/// Prints what runs; fails if something of it does not answer.
pub(crate) fn status(paths: &Paths) -> ExitCode {
    let Some(running) = Running::load(paths) else {
        println!("nothing runs that this checkout started; cargo xtask up starts it");
        return ExitCode::FAILURE;
    };
    let (well, text) = describe(&running);
    println!("{text}");
    println!("{}", portal::describe(paths));
    let Ok(stack) = stack(paths) else {
        println!("stack     not deployed; cargo xtask up deploys it");
        return ExitCode::FAILURE;
    };
    let text = |key: &str| stack.get(key).and_then(Value::as_str).unwrap_or("?").to_owned();
    let count = stack.get("functions").and_then(Value::as_object).map_or(0, serde_json::Map::len);
    println!("stack     {}, {count} functions, {}", text("stack"), text("apiUrl"));
    println!("record    {}", paths.short(&paths.engine.join("stack.json")));
    if well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints the end of a function's log, or of everyone's.
pub(crate) fn logs(paths: &Paths, function: &str, lines: u32, follow: bool) -> Result<ExitCode> {
    let file: PathBuf = paths.engine.join("stack.json");
    let known = functions::names(paths)?;
    if function != "all" && !known.iter().any(|name| name == function) {
        bail!("there is no function {function}; there are: {}", known.join(", "));
    }
    stack(paths)?;
    let mut command = Command::new(python::environment(paths, python::ENGINE)?);
    command
        .arg("localstack/logs.py")
        .current_dir(&paths.root)
        .arg(file)
        .arg(function)
        .args(["--lines", &lines.to_string()]);
    if follow {
        command.arg("--follow");
    }
    Ok(if command.status()?.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
