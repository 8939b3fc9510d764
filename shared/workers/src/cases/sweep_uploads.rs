//! Counts uploads of which no scan has told (CASE-20), every hour: somebody has to see to the scan. Whoever attached one reads after
//! an hour that it could not be checked; the file lies where nobody opens it, and is checked when a result comes yet.

use portico_aws::{Aws, clock, metrics};
use serde::Serialize;

use crate::{batch::minutes, failure::Failure};

/// A scan takes seconds; what lies longer than an upload is waited for was forgotten.
const MINUTES: f64 = 60.0;

/// What was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Swept {
    /// Uploads that no scan has told of in time.
    pub unchecked: u32,
}

/// Counts once.
///
/// # Errors
/// When the uploads cannot be listed.
pub async fn handle(aws: &Aws) -> Result<Swept, Failure> {
    let since = clock::now().checked_sub(minutes(aws, MINUTES)).unwrap_or(jiff::Timestamp::MIN);
    let unchecked = aws.files().older_than(&aws.config().documents_bucket, "incoming/", since).await?;
    metrics::emit(aws, &[("UploadsUnchecked", "Count", i64::from(unchecked))]);
    tracing::info!(unchecked, "swept");
    Ok(Swept { unchecked })
}
