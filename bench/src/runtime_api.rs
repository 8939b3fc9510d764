//! The runtime's end of a function, as far as a measurement needs it: the function is a process of its own that asks for
//! events over HTTP and posts its answers.

use std::{
    ffi::OsStr,
    io::{BufReader, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::http::Request;

/// Far longer than any call that works.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running function that waits for events.
#[derive(Debug)]
pub struct Function {
    process: Child,
    events: Sender<Value>,
    said: Receiver<Said>,
    /// From the start of the process to its first poll.
    pub start: Duration,
}

#[derive(Debug)]
enum Said {
    Polls(Instant),
    Answers(Value),
    Fails(String),
}

type Events = Arc<Mutex<Receiver<Value>>>;

impl Function {
    /// Starts a binary and waits for its first poll.
    ///
    /// # Errors
    /// When it cannot be started or never polls.
    pub fn start<N: AsRef<OsStr>, V: AsRef<OsStr>>(
        binary: &Path,
        environment: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?.to_string();
        let (events, waiting) = channel();
        let (tell, said) = channel();
        let waiting = Arc::new(Mutex::new(waiting));
        // The thread and its connections end with the process that they serve.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (waiting, tell) = (Arc::clone(&waiting), tell.clone());
                thread::spawn(move || converse(stream, &waiting, &tell));
            }
        });
        let mut command = Command::new(binary);
        command.env_clear().envs(environment);
        command.env("AWS_LAMBDA_RUNTIME_API", &address).env("AWS_LAMBDA_FUNCTION_NAME", "bench");
        command.env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256").env("AWS_LAMBDA_FUNCTION_VERSION", "1");
        command.env("AWS_LAMBDA_LOG_GROUP_NAME", "bench").env("AWS_LAMBDA_LOG_STREAM_NAME", "bench");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let begin = Instant::now();
        let process = command.spawn().with_context(|| format!("cannot start {}", binary.display()))?;
        let mut function = Self { process, events, said, start: Duration::ZERO };
        match function.said.recv_timeout(PATIENCE) {
            Ok(Said::Polls(at)) => function.start = at - begin,
            Ok(other) => bail!("{} began with {other:?}", binary.display()),
            Err(_) => bail!("{} never asked for an event", binary.display()),
        }
        Ok(function)
    }

    /// One event and its answer.
    ///
    /// # Errors
    /// When the function fails or ends.
    pub fn call(&self, event: &Value) -> Result<Value> {
        self.call_within(event, PATIENCE)
    }

    /// The same for a call that takes its time.
    ///
    /// # Errors
    /// When the function fails or ends, or takes longer.
    pub fn call_within(&self, event: &Value, patience: Duration) -> Result<Value> {
        self.events.send(event.clone()).context("the function has gone")?;
        let mut answer = None;
        loop {
            match self.said.recv_timeout(patience).context("the function does not answer")? {
                Said::Answers(value) => answer = Some(value),
                Said::Polls(_) => return answer.context("the function asked again without an answer"),
                Said::Fails(why) => bail!("the function failed: {why}"),
            }
        }
    }

    /// Resident memory in bytes.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn memory(&self) -> Result<u64> {
        resident(&self.process.id().to_string())
    }

    /// The most resident memory that it ever had, in bytes.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn peak_memory(&self) -> Result<u64> {
        status_of(&self.process.id().to_string(), "VmHWM:")
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// Resident memory of a process (`self` or its id) in bytes.
///
/// # Errors
/// When the system does not say.
pub fn resident(process: &str) -> Result<u64> {
    status_of(process, "VmRSS:")
}

fn status_of(process: &str, what: &'static str) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).context("memory is read from /proc")?;
    let line = status.lines().find_map(|line| line.strip_prefix(what)).context(what)?;
    let kibibytes: u64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kibibytes * 1024)
}

/// Serves one connection of the function to its end.
fn converse(stream: TcpStream, events: &Events, tell: &Sender<Said>) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut writer = stream.try_clone().ok()?;
    let mut reader = BufReader::new(stream);
    loop {
        let asked = Request::read(&mut reader)?;
        if asked.target.ends_with("/invocation/next") {
            tell.send(Said::Polls(Instant::now())).ok()?;
            let event = events.lock().ok()?.recv().ok()?.to_string();
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\
                Lambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd\r\n\
                Lambda-Runtime-Deadline-Ms: 4102444800000\r\n\
                Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:000000000000:function:bench\r\n\
                Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0\r\n";
            write!(writer, "{head}Content-Length: {}\r\n\r\n{event}", event.len()).ok()?;
        } else {
            let said = match serde_json::from_slice(&asked.body) {
                Ok(answer) if asked.target.ends_with("/response") => Said::Answers(answer),
                _ => Said::Fails(format!("{} {}", asked.target, String::from_utf8_lossy(&asked.body))),
            };
            writer.write_all(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n").ok()?;
            tell.send(said).ok()?;
        }
    }
}
