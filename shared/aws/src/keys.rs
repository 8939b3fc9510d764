//! The carriers' keys as an operator sets them. The template generates a value for each, which no carrier knows.

use jiff::Timestamp;

use crate::{
    clock,
    secrets::{SecretError, Secrets},
};

/// What the name of a version begins with that an operator set. Generated ones have a name of the service's.
const SET: &str = "operator-";

/// Where a key stands; never its value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Standing {
    /// Whether it was set by an operator; else it is the one that was generated.
    pub set: bool,
    /// When it, or anything about it, was changed last.
    pub changed: Option<Timestamp>,
}

impl Secrets {
    /// Sets a new value, which says in its version's name that an operator did so. The one before stays readable as the
    /// previous version.
    ///
    /// # Errors
    /// When Secrets Manager does not take it.
    pub async fn set(&self, arn: &str, value: &str) -> Result<(), SecretError> {
        let version = format!("{SET}{}", clock::new_uuid().simple());
        let put = self.client.put_secret_value().secret_id(arn).client_request_token(version).secret_string(value);
        put.send().await.map_err(|error| SecretError::Unavailable(error.into()))?;
        Ok(())
    }

    /// Where a key stands.
    ///
    /// # Errors
    /// When Secrets Manager does not say.
    pub async fn standing(&self, arn: &str) -> Result<Standing, SecretError> {
        let answer = self
            .client
            .describe_secret()
            .secret_id(arn)
            .send()
            .await
            .map_err(|error| SecretError::Unavailable(error.into()))?;
        let current = |stages: &Vec<String>| stages.iter().any(|stage| stage == "AWSCURRENT");
        let versions = answer.version_ids_to_stages.unwrap_or_default();
        let set = versions.iter().any(|(version, stages)| current(stages) && version.starts_with(SET));
        let changed = answer.last_changed_date.and_then(|at| Timestamp::from_second(at.secs()).ok());
        Ok(Standing { set, changed })
    }
}
