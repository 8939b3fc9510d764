//! A letter that is held for repair, as it is listed.

use jiff::Timestamp;
use portico_aws::table::cases::held::{HeldLetter, WrittenFrom};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{form::word, words};

/// A letter that lacks elements, or cannot be set. Nothing in it names the member.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct HeldLetterView {
    /// The id that it will have.
    id: String,
    /// Opaque key of its case.
    key: String,
    case_id: String,
    contract: String,
    request: String,
    /// What it tells.
    #[schema(value_type = words::LetterAbout)]
    about: String,
    #[schema(value_type = words::Audience)]
    audience: String,
    /// The missing elements by name, as the last try found them.
    missing: Vec<String>,
    /// Since when it is held.
    #[schema(value_type = String, format = DateTime)]
    held_at: Timestamp,
    /// When the time of its request is over; none where it is decided, or its clock stands still.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<Timestamp>,
    /// When writing it again was last tried; what it lacked then is what is missing.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    tried_at: Option<Timestamp>,
    /// Whether it was asked for and that is not done yet.
    being_written: bool,
    /// That it stands in the place of a letter that the mail carrier refused: with which status.
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<u16>,
}

impl HeldLetterView {
    pub(super) fn of(held: &HeldLetter, from: &WrittenFrom, due: Option<Timestamp>) -> Self {
        Self {
            id: held.id.to_string(),
            key: from.case.to_string(),
            case_id: from.case_id.to_string(),
            contract: from.contract.to_string(),
            request: held.request.to_string(),
            about: word(&from.about),
            audience: word(&held.audience),
            missing: held.missing.clone(),
            held_at: held.at,
            due,
            tried_at: held.tried.as_ref().map(|tried| tried.at),
            being_written: held.is_being_written(),
            refused: held.refused.map(|refused| refused.status),
        }
    }
}
