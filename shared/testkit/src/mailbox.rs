//! What was mailed: the engine keeps it where a person would open their mailbox.

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    poll::{self, PATIENCE},
    stack::Stack,
};

/// A mail as it was sent.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "parts of a mail")]
pub struct Mail {
    pub to: Vec<String>,
    pub subject: String,
    #[serde(default)]
    pub body_text: String,
    #[serde(default)]
    pub body_html: Option<String>,
}

impl Mail {
    /// The token of the link in the mail: what stands behind `#`.
    #[must_use]
    pub fn token(&self) -> Option<String> {
        let link = self.body_text.split_whitespace().find(|word| word.starts_with("http"))?;
        link.split_once('#').map(|(_, token)| token.to_owned())
    }
}

/// Everything mailed to an address, oldest first.
///
/// # Errors
/// When the engine does not answer.
pub fn mails_to(stack: &Stack, address: &str) -> Result<Vec<Mail>> {
    let url = format!("{}/_ministack/ses/messages", stack.endpoint);
    let all: Value = ureq::get(&url).call()?.body_mut().with_config().limit(200_000_000).read_json()?;
    let accounts = all.get("messages").and_then(Value::as_object).context("no messages in the engine's answer")?;
    let mut mails = Vec::new();
    for mail in accounts.values().filter_map(Value::as_array).flatten() {
        let mail: Mail = serde_json::from_value(mail.clone())?;
        if mail.to.iter().any(|to| to.eq_ignore_ascii_case(address)) {
            mails.push(mail);
        }
    }
    Ok(mails)
}

/// Waits for a mail to `address` whose subject or text has `words`.
///
/// # Errors
/// When none comes in time.
pub fn wait_for(stack: &Stack, address: &str, words: &str) -> Result<Mail> {
    poll::until(&format!("a mail with “{words}”"), PATIENCE, || {
        let mails = mails_to(stack, address)?;
        Ok(mails.into_iter().rev().find(|mail| mail.subject.contains(words) || mail.body_text.contains(words)))
    })
}

/// Waits for a mailed link and gives its token.
///
/// # Errors
/// When none comes in time.
pub fn wait_for_link(stack: &Stack, address: &str) -> Result<String> {
    poll::until("a mailed link", PATIENCE, || Ok(mails_to(stack, address)?.iter().rev().find_map(Mail::token)))
}
