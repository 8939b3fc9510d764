//! Review: worklists, claims and determinations, for payer staff.

pub mod claim_request;
pub mod determine_request;
pub mod keep_worksheet;
pub mod list_worklist;
pub mod preview_letters;

mod lacking;
mod list_reviewers;
mod pend_request;

use crate::Action;

/// The actions of this room.
pub(crate) const ACTIONS: &[Action] = &[
    ("list-worklist", list_worklist::route),
    ("claim-request", claim_request::route),
    ("keep-worksheet", keep_worksheet::route),
    ("preview-letters", preview_letters::route),
    ("determine-request", determine_request::route),
];
