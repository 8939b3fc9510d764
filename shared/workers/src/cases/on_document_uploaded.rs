//! Checks an uploaded document once it was looked through for harmful content (CASE-20): what the scan found, then size, content
//! against its kind, pages, hash. A right one is kept, a wrong one is refused with its reason, and nothing else of the case
//! changes. Both ways the upload is removed.
//!
//! What is read is the version that was scanned, and what is kept is written from the bytes that were checked, never copied from
//! the upload: that could be replaced in between. Idempotent on the document's state: once decided, only the upload is removed
//! again.

use jiff::Timestamp;
use portico_aws::{
    Aws, clock,
    files::{accepted, incoming},
    metrics,
    table::Transaction,
};
use portico_domain::{
    cases::{
        document::{Document, DocumentState, FileError, FileType},
        scan::ScanRefusal,
    },
    events::{About, Actor, EventKind},
    reviews::information,
};
use sha2::{Digest, Sha256};

use crate::{
    cases::{content, pages, scanned::Scanned},
    failure::{Failure, found},
};

/// Checks an upload that was scanned.
///
/// # Errors
/// When it cannot be loaded, moved or saved.
pub async fn handle(aws: &Aws, scanned: Scanned) -> Result<(), Failure> {
    let (table, files, now) = (aws.table(), aws.files(), clock::now());
    let (bucket, upload) = (&aws.config().documents_bucket, incoming(scanned.case, scanned.document));
    tell(aws, &scanned);
    let (document, version) = found(table.document(scanned.case, scanned.document).await?, "document")?;
    if document.state == DocumentState::Awaited {
        let state = look(aws, &scanned, &document, now).await?;
        decide(aws, &scanned, Document { state, ..document }, version).await?;
    }
    Ok(files.remove_version(bucket, &upload, &scanned.version).await?)
}

/// Whoever operates hears of what is harmful, and of a scan that does not work; of neither is said what is in it.
fn tell(aws: &Aws, Scanned { document, found, .. }: &Scanned) {
    match found {
        Err(ScanRefusal::Harmful) => {
            tracing::warn!(%document, "the scan found something harmful");
            metrics::emit(aws, &[("UploadsHarmful", "Count", 1)]);
        }
        Err(ScanRefusal::Unscanned) => {
            tracing::error!(%document, "the scan could not be done: see the malware protection plan and its role");
            metrics::emit(aws, &[("UploadsUnscanned", "Count", 1)]);
        }
        Err(ScanRefusal::Unscannable) | Ok(()) => {}
    }
}

/// What comes of a document; the bytes of a right one are kept.
async fn look(aws: &Aws, scanned: &Scanned, document: &Document, now: Timestamp) -> Result<DocumentState, Failure> {
    let (table, files, bucket) = (aws.table(), aws.files(), &aws.config().documents_bucket);
    if let Err(refusal) = scanned.found {
        return Ok(DocumentState::refused(&refusal.into(), now));
    }
    let stored = found(table.case(scanned.case).await?, "case")?;
    if stored.is_cancelled() {
        let reason = "The case was cancelled before this file was checked.".to_owned();
        return Ok(DocumentState::Refused { at: now, reason, scan: None });
    }
    let limit = found(table.contract(&stored.contract, now).await?, "contract")?.document_max_bytes;
    let upload = incoming(scanned.case, document.id);
    let version = (bucket.as_str(), upload.as_str(), Some(scanned.version.as_str()));
    // One byte more tells that it is too large; of what is larger the rest is nobody's to read.
    let (content, _) = found(files.read_part(version, 0, limit + 1).await?, "upload")?;
    let state = judge(document.file_type, &content, limit, now);
    if matches!(state, DocumentState::Accepted { .. }) {
        files.write(bucket, &accepted(document.id), document.file_type.media_type(), content).await?;
    }
    Ok(state)
}

/// Saves what came of the document. Whoever reviews the request and had looked before is told again of what is kept (ACT-01).
async fn decide(aws: &Aws, scanned: &Scanned, document: Document, version: u64) -> Result<(), Failure> {
    let (table, now, case, id) = (aws.table(), clock::now(), scanned.case, document.id);
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
    Ok(())
}

/// What comes of a document with this content.
fn judge(kind: FileType, content: &[u8], limit: u64, at: Timestamp) -> DocumentState {
    let bytes = u64::try_from(content.len()).unwrap_or(u64::MAX);
    if bytes > limit {
        return DocumentState::refused(&FileError::Size(limit / 1_000_000), at);
    }
    match content::check(kind, content) {
        Ok(()) => {
            let sha256 = hex::encode(Sha256::digest(content));
            DocumentState::Accepted { at, bytes, sha256, pages: pages::count(kind, content) }
        }
        Err(error) => DocumentState::refused(&error, at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let state = DocumentState::refused(&ScanRefusal::Harmful.into(), Timestamp::UNIX_EPOCH);
        let DocumentState::Refused { reason, scan: Some(ScanRefusal::Harmful), .. } = state else {
            panic!("{state:?}")
        };
        assert!(reason.starts_with("A virus or other harmful content was found in this file."), "{reason}");
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
