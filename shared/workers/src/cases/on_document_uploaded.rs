//! Checks an uploaded document (CASE-20): size, content against its kind, pages, hash. A right one is kept, a wrong one
//! is refused with its reason, and nothing else of the case changes. Both ways the upload is removed.
//!
//! What is kept is written from the bytes that were checked, never copied from the upload: that could be replaced
//! between the check and the copy. Idempotent on the document's state: once decided, only the upload is removed again.

use jiff::Timestamp;
use portico_aws::{
    Aws, clock,
    files::{accepted, incoming},
    table::Transaction,
};
use portico_domain::{
    cases::document::{Document, DocumentState, FileError, FileType},
    events::{About, Actor, EventKind},
    id::{CaseKey, DocumentId},
    reviews::information,
};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::{
    cases::{content, pages},
    failure::{Failure, found},
    notification::TestEvent,
};

/// What S3 tells about the bucket.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Notification {
    /// Objects were created.
    Uploads {
        /// The objects.
        #[serde(rename = "Records")]
        records: Vec<Upload>,
    },
    /// The notification was set up; there is nothing to do.
    Test {
        /// Its name.
        #[serde(rename = "Event")]
        event: TestEvent,
    },
}

/// An object that was created.
#[derive(Clone, Debug, Deserialize)]
pub struct Upload {
    /// The object.
    s3: Place,
}

#[derive(Clone, Debug, Deserialize)]
struct Place {
    object: Object,
}

#[derive(Clone, Debug, Deserialize)]
struct Object {
    key: String,
}

impl Upload {
    /// The document that this is the upload of.
    fn document(&self) -> Option<(CaseKey, DocumentId)> {
        let (case, document) = self.s3.object.key.strip_prefix("incoming/")?.split_once('/')?;
        Some((case.parse().ok()?, document.parse().ok()?))
    }
}

/// Checks each upload of a notification.
///
/// # Errors
/// When one cannot be loaded, moved or saved.
pub async fn handle(aws: &Aws, notification: Notification) -> Result<(), Failure> {
    let Notification::Uploads { records } = notification else { return Ok(()) };
    for upload in records {
        let (case, document) = found(upload.document(), "place for uploads")?;
        check(aws, case, document).await?;
    }
    Ok(())
}

async fn check(aws: &Aws, case: CaseKey, id: DocumentId) -> Result<(), Failure> {
    let (table, files, bucket, now) = (aws.table(), aws.files(), &aws.config().documents_bucket, clock::now());
    let upload = incoming(case, id);
    let (document, version) = found(table.document(case, id).await?, "document")?;
    if document.state == DocumentState::Awaited {
        let stored = found(table.case(case).await?, "case")?;
        let contract = found(table.contract(&stored.contract, now).await?, "contract")?;
        let limit = contract.document_max_bytes;
        if stored.is_cancelled() {
            let reason = "The case was cancelled before this file was checked.".to_owned();
            return decide(aws, case, document, version, DocumentState::Refused { at: now, reason }).await;
        }
        let content = match found(files.size(bucket, &upload).await?, "upload")? {
            0 => Vec::new(),
            size if size > limit => return decide(aws, case, document, version, too_large(limit, now)).await,
            _ => found(files.read(bucket, &upload, limit + 1).await?, "upload")?,
        };
        let state = judge(document.file_type, &content, limit, now);
        if matches!(state, DocumentState::Accepted { .. }) {
            files.write(bucket, &accepted(id), document.file_type.media_type(), content).await?;
        }
        return decide(aws, case, document, version, state).await;
    }
    Ok(files.delete(bucket, &upload).await?)
}

/// Saves what came of the document, then removes the upload. Whoever reviews the request and had looked before is told again
/// of what is kept (ACT-01).
async fn decide(
    aws: &Aws,
    case: CaseKey,
    document: Document,
    version: u64,
    state: DocumentState,
) -> Result<(), Failure> {
    let (table, now, id) = (aws.table(), clock::now(), document.id);
    let document = Document { state, ..document };
    let stored = found(table.case(case).await?, "case")?;
    let news = information::arrived(&stored, &document, now).filter(|_| document.is_accepted());
    let mut transaction = Transaction::new();
    transaction.document(table, case, &document, version + 1)?;
    if let Some(change) = news {
        let contract = found(table.contract(&stored.contract, now).await?, "contract")?;
        transaction.case(table, &change, &contract.calendar, &Actor::System)?;
    } else {
        let event = if document.is_accepted() {
            EventKind::DocumentAccepted { document: id }
        } else {
            EventKind::DocumentRefused { document: id }
        };
        transaction.event(table, About::Case(case), Actor::System, event, now)?;
    }
    // Where somebody changed the case at the same moment, the message comes again and looks anew.
    table.commit(transaction).await?;
    tracing::info!(document = %id, accepted = document.is_accepted(), "checked");
    Ok(aws.files().delete(&aws.config().documents_bucket, &incoming(case, id)).await?)
}

/// What comes of a document with this content.
fn judge(kind: FileType, content: &[u8], limit: u64, at: Timestamp) -> DocumentState {
    let bytes = u64::try_from(content.len()).unwrap_or(u64::MAX);
    if bytes > limit {
        return too_large(limit, at);
    }
    match content::check(kind, content) {
        Ok(()) => {
            let sha256 = hex::encode(Sha256::digest(content));
            DocumentState::Accepted { at, bytes, sha256, pages: pages::count(kind, content) }
        }
        Err(error) => DocumentState::Refused { at, reason: error.to_string() },
    }
}

fn too_large(limit: u64, at: Timestamp) -> DocumentState {
    DocumentState::Refused { at, reason: FileError::Size(limit / 1_000_000).to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::tests::messages;

    fn notification(text: &str) -> Notification {
        messages(text).remove(0)
    }

    /// REQ: CASE-20
    #[test]
    fn an_upload_names_its_case_and_document() {
        let Notification::Uploads { records } =
            notification(include_str!("../../../../events/on-document-uploaded/pdf.json"))
        else {
            panic!("no upload")
        };
        let (case, document) = records[0].document().unwrap();
        assert_eq!(case.to_string(), "cas_0197a3c2f0c07d0aa1b2c3d4e5f60001");
        assert_eq!(document.to_string(), "doc_0197a3c2f0c07d0aa1b2c3d4e5f60002");
        assert_eq!(records[0].s3.object.key, incoming(case, document));
    }

    #[test]
    fn a_test_is_no_upload_and_another_text_is_poison() {
        let test = notification(include_str!("../../../../events/on-document-uploaded/test.json"));
        assert!(matches!(test, Notification::Test { event: TestEvent::Test }));
        assert!(serde_json::from_str::<Notification>(r#"{"Event":"another"}"#).is_err());
        for key in ["incoming/cas_1/doc_2", "accepted/doc_0197a3c2f0c07d0aa1b2c3d4e5f60002", "incoming/", ""] {
            let upload = Upload { s3: Place { object: Object { key: key.to_owned() } } };
            assert_eq!(upload.document(), None, "{key}");
        }
    }

    /// REQ: CASE-20
    #[test]
    fn a_refused_file_says_why() {
        let reason = |content: &[u8], limit| match judge(FileType::Pdf, content, limit, Timestamp::UNIX_EPOCH) {
            DocumentState::Refused { reason, .. } => reason,
            other => panic!("{other:?}"),
        };
        assert_eq!(
            reason(b"MZ", 1_000_000),
            "The content of this file is not a PDF document. Please attach the original file."
        );
        assert_eq!(reason(b"", 1_000_000), "This file is empty.");
        assert_eq!(reason(&vec![0; 1_000_001], 1_000_000), "This file is larger than 1 MB.");
    }

    /// REQ: CASE-20
    #[test]
    fn a_kept_file_is_known_by_size_hash_and_pages() {
        let content = b"%PDF-1.4\n1 0 obj <</Type/Pages/Count 2>> endobj\nxref\n0 1\ntrailer <</Root 1 0 R>>\nstartxref\n50\n%%EOF";
        let state = judge(FileType::Pdf, content, 200, Timestamp::UNIX_EPOCH);
        let DocumentState::Accepted { bytes: 99, sha256, pages: Some(2), .. } = state else { panic!("{state:?}") };
        assert_eq!(sha256.len(), 64);
    }
}
