//! The gate in front of the engine: trouble for functions, and what they touched. `localstack/gate.py` says more.

use anyhow::{Context, Result};
use serde_json::Value;

use crate::stack::Stack;

/// Trouble that is set, and ends with this value: also when a test fails.
#[derive(Debug)]
pub struct Fault<'a> {
    stack: &'a Stack,
    id: String,
}

impl<'a> Fault<'a> {
    /// Sets it, as `localstack/gate.py` describes it.
    ///
    /// # Errors
    /// When the gate does not know it.
    pub fn set(stack: &'a Stack, fault: &Value) -> Result<Self> {
        let set: Value = ureq::post(address(stack, "faults")).send_json(fault)?.body_mut().read_json()?;
        let id = set.get("id").and_then(Value::as_str).context("the gate gives no id")?.to_owned();
        Ok(Self { stack, id })
    }

    /// How many calls it has met.
    ///
    /// # Errors
    /// When the gate does not answer.
    pub fn hits(&self) -> Result<u64> {
        let all: Vec<Value> = ureq::get(address(self.stack, "faults")).call()?.body_mut().read_json()?;
        let own = all.iter().find(|fault| fault.get("id").and_then(Value::as_str) == Some(&self.id));
        own.and_then(|fault| fault.get("hits")?.as_u64()).context("the gate has forgotten the fault")
    }
}

impl Drop for Fault<'_> {
    fn drop(&mut self) {
        // It ends by itself soon, should the gate not answer.
        let _ = ureq::delete(format!("{}?id={}", address(self.stack, "faults"), self.id)).call();
    }
}

fn address(stack: &Stack, what: &str) -> String {
    format!("{}/_gate/{what}", stack.endpoint)
}
