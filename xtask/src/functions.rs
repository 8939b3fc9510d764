//! Builds every package under `functions/` with one cargo call and packs each as a Lambda package.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{ChildStderr, Command, Stdio};
use std::thread;
use std::time::UNIX_EPOCH;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::paths::Paths;
use crate::progress::Step;
use crate::python;

/// What a package was made from; a binary that looks the same is not even read.
#[derive(Default, Serialize, Deserialize, PartialEq, Clone)]
struct Packed {
    modified: u128,
    size: u64,
    sha256: String,
}

/// How functions are built: for the local engine, or as they are shipped.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    Dev,
    Release,
}

impl Profile {
    /// Cargo's words for it.
    pub(crate) fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Dev => &[],
            Self::Release => &["--release"],
        }
    }

    /// Packages for the engine are packed fast, shipped ones small.
    fn compression(self) -> i64 {
        match self {
            Self::Dev => 1,
            Self::Release => 9,
        }
    }

    fn packages(self, paths: &Paths) -> PathBuf {
        match self {
            Self::Dev => paths.engine.join("packages"),
            Self::Release => paths.root.join("target/bench/packages"),
        }
    }
}

/// Builds what changed; the answer is the folder with `<function>.zip`.
pub(crate) fn build(paths: &Paths, profile: Profile) -> Result<PathBuf> {
    let names = names(paths)?;
    let folder = profile.packages(paths);
    fs::create_dir_all(&folder)?;
    if names.is_empty() {
        bail!("there is no package under functions/");
    }
    // Binaries of two checkouts with one target folder have the same path: nobody builds between build and packing.
    let lock = File::create(paths.target.join("functions.lock"))?;
    lock.lock()?;
    let step = Step::begin(&match profile {
        Profile::Dev => format!("building {} functions", names.len()),
        Profile::Release => format!("building {} functions as they are shipped", names.len()),
    });
    let built = match compile(paths, profile, &names, &step) {
        Ok(built) => built,
        Err(error) => {
            step.abandon();
            return Err(error);
        }
    };
    let fresh = pack_all(&built, &folder, profile, &step)?;
    match fresh.as_slice() {
        [] => step.end(&format!("{} functions built, none changed", built.len())),
        [one] => step.end(&format!("{} functions built, {one} changed", built.len())),
        many => step.end(&format!("{} functions built, {} changed", built.len(), many.len())),
    }
    Ok(folder)
}

/// Builds for AWS, as cargo lambda does: `target/lambda/<function>/bootstrap.zip`. All functions, or those named.
pub(crate) fn package(paths: &Paths, only: &[String], profile: Profile) -> Result<PathBuf> {
    let known = names(paths)?;
    if let Some(strange) = only.iter().find(|name| !known.contains(name)) {
        bail!("there is no function {strange}; there are: {}", known.join(", "));
    }
    let wanted = if only.is_empty() { &known } else { only };
    // Cargo lambda, and zig, which links for the other processor.
    let python = python::environment(paths, python::DEPLOYMENT)?;
    let tools = python.parent().context("an interpreter lies in a folder")?;
    let mut path = vec![tools.to_path_buf()];
    path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    let folder = paths.target.join("lambda");
    let mut cargo = paths.cargo();
    cargo.args(["lambda", "build", "--arm64", "--output-format", "zip", "--lambda-dir"]).arg(&folder);
    cargo.args(profile.arguments()).args(wanted.iter().flat_map(|name| ["--package", name.as_str()]));
    cargo.env("PATH", std::env::join_paths(path)?);
    if profile == Profile::Dev {
        // Nobody runs it: that it builds and links is what is to be seen.
        cargo.env("CARGO_PROFILE_DEV_OPT_LEVEL", "0");
    }
    install_target()?;
    println!("  building {} functions for arm64", wanted.len());
    if !cargo.status().context("cannot start cargo lambda")?.success() {
        bail!("the functions do not build for arm64");
    }
    Ok(folder)
}

/// Rust's library for the other processor. Without rustup it has to be there already, and cargo says so if it is not.
fn install_target() -> Result<()> {
    const TARGET: &str = "aarch64-unknown-linux-gnu";
    let Ok(listed) = Command::new("rustup").args(["target", "list", "--installed"]).output() else { return Ok(()) };
    if String::from_utf8_lossy(&listed.stdout).lines().any(|line| line.trim() == TARGET) {
        return Ok(());
    }
    println!("  installing Rust's target {TARGET}");
    if !Command::new("rustup").args(["target", "add", TARGET]).status()?.success() {
        bail!("rustup did not install the target {TARGET}");
    }
    Ok(())
}

/// The folders of `functions/` that are packages.
pub(crate) fn names(paths: &Paths) -> Result<Vec<String>> {
    let Ok(entries) = fs::read_dir(paths.root.join("functions")) else { return Ok(Vec::new()) };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry?;
        if entry.path().join("Cargo.toml").exists() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// One line of `cargo build --message-format json`, as far as it matters here.
#[derive(Deserialize)]
struct Message {
    reason: String,
    executable: Option<PathBuf>,
}

fn compile(paths: &Paths, profile: Profile, names: &[String], step: &Step) -> Result<BTreeMap<String, PathBuf>> {
    let mut cargo = paths.cargo();
    cargo.args(["build", "--bins", "--message-format", "json-render-diagnostics"]).args(profile.arguments());
    cargo.args(names.iter().flat_map(|name| ["--package", name.as_str()]));
    // The bar that cargo draws for a terminal is read for its numbers.
    cargo.env("CARGO_TERM_PROGRESS_WHEN", "always").env("CARGO_TERM_PROGRESS_WIDTH", "100");
    let mut child = cargo.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().context("cannot start cargo")?;
    let stdout = child.stdout.take().context("cargo has no output")?;
    let stderr = child.stderr.take().context("cargo has no error output")?;
    let mut built = BTreeMap::new();
    let said = thread::scope(|scope| -> Result<String> {
        let listener = scope.spawn(|| listen(stderr, step));
        for line in BufReader::new(stdout).lines() {
            let Ok(message) = serde_json::from_str::<Message>(&line?) else { continue };
            if let (Some(path), "compiler-artifact") = (message.executable, message.reason.as_str()) {
                let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                if names.contains(&name) {
                    built.insert(name, path);
                }
            }
        }
        Ok(listener.join().unwrap_or_default())
    })?;
    if !child.wait()?.success() {
        bail!("the functions do not build:\n{}", said.trim_end());
    }
    if let Some(name) = names.iter().find(|name| !built.contains_key(*name)) {
        bail!("functions/{name} builds no binary of that name; a function's package is named like its folder");
    }
    Ok(built)
}

/// Follows cargo's bar; everything else it says is the answer.
fn listen(mut stderr: ChildStderr, step: &Step) -> String {
    let mut said = String::new();
    let mut line = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = stderr.read(&mut buffer) {
        for &byte in buffer.iter().take(count) {
            if byte != b'\r' && byte != b'\n' {
                line.push(byte);
                continue;
            }
            let text = String::from_utf8_lossy(&line).into_owned();
            line.clear();
            if let Some((done, total)) = numbers(&text) {
                step.at(done, total, "compiling");
            } else if !text.trim().is_empty() && !text.contains("Compiling ") {
                said.push_str(&text);
                said.push('\n');
            }
        }
    }
    said.push_str(&String::from_utf8_lossy(&line));
    said
}

/// `Building [=====>   ] 12/345: …` → 12 of 345.
fn numbers(line: &str) -> Option<(u64, u64)> {
    let (_, after) = line.split_once("Building")?.1.split_once("] ")?;
    let (done, total) = after.split_once(':').map_or(after, |(numbers, _)| numbers).trim().split_once('/')?;
    Some((done.parse().ok()?, total.parse().ok()?))
}

fn pack_all(built: &BTreeMap<String, PathBuf>, folder: &Path, profile: Profile, step: &Step) -> Result<Vec<String>> {
    let record = folder.join("packed.json");
    let mut known: BTreeMap<String, Packed> =
        fs::read(&record).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
    let mut fresh = Vec::new();
    for (name, binary) in built {
        let target = folder.join(format!("{name}.zip"));
        let meta = fs::metadata(binary)?;
        let modified = meta.modified()?.duration_since(UNIX_EPOCH)?.as_nanos();
        let old = known.entry(name.clone()).or_default();
        if target.exists() && old.modified == modified && old.size == meta.len() {
            continue;
        }
        step.message(&format!("packing {name}"));
        let bytes = fs::read(binary)?;
        let sha256 = hex::encode(Sha256::digest(&bytes));
        if !target.exists() || old.sha256 != sha256 {
            pack(&bytes, &target, profile.compression())
                .with_context(|| format!("cannot write {}", target.display()))?;
            fresh.push(name.clone());
        }
        *old = Packed { modified, size: meta.len(), sha256 };
    }
    known.retain(|name, _| built.contains_key(name));
    for entry in fs::read_dir(folder)?.flatten() {
        let path = entry.path();
        let gone = path.file_stem().is_some_and(|stem| !built.contains_key(stem.to_string_lossy().as_ref()));
        if gone && path.extension().is_some_and(|extension| extension == "zip") {
            fs::remove_file(path)?;
        }
    }
    fs::write(record, serde_json::to_vec_pretty(&known)?)?;
    Ok(fresh)
}

/// The same binary gives the same bytes: no time, fixed rights, one entry.
fn pack(binary: &[u8], target: &Path, compression: i64) -> Result<()> {
    let part = target.with_extension("part");
    let mut zip = ZipWriter::new(File::create(&part)?);
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(compression))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o755);
    zip.start_file("bootstrap", options)?;
    zip.write_all(binary)?;
    zip.finish()?;
    Ok(fs::rename(part, target)?)
}

#[cfg(test)]
mod tests {
    use super::{numbers, pack};

    #[test]
    fn the_bar_of_cargo_gives_done_and_total() {
        assert_eq!(numbers("    Building [=====>     ] 12/345: ring, portico-domain"), Some((12, 345)));
        assert_eq!(numbers("   Compiling ring v0.17.14"), None);
    }

    #[test]
    fn the_same_binary_packs_to_the_same_bytes() {
        let folder = std::env::temp_dir().join(format!("portico-pack-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let read = |name: &str| {
            pack(b"binary", &folder.join(name), 9).unwrap();
            std::fs::read(folder.join(name)).unwrap()
        };
        assert_eq!(read("one.zip"), read("two.zip"));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
