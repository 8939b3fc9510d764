//! Configuration of a function: what the template puts into its environment.

/// A function's environment. Names stand in `infra/common.yaml`; what only some functions have is an option there.
///
/// `MINUTE_SECONDS` is how long a minute of waiting lasts: a contract's fax back-off, a queue's, the outbox's. No template
/// sets it, so it is sixty seconds; the local stack has it shorter.
#[derive(Clone)]
#[expect(missing_docs, reason = "each is the template's variable of the same name")]
pub struct Config {
    pub region: String,
    pub access_key_id: String,
    pub(crate) secret_access_key: String,
    pub(crate) session_token: Option<String>,
    pub endpoint: Option<String>,
    pub table: String,
    pub documents_bucket: String,
    pub letters_bucket: String,
    pub feeds_bucket: String,
    pub kms_key: String,
    pub provider_pool: String,
    pub provider_client: String,
    pub staff_pool: String,
    pub staff_client: String,
    pub provider_client_secret: String,
    pub staff_client_secret: String,
    pub portal_url: String,
    pub api_url: String,
    pub mail_from: String,
    pub lookup_secret: String,
    /// Name of the secret with the key of ids of people and places.
    pub ids_secret: String,
    pub token_secret: String,
    pub fax_secret: String,
    pub fax_reports_secret: String,
    pub mail_secret: String,
    pub voice_secret: String,
    pub fax_url: String,
    pub mail_url: String,
    pub voice_url: String,
    pub minute_seconds: u32,
    pub review_queue: String,
    pub letters_queue: String,
    pub fax_queue: String,
    pub mail_queue: String,
    pub notices_queue: String,
    pub pins_queue: String,
    /// Known to those who send tasks.
    pub received_queue: Option<String>,
    /// The same.
    pub subscriptions_queue: Option<String>,
    /// The one place besides the internet that systems may be notified at: of a stack on a developer's machine.
    pub local_receiver: Option<String>,
    pub provider_feeds_queue: String,
    pub member_feeds_queue: String,
    pub claim_feeds_queue: String,
    pub records_bucket: Option<String>,
    pub origin_key_sha256: Option<String>,
    pub mail_configuration: Option<String>,
    pub queue_url: Option<String>,
    pub dead_letters_url: Option<String>,
    pub sends_per_second: Option<u32>,
    pub function: Option<String>,
}

impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Config").field("region", &self.region).field("table", &self.table).finish_non_exhaustive()
    }
}

/// A variable that is missing or has no form.
#[derive(Debug, thiserror::Error)]
#[error("the environment variable {0} is missing or cannot be read")]
pub struct ConfigError(String);

impl Config {
    /// Reads the process' environment.
    ///
    /// # Errors
    /// Names the first variable that is missing.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::read(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    }

    /// Reads from any source of variables.
    ///
    /// # Errors
    /// Names the first variable that is missing.
    pub fn read(source: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let get = |name: &str| source(name).ok_or_else(|| ConfigError(name.to_owned()));
        let number = |name: &str| {
            let read = source(name).map(|text| {
                let number = text.parse::<u32>().ok().filter(|number| *number > 0);
                number.ok_or_else(|| ConfigError(name.to_owned()))
            });
            read.transpose()
        };
        Ok(Self {
            region: get("AWS_REGION")?,
            access_key_id: get("AWS_ACCESS_KEY_ID")?,
            secret_access_key: get("AWS_SECRET_ACCESS_KEY")?,
            session_token: source("AWS_SESSION_TOKEN"),
            endpoint: source("AWS_ENDPOINT_URL"),
            table: get("TABLE")?,
            documents_bucket: get("DOCUMENTS_BUCKET")?,
            letters_bucket: get("LETTERS_BUCKET")?,
            feeds_bucket: get("FEEDS_BUCKET")?,
            kms_key: get("KMS_KEY")?,
            provider_pool: get("PROVIDER_POOL")?,
            provider_client: get("PROVIDER_CLIENT")?,
            staff_pool: get("STAFF_POOL")?,
            staff_client: get("STAFF_CLIENT")?,
            provider_client_secret: get("PROVIDER_CLIENT_SECRET")?,
            staff_client_secret: get("STAFF_CLIENT_SECRET")?,
            portal_url: get("PORTAL_URL")?,
            api_url: get("API_URL")?,
            mail_from: get("MAIL_FROM")?,
            lookup_secret: get("LOOKUP_SECRET")?,
            ids_secret: get("IDS_SECRET")?,
            token_secret: get("TOKEN_SECRET")?,
            fax_secret: get("FAX_SECRET")?,
            fax_reports_secret: get("FAX_REPORTS_SECRET")?,
            mail_secret: get("MAIL_SECRET")?,
            voice_secret: get("VOICE_SECRET")?,
            fax_url: get("FAX_URL")?,
            mail_url: get("MAIL_URL")?,
            voice_url: get("VOICE_URL")?,
            minute_seconds: number("MINUTE_SECONDS")?.unwrap_or(60),
            review_queue: get("REVIEW_QUEUE")?,
            letters_queue: get("LETTERS_QUEUE")?,
            fax_queue: get("FAX_QUEUE")?,
            mail_queue: get("MAIL_QUEUE")?,
            notices_queue: get("NOTICES_QUEUE")?,
            pins_queue: get("PINS_QUEUE")?,
            received_queue: source("RECEIVED_QUEUE"),
            subscriptions_queue: source("SUBSCRIPTIONS_QUEUE"),
            local_receiver: source("LOCAL_RECEIVER"),
            provider_feeds_queue: get("PROVIDER_FEEDS_QUEUE")?,
            member_feeds_queue: get("MEMBER_FEEDS_QUEUE")?,
            claim_feeds_queue: get("CLAIM_FEEDS_QUEUE")?,
            records_bucket: source("RECORDS_BUCKET"),
            origin_key_sha256: source("ORIGIN_KEY_SHA256"),
            mail_configuration: source("MAIL_CONFIGURATION"),
            queue_url: source("QUEUE_URL"),
            dead_letters_url: source("DEAD_LETTERS_URL"),
            sends_per_second: number("SENDS_PER_SECOND")?,
            function: source("AWS_LAMBDA_FUNCTION_NAME"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_variable_is_named() {
        let source = |name: &str| (name != "TABLE").then(|| "1".to_owned());
        assert!(Config::read(source).unwrap_err().to_string().contains("TABLE"));
        let wrong = |name: &str| Some(if name == "MINUTE_SECONDS" { "0".to_owned() } else { "1".to_owned() });
        assert!(Config::read(wrong).unwrap_err().to_string().contains("MINUTE_SECONDS"));
        assert!(!format!("{:?}", Config::read(|_| Some("1".to_owned())).unwrap()).contains("secret"));
    }
}
