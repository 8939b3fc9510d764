//! Review: worklists, claims and determinations, for payer staff.

pub mod claim_request;
pub mod determine_request;
pub mod list_worklist;

use crate::Action;

/// The actions of this room.
pub(crate) const ACTIONS: &[Action] = &[
    ("list-worklist", list_worklist::route),
    ("claim-request", claim_request::route),
    ("determine-request", determine_request::route),
];
