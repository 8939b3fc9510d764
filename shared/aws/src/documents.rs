//! Uploads that callers bring to S3 by themselves: this signs what they may bring, for a short time and for exactly one
//! file. No byte of a file passes through an action.

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime},
};

use aws_sigv4::sign::v4;
use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::{Timestamp, ToSpan};
use portico_domain::id::{CaseKey, DocumentId};
use serde_json::json;

use crate::{Aws, Config, files};

/// How long an upload may take to begin.
const MINUTES: i64 = 15;

/// A form that brings one file to S3: its fields first, then the content as field `file`.
#[derive(Clone, PartialEq, Eq)]
pub struct Upload {
    /// Where the form is posted to.
    pub url: String,
    /// Its fields.
    pub fields: BTreeMap<&'static str, String>,
    /// When it stops working.
    pub expires_at: Timestamp,
}

impl Aws {
    /// Lets the holder bring one file of this type, of 1 to `max_bytes` bytes, encrypted with our key (CASE-20).
    #[must_use]
    pub fn sign_upload(
        &self,
        case: CaseKey,
        document: DocumentId,
        media_type: &str,
        max_bytes: u64,
        now: Timestamp,
    ) -> Upload {
        let config = self.config();
        let expires_at = now.checked_add(MINUTES.minutes()).unwrap_or(now);
        let mut fields = BTreeMap::from([
            ("key", files::incoming(case, document)),
            ("Content-Type", media_type.to_owned()),
            ("x-amz-server-side-encryption", "aws:kms".to_owned()),
            ("x-amz-server-side-encryption-aws-kms-key-id", config.kms_key.clone()),
            ("x-amz-algorithm", "AWS4-HMAC-SHA256".to_owned()),
            ("x-amz-credential", format!("{}/{}", config.access_key_id, scope(now, &config.region))),
            ("x-amz-date", now.strftime("%Y%m%dT%H%M%SZ").to_string()),
        ]);
        fields.extend(config.session_token.clone().map(|token| ("x-amz-security-token", token)));
        let mut conditions: Vec<_> = fields.iter().map(|(name, value)| json!({ *name: value })).collect();
        conditions.push(json!({ "bucket": config.documents_bucket }));
        conditions.push(json!(["content-length-range", 1, max_bytes]));
        let expiration = expires_at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let policy = json!({ "expiration": expiration, "conditions": conditions });
        let policy = STANDARD.encode(policy.to_string());
        let signature = policy_signature(&config.secret_access_key, now, &config.region, &policy);
        fields.extend([("policy", policy), ("x-amz-signature", signature)]);
        Upload { url: bucket_address(config, &config.documents_bucket), fields, expires_at }
    }
}

/// Beside the service's own name on AWS; in the path at an engine, whose bucket names do not resolve.
fn bucket_address(config: &Config, bucket: &str) -> String {
    match &config.endpoint {
        Some(endpoint) => format!("{}/{bucket}", endpoint.trim_end_matches('/')),
        None => format!("https://{bucket}.s3.{}.amazonaws.com", config.region),
    }
}

fn scope(now: Timestamp, region: &str) -> String {
    format!("{}/{region}/s3/aws4_request", now.strftime("%Y%m%d"))
}

/// Signature version 4 of a POST policy: the encoded policy itself is what is signed.
fn policy_signature(secret: &str, now: Timestamp, region: &str, policy: &str) -> String {
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(now.as_second()).unwrap_or(0));
    v4::calculate_signature(v4::generate_signing_key(secret, time, region, "s3"), policy.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    fn aws(endpoint: Option<&str>) -> Aws {
        let source = |name: &str| match name {
            "AWS_REGION" => Some("us-east-1".to_owned()),
            "AWS_ACCESS_KEY_ID" => Some("AKIAIOSFODNN7EXAMPLE".to_owned()),
            "AWS_SECRET_ACCESS_KEY" => Some(SECRET.to_owned()),
            "AWS_SESSION_TOKEN" => endpoint.map(|_| "a/token+".to_owned()),
            "AWS_ENDPOINT_URL" => endpoint.map(ToOwned::to_owned),
            "DOCUMENTS_BUCKET" | "LETTERS_BUCKET" => Some("examplebucket".to_owned()),
            _ => Some("1".to_owned()),
        };
        Aws::new(Config::read(source).unwrap())
    }

    /// The policy of "Example: Browser-Based Upload using HTTP POST" in the S3 API reference.
    #[test]
    fn a_policy_is_signed_as_aws_published_it() {
        let policy = "eyAiZXhwaXJhdGlvbiI6ICIyMDE1LTEyLTMwVDEyOjAwOjAwLjAwMFoiLA0KICAiY29uZGl0aW9ucyI6IFsNCiAgICB7ImJ1Y2tldCI6ICJzaWd2NGV4YW1wbGVidWNrZXQifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRrZXkiLCAidXNlci91c2VyMS8iXSwNCiAgICB7ImFjbCI6ICJwdWJsaWMtcmVhZCJ9LA0KICAgIHsic3VjY2Vzc19hY3Rpb25fcmVkaXJlY3QiOiAiaHR0cDovL3NpZ3Y0ZXhhbXBsZWJ1Y2tldC5zMy5hbWF6b25hd3MuY29tL3N1Y2Nlc3NmdWxfdXBsb2FkLmh0bWwifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRDb250ZW50LVR5cGUiLCAiaW1hZ2UvIl0sDQogICAgeyJ4LWFtei1tZXRhLXV1aWQiOiAiMTQzNjUxMjM2NTEyNzQifSwNCiAgICB7IngtYW16LXNlcnZlci1zaWRlLWVuY3J5cHRpb24iOiAiQUVTMjU2In0sDQogICAgWyJzdGFydHMtd2l0aCIsICIkeC1hbXotbWV0YS10YWciLCAiIl0sDQoNCiAgICB7IngtYW16LWNyZWRlbnRpYWwiOiAiQUtJQUlPU0ZPRE5ON0VYQU1QTEUvMjAxNTEyMjkvdXMtZWFzdC0xL3MzL2F3czRfcmVxdWVzdCJ9LA0KICAgIHsieC1hbXotYWxnb3JpdGhtIjogIkFXUzQtSE1BQy1TSEEyNTYifSwNCiAgICB7IngtYW16LWRhdGUiOiAiMjAxNTEyMjlUMDAwMDAwWiIgfQ0KICBdDQp9";
        let signature = policy_signature(SECRET, "2015-12-29T00:00:00Z".parse().unwrap(), "us-east-1", policy);
        assert_eq!(signature, "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e");
    }

    /// REQ: CASE-20
    #[test]
    fn an_upload_is_for_one_key_one_type_and_a_bounded_size() {
        let now = "2026-05-07T15:00:00Z".parse().unwrap();
        let case = "cas_00000000000000000000000000000006".parse().unwrap();
        let document = "doc_00000000000000000000000000000007".parse().unwrap();
        let upload = aws(Some("http://localhost:4566/")).sign_upload(case, document, "application/pdf", 1000, now);
        assert_eq!(upload.url, "http://localhost:4566/examplebucket");
        assert_eq!(upload.expires_at.to_string(), "2026-05-07T15:15:00Z");
        let policy: serde_json::Value =
            serde_json::from_slice(&STANDARD.decode(&upload.fields["policy"]).unwrap()).unwrap();
        assert_eq!(policy["expiration"], "2026-05-07T15:15:00Z");
        let conditions = policy["conditions"].as_array().unwrap();
        assert!(conditions.contains(&json!(["content-length-range", 1, 1000])));
        assert!(conditions.contains(&json!({ "key": format!("incoming/{case}/{document}") })));
        for (name, value) in upload.fields.iter().filter(|(name, _)| !["policy", "x-amz-signature"].contains(name)) {
            assert!(conditions.contains(&json!({ *name: value })), "{name}");
        }
        assert_eq!(upload.fields["x-amz-security-token"], "a/token+");
        let upload = aws(None).sign_upload(case, document, "application/pdf", 1000, now);
        assert_eq!(upload.url, "https://examplebucket.s3.us-east-1.amazonaws.com");
    }
}
