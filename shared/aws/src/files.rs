//! S3, as the workers use it: uploads are read and kept, letters are written and shown to carriers.

use std::time::Duration;

use aws_sdk_s3::{
    Client,
    config::Builder,
    error::{ProvideErrorMetadata, SdkError},
    presigning::PresigningConfig,
    primitives::ByteStream,
    types::ServerSideEncryption,
};
use aws_types::SdkConfig;
use jiff::Timestamp;
use portico_domain::id::{CaseKey, DocumentId, FaxId, LetterId};

use crate::secrets::sha256;

/// The objects of all buckets.
#[derive(Debug)]
pub struct Files {
    client: Client,
    kms_key: String,
}

/// S3 did not do as asked.
#[derive(Debug, thiserror::Error)]
#[error("a file cannot be {0}")]
pub struct FileError(&'static str, #[source] Box<dyn std::error::Error + Send + Sync>);

/// Where an upload arrives.
#[must_use]
pub fn incoming(case: CaseKey, document: DocumentId) -> String {
    format!("incoming/{case}/{document}")
}

/// Where a checked document is kept.
#[must_use]
pub fn accepted(document: DocumentId) -> String {
    format!("accepted/{document}")
}

/// Where the Bundle is kept in which a system's request came, under a name that tells nothing of it.
#[must_use]
pub fn claim(name: &str) -> String {
    format!("claims/{name}.json")
}

/// Where the picture of a page of a fax that came in is kept, from 1.
#[must_use]
pub fn fax_page(fax: FaxId, page: u32) -> String {
    format!("faxes/{fax}/{page}.png")
}

/// Where a letter is kept, as people read it.
#[must_use]
pub fn letter_pdf(letter: LetterId) -> String {
    format!("letters/{letter}.pdf")
}

/// Where a letter is kept, as a fax machine takes it.
#[must_use]
pub fn letter_tiff(letter: LetterId) -> String {
    format!("letters/{letter}.tiff")
}

/// Where the page with the code for a fax number is kept, for a day. The nonce is not in it: from that the code is made.
#[must_use]
pub fn fax_code(nonce: &str) -> String {
    format!("codes/{}.tiff", sha256(nonce))
}

impl Files {
    pub(crate) fn new(sdk: &SdkConfig, kms_key: String) -> Self {
        // An endpoint of one's own seldom has a host name per bucket.
        let config = Builder::from(sdk).force_path_style(sdk.endpoint_url().is_some()).build();
        Self { client: Client::from_conf(config), kms_key }
    }

    /// How many objects whose names begin so were there before a moment.
    ///
    /// # Errors
    /// When S3 fails.
    pub async fn older_than(&self, bucket: &str, prefix: &str, moment: Timestamp) -> Result<u32, FileError> {
        let (mut older, mut after) = (0, None);
        loop {
            let list = self.client.list_objects_v2().bucket(bucket).prefix(prefix).set_continuation_token(after);
            let page = list.send().await.map_err(|error| FileError("listed", error.into()))?;
            let came = page.contents().iter().filter_map(|object| object.last_modified());
            older += came.fold(0, |older, came| older + u32::from(came.secs() < moment.as_second()));
            after = page.next_continuation_token;
            if after.is_none() {
                return Ok(older);
            }
        }
    }

    /// At most the first `limit` bytes of an object, `None` when there is none.
    ///
    /// # Errors
    /// When S3 fails.
    pub async fn read(&self, bucket: &str, key: &str, limit: u64) -> Result<Option<Vec<u8>>, FileError> {
        let range = format!("bytes=0-{}", limit.saturating_sub(1));
        match self.client.get_object().bucket(bucket).key(key).range(range).send().await {
            Ok(object) => {
                let content = object.body.collect().await.map_err(|error| FileError("read", error.into()))?;
                Ok(Some(content.to_vec()))
            }
            Err(error) if is_gone(&error) => Ok(None),
            Err(error) => Err(FileError("read", error.into())),
        }
    }

    /// A part of one version of an object: at most `most` bytes from `from` on, and the object's length; `None` when it is
    /// gone. Who has read that length asks no further: engines differ in what they answer then.
    ///
    /// # Errors
    /// When S3 fails.
    pub async fn read_part(
        &self,
        (bucket, key, version): (&str, &str, Option<&str>),
        from: u64,
        most: u64,
    ) -> Result<Option<(Vec<u8>, u64)>, FileError> {
        let range = format!("bytes={from}-{}", from + most.max(1) - 1);
        let get = self.client.get_object().bucket(bucket).key(key).set_version_id(version.map(ToOwned::to_owned));
        match get.range(range).send().await {
            Ok(object) => {
                // `bytes 0-9/400`: what stands behind the stroke is the length of the whole.
                let total = object.content_range.as_deref().and_then(|range| range.rsplit('/').next()?.parse().ok());
                let content = object.body.collect().await.map_err(|error| FileError("read", error.into()))?.to_vec();
                let length = u64::try_from(content.len()).unwrap_or_default();
                Ok(Some((content, total.unwrap_or(length))))
            }
            Err(error) if is_gone(&error) || error.code() == Some("NoSuchVersion") => Ok(None),
            // Nothing is there from this byte on: the object is empty.
            Err(error) if error.raw_response().is_some_and(|response| response.status().as_u16() == 416) => {
                Ok(Some((Vec::new(), 0)))
            }
            Err(error) => Err(FileError("read", error.into())),
        }
    }

    /// Writes an object, encrypted under our key; gives its version where the bucket keeps versions.
    ///
    /// # Errors
    /// When S3 fails.
    pub async fn write(
        &self,
        bucket: &str,
        key: &str,
        media_type: &str,
        content: Vec<u8>,
    ) -> Result<Option<String>, FileError> {
        let put = self
            .client
            .put_object()
            .bucket(bucket)
            .key(key)
            .content_type(media_type)
            .server_side_encryption(ServerSideEncryption::AwsKms)
            .ssekms_key_id(&self.kms_key)
            .body(ByteStream::from(content));
        let written = put.send().await.map_err(|error| FileError("written", error.into()))?;
        Ok(written.version_id)
    }

    /// Removes one version of an object for good; one that is gone is no error.
    ///
    /// # Errors
    /// When S3 fails.
    pub async fn remove_version(&self, bucket: &str, key: &str, version: &str) -> Result<(), FileError> {
        let delete = self.client.delete_object().bucket(bucket).key(key).version_id(version);
        delete.send().await.map_err(|error| FileError("removed", error.into()))?;
        Ok(())
    }

    /// Deletes an object; one that is gone is no error.
    ///
    /// # Errors
    /// When S3 fails.
    pub async fn delete(&self, bucket: &str, key: &str) -> Result<(), FileError> {
        let delete = self.client.delete_object().bucket(bucket).key(key);
        delete.send().await.map_err(|error| FileError("deleted", error.into()))?;
        Ok(())
    }

    /// An address under which anybody who has it can fetch the object for a time: a file that a browser saves under this name, and does not show in the page: whatever it holds, it is not
    /// run here.
    ///
    /// # Errors
    /// When it cannot be signed.
    pub async fn attachment(
        &self,
        (bucket, key): (&str, &str),
        (name, media_type): (&str, &str),
        valid: Duration,
    ) -> Result<String, FileError> {
        let valid = PresigningConfig::expires_in(valid).map_err(|error| FileError("signed", error.into()))?;
        let get = self.client.get_object().bucket(bucket).key(key);
        let get = get.response_content_disposition(saved_as(name)).response_content_type(media_type).presigned(valid);
        Ok(get.await.map_err(|error| FileError("signed", error.into()))?.uri().to_owned())
    }

    /// An address under which anybody who has it can read a version of an object for a time; of none named, the newest.
    ///
    /// # Errors
    /// When it cannot be signed.
    pub async fn link_to_version(
        &self,
        (bucket, key, version): (&str, &str, Option<&str>),
        valid: Duration,
    ) -> Result<String, FileError> {
        let valid = PresigningConfig::expires_in(valid).map_err(|error| FileError("signed", error.into()))?;
        let get = self.client.get_object().bucket(bucket).key(key).set_version_id(version.map(ToOwned::to_owned));
        let get = get.presigned(valid);
        Ok(get.await.map_err(|error| FileError("signed", error.into()))?.uri().to_owned())
    }
}

/// The header that makes a browser save a file under a name of any letters (RFC 6266).
fn saved_as(name: &str) -> String {
    let escaped: String = name
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect();
    format!("attachment; filename*=UTF-8''{escaped}")
}

/// HEAD answers without a body, so the status tells where there is no code.
fn is_gone<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    error.code().is_some_and(|code| matches!(code, "NoSuchKey" | "NotFound"))
        || error.raw_response().is_some_and(|response| response.status().as_u16() == 404)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_saved_under_its_name_whatever_that_holds() {
        assert_eq!(saved_as("Plan 2.pdf"), "attachment; filename*=UTF-8''Plan%202.pdf");
        assert_eq!(saved_as("a\";x=é\r\n.pdf"), "attachment; filename*=UTF-8''a%22%3Bx%3D%C3%A9%0D%0A.pdf");
    }
}
