//! Processes that outlive the command, recognized again later, and the ports they hold.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// A process this checkout started. The birth tells it from a later process with the same id.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Started {
    pub(crate) pid: u32,
    birth: String,
    pub(crate) port: u16,
}

impl Started {
    /// Starts in a process group of its own, so that Ctrl-C at the terminal does not reach it. Output goes to `log`.
    pub(crate) fn spawn(command: &mut Command, port: u16, log: &Path) -> Result<Self> {
        let output = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
        let child = command
            .stdin(Stdio::null())
            .stderr(output.try_clone()?)
            .stdout(output)
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start {}", command.get_program().display()))?;
        let birth = birth(child.id()).unwrap_or_default();
        Ok(Self { pid: child.id(), birth, port })
    }

    /// Whether exactly this process still runs.
    pub(crate) fn alive(&self) -> bool {
        birth(self.pid).is_some_and(|now| now == self.birth)
    }

    /// Asks it and its children to end, and insists after ten seconds.
    pub(crate) fn stop(&self) -> Result<()> {
        for (signal, patience) in [("-TERM", Duration::from_secs(10)), ("-KILL", Duration::from_secs(5))] {
            if !self.alive() {
                break;
            }
            Command::new("kill").args([signal, "--", &format!("-{}", self.pid)]).stderr(Stdio::null()).status()?;
            wait_until(patience, || !self.alive());
        }
        // Children that did not go with it; the group is ours, it was made for this process.
        Command::new("kill").args(["-KILL", "--", &format!("-{}", self.pid)]).stderr(Stdio::null()).status()?;
        Ok(())
    }
}

/// When a process was born, as the kernel counts it; none if it does not run or only waits to be reaped.
fn birth(pid: u32) -> Option<String> {
    if Path::new("/proc/self/stat").exists() {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The name in parentheses may hold anything; field 3 (state) follows it, field 22 is the start time.
        let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
        if fields.next()? == "Z" {
            return None;
        }
        return fields.nth(18).map(str::to_owned);
    }
    let output = Command::new("ps").args(["-o", "lstart=", "-p", &pid.to_string()]).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// Looks every 50 ms until the condition holds; false if it did not in time.
#[allow(clippy::disallowed_methods, reason = "this is the poll with a deadline")]
pub(crate) fn wait_until(patience: Duration, mut done: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + patience;
    loop {
        if done() {
            return true;
        }
        if Instant::now() > deadline {
            return false;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Whether nobody listens on the port of this machine.
pub(crate) fn port_is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// Body of an answer with status 200; none for anything else.
pub(crate) fn get(port: u16, path: &str) -> Option<String> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(3))).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.take(1 << 20).read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    head.lines().next()?.contains(" 200").then(|| body.to_owned())
}

/// Who listens on the port, as "process 123 (name)"; as far as this user may see.
pub(crate) fn holder(port: u16) -> String {
    find_holder(port).unwrap_or_else(|| "a process that this user cannot see".to_owned())
}

fn find_holder(port: u16) -> Option<String> {
    let suffix = format!(":{port:04X}");
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(|table| fs::read_to_string(table).unwrap_or_default());
    let sockets: Vec<String> = tables
        .iter()
        .flat_map(|table| table.lines())
        .filter_map(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let listens = fields.get(1)?.ends_with(&suffix) && *fields.get(3)? == "0A";
            listens.then(|| format!("socket:[{}]", fields.get(9).unwrap_or(&"")))
        })
        .collect();
    for entry in fs::read_dir("/proc").ok()?.flatten() {
        let Ok(pid) = entry.file_name().to_string_lossy().parse::<u32>() else { continue };
        let Ok(files) = fs::read_dir(entry.path().join("fd")) else { continue };
        let holds = files.flatten().filter_map(|file| fs::read_link(file.path()).ok());
        if holds.into_iter().any(|link| sockets.iter().any(|socket| link.as_os_str() == socket.as_str())) {
            let name = fs::read_to_string(entry.path().join("cmdline")).unwrap_or_default().replace('\0', " ");
            return Some(format!("process {pid} ({})", name.trim()));
        }
    }
    None
}

/// The last lines of a log, for an error message.
pub(crate) fn tail(log: &Path, lines: usize) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let all: Vec<&str> = text.lines().collect();
    let from = all.len().saturating_sub(lines);
    all.get(from..).unwrap_or_default().join("\n")
}
