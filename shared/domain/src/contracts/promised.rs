//! What a contract offered when something was decided, and letters have told since.

use super::{Contract, Windows};

impl Contract {
    /// With what it offered when something was decided: letters have told of it since, and a later pack takes nothing of it
    /// back.
    #[must_use]
    pub fn as_promised(mut self, then: &Self) -> Self {
        let promised = &then.windows;
        let Windows {
            reconsideration_days,
            appeal_days,
            peer_to_peer_days,
            hearing_days,
            hearing_after_appeal_days,
            ..
        } = &mut self.windows;
        for (now, then) in [
            (reconsideration_days, promised.reconsideration_days),
            (appeal_days, promised.appeal_days),
            (peer_to_peer_days, promised.peer_to_peer_days),
            (hearing_days, promised.hearing_days),
            (hearing_after_appeal_days, promised.hearing_after_appeal_days),
        ] {
            *now = then.max(*now);
        }
        let after = &mut self.after_decision;
        after.extension_days = after.extension_days.max(then.after_decision.extension_days);
        let more: Vec<_> =
            then.after_decision.kinds.iter().filter(|kind| !after.kinds.contains(kind)).copied().collect();
        after.kinds.extend(more);
        self
    }
}

#[cfg(test)]
mod tests {
    use crate::{contracts::samples, service::ReviewKind};

    #[test]
    fn a_later_pack_takes_back_nothing_that_a_letter_told() {
        let mut then = samples::arkansas();
        then.windows.appeal_days = 60;
        then.windows.hearing_days = 90;
        then.after_decision.kinds = vec![ReviewKind::Appeal];
        then.after_decision.extension_days = 30;
        let mut now = samples::arkansas();
        now.windows.appeal_days = 30;
        now.windows.hearing_days = 120;
        now.windows.look_back_months = 1;
        now.after_decision.kinds = vec![ReviewKind::Extension];
        now.after_decision.extension_days = 10;
        let both = now.clone().as_promised(&then);
        assert_eq!((both.windows.appeal_days, both.windows.hearing_days), (60, 120));
        assert_eq!(both.after_decision.kinds, [ReviewKind::Extension, ReviewKind::Appeal]);
        assert_eq!((both.after_decision.extension_days, both.windows.look_back_months), (30, 1));
        assert_eq!(now.clone().as_promised(&now), now);
    }
}
