//! The running stack of this checkout, as `cargo xtask up` wrote it down.

use std::{
    ops::{Deref, DerefMut},
    path::PathBuf,
};

use anyhow::{Context, Result, anyhow};

/// The record of the deployment, and what only the local engine has.
#[derive(Clone, Debug)]
pub struct Stack {
    /// Address of the engine.
    pub endpoint: String,
    /// Address of the simulated carriers.
    pub carriers_url: String,
    /// The engine's root: it may do everything, and its signature is not checked.
    pub access_key_id: String,
    record: portico_ops::stack::Stack,
}

impl Deref for Stack {
    type Target = portico_ops::stack::Stack;
    fn deref(&self) -> &Self::Target {
        &self.record
    }
}

impl DerefMut for Stack {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.record
    }
}

/// The checkout that this program was built in.
#[must_use]
pub fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).canonicalize().unwrap_or_else(|_| PathBuf::from("."))
}

/// Where the record of this checkout's stack is.
#[must_use]
pub fn record() -> PathBuf {
    root().join("target/engine/stack.json")
}

impl Stack {
    /// Reads what runs.
    ///
    /// # Errors
    /// Says `cargo xtask up` when nothing was deployed, or when it does not answer.
    pub fn read() -> Result<Self> {
        let record = portico_ops::stack::Stack::read(&record()).context("run `cargo xtask up` first")?;
        let local = |field: &Option<String>, name: &str| {
            field.clone().with_context(|| format!("the stack's record has no {name}: run `cargo xtask up`"))
        };
        let stack = Self {
            endpoint: local(&record.endpoint, "endpoint")?,
            carriers_url: local(&record.carriers_url, "carriersUrl")?,
            access_key_id: local(&record.access_key_id, "accessKeyId")?,
            record,
        };
        let health = format!("{}/_localstack/health", stack.endpoint);
        ureq::get(&health).call().map_err(|error| {
            anyhow!("the engine at {} does not answer ({error}): run `cargo xtask up`", stack.endpoint)
        })?;
        Ok(stack)
    }

    /// As the operator's program takes it.
    #[must_use]
    pub fn record(&self) -> &portico_ops::stack::Stack {
        &self.record
    }
}
