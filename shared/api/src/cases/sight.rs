//! With whose eyes a case is shown.

use jiff::Timestamp;
use portico_domain::{
    caller::Caller,
    cases::{Case, access::CaseAction},
    contracts::Contract,
};

/// Who looks, at what, when.
#[derive(Clone, Copy)]
pub(super) struct Sight<'a> {
    pub(super) caller: &'a Caller,
    pub(super) contract: &'a Contract,
    pub(super) now: Timestamp,
}

impl Sight<'_> {
    pub(super) fn is_staff(&self) -> bool {
        matches!(self.caller, Caller::Staff(_))
    }

    /// Staff, or somebody of the requesting provider's group.
    pub(super) fn asks_or_reviews(&self, case: &Case) -> bool {
        self.is_staff() || self.caller.may(CaseAction::Write, case).is_ok()
    }
}
