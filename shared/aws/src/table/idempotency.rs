//! Idempotency keys: the answer is kept in the transaction that did the work, so no lock is needed (CASE-25).

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{Timestamp, ToSpan};

use super::{Error, Guard, Key, Table, Transaction, expires, is_expired};
use crate::secrets::sha256;

/// A caller's key for one operation, with the hash of what was sent.
#[derive(Clone, Debug)]
pub struct IdempotencyKey {
    scope: String,
    payload: String,
}

/// What an idempotency key already stands for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Replay {
    /// The same was sent before: the same answer.
    Answer {
        /// HTTP status.
        status: u16,
        /// JSON body.
        body: String,
    },
    /// Something else was sent under this key.
    OtherPayload,
}

impl IdempotencyKey {
    /// The key that `caller` sent with `operation`; `payload` is the path and body as received.
    #[must_use]
    pub fn new(caller: &str, operation: &str, key: &str, payload: &str) -> Self {
        Self { scope: sha256(&format!("{}:{caller}|{operation}|{key}", caller.len())), payload: sha256(payload) }
    }
}

impl Table {
    /// What was answered under this key before.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn replay(&self, key: &IdempotencyKey, now: Timestamp) -> Result<Option<Replay>, Error> {
        let Some(item) = self.get_raw(&Key::idempotency(&key.scope)).await?.filter(|item| !is_expired(item, now))
        else {
            return Ok(None);
        };
        let text = |name: &str| item.get(name).and_then(|value| value.as_s().ok()).cloned().unwrap_or_default();
        if text("payload") != key.payload {
            return Ok(Some(Replay::OtherPayload));
        }
        let status = item.get("status").and_then(|n| n.as_n().ok()).and_then(|n| n.parse().ok()).unwrap_or(200);
        Ok(Some(Replay::Answer { status, body: text("answer") }))
    }
}

impl Transaction {
    /// Keeps the answer for 24 hours; the transaction is refused when the key was used meanwhile.
    pub fn remember(&mut self, table: &Table, key: &IdempotencyKey, status: u16, answer: String, now: Timestamp) {
        let mut item = Key::idempotency(&key.scope).attributes();
        item.insert("payload".to_owned(), AttributeValue::S(key.payload.clone()));
        item.insert("status".to_owned(), AttributeValue::N(status.to_string()));
        item.insert("answer".to_owned(), AttributeValue::S(answer));
        item.insert("expires".to_owned(), expires(now.checked_add(24.hours()).unwrap_or(now)));
        self.put_new(table, item, Guard::Idempotency);
    }
}
