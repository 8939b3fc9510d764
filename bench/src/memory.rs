//! What a process needs in memory after a thousand calls.

use std::{cell::RefCell, path::Path};

use anyhow::{Result, ensure};
use portico_aws::Config;
use portico_testkit::stack::Stack;
use serde_json::Value;

use crate::runtime_api::Function;

/// Calls before the look at memory.
pub const CALLS: usize = 1_000;

/// The environment of a function of this stack.
///
/// # Errors
/// When the stack lacks a variable.
pub fn environment(stack: &Stack) -> Result<Vec<(String, String)>> {
    let variables = RefCell::new(Vec::new());
    Config::read(|name| {
        let value = stack.variable(name)?;
        variables.borrow_mut().push((name.to_owned(), value.clone()));
        Some(value)
    })?;
    Ok(variables.into_inner())
}

/// Resident bytes of a function after a thousand calls that all went well.
///
/// # Errors
/// When a call is refused.
pub fn after_calls(binary: &Path, environment: &[(String, String)], event: &Value) -> Result<u64> {
    let function = Function::start(binary, environment.iter().cloned())?;
    for _ in 0..CALLS {
        let answer = function.call(event)?;
        let status = answer.get("statusCode").and_then(Value::as_u64).unwrap_or_default();
        ensure!((200..300).contains(&status), "{} answered {answer}", binary.display());
    }
    function.memory()
}
