//! Review: worklists, claims and determinations, for payer staff.

pub mod claim_request;
pub mod determine_request;
pub mod keep_gold_card;
pub mod keep_worksheet;
pub mod list_worklist;
pub mod preview_letters;

mod closing;
mod count_worklists;
mod extend_time;
mod lacking;
mod list_reviewers;
mod note_talk;
mod outcomes;
mod pend_request;
mod record_hearing;
mod saved;

use jiff::{SignedDuration, Timestamp};
use portico_aws::table::cases::lists::CaseSummary;
use portico_domain::{cases::request::Claim, contracts::Contract};

use crate::Action;

/// What is due soon is due within it.
const SOON: SignedDuration = SignedDuration::from_hours(24);

/// The actions of this room.
pub(crate) const ACTIONS: &[Action] = &[
    ("list-worklist", list_worklist::route),
    ("claim-request", claim_request::route),
    ("keep-worksheet", keep_worksheet::route),
    ("preview-letters", preview_letters::route),
    ("determine-request", determine_request::route),
    ("keep-gold-card", keep_gold_card::route),
];

/// Whether the time of a claim is not over: then nobody else can take it.
fn lasts(entry: &CaseSummary, pack: Option<&Contract>, now: Timestamp) -> bool {
    let claim = entry.claimed_by.clone().zip(entry.claimed_at).map(|(by, at)| Claim { by, at });
    claim.zip(pack).is_none_or(|(claim, pack)| now < claim.until(&pack.reviews))
}
