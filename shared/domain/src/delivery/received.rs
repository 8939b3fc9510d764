//! Faxes that come in (LTR-08), from the carrier's word to the case that each belongs to.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    cases::request::Claim,
    contact::Phone,
    id::{CaseId, CaseKey, ContractId, FaxId, RequestNumber, Username},
    letters::Reference,
};

/// A fax that a carrier took for us.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReceivedFax {
    /// Made from the carrier's id: the same fax is the same one however often it is told.
    pub id: FaxId,
    /// Grows by one with every change.
    pub version: u64,
    /// The carrier's id, by which it is fetched.
    pub carrier_id: String,
    /// The number that was dialled: it says for which contract the fax is.
    pub to: Phone,
    /// The number that it came from, where the carrier knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Phone>,
    /// When it had arrived at the carrier.
    pub at: Timestamp,
    /// What became of it.
    pub state: FaxState,
}

/// What became of a fax.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "is")]
pub enum FaxState {
    /// The carrier has told of it.
    Announced,
    /// Its pages are kept.
    Kept(Kept),
}

/// A fax whose pages are kept.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Kept {
    /// The contract that it came in for.
    pub contract: ContractId,
    /// The file.
    pub file: FaxFile,
    /// Where it stands.
    pub stands: Stands,
}

/// The file of a fax.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FaxFile {
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 in hex.
    pub sha256: String,
    /// Pages; none when it cannot be read.
    pub pages: u32,
}

/// Where a kept fax stands.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "is")]
pub enum Stands {
    /// With intake.
    Waits {
        /// Why it was not filed.
        why: WhyIntake,
        /// Who works on it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        claim: Option<Claim>,
    },
    /// It is a document of a request.
    Filed {
        /// The case.
        case: CaseKey,
        /// The request.
        request: RequestNumber,
        /// When.
        at: Timestamp,
        /// Who did it; nobody when its bars did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<Username>,
    },
    /// A case was begun with it.
    Opened {
        /// The case.
        case: CaseKey,
        /// When.
        at: Timestamp,
        /// By whom.
        by: Username,
    },
    /// It belongs to no case here.
    Closed {
        /// Why.
        reason: CloseReason,
        /// In words.
        note: String,
        /// When.
        at: Timestamp,
        /// By whom.
        by: Username,
    },
}

/// Why a fax is with intake.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "is")]
pub enum WhyIntake {
    /// No page has the bars of a letter.
    NoBarcode,
    /// Its pages cannot be read.
    Unreadable,
    /// Its pages have the bars of several requests.
    Several,
    /// Nobody issued a letter with these bars.
    Unknown,
    /// The letter is another contract's.
    OtherContract,
    /// The request is decided, closed or taken back: nobody would be told.
    NotOpen {
        /// Its case.
        case: CaseId,
        /// The request.
        request: RequestNumber,
    },
    /// The case has as many documents as a case may have.
    Full {
        /// The case.
        case: CaseId,
    },
}

/// Why intake closed a fax without a case.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CloseReason {
    /// It was meant for somebody else.
    Misdirected,
    /// The sender was asked for a better one.
    Unreadable,
    /// It came twice.
    Repeated,
    /// The sender was told to ask in another way.
    Returned,
    /// Another one, which the note tells.
    Other,
}

/// What the bars of a fax's pages say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Bars {
    /// The file has no pages that can be read.
    Unreadable,
    /// There are none.
    None,
    /// Letters about several requests.
    Several,
    /// One letter.
    One(Reference),
}

impl Bars {
    /// What these texts say together. Several letters about one request name it as well as one does.
    #[must_use]
    pub fn of(texts: &[String]) -> Self {
        let mut found = texts.iter().filter_map(|text| text.parse::<Reference>().ok());
        let Some(first) = found.next() else { return Self::None };
        let same = |other: Reference| (&other.case, other.request) == (&first.case, first.request);
        if found.all(same) { Self::One(first) } else { Self::Several }
    }
}

impl ReceivedFax {
    /// The fax as its pages are kept.
    #[must_use]
    pub fn kept(&self) -> Option<&Kept> {
        match &self.state {
            FaxState::Announced => None,
            FaxState::Kept(kept) => Some(kept),
        }
    }

    /// The fax, kept and standing so.
    #[must_use]
    pub fn standing(self, contract: ContractId, file: FaxFile, stands: Stands) -> Self {
        Self { version: self.version + 1, state: FaxState::Kept(Kept { contract, file, stands }), ..self }
    }

    pub(super) fn now(self, kept: Kept, stands: Stands) -> Self {
        Self { version: self.version + 1, state: FaxState::Kept(Kept { stands, ..kept }), ..self }
    }
}
