//! Sessions: they end after an idle and an absolute time, whatever the identity service says (ACC-19).

use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::contracts::AccountRules;

/// As many sessions of one user go on at once; with one more the oldest ends.
pub const MOST_OPEN: usize = 10;
/// Clocks of two machines may differ by less than this: a session that has just ended here may go on there.
const SLACK_MINUTES: i64 = 1;

/// A session from sign-in to its end. Drafts are saved with every step and do not end with it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// Hash of what all tokens of one sign-in have in common.
    pub id: String,
    /// Sign-in.
    pub since: Timestamp,
    /// Ends here in any case.
    pub until: Timestamp,
    /// Ends here unless something is done before.
    pub idle_until: Timestamp,
    /// Minutes that may pass without a call.
    pub idle_minutes: u32,
}

impl Session {
    /// A session that begins now.
    #[must_use]
    pub fn begin(id: String, rules: &AccountRules, now: Timestamp) -> Self {
        let until = now.checked_add(i64::from(rules.absolute_hours).hours()).unwrap_or(now);
        Self { id, since: now, until, idle_until: idle_end(rules.idle_minutes, now), idle_minutes: rules.idle_minutes }
    }

    /// Whether it goes on.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        now < self.until && now < self.idle_until
    }

    /// Whether password and second factor were given at most so many minutes ago: the proof that it is the person who is
    /// there, and not somebody who found a token or an open workstation.
    #[must_use]
    pub fn is_fresh(&self, minutes: i64, now: Timestamp) -> bool {
        now.duration_since(self.since).as_secs() <= minutes * 60
    }

    /// Whether it may still go on by the clock of some machine.
    #[must_use]
    pub fn may_be_open(&self, now: Timestamp) -> bool {
        self.is_open(now.checked_sub(SLACK_MINUTES.minutes()).unwrap_or(now))
    }

    /// The new end of the idle time after a call, `None` while it would move by less than a minute: a busy user costs
    /// one write a minute.
    #[must_use]
    pub fn moved_by_call(&self, now: Timestamp) -> Option<Timestamp> {
        let end = idle_end(self.idle_minutes, now);
        (end.as_second() - self.idle_until.as_second() >= 60).then_some(end)
    }
}

/// Those that may still go on, the oldest first: they are what there is to end when an account is left or taken out. The
/// others are over, whatever is stored of them.
#[must_use]
pub fn still_open(sessions: &[Session], now: Timestamp) -> Vec<&Session> {
    let mut open: Vec<&Session> = sessions.iter().filter(|session| session.may_be_open(now)).collect();
    open.sort_by_key(|session| session.since);
    open
}

/// Those that end because another one begins: the oldest, so that with it as many go on as may.
#[must_use]
pub fn give_way(sessions: &[Session], now: Timestamp) -> Vec<&Session> {
    let mut open = still_open(sessions, now);
    open.truncate((open.len() + 1).saturating_sub(MOST_OPEN));
    open
}

fn idle_end(minutes: u32, now: Timestamp) -> Timestamp {
    now.checked_add(i64::from(minutes).minutes()).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// REQ: ACC-19
    #[test]
    fn a_session_ends_when_idle_and_in_any_case() {
        let rules = AccountRules { absolute_hours: 1, ..crate::accounts::samples::rules() };
        let start: Timestamp = "2026-05-07T15:00:00Z".parse().unwrap();
        let after = |minutes: i64| start.checked_add(minutes.minutes()).unwrap();
        let mut session = Session::begin("s".into(), &rules, start);
        assert!(session.is_open(after(14)) && !session.is_open(after(15)));
        assert_eq!(session.moved_by_call(start), None);
        for minute in (10..60).step_by(10) {
            session.idle_until = session.moved_by_call(after(minute)).unwrap();
            assert!(session.is_open(after(minute + 9)));
        }
        assert!(!session.is_open(after(60)), "the absolute end holds for the busiest");
        assert!(session.is_fresh(5, after(5)) && !session.is_fresh(5, after(6)), "being busy proves nothing");
    }

    /// REQ: ACC-19
    #[test]
    fn of_many_sessions_only_those_that_go_on_are_ended_and_the_oldest_gives_way() {
        let rules = crate::accounts::samples::rules();
        let start: Timestamp = "2026-05-07T15:00:00Z".parse().unwrap();
        let at = |minutes: i64| start.checked_add(minutes.minutes()).unwrap();
        let sessions: Vec<Session> = (0..150).map(|n| Session::begin(format!("s{n}"), &rules, at(n))).collect();
        let names = |sessions: Vec<&Session>| sessions.iter().map(|session| session.id.clone()).collect::<Vec<_>>();
        let now = at(150);
        let open = names(still_open(&sessions, now));
        assert_eq!((open.len(), open[0].as_str()), (15, "s135"), "all others have been idle for too long");
        assert_eq!(names(give_way(&sessions, now)), ["s135", "s136", "s137", "s138", "s139", "s140"]);
        assert_eq!(names(give_way(&sessions[..145], now)), ["s135"]);
        assert!(give_way(&sessions[..144], now).is_empty());
    }
}
