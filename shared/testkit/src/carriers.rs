//! The simulated carriers: what shall happen to a transmission, and what they received.

use anyhow::Result;
use base64::{Engine, engine::general_purpose::STANDARD};
use portico_aws::secrets::sha256;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    poll::{self, PATIENCE},
    stack::Stack,
};

/// What happens to transmissions to a number, in order; then they are delivered.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// `busy`, `delivered` …
    pub outcomes: Vec<&'static str>,
    /// Each call-back comes twice.
    pub twice: bool,
    /// The final call-back comes first.
    pub out_of_order: bool,
    /// Statuses that are answered before anything is accepted.
    pub errors: Vec<u16>,
}

/// A transmission as the fax carrier took it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "localstack/README.md describes each")]
pub struct Fax {
    pub id: String,
    pub to: String,
    pub client_reference: String,
    pub status: String,
    pub failure_reason: Option<String>,
    pub pages: Option<u32>,
    pub file: Option<String>,
    pub sha256: Option<String>,
    pub callbacks: Vec<Value>,
}

/// A letter as the mail carrier took it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "localstack/README.md describes each")]
pub struct Mailed {
    pub id: String,
    pub reference: String,
    pub to: Recipient,
    pub file: String,
    pub sha256: String,
}

/// Whom a letter is addressed to.
#[derive(Clone, Debug, Deserialize)]
#[expect(missing_docs, reason = "lines of an envelope")]
pub struct Recipient {
    pub name: String,
    pub lines: Vec<String>,
}

/// A call that the voice carrier took.
#[derive(Clone, Debug, Deserialize)]
#[expect(missing_docs, reason = "localstack/README.md describes each")]
pub struct Spoken {
    pub id: String,
    pub to: String,
    pub say: String,
    pub reference: String,
}

impl Spoken {
    /// The PIN that it speaks: its first six digits.
    #[must_use]
    pub fn pin(&self) -> String {
        self.say.chars().filter(char::is_ascii_digit).take(6).collect()
    }
}

/// A message to the server of a system.
#[derive(Clone, Debug, Deserialize)]
#[expect(missing_docs, reason = "localstack/README.md describes each")]
pub struct Hooked {
    pub to: String,
    pub status: u16,
    pub headers: std::collections::BTreeMap<String, String>,
    pub body: Value,
}

/// Where the server of a system is: one for each name.
#[must_use]
pub fn hook(stack: &Stack, name: &str) -> String {
    format!("{}/hooks/{name}", stack.carriers_url)
}

/// What came to the server of a system, oldest first.
///
/// # Errors
/// When it does not say.
pub fn hooked(stack: &Stack, name: &str) -> Result<Vec<Hooked>> {
    let url = format!("{}/_sent?reference={name}", stack.carriers_url);
    let sent: Sent = ureq::get(url).call()?.body_mut().with_config().limit(50_000_000).read_json()?;
    Ok(sent.hooks)
}

/// What the carriers took.
#[derive(Clone, Debug, Deserialize)]
#[expect(missing_docs, reason = "one list for each carrier")]
pub struct Sent {
    pub faxes: Vec<Fax>,
    pub letters: Vec<Mailed>,
    pub calls: Vec<Spoken>,
    pub hooks: Vec<Hooked>,
}

/// Says what happens to transmissions to `number` (E.164), or `mail`.
///
/// # Errors
/// When the carriers do not answer.
pub fn script(stack: &Stack, number: &str, script: &Script) -> Result<()> {
    let body = json!({
        "to": number, "outcomes": script.outcomes, "duplicateCallbacks": script.twice, "outOfOrder": script.out_of_order,
        "errors": script.errors,
    });
    ureq::post(format!("{}/_script", stack.carriers_url)).send_json(body)?;
    Ok(())
}

/// A fax that somebody sends to one of our numbers.
#[derive(Clone, Debug)]
pub struct Incoming<'a> {
    /// The number that is dialled (E.164).
    pub to: &'a str,
    /// Where from, if the carrier knows.
    pub from: Option<&'a str>,
    /// The pages, as a TIFF.
    pub pages: &'a [u8],
    /// How often the carrier tells of it.
    pub times: u32,
    /// What the call-back is signed with instead of the key that we share.
    pub key: Option<&'a str>,
}

/// The fax carrier takes a fax for us, and tells of it; gives its id of it and how the call-backs were answered.
///
/// # Errors
/// When the carriers do not take it.
pub fn receive(stack: &Stack, fax: &Incoming<'_>) -> Result<(String, Vec<Value>)> {
    #[derive(Deserialize)]
    struct Taken {
        id: String,
        callbacks: Vec<Value>,
    }
    let body = json!({
        "to": fax.to, "from": fax.from, "media": STANDARD.encode(fax.pages), "times": fax.times, "key": fax.key,
        "callbackUrl": format!("{}/carriers/fax/received", stack.api_url),
    });
    let mut answer = ureq::post(format!("{}/_receive", stack.carriers_url)).send_json(body)?;
    let Taken { id, callbacks } = answer.body_mut().read_json()?;
    Ok((id, callbacks.into_iter().map(|one| one.get("answer").cloned().unwrap_or_default()).collect()))
}

/// Our id of a fax that came in, by the carrier's.
#[must_use]
pub fn received_id(carrier_id: &str) -> String {
    let hash = sha256(&format!("received fax {carrier_id}"));
    format!("fax_{}", hash.get(..32).unwrap_or_default())
}

/// Everything the carriers took since they started.
///
/// # Errors
/// When the carriers do not answer.
pub fn sent(stack: &Stack) -> Result<Sent> {
    let url = format!("{}/_sent", stack.carriers_url);
    Ok(ureq::get(&url).call()?.body_mut().with_config().limit(200_000_000).read_json()?)
}

/// Waits for the `nth` call to `number` (E.164).
///
/// # Errors
/// When it does not come in time.
pub fn wait_for_call(stack: &Stack, number: &str, nth: usize) -> Result<Spoken> {
    poll::until("a call", PATIENCE, || {
        Ok(sent(stack)?.calls.into_iter().filter(|call| call.to == number).nth(nth.saturating_sub(1)))
    })
}
