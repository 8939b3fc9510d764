//! Messages between the provider and the payer's review team (ACT-09). Only a cancelled draft takes none: what is decided is
//! what people write about most.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    cases::{
        Case, Change,
        determination::{DecidedBy, Determination},
        request::Request,
        unread::Unread,
    },
    events::{EventKind, news::News},
    field::FieldErrors,
    glyphs::clean,
    id::{EventId, RequestNumber, Username},
    status::Side,
    wrong::Wrong,
};

/// As long is a message.
pub const LONGEST_MESSAGE: usize = 4000;

/// A message on a case.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Sorts by time.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Username,
    /// Of which side.
    pub from: Side,
    /// What was written.
    pub text: String,
}

/// Why no message was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// The draft was given up.
    #[error("This case was cancelled before it was submitted; no message can be sent about it any more.")]
    Cancelled,
}

/// The text of a message as it is kept.
///
/// # Errors
/// When it has no length, is too long, or has characters that cannot be printed.
pub fn text(errors: &mut FieldErrors, pointer: &str, typed: &str) -> Option<String> {
    let typed = typed.trim();
    if !(1..=LONGEST_MESSAGE).contains(&typed.chars().count()) {
        let text = "A message has 1 to 4,000 characters.";
        errors.add(pointer, Wrong::length(typed, LONGEST_MESSAGE).says(text));
        return None;
    }
    errors.keep(pointer, clean(typed)).map(|text| text.trim().to_owned())
}

impl Case {
    /// The case with a message on it.
    ///
    /// # Errors
    /// When the draft was cancelled.
    pub fn message(mut self, message: &Message) -> Result<Change, MessageError> {
        if self.is_cancelled() {
            return Err(MessageError::Cancelled);
        }
        self.unread = match (message.from, self.unread) {
            // Something may have been written since a reviewer looked: what is unread is so until somebody says that they read it.
            (Side::Staff, before) => before,
            (Side::Provider, before) => {
                Some(Unread { since: before.map_or(message.at, |unread| unread.since), last: message.id })
            }
        };
        let sent = EventKind::MessageSent { from: message.from, request: self.latest() };
        Ok(self.written(message.at, sent))
    }

    /// The case when a reviewer has read the provider's messages up to this one; `None` where that changes nothing, for a
    /// later one is unread still.
    #[must_use]
    pub fn messages_read(mut self, up_to: EventId, at: Timestamp) -> Option<Change> {
        self.unread.filter(|unread| unread.last <= up_to)?;
        self.unread = None;
        Some(self.written(at, EventKind::MessagesRead))
    }

    /// Who of the review team is told of news on a request: whoever has a request of the case; of its deadline whoever has that one.
    #[must_use]
    pub fn holders(&self, number: RequestNumber, news: News) -> Vec<Username> {
        let mut holders: Vec<Username> = Vec::new();
        let told =
            |request: &&Request| !matches!(news, News::DeadlineNear | News::TimeOver) || request.number == number;
        for claim in self.requests.iter().filter(told).filter_map(|request| request.queue()?.1) {
            if !holders.contains(&claim.by) {
                holders.push(claim.by.clone());
            }
        }
        holders
    }

    /// Who of the review team made what the letters of a request tell: whoever decided it, asked for information, extended its time, or closed it.
    #[must_use]
    pub fn made_by(&self, number: RequestNumber, determinations: &[Determination]) -> Vec<Username> {
        let Some(request) = self.request(number) else { return Vec::new() };
        let decided = determinations.iter().filter(|made| made.request == number).filter_map(|made| match &made.by {
            DecidedBy::Reviewer { username, .. } => Some(username),
            DecidedBy::Rule { .. } | DecidedBy::Lapse => None,
        });
        let asked = request.pends.iter().map(|pend| &pend.by);
        let extended = request.more_time.iter().map(|more| &more.by);
        let closed = request.voided().map(|voided| &voided.by);
        let mut names: Vec<_> = decided.chain(asked).chain(extended).chain(closed).cloned().collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The number of its latest request.
    #[must_use]
    pub fn latest(&self) -> RequestNumber {
        self.requests.last().map_or(RequestNumber::FIRST, |request| request.number)
    }

    fn written(mut self, at: Timestamp, event: EventKind) -> Change {
        self.touch(at);
        Change { case: self, events: vec![event], determination: None }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::tests::{at, draft, submitted};

    fn message(n: u128, from: Side) -> Message {
        let (id, by) = (EventId::new(Uuid::from_u128(n)), "bea".parse().unwrap());
        Message { id, at: at(), by, from, text: "When will it be decided?".into() }
    }

    #[test]
    fn a_message_of_the_provider_is_unread_until_a_reviewer_reads_the_last_one() {
        let Change { case, events, .. } = submitted().message(&message(1, Side::Provider)).unwrap();
        assert_eq!(events, [EventKind::MessageSent { from: Side::Provider, request: RequestNumber::FIRST }]);
        let case = case.message(&message(2, Side::Provider)).unwrap().case;
        assert_eq!(case.unread, Some(Unread { since: at(), last: message(2, Side::Provider).id }));
        assert_eq!(case.clone().messages_read(message(1, Side::Provider).id, at()), None, "a later one is unread");
        let read = case.clone().messages_read(message(2, Side::Provider).id, at()).unwrap();
        assert_eq!((read.case.unread, read.case.version), (None, case.version + 1));
        assert_eq!(read.case.messages_read(message(2, Side::Provider).id, at()), None, "it is read once");
        let unread = case.unread;
        assert_eq!(case.message(&message(3, Side::Staff)).unwrap().case.unread, unread, "an answer may cross it");
    }

    #[test]
    fn only_a_cancelled_draft_takes_no_message() {
        let sent = draft().message(&message(1, Side::Provider)).unwrap().case;
        assert!(sent.is_draft());
        let cancelled = sent.cancel(at(), "bea".parse().unwrap()).unwrap().unwrap().case;
        assert_eq!(cancelled.message(&message(2, Side::Provider)), Err(MessageError::Cancelled));
    }

    #[test]
    fn a_text_is_bounded_and_its_characters_are_checked() {
        let read = |typed: &str| {
            let mut errors = FieldErrors::none();
            let text = text(&mut errors, "/text", typed);
            (text, errors.as_slice().len())
        };
        assert_eq!(read(" Three visits\r\na week. "), (Some("Three visits\na week.".into()), 0));
        for typed in [" ", &"n".repeat(LONGEST_MESSAGE + 1), "\u{1F600}"] {
            assert_eq!(read(typed), (None, 1), "{typed:.10}");
        }
    }
}
