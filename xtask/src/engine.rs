//! The local engine and the simulated carriers: started once, found again, stopped by process id.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::paths::{Paths, port_from_environment};
use crate::process::{self, Started, get, holder, port_is_free, tail, wait_until};
use crate::progress::Step;

/// The region everything is deployed to locally.
pub(crate) const REGION: &str = "us-east-1";

/// What this checkout has running; kept in `target/engine/state.json`.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Running {
    pub(crate) engine: Started,
    pub(crate) carriers: Started,
    /// What they are made of; another interpreter or another gate means new processes.
    #[serde(default)]
    made_of: String,
}

impl Running {
    /// Address of the engine.
    pub(crate) fn endpoint(&self) -> String {
        format!("http://localhost:{}", self.engine.port)
    }

    /// Address of the simulated carriers.
    pub(crate) fn carriers_url(&self) -> String {
        format!("http://localhost:{}", self.carriers.port)
    }

    /// What `up` wrote down, if it did.
    pub(crate) fn load(paths: &Paths) -> Option<Self> {
        serde_json::from_slice(&fs::read(paths.engine.join("state.json")).ok()?).ok()
    }

    fn save(&self, paths: &Paths) -> Result<()> {
        Ok(fs::write(paths.engine.join("state.json"), serde_json::to_vec_pretty(self)?)?)
    }
}

/// Held while a command changes what runs: two at once in one checkout take turns.
pub(crate) fn lock(paths: &Paths) -> Result<File> {
    let file = File::create(paths.engine.join("lock"))?;
    if file.try_lock().is_err() {
        println!("  … waiting for another command in this checkout");
        file.lock()?;
    }
    Ok(file)
}

/// The engine and the carriers of this checkout, started if they do not run.
pub(crate) fn start(paths: &Paths, python: &Path) -> Result<Running> {
    let before = Running::load(paths);
    let made_of = made_of(paths, python)?;
    if let Some(running) = &before {
        if running.engine.alive() && running.made_of == made_of {
            return with_carriers(paths, python, running.clone());
        }
        if running.engine.alive() {
            println!("  ✓ the engine's packages or its gate changed: it is started anew");
        } else {
            println!("  ✓ the engine of the last `up` has ended (its log is kept as engine.log.1): it is started anew");
            let _ = fs::rename(paths.engine.join("engine.log"), paths.engine.join("engine.log.1"));
        }
        stop(running)?;
    }
    let (engine, carriers) = before.map_or((None, None), |old| (Some(old.engine.port), Some(old.carriers.port)));
    let engine_port =
        choose_port("PORTICO_ENGINE_PORT", engine, 4566, |port| get(port, "/_localstack/health").is_some())?;
    let carriers_port = choose_port("PORTICO_CARRIERS_PORT", carriers, 4599, |port| {
        get(port, "/_health").is_some_and(|body| body.contains("carriers"))
    })?;
    let step = Step::begin("starting the engine");
    let engine = start_engine(paths, python, engine_port);
    let started = engine.and_then(|engine| {
        let carriers = start_carriers(paths, python, carriers_port)?;
        let running = Running { engine, carriers, made_of };
        running.save(paths)?;
        Ok(running)
    });
    match started {
        Ok(running) => {
            step.end(&format!("engine at {}, carriers at {}", running.endpoint(), running.carriers_url()));
            Ok(running)
        }
        Err(error) => {
            step.abandon();
            Err(error)
        }
    }
}

/// The interpreter, and what the engine is started from.
fn made_of(paths: &Paths, python: &Path) -> Result<String> {
    let mut digest = Sha256::new();
    for file in ["gate.py", "conditions.py", "nested.py", "scanner.py", "streams.py"] {
        let file = paths.root.join("localstack").join(file);
        digest.update(fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?);
    }
    Ok(format!("{} {}", python.display(), hex::encode(digest.finalize())))
}

fn with_carriers(paths: &Paths, python: &Path, mut running: Running) -> Result<Running> {
    if get(running.engine.port, "/_localstack/health").is_none() {
        let log = paths.engine.join("engine.log");
        bail!(
            "the engine (process {}) runs but does not answer on port {}. Its last words:\n{}\nWay out: cargo xtask down, then again.",
            running.engine.pid,
            running.engine.port,
            tail(&log, 10)
        );
    }
    if !running.carriers.alive() {
        running.carriers = start_carriers(paths, python, running.carriers.port)?;
        running.save(paths)?;
        println!("  ✓ carriers started anew at {}", running.carriers_url());
    }
    Ok(running)
}

/// The named port or none other; else the last one, the usual one, or the next that no engine of another checkout holds.
pub(crate) fn choose_port(name: &str, last: Option<u16>, usual: u16, is_ours: impl Fn(u16) -> bool) -> Result<u16> {
    if let Some(port) = port_from_environment(name)? {
        if port_is_free(port) {
            return Ok(port);
        }
        bail!("port {port} ({name}) is held by {}. End it, or name another port.", holder(port));
    }
    if let Some(port) = last.filter(|port| port_is_free(*port)) {
        return Ok(port);
    }
    for port in usual..usual.saturating_add(30) {
        if port_is_free(port) {
            return Ok(port);
        }
        if port == usual && !is_ours(port) {
            bail!(
                "port {port} is held by {}. End it, or choose another: {name}={} cargo xtask up",
                holder(port),
                port + 100
            );
        }
    }
    bail!("no free port from {usual} on; choose one with {name}")
}

fn start_engine(paths: &Paths, python: &Path, port: u16) -> Result<Started> {
    let home = &paths.engine;
    // Nothing outlives an engine: its state is in memory, these hold keys and unpacked code.
    for folder in ["state", "s3", "tmp"] {
        let folder = home.join(folder);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder)?;
    }
    let _ = fs::remove_file(home.join("stack.json"));
    let log = home.join("engine.log");
    let mut command = Command::new(python);
    // Functions inherit the engine's environment: it gets nothing of the caller's.
    command.arg(paths.root.join("localstack/gate.py")).current_dir(home).env_clear().envs([
        ("PATH", "/usr/local/bin:/usr/bin:/bin"),
        ("PYTHONUNBUFFERED", "1"),
        ("PYTHONDONTWRITEBYTECODE", "1"),
        // What functions wait for in minutes (back-off, outbox) they wait for in seconds here.
        ("MINUTE_SECONDS", "1"),
        ("GATEWAY_PORT", &port.to_string()),
        ("BIND_HOST", "127.0.0.1"),
        ("MINISTACK_HOST", "localhost"),
        ("MINISTACK_REGION", REGION),
        ("AWS_ENDPOINT_URL", &format!("http://localhost:{port}")),
        ("IOT_MTLS_ENABLED", "0"),
        ("AUTH", "true"),
        ("HOME", &home.to_string_lossy()),
        ("TMPDIR", &home.join("tmp").to_string_lossy()),
        ("STATE_DIR", &home.join("state").to_string_lossy()),
        ("S3_DATA_DIR", &home.join("s3").to_string_lossy()),
    ]);
    let engine = Started::spawn(&mut command, port, &log)?;
    let ready = || get(port, "/_localstack/health").is_some();
    wait_until(Duration::from_mins(1), || !engine.alive() || ready());
    if engine.alive() && ready() {
        return Ok(engine);
    }
    engine.stop()?;
    bail!("the engine did not start on port {port}. Its last words ({}):\n{}", paths.short(&log), tail(&log, 12))
}

fn start_carriers(paths: &Paths, python: &Path, port: u16) -> Result<Started> {
    if !port_is_free(port) {
        bail!(
            "port {port} for the carriers is held by {}. End it, or choose another with PORTICO_CARRIERS_PORT.",
            holder(port)
        );
    }
    let log = paths.engine.join("carriers.log");
    let mut command = Command::new(python);
    command
        .arg(paths.root.join("localstack/carriers.py"))
        .args(["--port", &port.to_string(), "--keys"])
        .arg(paths.engine.join("keys.json"))
        .arg("--store")
        .arg(paths.root.join("target/carriers"))
        .env_clear()
        .env("PYTHONUNBUFFERED", "1");
    let carriers = Started::spawn(&mut command, port, &log)?;
    let ready = || get(port, "/_health").is_some();
    wait_until(Duration::from_secs(20), || !carriers.alive() || ready());
    if carriers.alive() && ready() {
        return Ok(carriers);
    }
    carriers.stop()?;
    bail!(
        "the simulated carriers did not start on port {port}. Their last words ({}):\n{}",
        paths.short(&log),
        tail(&log, 12)
    )
}

fn stop(running: &Running) -> Result<()> {
    for process in [&running.carriers, &running.engine] {
        if process.alive() {
            process.stop()?;
        }
    }
    Ok(())
}

/// Stops what this checkout started, and nothing else.
pub(crate) fn down(paths: &Paths) -> Result<()> {
    let _alone = lock(paths)?;
    let Some(running) = Running::load(paths) else {
        println!("nothing runs that this checkout started");
        return Ok(());
    };
    for (what, process) in [("carriers", &running.carriers), ("engine", &running.engine)] {
        if process.alive() {
            process.stop()?;
            println!("stopped the {what} (process {})", process.pid);
        } else {
            println!("the {what} had ended before");
        }
    }
    for file in ["state.json", "stack.json", "keys.json"] {
        let _ = fs::remove_file(paths.engine.join(file));
    }
    for folder in ["state", "s3", "tmp"] {
        fs::remove_dir_all(paths.engine.join(folder)).or_else(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Ok(()),
            _ => Err(error).context("cannot remove the engine's data"),
        })?;
    }
    Ok(())
}

/// One line per process.
pub(crate) fn describe(running: &Running) -> (bool, String) {
    let engine = running.engine.alive() && process::get(running.engine.port, "/_localstack/health").is_some();
    let carriers = running.carriers.alive() && process::get(running.carriers.port, "/_health").is_some();
    let word = |ok: bool| if ok { "answers" } else { "does not answer" };
    let text = format!(
        "engine    {}  process {}, {}\ncarriers  {}  process {}, {}",
        running.endpoint(),
        running.engine.pid,
        word(engine),
        running.carriers_url(),
        running.carriers.pid,
        word(carriers)
    );
    (engine && carriers, text)
}
