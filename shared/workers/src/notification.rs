//! What S3 says when a notification is set up.

use serde::Deserialize;

/// The one name of a test.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
pub enum TestEvent {
    /// As S3 writes it.
    #[serde(rename = "s3:TestEvent")]
    Test,
}
