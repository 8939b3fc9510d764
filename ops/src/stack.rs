//! A deployed stack, on AWS or on the local engine, as the deployment wrote it down.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result};
use serde::Deserialize;

/// Whose keys the record of a local engine has for the operator's program: somebody with the stack's policy and no more.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as AWS names them")]
pub struct Keys {
    pub access_key_id: String,
    pub secret_access_key: String,
}

/// `stack.json`. Fields as `localstack/README.md` describes them. Keys stand in the record of the local engine alone: on
/// AWS an operator has credentials of their own.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "localstack/README.md describes each")]
pub struct Stack {
    pub stack: String,
    pub account: String,
    pub endpoint: Option<String>,
    pub region: String,
    pub access_key_id: Option<String>,
    pub secret_access_key: Option<String>,
    pub session_token: Option<String>,
    pub operator: Option<Keys>,
    pub minute_seconds: Option<u32>,
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
    pub carriers_url: Option<String>,
    pub queues: BTreeMap<String, String>,
    pub dead_letters: BTreeMap<String, String>,
    pub secrets: BTreeMap<String, String>,
    pub functions: BTreeMap<String, String>,
    pub log_groups: BTreeMap<String, String>,
    #[serde(default)]
    pub parameters: BTreeMap<String, String>,
}

impl Stack {
    /// Reads a record.
    ///
    /// # Errors
    /// When there is none, or it is of another version of this program.
    pub fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| {
            format!(
                "{} cannot be read. It is the record that the deployment wrote: name it with --stack",
                path.display()
            )
        })?;
        serde_json::from_str(&text).with_context(|| format!("{} is the record of another version", path.display()))
    }

    /// Whether it is the local engine's: its record holds the engine's own key.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.endpoint.is_some() && self.access_key_id.is_some()
    }

    /// The environment of a function, with the record's own key if it has one.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<String> {
        let of = |map: &BTreeMap<String, String>, key: &str| map.get(key).cloned();
        match name {
            "AWS_REGION" => Some(self.region.clone()),
            "AWS_ACCESS_KEY_ID" => self.access_key_id.clone(),
            "AWS_SECRET_ACCESS_KEY" => self.secret_access_key.clone(),
            "AWS_SESSION_TOKEN" => self.session_token.clone(),
            "AWS_ENDPOINT_URL" => self.endpoint.clone(),
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
            "IDS_SECRET" => of(&self.secrets, "ids"),
            "TOKEN_SECRET" => of(&self.secrets, "token"),
            "FAX_SECRET" => of(&self.secrets, "fax"),
            "FAX_REPORTS_SECRET" => of(&self.secrets, "faxreports"),
            "PROVIDER_CLIENT_SECRET" => of(&self.secrets, "providerclient"),
            "STAFF_CLIENT_SECRET" => of(&self.secrets, "staffclient"),
            "MAIL_SECRET" => of(&self.secrets, "mail"),
            "VOICE_SECRET" => of(&self.secrets, "voice"),
            "FAX_URL" => self.carrier("FaxUrl"),
            "MAIL_URL" => self.carrier("MailUrl"),
            "VOICE_URL" => self.carrier("VoiceUrl"),
            "MINUTE_SECONDS" => self.minute_seconds.map(|seconds| seconds.to_string()),
            "REVIEW_QUEUE" => of(&self.queues, "review"),
            "LETTERS_QUEUE" => of(&self.queues, "letters"),
            "FAX_QUEUE" => of(&self.queues, "fax"),
            "MAIL_QUEUE" => of(&self.queues, "mail"),
            "NOTICES_QUEUE" => of(&self.queues, "notices"),
            "PINS_QUEUE" => of(&self.queues, "pins"),
            "RECEIVED_QUEUE" => of(&self.queues, "received"),
            "SUBSCRIPTIONS_QUEUE" => of(&self.queues, "subscriptions"),
            "PROVIDER_FEEDS_QUEUE" => of(&self.queues, "providerfeeds"),
            "MEMBER_FEEDS_QUEUE" => of(&self.queues, "memberfeeds"),
            "CLAIM_FEEDS_QUEUE" => of(&self.queues, "claimfeeds"),
            _ => None,
        }
    }
    fn carrier(&self, parameter: &str) -> Option<String> {
        self.parameters.get(parameter).or(self.carriers_url.as_ref()).cloned().or_else(|| Some(String::new()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(more: &str) -> Stack {
        let text = format!(
            r#"{{
                "stack": "portico", "account": "123456789012", "region": "us-east-1", "apiUrl": "https://api.example.org",
                "table": "t", "tableStream": "s", "kmsKey": "k", "documentsBucket": "d", "lettersBucket": "l",
                "feedsBucket": "f", "recordsBucket": "r", "providerPool": "p", "providerClient": "pc", "staffPool": "q", "staffClient": "qc",
                "queues": {{ "fax": "https://sqs/fax" }}, "deadLetters": {{}}, "secrets": {{ "fax": "arn:fax" }},
                "functions": {{}}, "logGroups": {{}}, {more}
            }}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    /// REQ: OPS-08
    #[test]
    fn a_record_of_aws_has_no_key_and_the_parameters_of_the_deployment() {
        let aws =
            record(r#""endpoint": null, "parameters": { "FaxUrl": "https://fax", "PortalUrl": "https://portal" }"#);
        assert!(!aws.is_local());
        let of = |name: &str| aws.variable(name);
        assert_eq!((of("AWS_ACCESS_KEY_ID"), of("AWS_ENDPOINT_URL"), of("MINUTE_SECONDS")), (None, None, None));
        assert_eq!(of("FAX_URL").as_deref(), Some("https://fax"));
        assert_eq!(of("PORTAL_URL").as_deref(), Some("https://portal"));
        assert_eq!(
            (of("FAX_QUEUE").as_deref(), of("FAX_SECRET").as_deref()),
            (Some("https://sqs/fax"), Some("arn:fax"))
        );
    }

    /// REQ: OPS-08
    #[test]
    fn the_record_of_an_engine_has_its_key_with_a_session_token_if_there_is_one() {
        let keys =
            r#""endpoint": "http://localhost:4566", "accessKeyId": "a", "secretAccessKey": "b", "sessionToken": "c""#;
        let local = record(&format!(r#"{keys}, "carriersUrl": "http://localhost:4599", "minuteSeconds": 1"#));
        assert!(local.is_local());
        let names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "MINUTE_SECONDS", "MAIL_URL"];
        let values = names.map(|name| local.variable(name).unwrap());
        assert_eq!(values, ["a", "b", "c", "1", "http://localhost:4599"]);
    }
}
