//! The running stack, as `cargo xtask up` wrote it down.

use std::{collections::BTreeMap, fs, path::PathBuf};

use anyhow::{Context, Result, anyhow};
use serde::Deserialize;

/// `target/engine/stack.json`. Fields as `localstack/README.md` describes them.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "localstack/README.md describes each")]
pub struct Stack {
    pub endpoint: String,
    pub region: String,
    pub access_key_id: String,
    pub secret_access_key: String,
    pub api_url: String,
    pub table: String,
    pub table_stream: String,
    pub kms_key: String,
    pub documents_bucket: String,
    pub letters_bucket: String,
    pub feeds_bucket: String,
    pub records_bucket: String,
    pub provider_pool: String,
    pub provider_client: String,
    pub staff_pool: String,
    pub staff_client: String,
    pub carriers_url: String,
    pub queues: BTreeMap<String, String>,
    pub dead_letters: BTreeMap<String, String>,
    pub secrets: BTreeMap<String, String>,
    pub functions: BTreeMap<String, String>,
    pub log_groups: BTreeMap<String, String>,
    #[serde(default)]
    pub parameters: BTreeMap<String, String>,
}

/// The checkout that this program was built in.
#[must_use]
pub fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).canonicalize().unwrap_or_else(|_| PathBuf::from("."))
}

impl Stack {
    /// Reads what runs.
    ///
    /// # Errors
    /// Says `cargo xtask up` when nothing was deployed, or when it does not answer.
    pub fn read() -> Result<Self> {
        let path = root().join("target/engine/stack.json");
        let text = fs::read_to_string(&path)
            .map_err(|error| anyhow!("{} cannot be read ({error}): run `cargo xtask up` first", path.display()))?;
        let stack: Self = serde_json::from_str(&text)
            .with_context(|| format!("{} is of another version: run `cargo xtask up`", path.display()))?;
        let health = format!("{}/_localstack/health", stack.endpoint);
        ureq::get(&health).call().map_err(|error| {
            anyhow!("the engine at {} does not answer ({error}): run `cargo xtask up`", stack.endpoint)
        })?;
        Ok(stack)
    }

    /// The environment of a function, with the engine's root for credentials.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<String> {
        let of = |map: &BTreeMap<String, String>, key: &str| map.get(key).cloned();
        match name {
            "AWS_REGION" => Some(self.region.clone()),
            "AWS_ACCESS_KEY_ID" => Some(self.access_key_id.clone()),
            "AWS_SECRET_ACCESS_KEY" => Some(self.secret_access_key.clone()),
            "AWS_ENDPOINT_URL" => Some(self.endpoint.clone()),
            "TABLE" => Some(self.table.clone()),
            "DOCUMENTS_BUCKET" => Some(self.documents_bucket.clone()),
            "LETTERS_BUCKET" => Some(self.letters_bucket.clone()),
            "RECORDS_BUCKET" => Some(self.records_bucket.clone()),
            "FEEDS_BUCKET" => Some(self.feeds_bucket.clone()),
            "KMS_KEY" => Some(self.kms_key.clone()),
            "PROVIDER_POOL" => Some(self.provider_pool.clone()),
            "PROVIDER_CLIENT" => Some(self.provider_client.clone()),
            "STAFF_POOL" => Some(self.staff_pool.clone()),
            "STAFF_CLIENT" => Some(self.staff_client.clone()),
            "API_URL" => Some(self.api_url.clone()),
            "PORTAL_URL" => Some(of(&self.parameters, "PortalUrl").unwrap_or_else(|| self.api_url.clone())),
            "MAIL_FROM" => {
                Some(of(&self.parameters, "MailFrom").unwrap_or_else(|| "notices@portal.example.org".into()))
            }
            "LOOKUP_SECRET" => of(&self.secrets, "lookup"),
            "TOKEN_SECRET" => of(&self.secrets, "token"),
            "FAX_SECRET" => of(&self.secrets, "fax"),
            "MAIL_SECRET" => of(&self.secrets, "mail"),
            "VOICE_SECRET" => of(&self.secrets, "voice"),
            "FAX_URL" | "MAIL_URL" | "VOICE_URL" => Some(self.carriers_url.clone()),
            "MINUTE_SECONDS" => Some("1".to_owned()),
            "REVIEW_QUEUE" => of(&self.queues, "review"),
            "LETTERS_QUEUE" => of(&self.queues, "letters"),
            "FAX_QUEUE" => of(&self.queues, "fax"),
            "MAIL_QUEUE" => of(&self.queues, "mail"),
            "NOTICES_QUEUE" => of(&self.queues, "notices"),
            "PINS_QUEUE" => of(&self.queues, "pins"),
            "PROVIDER_FEEDS_QUEUE" => of(&self.queues, "providerfeeds"),
            "MEMBER_FEEDS_QUEUE" => of(&self.queues, "memberfeeds"),
            _ => None,
        }
    }
}
