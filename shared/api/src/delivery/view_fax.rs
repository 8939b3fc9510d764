//! A fax as intake sees it.

use jiff::Timestamp;
use portico_domain::{
    contracts::Contract,
    delivery::received::{Kept, ReceivedFax, Stands, WhyIntake},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{form::word, words};

/// A fax that came in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct FaxView {
    /// Its id.
    #[schema(example = "fax_0197a3c2f0c07d0aa1b2c3d4e5f60718")]
    pub(super) id: String,
    contract: String,
    /// The number that was dialled.
    to: String,
    /// The number that it came from, where the carrier knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
    /// None when it cannot be read.
    page_count: u32,
    /// `waiting`, `filed`, `opened` or `closed`.
    #[schema(value_type = words::FaxStanding)]
    state: &'static str,
    /// Why it is with intake, while it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::WhyIntake>)]
    why: Option<&'static str>,
    /// The Case ID of the letter whose bars it has, where that is a case of the contract.
    #[serde(skip_serializing_if = "Option::is_none")]
    case_id: Option<String>,
    /// The request of it, as R01.
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<String>,
    /// Who works on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    claim: Option<FaxClaim>,
    /// How it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    ended: Option<FaxEnd>,
}

/// Who works on a fax.
#[derive(Serialize, ToSchema)]
pub(super) struct FaxClaim {
    by: String,
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// When somebody else may take it.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
}

/// How a fax ended.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct FaxEnd {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Who did it; nobody where its bars did.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    /// Opaque key of the case that it belongs to now.
    #[serde(skip_serializing_if = "Option::is_none")]
    case: Option<String>,
    /// The request of it, as R01.
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<String>,
    /// Why it was closed without a case.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::FaxCloseReason>)]
    reason: Option<String>,
    /// The same in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

impl FaxView {
    /// The fax as it stands; `contract` is its own.
    pub(super) fn of(fax: &ReceivedFax, kept: &Kept, contract: &Contract, now: Timestamp) -> Self {
        let mut view = Self {
            id: fax.id.to_string(),
            contract: kept.contract.to_string(),
            to: fax.to.to_string(),
            from: fax.from.as_ref().map(ToString::to_string),
            received_at: fax.at,
            page_count: kept.file.pages,
            state: "waiting",
            why: None,
            case_id: None,
            request: None,
            claim: None,
            ended: None,
        };
        match &kept.stands {
            Stands::Waits { why, claim } => {
                let (word, case_id, request) = told(why);
                (view.why, view.case_id, view.request) = (Some(word), case_id, request);
                let claim = claim.as_ref().map(|claim| (claim, claim.until(&contract.reviews)));
                view.claim = claim.filter(|(_, until)| now < *until).map(|(claim, until)| FaxClaim {
                    by: claim.by.to_string(),
                    since: claim.at,
                    until,
                });
            }
            Stands::Filed { case, request, at, by } => {
                view.state = "filed";
                let by = by.as_ref().map(ToString::to_string);
                let (case, request) = (Some(case.to_string()), Some(request.to_string()));
                view.ended = Some(FaxEnd { at: *at, by, case, request, reason: None, note: None });
            }
            Stands::Opened { case, at, by } => {
                view.state = "opened";
                let (by, case) = (Some(by.to_string()), Some(case.to_string()));
                view.ended = Some(FaxEnd { at: *at, by, case, request: None, reason: None, note: None });
            }
            Stands::Closed { reason, note, at, by } => {
                view.state = "closed";
                let (by, reason) = (Some(by.to_string()), Some(word(reason)));
                let note = Some(note.clone()).filter(|note| !note.is_empty());
                view.ended = Some(FaxEnd { at: *at, by, case: None, request: None, reason, note });
            }
        }
        view
    }

    /// The same when whoever has it may not work on it any more.
    pub(super) fn without_claim(self) -> Self {
        Self { claim: None, ..self }
    }

    /// Who works on it.
    pub(super) fn holder(&self) -> Option<&str> {
        self.claim.as_ref().map(|claim| claim.by.as_str())
    }
}

/// Why it is with intake, with the case and the request that its bars name.
fn told(why: &WhyIntake) -> (&'static str, Option<String>, Option<String>) {
    match why {
        WhyIntake::NoBarcode => ("no-barcode", None, None),
        WhyIntake::Unreadable => ("unreadable", None, None),
        WhyIntake::Several => ("several", None, None),
        WhyIntake::Unknown => ("unknown", None, None),
        WhyIntake::OtherContract => ("other-contract", None, None),
        WhyIntake::NotOpen { case, request } => ("not-open", Some(case.to_string()), Some(request.to_string())),
        WhyIntake::Full { case } => ("full", Some(case.to_string()), None),
    }
}
