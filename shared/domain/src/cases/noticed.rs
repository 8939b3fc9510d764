//! A notice of a decision that went out later than it was made (LTR-04).

use jiff::Timestamp;

use super::{Case, request::State};
use crate::id::RequestNumber;

impl Case {
    /// The case, a version on, whose decision was told by a notice of this moment: its windows count from it. `None` when this
    /// decision is not the one that holds.
    #[must_use]
    pub fn noticed(mut self, request: RequestNumber, decision: u32, at: Timestamp) -> Option<Self> {
        let of = self.requests.iter_mut().find(|known| known.number == request)?;
        let State::Determined { decided, .. } = &mut of.state else { return None };
        if decided.number != decision || !decided.outcome.is_adverse() {
            return None;
        }
        decided.noticed = Some(decided.noticed().max(at));
        self.version += 1;
        self.changed_at = at;
        Some(self)
    }
}
