//! The program, and what its tests need of a stack.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use portico_aws::clock;
use portico_ops::Operator;
use portico_testkit::stack::{self, Stack, root};
use serde_json::Value;

/// A run that ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    /// A run that did as asked.
    #[track_caller]
    pub(crate) fn done(self) -> Self {
        assert_eq!(self.code, 0, "{self:#?}");
        self
    }

    /// A run that refused, and said so with these words.
    #[track_caller]
    pub(crate) fn refused(self, words: &str) -> Self {
        assert_eq!(self.code, 1, "{self:#?}");
        assert!(self.err.contains(words), "{self:#?}");
        self
    }

    /// What it printed, as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }
}

/// Runs it with nobody at the terminal.
pub(crate) fn ops(arguments: &[&str]) -> Run {
    ops_with(arguments, "")
}

/// Runs it with standard input.
pub(crate) fn ops_with(arguments: &[&str], input: &str) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portico-ops"));
    command.arg("--stack").arg(stack::record()).args(arguments);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    // A program that ends without reading closes its input: that is no fault.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Run { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

/// Works as the program's library does.
pub(crate) fn with<T>(work: impl AsyncFnOnce(&Operator) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let operator = Operator::of(Stack::read().unwrap().record().clone()).await.unwrap();
        work(&operator).await
    })
}

/// A name that no other run has.
pub(crate) fn fresh(beginning: &str) -> String {
    format!("{beginning}-{}", clock::new_nonce().unwrap().get(..8).unwrap())
}

/// Arkansas' pack as a folder of another contract, each file changed.
pub(crate) fn pack(id: &str, change: impl Fn(&str, String) -> String) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(fresh("packs")).join(id);
    let arkansas = root().join("contracts/arkansas");
    for place in ["", "questionnaires"] {
        fs::create_dir_all(folder.join(place)).unwrap();
        let entries = fs::read_dir(arkansas.join(place)).unwrap().map(|entry| entry.unwrap().path());
        for path in entries.filter(|path| path.is_file()) {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let text = fs::read_to_string(&path).unwrap().replace("id = \"arkansas\"", &format!("id = \"{id}\""));
            fs::write(folder.join(place).join(&name), change(&name, text)).unwrap();
        }
    }
    folder
}

/// A pack without faults, applied.
pub(crate) fn applied(id: &str) {
    let folder = pack(id, |_, text| text);
    ops(&["packs", "apply", folder.to_str().unwrap(), "--yes"]).done();
}
