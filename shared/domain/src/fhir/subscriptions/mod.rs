//! What a system subscribed to (HL7 Subscriptions R5 Backport 1.1): it is told by its own server when an answer to one of its
//! requests changes. Every change has a number of the subscription; messages go in their order, one at a time, again until they
//! are taken. One message in the queue tries for all others while the receiver does not take any.

mod endpoint;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

pub use endpoint::{Endpoint, EndpointError};

use super::{Client, Scope};
use crate::{
    cases::Case,
    contact::Line,
    events::news::News,
    id::{CaseKey, ClientId, EventId, RequestNumber, SubscriptionId},
    npi::Npi,
};

/// As many subscriptions a client has: each request is told under all of them.
pub const MOST_SUBSCRIPTIONS: usize = 10;
/// What headers are encrypted for: their key is of no other use.
pub const HEADERS: &str = "subscription-headers";
/// As many tries in a row fail until the status says so; the queue goes on.
const MOST_TRIES: u32 = 5;
/// Minutes after which a message that tries for the others is thought of as lost, and another one tries.
const LOST: i64 = 120;
/// Seconds between two heartbeats: no less than the sweep takes, no more than a day.
pub const HEARTBEATS: std::ops::RangeInclusive<u32> = 600..=86_400;

/// What of an answer a notification has.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Content {
    /// Which one it is.
    IdOnly,
    /// The whole of it.
    FullResource,
}

impl Content {
    /// Its name in the guide.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::IdOnly => "id-only",
            Self::FullResource => "full-resource",
        }
    }
}

/// What was asked for.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Wanted {
    /// Why, in the sender's words.
    pub reason: Line,
    /// Where notifications go.
    pub endpoint: Endpoint,
    /// What they have.
    pub content: Content,
    /// Of whose requests: NPIs of the client.
    pub providers: Vec<Npi>,
    /// How many seconds there may be silence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heartbeat: Option<u32>,
    /// When it ends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<Timestamp>,
}

/// A subscription.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Subscription {
    /// Its id.
    pub id: SubscriptionId,
    /// Whose it is.
    pub client: ClientId,
    /// Grows by one with every change.
    pub version: u64,
    /// What was asked for.
    pub wanted: Wanted,
    /// The headers that go with each message, encrypted: one of them lets us in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed: Option<String>,
    /// When it was made.
    pub made: Timestamp,
    /// When it was turned off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub off: Option<Timestamp>,
    /// When its receiver took the handshake.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub greeted: Option<Timestamp>,
    /// As many changes have a number.
    pub events: u64,
    /// All up to this one are done with.
    pub delivered: u64,
    /// When the receiver took something last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Timestamp>,
    /// Since when nothing reaches it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failing: Option<Failing>,
    /// Who is at it, until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub busy: Option<Busy>,
    /// When to look whether something is to be sent: in the index `work`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
}

/// A receiver that nothing reaches: it takes nothing, or nothing can be made for it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Failing {
    /// How often in a row.
    pub tries: u32,
    /// The last time.
    pub last: Timestamp,
    /// The message that tries again, for all others.
    pub message: EventId,
}

/// Who sends.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Busy {
    /// By which message.
    pub message: EventId,
    /// Until when, if it dies.
    pub until: Timestamp,
}

/// Where it stands, in FHIR's words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    /// The receiver has not taken the handshake yet.
    Requested,
    /// It is notified.
    Active,
    /// Nothing reaches the receiver; it is tried further.
    Error,
    /// It is over.
    Off,
}

impl Status {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Active => "active",
            Self::Error => "error",
            Self::Off => "off",
        }
    }
}

/// An answer that changed, under its number.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Notification {
    /// Its number.
    pub number: u64,
    /// When it changed.
    pub at: Timestamp,
    /// Of which request.
    pub case: CaseKey,
    /// Which of the case's.
    pub request: RequestNumber,
}

/// Why a message sends nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoTurn {
    /// It is off, or nothing is to be sent.
    Nothing,
    /// Another message sends at this moment: this one comes again.
    Busy,
    /// Another one tries again for all.
    Another,
}

/// What is sent next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Next {
    /// That we are here.
    Handshake,
    /// A change, by its number.
    Event(u64),
    /// That we are still here.
    Heartbeat,
}

/// Now, and how long a minute of waiting lasts.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Moment {
    pub now: Timestamp,
    pub minute_seconds: u32,
}

impl Moment {
    fn in_minutes(self, from: Timestamp, minutes: i64) -> Timestamp {
        self.in_seconds(from, minutes.saturating_mul(60))
    }

    fn in_seconds(self, from: Timestamp, seconds: i64) -> Timestamp {
        let seconds = seconds.saturating_mul(self.minute_seconds.into()) / 60;
        from.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
    }
}

impl Subscription {
    /// A new one, whose handshake is due.
    #[must_use]
    pub fn new(id: SubscriptionId, client: ClientId, wanted: Wanted, sealed: Option<String>, moment: Moment) -> Self {
        let (version, made) = (1, moment.now);
        let made = Self {
            id,
            client,
            version,
            wanted,
            sealed,
            made,
            off: None,
            greeted: None,
            events: 0,
            delivered: 0,
            last: None,
            failing: None,
            busy: None,
            due: None,
        };
        made.timed(moment)
    }

    /// The same with what it is asked to be now: the receiver is greeted anew. What has a number keeps it.
    #[must_use]
    pub fn replaced(&self, wanted: Wanted, sealed: Option<String>, moment: Moment) -> Self {
        let after = Self { wanted, sealed, off: None, greeted: None, failing: None, ..self.changed() };
        after.timed(moment)
    }

    /// Turned off.
    #[must_use]
    pub fn turned_off(&self, moment: Moment) -> Self {
        Self { off: Some(moment.now), busy: None, ..self.changed() }.timed(moment)
    }

    /// Where it stands.
    #[must_use]
    pub fn status(&self, now: Timestamp) -> Status {
        let ended = self.off.is_some() || self.wanted.end.is_some_and(|end| end <= now);
        let fails = self.failing.as_ref().is_some_and(|failing| failing.tries >= MOST_TRIES);
        match (ended, fails, self.greeted) {
            (true, _, _) => Status::Off,
            (_, true, _) => Status::Error,
            (_, _, None) => Status::Requested,
            (_, _, Some(_)) => Status::Active,
        }
    }

    /// Whether a change of an answer is told under it, as its client is now.
    #[must_use]
    pub fn wants(&self, client: &Client, case: &Case) -> bool {
        let own = case.submission.as_ref().is_some_and(|submission| submission.by == client.id.into());
        own && client.scopes.contains(&Scope::Subscribe) && client.sees(case, &self.wanted.providers)
    }

    /// With a number for one more change.
    #[must_use]
    pub fn counted(&self, moment: Moment) -> Self {
        Self { events: self.events + 1, ..self.changed() }.timed(moment)
    }

    /// What is to be sent next.
    #[must_use]
    pub fn next(&self, moment: Moment) -> Option<Next> {
        if self.status(moment.now) == Status::Off {
            return None;
        }
        if self.greeted.is_none() {
            return Some(Next::Handshake);
        }
        if self.delivered < self.events {
            return Some(Next::Event(self.delivered + 1));
        }
        // A sweep comes five minutes before its time. One that was not taken is tried further.
        let silent = self.beat(moment).is_some_and(|beat| beat <= moment.in_minutes(moment.now, 6));
        silent.then_some(Next::Heartbeat)
    }

    /// With the right to send until `until`.
    ///
    /// # Errors
    /// When this message sends nothing now.
    pub fn taken(&self, message: EventId, until: Timestamp, moment: Moment) -> Result<Self, NoTurn> {
        if self.next(moment).is_none() {
            return Err(NoTurn::Nothing);
        }
        if self.busy.as_ref().is_some_and(|busy| busy.until > moment.now) {
            return Err(NoTurn::Busy);
        }
        let waits =
            |failing: &Failing| failing.message != message && moment.now < moment.in_minutes(failing.last, LOST);
        if self.failing.as_ref().is_some_and(waits) {
            return Err(NoTurn::Another);
        }
        Ok(Self { busy: Some(Busy { message, until }), ..self.changed() }.timed(moment))
    }

    /// The receiver took a message, or it is not to be sent any more.
    #[must_use]
    pub fn sent(&self, what: Next, taken: bool, moment: Moment) -> Self {
        let mut after = self.changed();
        if taken {
            (after.last, after.failing) = (Some(moment.now), None);
        }
        match what {
            Next::Handshake => after.greeted = Some(moment.now),
            Next::Event(number) => after.delivered = after.delivered.max(number),
            Next::Heartbeat => {}
        }
        after.timed(moment)
    }

    /// A message is done, for now: `begun` is as it stood when that began to send. What was asked for meanwhile has not failed.
    #[must_use]
    pub fn done(&self, message: EventId, begun: &Self, failed: bool, moment: Moment) -> Self {
        let mine = self.busy.as_ref().is_some_and(|busy| busy.message == message);
        if failed && mine && self.is_still(begun) {
            self.failed(message, moment)
        } else {
            self.released(message, moment)
        }
    }

    /// Whether the same is asked for as then.
    #[must_use]
    pub fn is_still(&self, then: &Self) -> bool {
        self.wanted == then.wanted && self.sealed == then.sealed && self.off == then.off
    }

    /// Out of the index where it stands there though nothing is to be sent, so that it is not woken for ever.
    #[must_use]
    pub fn idle(&self, moment: Moment) -> Option<Self> {
        let after = Self { failing: None, ..self.changed() }.timed(moment);
        let moved = after.due != self.due || self.failing.is_some();
        (self.next(moment).is_none() && moved).then_some(after)
    }

    /// What was sent failed, and comes again.
    fn failed(&self, message: EventId, moment: Moment) -> Self {
        let tries = self.failing.as_ref().map_or(0, |failing| failing.tries).saturating_add(1);
        let failing = Some(Failing { tries, last: moment.now, message });
        Self { failing, busy: None, ..self.changed() }.timed(moment)
    }

    /// The message sends no more. Where nothing is left, nobody tries again.
    fn released(&self, message: EventId, moment: Moment) -> Self {
        let after = self.changed();
        let busy = after.busy.clone().filter(|busy| busy.message != message);
        let left = self.next(moment).is_some();
        let failing = after.failing.clone().filter(|failing| left || failing.message != message);
        Self { failing, busy, ..after }.timed(moment)
    }

    fn changed(&self) -> Self {
        Self { version: self.version + 1, ..self.clone() }
    }

    /// When a heartbeat is due.
    fn beat(&self, moment: Moment) -> Option<Timestamp> {
        Some(moment.in_seconds(self.last?, self.wanted.heartbeat?.into()))
    }

    fn timed(self, moment: Moment) -> Self {
        let off = self.status(moment.now) == Status::Off;
        let waits = self.greeted.is_none() || self.delivered < self.events || self.failing.is_some();
        // A message in the queue does this; if it is lost, the sweep sends another one.
        let lost = waits.then(|| moment.in_minutes(moment.now, LOST));
        let beat = self.beat(moment).filter(|_| self.failing.is_none());
        let first = [lost, beat].into_iter().flatten().min().filter(|_| !off);
        let due = first.map(|due| self.wanted.end.map_or(due, |end| due.min(end)));
        Self { due, ..self }
    }
}

/// Whether news of a request says that its answer changed.
#[must_use]
pub fn changes_the_answer(news: News) -> bool {
    match news {
        News::Determined
        | News::Corrected
        | News::Voided
        | News::InformationRequested
        | News::Withdrawn
        | News::Returned => true,
        News::CoverageAwaited
        | News::LetterReady
        | News::FaxGivenUp
        | News::MailRefused
        | News::FaxFiled
        | News::Hearing
        | News::Message
        | News::DeadlineNear
        | News::TimeExtended
        | News::TimeOver
        | News::DraftYours
        | News::DraftEndNear
        | News::DraftEnded
        | News::DraftToCorrect => false,
    }
}

#[cfg(test)]
mod tests;
