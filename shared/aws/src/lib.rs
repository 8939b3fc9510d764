//! Stores and sends: the only crate that names an AWS SDK, reads the clock, the environment and randomness.

pub mod accounts;
pub mod clock;
pub mod config;
pub mod dead_letters;
pub mod documents;
pub mod files;
pub mod keys;
pub mod lanes;
pub mod links;
pub mod mail;
pub mod metrics;
pub mod outbox;
pub mod passwords;
pub mod pause;
pub mod queues;
pub mod record;
pub mod secrets;
pub mod stored;
pub mod table;

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_types::{retry::RetryConfig, timeout::TimeoutConfig};
use aws_types::{SdkConfig, app_name::AppName, region::Region};

use accounts::Accounts;
pub use config::{Config, ConfigError};
use files::Files;
use mail::Mail;
use queues::Queues;
use record::{CallLog, Recorder};
use secrets::Secrets;
use table::Table;

/// Everything a function reaches AWS through. A client is made when it is first used: a function links and starts only
/// what its action needs.
#[derive(Debug)]
pub struct Aws {
    config: Config,
    sdk: SdkConfig,
    table: OnceLock<Table>,
    secrets: OnceLock<Arc<Secrets>>,
    accounts: OnceLock<Accounts>,
    files: OnceLock<Files>,
    queues: OnceLock<Queues>,
    mail: OnceLock<Mail>,
}

impl Aws {
    /// The configuration of a Lambda function.
    ///
    /// # Errors
    /// Names the first variable that is missing.
    pub fn from_env() -> Result<Self, ConfigError> {
        Ok(Self::new(Config::from_env()?))
    }

    /// With this configuration.
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self::over(config, https())
    }

    /// With this configuration, and a log of every round trip.
    #[must_use]
    pub fn recorded(config: Config) -> (Self, CallLog) {
        let log = CallLog::default();
        let client = SharedHttpClient::new(Recorder { client: https(), log: log.clone() });
        (Self::over(config, client), log)
    }

    fn over(config: Config, client: SharedHttpClient) -> Self {
        let credentials =
            Credentials::from_keys(&config.access_key_id, &config.secret_access_key, config.session_token.clone());
        let mut sdk = SdkConfig::builder()
            .behavior_version(aws_sdk_dynamodb::config::BehaviorVersion::latest())
            .region(Region::new(config.region.clone()))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
            .retry_config(RetryConfig::standard())
            .http_client(client);
        sdk.set_endpoint_url(config.endpoint.clone());
        // Whose call it was stands in the trail of the account.
        sdk.set_app_name(config.function.clone().and_then(|name| AppName::new(name).ok()));
        Self {
            config,
            sdk: sdk.build(),
            table: OnceLock::new(),
            secrets: OnceLock::new(),
            files: OnceLock::new(),
            queues: OnceLock::new(),
            mail: OnceLock::new(),
            accounts: OnceLock::new(),
        }
    }

    /// What the environment says.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The table.
    pub fn table(&self) -> &Table {
        let client = || aws_sdk_dynamodb::Client::new(&self.within(QUICK));
        self.table.get_or_init(|| Table::new(client(), self.config.table.clone()))
    }

    /// Secrets Manager, each secret kept for a while.
    pub fn secrets(&self) -> &Arc<Secrets> {
        self.secrets.get_or_init(|| Arc::new(Secrets::new(aws_sdk_secretsmanager::Client::new(&self.within(QUICK)))))
    }

    /// Cognito.
    pub fn accounts(&self) -> &Accounts {
        self.accounts.get_or_init(|| {
            let client = aws_sdk_cognitoidentityprovider::Client::new(&self.within(THOUGHTFUL));
            Accounts::new(client, Arc::clone(self.secrets()), &self.config)
        })
    }

    /// S3.
    pub fn files(&self) -> &Files {
        self.files.get_or_init(|| Files::new(&self.within(LARGE), self.config.kms_key.clone()))
    }

    /// SQS.
    pub fn queues(&self) -> &Queues {
        self.queues.get_or_init(|| Queues::new(aws_sdk_sqs::Client::new(&self.within(QUICK))))
    }

    /// SES.
    pub fn mail(&self) -> &Mail {
        let client = || aws_sdk_sesv2::Client::new(&self.within(THOUGHTFUL));
        self.mail
            .get_or_init(|| Mail::new(client(), self.config.mail_from.clone(), self.config.mail_configuration.clone()))
    }
}

/// How long one try and all tries of a call may take: a connection that hangs is given up while the function still has
/// time for another one, and for an answer.
type Limits = (Duration, Duration);
/// A table, a queue, a secret: an answer takes milliseconds. A function of the API has ten seconds.
const QUICK: Limits = (Duration::from_secs(2), Duration::from_secs(7));
/// User pools and mail. A trigger of the pools takes up to five seconds itself, so few calls come near.
const THOUGHTFUL: Limits = (Duration::from_secs(4), Duration::from_secs(9));
/// Files: up to 25 MB.
const LARGE: Limits = (Duration::from_secs(20), Duration::from_secs(25));

impl Aws {
    fn within(&self, (attempt, operation): Limits) -> SdkConfig {
        let limits = TimeoutConfig::builder().operation_attempt_timeout(attempt).operation_timeout(operation).build();
        self.sdk.to_builder().timeout_config(limits).build()
    }
}

/// The HTTP client of everything here: `rustls` with ring.
#[must_use]
pub fn https() -> SharedHttpClient {
    let tls = aws_smithy_http_client::tls::rustls_provider::CryptoMode::Ring;
    aws_smithy_http_client::Builder::new()
        .tls_provider(aws_smithy_http_client::tls::Provider::Rustls(tls))
        .build_https()
}
