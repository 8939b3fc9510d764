//! Where things are, and what the caller's environment says about it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The folders of one checkout.
pub(crate) struct Paths {
    /// The checkout.
    pub(crate) root: PathBuf,
    /// Cargo's target folder; may be shared between checkouts.
    pub(crate) target: PathBuf,
    /// State of this checkout's engine: always inside the checkout, whatever `CARGO_TARGET_DIR` says.
    pub(crate) engine: PathBuf,
}

impl Paths {
    /// From where `cargo xtask` was called.
    pub(crate) fn find() -> Result<Self> {
        let manifest =
            env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
        let root = manifest.parent().context("xtask lies in a folder of the workspace")?.to_path_buf();
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(dir) => std::path::absolute(dir)?,
            None => root.join("target"),
        };
        let engine = root.join("target/engine");
        fs::create_dir_all(&engine).with_context(|| format!("cannot create {}", engine.display()))?;
        fs::create_dir_all(&target).with_context(|| format!("cannot create {}", target.display()))?;
        Ok(Self { root, target, engine })
    }

    /// Cargo, in the checkout, with the same target folder.
    pub(crate) fn cargo(&self) -> Command {
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(&self.root).env("CARGO_TARGET_DIR", &self.target);
        // Cargo sets these for `cargo run`; tests and build scripts must not inherit the ones of xtask.
        for (name, _) in env::vars_os() {
            if name.to_string_lossy().starts_with("CARGO_PKG_") || name == "CARGO_MANIFEST_DIR" {
                cargo.env_remove(name);
            }
        }
        cargo
    }

    /// A path as a person in the checkout writes it.
    pub(crate) fn short<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }
}

/// A port that the caller asked for by name.
pub(crate) fn port_from_environment(name: &str) -> Result<Option<u16>> {
    let Some(value) = env::var_os(name) else { return Ok(None) };
    match value.to_str().and_then(|text| text.parse().ok()) {
        Some(port) if port > 0 => Ok(Some(port)),
        _ => bail!("{name} is {}, which is no port number", value.display()),
    }
}
