//! A file that is to be attached: checked as far as can be told before it is sent, then awaited (CASE-20).

use std::collections::BTreeMap;

use jiff::Timestamp;
use portico_aws::clock::new_uuid;
use portico_domain::{
    cases::document::{Document, DocumentState, FileError, FileType},
    contracts::Contract,
    field::{FieldErrors, Objection},
    id::{CaseKey, DocumentId, RequestNumber, Username},
    wrong::Wrong,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;

/// The document, and how to bring it.
#[derive(Serialize, ToSchema)]
pub(super) struct AwaitedDocument {
    /// The document's id.
    id: String,
    upload: UploadForm,
}

/// A form to post as multipart/form-data: these fields first, then the content as `file`.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct UploadForm {
    /// Where to.
    url: String,
    /// Its fields.
    fields: BTreeMap<&'static str, String>,
    /// When it stops working.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// A file as it was asked for.
#[derive(Clone, Debug)]
pub(super) struct NewFile {
    document_type: String,
    file_name: String,
    pub(super) file_type: FileType,
    bytes: u64,
}

impl NewFile {
    /// From the fields `documentType`, `fileName` and `bytes`.
    pub(super) fn parse(
        (document_type, file_name, bytes): (&Option<String>, &Option<String>, Option<u64>),
        errors: &mut FieldErrors,
    ) -> Option<Self> {
        let document_type = errors.parse::<String>("/documentType", document_type.as_deref());
        let file_name = file_name.as_deref().unwrap_or_default().trim();
        let file_type = errors.keep("/fileName", FileType::of_name(file_name));
        if bytes.is_none() {
            errors.add("/bytes", Objection::required());
        }
        let asked = document_type.zip(file_type).zip(bytes);
        asked.map(|((document_type, file_type), bytes)| Self {
            document_type,
            file_name: file_name.to_owned(),
            file_type,
            bytes,
        })
    }

    /// What the contract does not take.
    pub(super) fn check(&self, contract: &Contract, errors: &mut FieldErrors) {
        if contract.document_type(&self.document_type).is_none() {
            let text = "Choose a document type from the contract's list.";
            errors.add("/documentType", Wrong::NotOffered.says(text));
        }
        if self.bytes == 0 {
            errors.add("/bytes", Wrong::EmptyFile.says(FileError::Empty));
        } else if self.bytes > contract.document_max_bytes {
            let megabytes = contract.document_max_bytes / 1_000_000;
            errors.add("/bytes", Wrong::FileTooLarge { megabytes }.says(FileError::Size(megabytes)));
        }
    }

    /// The document that is awaited now.
    pub(super) fn awaited(self, request: RequestNumber, (at, by): (Timestamp, Username)) -> Document {
        Document {
            id: DocumentId::new(new_uuid()),
            request,
            document_type: self.document_type,
            file_name: self.file_name,
            file_type: self.file_type,
            at,
            by,
            state: DocumentState::Awaited,
        }
    }
}

impl App {
    /// How an awaited document is brought. The form is signed anew for each answer.
    pub(super) fn awaited(
        &self,
        case: CaseKey,
        id: DocumentId,
        file_type: FileType,
        contract: &Contract,
    ) -> AwaitedDocument {
        let max = contract.document_max_bytes;
        let upload = self.aws.sign_upload(case, id, file_type.media_type(), max, self.now());
        let upload = UploadForm { url: upload.url, fields: upload.fields, expires_at: upload.expires_at };
        AwaitedDocument { id: id.to_string(), upload }
    }
}
