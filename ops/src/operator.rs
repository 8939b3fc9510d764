//! Who operates, and what they reach.

use anyhow::{Context, Result, ensure};
use aws_credential_types::Credentials;
use aws_types::region::Region;
use jiff::Timestamp;
use portico_aws::{
    Aws, Config, clock,
    table::{Table, audit},
};
use portico_domain::events::Actor;

use crate::{credentials, stack::Stack};

/// Somebody with credentials for a stack.
#[derive(Debug)]
pub struct Operator {
    /// The stack.
    pub stack: Stack,
    /// What they reach it through.
    pub aws: Aws,
    /// The ARN of their identity at AWS.
    pub name: String,
}

impl Operator {
    /// Whoever runs this program: with the operator's key that the record of a local engine has, else with what AWS's own
    /// tools would use (`credentials`).
    ///
    /// # Errors
    /// When there are no credentials, AWS does not know them, or they are of another account than the stack.
    pub async fn of(stack: Stack) -> Result<Self> {
        let credentials = match &stack.operator {
            Some(keys) if stack.is_local() => {
                Credentials::from_keys(&keys.access_key_id, &keys.secret_access_key, None)
            }
            _ => credentials::find()?,
        };
        let config = Config::read(|name| match name {
            "AWS_ACCESS_KEY_ID" => Some(credentials.access_key_id().to_owned()),
            "AWS_SECRET_ACCESS_KEY" => Some(credentials.secret_access_key().to_owned()),
            "AWS_SESSION_TOKEN" => credentials.session_token().map(ToOwned::to_owned),
            _ => stack.variable(name),
        });
        let config = config.context("the stack's record lacks something: deploy once more")?;
        let (account, name) = who(&stack, credentials).await?;
        ensure!(
            account == stack.account,
            "these credentials are of account {account}, and the stack {} is in account {}",
            stack.stack,
            stack.account
        );
        Ok(Self { stack, aws: Aws::new(config), name })
    }

    /// The table.
    pub fn table(&self) -> &Table {
        self.aws.table()
    }

    /// Where a change would be made, in one line.
    #[must_use]
    pub fn place(&self) -> String {
        let Stack { stack, account, region, .. } = &self.stack;
        let engine = self.stack.endpoint.as_ref().map(|endpoint| format!(", at {endpoint}")).unwrap_or_default();
        format!("stack {stack}, account {account}, region {region}{engine}, as {}", self.name)
    }

    /// As events name them.
    pub(crate) fn actor(&self) -> Actor {
        Actor::Operator(self.name.clone())
    }

    /// What is noted of a change of theirs.
    pub(crate) fn operation(&self, operation: &str, on: Vec<String>) -> audit::Operation {
        audit::Operation { at: now(), by: self.name.clone(), operation: operation.to_owned(), on }
    }

    /// Notes a change outside of the table before it is made.
    pub(crate) async fn note(&self, operation: &str, on: Vec<String>) -> Result<()> {
        let noted = self.table().audit_operation(&self.operation(operation, on)).await;
        noted.context("the change could not be noted, so it was not made")
    }
}

pub(crate) fn now() -> Timestamp {
    clock::now()
}

/// Account and ARN.
async fn who(stack: &Stack, credentials: Credentials) -> Result<(String, String)> {
    let mut config = aws_sdk_sts::Config::builder()
        .behavior_version(aws_sdk_sts::config::BehaviorVersion::latest())
        .region(Region::new(stack.region.clone()))
        .http_client(portico_aws::https())
        .credentials_provider(credentials);
    config.set_endpoint_url(stack.endpoint.clone());
    let answer = aws_sdk_sts::Client::from_conf(config.build()).get_caller_identity().send().await;
    let answer = answer.context("AWS does not know these credentials")?;
    let part = |part: Option<&str>| part.map(ToOwned::to_owned).context("AWS does not say whose credentials these are");
    Ok((part(answer.account())?, part(answer.arn())?))
}
