//! What `GuardDuty` tells of an upload that it looked through, as `EventBridge` brings it: read once, into one of four answers.
//!
//! What is none of its words is no message: it goes to the dead letters, and the file stays closed. Only a scan that was
//! completed and found nothing is clean.

use portico_domain::{
    cases::scan::ScanRefusal,
    id::{CaseKey, DocumentId},
};
use serde::Deserialize;

/// An upload that was looked through.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(try_from = "ScanResult")]
pub struct Scanned {
    /// The case that it is for.
    pub case: CaseKey,
    /// The document that it is of.
    pub document: DocumentId,
    /// The version of the object: what is put in its place has another, and a result of its own.
    pub version: String,
    /// Whether it may be looked at further.
    pub found: Result<(), ScanRefusal>,
}

/// The event as `GuardDuty` publishes it; what is not needed is passed over.
#[derive(Deserialize)]
struct ScanResult {
    #[serde(rename = "source")]
    _source: Source,
    #[serde(rename = "detail-type")]
    _kind: Kind,
    detail: Detail,
}

#[derive(Deserialize)]
enum Source {
    #[serde(rename = "aws.guardduty")]
    GuardDuty,
}

#[derive(Deserialize)]
enum Kind {
    #[serde(rename = "GuardDuty Malware Protection Object Scan Result")]
    ScanResult,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    scan_status: Status,
    s3_object_details: Object,
    scan_result_details: Outcome,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Object {
    object_key: String,
    version_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    scan_result_status: Verdict,
}

/// How far the scan came.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Status {
    Completed,
    Skipped,
    Failed,
}

/// What came of it.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Verdict {
    NoThreatsFound,
    ThreatsFound,
    Unsupported,
    AccessDenied,
    Failed,
}

/// The object is no upload of a document.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the object is no upload of a document")]
pub struct NoUpload;

impl TryFrom<ScanResult> for Scanned {
    type Error = NoUpload;

    fn try_from(ScanResult { detail, .. }: ScanResult) -> Result<Self, NoUpload> {
        let Object { object_key, version_id } = detail.s3_object_details;
        let place = object_key.strip_prefix("incoming/").and_then(|place| place.split_once('/'));
        let place = place.and_then(|(case, document)| Some((case.parse().ok()?, document.parse().ok()?)));
        let (case, document) = place.ok_or(NoUpload)?;
        let found = found(detail.scan_status, detail.scan_result_details.scan_result_status);
        Ok(Self { case, document, version: version_id, found })
    }
}

fn found(status: Status, verdict: Verdict) -> Result<(), ScanRefusal> {
    match (verdict, status) {
        (Verdict::NoThreatsFound, Status::Completed) => Ok(()),
        (Verdict::ThreatsFound, _) => Err(ScanRefusal::Harmful),
        (Verdict::Unsupported, _) => Err(ScanRefusal::Unscannable),
        (Verdict::AccessDenied | Verdict::Failed | Verdict::NoThreatsFound, _) => Err(ScanRefusal::Unscanned),
    }
}

#[cfg(test)]
mod tests {
    use portico_aws::files::incoming;
    use serde_json::{Value, json};

    use super::*;
    use crate::batch::tests::messages;

    fn event() -> Value {
        messages(include_str!("../../../../events/on-document-uploaded/clean.json")).remove(0)
    }

    /// The event with something else at a place.
    fn with(place: &str, value: Value) -> Result<Scanned, serde_json::Error> {
        let mut event = event();
        *event.pointer_mut(place).unwrap() = value;
        serde_json::from_value(event)
    }

    #[test]
    fn a_result_names_its_case_document_and_version() {
        let scanned: Scanned = serde_json::from_value(event()).unwrap();
        assert_eq!(scanned.case.to_string(), "cas_0197a3c2f0c07d0aa1b2c3d4e5f60001");
        assert_eq!(scanned.document.to_string(), "doc_0197a3c2f0c07d0aa1b2c3d4e5f60002");
        assert_eq!(scanned.version, "096fKKXTRTtl3on89fVO.nfljtsv6qko");
        assert_eq!(
            event().pointer("/detail/s3ObjectDetails/objectKey").unwrap(),
            &json!(incoming(scanned.case, scanned.document))
        );
    }

    #[test]
    fn each_result_is_one_of_four_answers_and_only_one_of_them_opens() {
        for (text, found) in [
            (include_str!("../../../../events/on-document-uploaded/clean.json"), Ok(())),
            (include_str!("../../../../events/on-document-uploaded/harmful.json"), Err(ScanRefusal::Harmful)),
            (include_str!("../../../../events/on-document-uploaded/unscannable.json"), Err(ScanRefusal::Unscannable)),
            (include_str!("../../../../events/on-document-uploaded/unscanned.json"), Err(ScanRefusal::Unscanned)),
        ] {
            assert_eq!(messages::<Scanned>(text).remove(0).found, found);
        }
        for status in ["COMPLETED", "SKIPPED", "FAILED"] {
            for result in ["NO_THREATS_FOUND", "THREATS_FOUND", "UNSUPPORTED", "ACCESS_DENIED", "FAILED"] {
                let mut event = event();
                *event.pointer_mut("/detail/scanStatus").unwrap() = json!(status);
                *event.pointer_mut("/detail/scanResultDetails/scanResultStatus").unwrap() = json!(result);
                let found = serde_json::from_value::<Scanned>(event).unwrap().found;
                let expected = match result {
                    "NO_THREATS_FOUND" if status == "COMPLETED" => Ok(()),
                    "THREATS_FOUND" => Err(ScanRefusal::Harmful),
                    "UNSUPPORTED" => Err(ScanRefusal::Unscannable),
                    _ => Err(ScanRefusal::Unscanned),
                };
                assert_eq!(found, expected, "{status} {result}");
            }
        }
    }

    #[test]
    fn what_is_no_result_of_an_upload_is_no_message() {
        for (place, value) in [
            ("/source", json!("aws.s3")),
            ("/detail-type", json!("GuardDuty Malware Protection Resource Status Active")),
            ("/detail/scanStatus", json!("RUNNING")),
            ("/detail/scanResultDetails/scanResultStatus", json!("CLEAN")),
            ("/detail/scanResultDetails", json!(null)),
            ("/detail/s3ObjectDetails/versionId", json!(null)),
            ("/detail/s3ObjectDetails/objectKey", json!("incoming/cas_1/doc_2")),
            ("/detail/s3ObjectDetails/objectKey", json!("accepted/doc_0197a3c2f0c07d0aa1b2c3d4e5f60002")),
        ] {
            assert!(with(place, value.clone()).is_err(), "{place} {value}");
        }
        let upload = r#"{"Records":[{"s3":{"object":{"key":"incoming/cas_0197a3c2f0c07d0aa1b2c3d4e5f60001/doc_0197a3c2f0c07d0aa1b2c3d4e5f60002"}}}]}"#;
        assert!(serde_json::from_str::<Scanned>(upload).is_err(), "that something arrived says nothing of what it is");
    }
}
