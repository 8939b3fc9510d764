//! The keys between us and the carriers: which are set, and setting them (OPS-08). A value is never shown.

use anyhow::{Context, Result, ensure};
use jiff::Timestamp;
use serde::Serialize;

use crate::Operator;

/// A key between us and a carrier.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Carrier {
    /// Sends faxes
    Fax,
    /// The key with which the fax carrier signs its reports
    FaxReports,
    /// Prints and mails letters
    Mail,
    /// Speaks PINs
    Voice,
}

impl Carrier {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Fax, Self::FaxReports, Self::Mail, Self::Voice];

    /// As the record of a stack names it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::FaxReports => "faxreports",
            Self::Fax | Self::Mail | Self::Voice => self.name(),
        }
    }

    /// As an operator names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Fax => "fax",
            Self::FaxReports => "fax-reports",
            Self::Mail => "mail",
            Self::Voice => "voice",
        }
    }

    /// What a new key changes, and when.
    #[must_use]
    pub fn rotates(self) -> &'static str {
        match self {
            Self::Fax => "The next fax call of each function goes out with the new key within five minutes",
            Self::FaxReports => {
                "Reports signed with the new key are accepted within five minutes, those with the key before as long as it \
                 is the previous version: set the key here, then at the carrier"
            }
            Self::Mail => "The next letter of each function goes out with the new key within five minutes",
            Self::Voice => "The next call of each function goes out with the new key within five minutes",
        }
    }
}

/// Where a carrier's key stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Key {
    /// Whose.
    pub carrier: Carrier,
    /// Whether it was set; else it is a generated one, which no carrier knows.
    pub set: bool,
    /// When it was changed last.
    pub changed: Option<Timestamp>,
}

fn arn(operator: &Operator, carrier: Carrier) -> Result<&str> {
    let arn = operator.stack.secrets.get(carrier.key()).map(String::as_str);
    arn.with_context(|| format!("the stack's record names no secret {}: deploy once more", carrier.name()))
}

/// Where the keys stand.
///
/// # Errors
/// When Secrets Manager does not say.
pub async fn list(operator: &Operator) -> Result<Vec<Key>> {
    let mut keys = Vec::new();
    for carrier in Carrier::ALL {
        let standing = operator.aws.secrets().standing(arn(operator, carrier)?).await?;
        keys.push(Key { carrier, set: standing.set, changed: standing.changed });
    }
    Ok(keys)
}

/// Sets a key.
///
/// # Errors
/// When it cannot be one, or Secrets Manager does not take it.
pub async fn set(operator: &Operator, carrier: Carrier, value: &str) -> Result<()> {
    let form = (16..=4096).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_graphic());
    ensure!(form, "a key has 16 to 4096 letters, digits and signs without spaces; this has {}", value.len());
    operator.note("secrets set", vec![carrier.name().to_owned()]).await?;
    Ok(operator.aws.secrets().set(arn(operator, carrier)?, value).await?)
}
