//! Documents attached to a case: which kinds there are, and whether a file is what its name says (CASE-20).

use jiff::{Span, Timestamp};
use memchr::memmem;
use serde::{Deserialize, Serialize};

use crate::{
    cases::scan::ScanRefusal,
    field::AtField,
    glyphs::is_seen,
    id::{DocumentId, RequestNumber, Username},
    wrong::Wrong,
};

/// A file attached to a request.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    /// Opaque id; also names the uploaded object.
    pub id: DocumentId,
    /// The request it supports.
    pub request: RequestNumber,
    /// Id of the contract's document type.
    pub document_type: String,
    /// Name as the user had it.
    pub file_name: String,
    /// Kind by the name's ending.
    pub file_type: FileType,
    /// When the upload was asked for.
    pub at: Timestamp,
    /// By whom.
    pub by: Username,
    /// What came of it.
    pub state: DocumentState,
}

/// What came of an upload.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "is")]
pub enum DocumentState {
    /// Not arrived, or not checked yet.
    Awaited,
    /// Checked and kept.
    Accepted {
        /// When.
        at: Timestamp,
        /// Size in bytes.
        bytes: u64,
        /// SHA-256 in hex.
        sha256: String,
        /// Pages, where the kind has pages that can be counted.
        #[serde(skip_serializing_if = "Option::is_none")]
        pages: Option<u32>,
    },
    /// Checked and not kept.
    Refused {
        /// When.
        at: Timestamp,
        /// Why, in words for the uploader.
        reason: String,
        /// What the scan for harmful content found, where it was the scan.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        scan: Option<ScanRefusal>,
    },
    /// Taken out of a draft; its file is kept.
    Removed {
        /// When.
        at: Timestamp,
        /// By whom.
        by: Username,
    },
}

impl DocumentState {
    /// Refused at this moment, for this.
    #[must_use]
    pub fn refused(error: &FileError, at: Timestamp) -> Self {
        let scan = if let FileError::Scan(scan) = error { Some(*scan) } else { None };
        Self::Refused { at, reason: error.to_string(), scan }
    }
}

/// An upload that has not arrived by then has failed: none came, or no scan has told of it.
const ARRIVES_WITHIN_HOURS: i64 = 1;

/// The kinds of files that may be attached.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "file name endings")]
pub enum FileType {
    Doc,
    Docx,
    Jpeg,
    Mdi,
    Pdf,
    Tiff,
    Xls,
    Xlsx,
    Xps,
}

/// A name of a file that cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileNameError {
    /// It is empty, too long or has no ending.
    #[error("A file name has 1 to 200 characters and an ending, as history.pdf.")]
    Form,
    /// It has a character that nobody sees, so that it may read as another name.
    #[error("This file name has an invisible character (U+{:04X}). Please rename the file.", u32::from(*.0))]
    Hidden(char),
    /// The ending is none of the allowed ones.
    #[error(
        "This kind of file cannot be attached. Allowed are doc, docx, jpg, jpeg, mdi, pdf, tif, tiff, xls, xlsx, xps."
    )]
    Kind,
}

impl AtField for FileNameError {
    fn wrong(&self) -> Wrong {
        match *self {
            Self::Form => Wrong::NotAFileName,
            Self::Hidden(character) => Wrong::HiddenCharacter { character },
            Self::Kind => Wrong::FileKindNotTaken,
        }
    }
}

/// A file that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// The content is of another kind than the name.
    #[error("The content of this file is not {0}. Please attach the original file.")]
    Content(&'static str),
    /// Nothing in it.
    #[error("This file is empty.")]
    Empty,
    /// Too large.
    #[error("This file is larger than {0} MB.")]
    Size(u64),
    /// Cut off or damaged.
    #[error(
        "This file is incomplete or damaged and cannot be opened as {0}. Please attach it again from the original."
    )]
    Incomplete(&'static str),
    /// Nobody could open it.
    #[error("This file asks for a password. Save it without the password, or print it to a new PDF, and attach that.")]
    Password,
    /// It does something when it is opened, or brings something along.
    #[error("This file contains {0}, which cannot be taken. Print it to a new PDF, and attach that.")]
    Active(&'static str),
    /// Two files in one.
    #[error("This file is {0} and another kind of file at once. Please attach the original file.")]
    TwoKinds(&'static str),
    /// The scan keeps it out.
    #[error(transparent)]
    Scan(#[from] ScanRefusal),
    /// It unpacks to far more than a document has.
    #[error("This file unpacks to far more than a document holds. Print it to a PDF, and attach that.")]
    Inflated,
}

impl FileType {
    /// The endings of their names.
    pub const ENDINGS: [(&'static str, Self); 11] = [
        ("doc", Self::Doc),
        ("docx", Self::Docx),
        ("jpg", Self::Jpeg),
        ("jpeg", Self::Jpeg),
        ("mdi", Self::Mdi),
        ("pdf", Self::Pdf),
        ("tif", Self::Tiff),
        ("tiff", Self::Tiff),
        ("xls", Self::Xls),
        ("xlsx", Self::Xlsx),
        ("xps", Self::Xps),
    ];

    /// The kind by the name's ending.
    ///
    /// # Errors
    /// When the name has no form of a file name, or another ending.
    pub fn of_name(name: &str) -> Result<Self, FileNameError> {
        let length = name.chars().count();
        if !(1..=200).contains(&length) || name.chars().any(|c| c.is_control() || c == '/' || c == '\\') {
            return Err(FileNameError::Form);
        }
        if let Some(hidden) = name.chars().find(|&c| !is_seen(c)) {
            return Err(FileNameError::Hidden(hidden));
        }
        let (_, ending) = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).ok_or(FileNameError::Form)?;
        let mut known = Self::ENDINGS.into_iter();
        known.find(|(known, _)| known.eq_ignore_ascii_case(ending)).map(|(_, kind)| kind).ok_or(FileNameError::Kind)
    }

    /// What people call it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Doc => "a Word document (doc)",
            Self::Docx => "a Word document (docx)",
            Self::Jpeg => "a JPEG picture",
            Self::Mdi => "an MDI document",
            Self::Pdf => "a PDF document",
            Self::Tiff => "a TIFF picture",
            Self::Xls => "an Excel workbook (xls)",
            Self::Xlsx => "an Excel workbook (xlsx)",
            Self::Xps => "an XPS document",
        }
    }

    /// The media type it is stored and served with.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Doc => "application/msword",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Jpeg => "image/jpeg",
            Self::Mdi => "image/vnd.ms-modi",
            Self::Pdf => "application/pdf",
            Self::Tiff => "image/tiff",
            Self::Xls => "application/vnd.ms-excel",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Xps => "application/vnd.ms-xpsdocument",
        }
    }

    /// The kind of a media type, also as some systems name it.
    #[must_use]
    pub fn of_media_type(text: &str) -> Option<Self> {
        let name = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let known = Self::ENDINGS.into_iter().map(|(_, kind)| kind).find(|kind| kind.media_type() == name);
        known.or_else(|| (name == "image/jpg").then_some(Self::Jpeg))
    }

    /// The ending of a name of this kind.
    #[must_use]
    pub fn ending(self) -> &'static str {
        let mut endings = Self::ENDINGS.into_iter();
        endings.find(|(_, kind)| *kind == self).map_or("", |(ending, _)| ending)
    }

    /// Whether the content is of this kind: by its first bytes, and for the packaged kinds by a part that only they have.
    /// The first look; whether it can be opened is seen by who reads it to its end.
    ///
    /// # Errors
    /// When it is empty or of another kind, or packed with a password.
    pub fn check(self, content: &[u8]) -> Result<(), FileError> {
        const OLE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
        let zip_with = |part: &[u8]| content.starts_with(b"PK\x03\x04") && memmem::find(content, part).is_some();
        let ole_with = |stream: &str| {
            let name: Vec<u8> = stream.encode_utf16().flat_map(u16::to_le_bytes).collect();
            content.starts_with(OLE) && memmem::find(content, &name).is_some()
        };
        let right = match self {
            Self::Doc => ole_with("WordDocument"),
            Self::Docx => zip_with(b"word/document.xml"),
            Self::Jpeg => content.starts_with(&[0xFF, 0xD8, 0xFF]),
            Self::Mdi => content.starts_with(b"EP*\0"),
            Self::Pdf => pdf_header(content).is_some(),
            Self::Tiff => content.starts_with(b"II*\0") || content.starts_with(b"MM\0*"),
            Self::Xls => ole_with("Workbook") || ole_with("Book"),
            Self::Xlsx => zip_with(b"xl/workbook.xml"),
            Self::Xps => zip_with(b".fdseq"),
        };
        match (content.is_empty(), right) {
            (true, _) => Err(FileError::Empty),
            (_, true) => Ok(()),
            // Office packs a document with a password into the frame of its older kinds.
            (_, false) if matches!(self, Self::Docx | Self::Xlsx) && ole_with("EncryptedPackage") => {
                Err(FileError::Password)
            }
            (_, false) => Err(FileError::Content(self.label())),
        }
    }
}

/// How far a viewer looks for the header of a PDF: scanners and records systems put a mark, blanks or lines before it.
const PDF_HEADER_WITHIN: usize = 1024;

/// Where the header of a PDF begins.
#[must_use]
pub fn pdf_header(content: &[u8]) -> Option<usize> {
    memmem::find(content.get(..content.len().min(PDF_HEADER_WITHIN))?, b"%PDF-")
}

impl Document {
    /// Whether it was checked and kept.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        matches!(self.state, DocumentState::Accepted { .. })
    }

    /// Whether its upload may still arrive, or is being checked.
    #[must_use]
    pub fn is_awaited(&self, now: Timestamp) -> bool {
        let until = self.at.checked_add(Span::new().hours(ARRIVES_WITHIN_HOURS)).unwrap_or(Timestamp::MAX);
        self.state == DocumentState::Awaited && now < until
    }

    /// Whether it takes a place among the documents of its case: those that failed and those taken out do not.
    #[must_use]
    pub fn counts(&self, now: Timestamp) -> bool {
        self.is_accepted() || self.is_awaited(now)
    }
}

/// As many documents a case may have: each action that needs them reads them all.
pub const MOST_DOCUMENTS: usize = 100;

/// Whether so many more documents have a place in a case. What failed or was taken out gives its place free, though not without
/// end: all are read together.
#[must_use]
pub fn has_room(documents: &[Document], more: usize, now: Timestamp) -> bool {
    let counted = documents.iter().filter(|document| document.counts(now)).count();
    counted + more <= MOST_DOCUMENTS && documents.len() + more <= 2 * MOST_DOCUMENTS
}

#[cfg(test)]
mod tests {
    use super::*;

    /// REQ: CASE-20
    #[test]
    fn a_renamed_executable_is_refused() {
        let executable = b"MZ\x90\x00\x03\x00\x00\x00";
        let error = FileType::of_name("history.pdf").unwrap().check(executable).unwrap_err();
        assert_eq!(
            error.to_string(),
            "The content of this file is not a PDF document. Please attach the original file."
        );
        assert_eq!(FileType::of_name("history.exe"), Err(FileNameError::Kind));
        assert_eq!(FileType::of_name("../history.pdf"), Err(FileNameError::Form));
        assert_eq!(FileType::of_name(".pdf"), Err(FileNameError::Form));
        for hidden in ['\u{202E}', '\u{200B}', '\u{200F}', '\u{2066}', '\u{FEFF}', '\u{AD}', '\u{F0B7}'] {
            assert_eq!(FileType::of_name(&format!("{hidden}fdp.exe.pdf")), Err(FileNameError::Hidden(hidden)));
        }
        assert_eq!(FileType::of_name("Bericht für Zoë – 王.pdf"), Ok(FileType::Pdf));
    }

    #[test]
    fn a_media_type_says_which_kind_a_file_is_of() {
        assert_eq!(FileType::of_media_type("application/pdf"), Some(FileType::Pdf));
        assert_eq!(FileType::of_media_type("IMAGE/JPG; q=1"), Some(FileType::Jpeg));
        assert_eq!((FileType::of_media_type("text/html"), FileType::of_media_type("")), (None, None));
        for (_, kind) in FileType::ENDINGS {
            assert_eq!(FileType::of_name(&format!("a.{}", kind.ending())), Ok(kind));
            assert_eq!(FileType::of_media_type(kind.media_type()), Some(kind));
        }
    }

    #[test]
    fn an_upload_that_does_not_arrive_counts_no_more() {
        let at: Timestamp = "2026-05-07T15:00:00Z".parse().unwrap();
        let mut document = Document {
            id: DocumentId::new(uuid::Uuid::from_u128(7)),
            request: RequestNumber::FIRST,
            document_type: "other".into(),
            file_name: "a.pdf".into(),
            file_type: FileType::Pdf,
            at,
            by: "ann".parse().unwrap(),
            state: DocumentState::Awaited,
        };
        let after = |minutes: i64| at.checked_add(Span::new().minutes(minutes)).unwrap();
        assert!(document.counts(after(59)) && !document.counts(after(60)) && !document.is_awaited(after(60)));
        document.state = DocumentState::Accepted { at, bytes: 9, sha256: String::new(), pages: None };
        assert!(document.counts(after(6000)));
        document.state = DocumentState::Removed { at, by: "ann".parse().unwrap() };
        assert!(!document.counts(at) && !document.is_accepted());
    }

    /// REQ: CASE-20
    #[test]
    fn content_must_match_its_name() {
        for before in [b"".as_slice(), b"\xEF\xBB\xBF", b"\r\n\r\n  ", b"HTTP/1.1 200 OK\r\n\r\n", &[b' '; 1019]] {
            assert!(FileType::Pdf.check(&[before, b"%PDF-1.7\n"].concat()).is_ok());
        }
        assert!(FileType::Pdf.check(&[[b' '; 1020].as_slice(), b"%PDF-1.7\n"].concat()).is_err());
        assert!(FileType::Jpeg.check(&[0xFF, 0xD8, 0xFF, 0xE0]).is_ok());
        assert!(FileType::Docx.check(b"PK\x03\x04....word/document.xml....").is_ok());
        assert!(FileType::Xlsx.check(b"PK\x03\x04....word/document.xml....").is_err());
        assert!(FileType::Tiff.check(b"MM\0*").is_ok());
        assert_eq!(FileType::Tiff.check(b""), Err(FileError::Empty));
        let packed: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let packed = [b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".as_slice(), &packed].concat();
        assert_eq!(FileType::Docx.check(&packed), Err(FileError::Password));
        assert!(matches!(FileType::Doc.check(&packed), Err(FileError::Content(_))));
    }
}
