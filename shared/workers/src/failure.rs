//! Why a message was not done. Each text reaches the log, so none holds PHI (OPS-06).

use portico_aws::{files::FileError, mail::MailError, queues::QueueError, secrets::SecretError, table};

/// Whether a message that failed may be done later.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Chance {
    /// Never as it is: a person has to look at it.
    None,
    /// Hardly: unless it only came too early.
    Doubtful,
    /// Somebody is away, or there was too much at a time.
    Good,
}

/// Why a message was not done.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the texts say it")]
pub enum Failure {
    #[error("the body cannot be read: {0:?} error in line {line}, column {column}", line = .1, column = .2)]
    Poison(serde_json::error::Category, usize, usize),
    #[error("{0} accounts could not be looked at")]
    Unswept(usize),
    #[error("{0} faxes or requests could not be looked at")]
    Unlooked(usize),
    #[error("a queue did not take {0} messages")]
    Unsent(usize),
    #[error("the record has no event")]
    NoEvent,
    #[error("this task belongs to another queue")]
    WrongQueue,
    #[error("there is no such {0}")]
    Missing(&'static str),
    #[error(transparent)]
    Table(#[from] table::Error),
    #[error(transparent)]
    Secret(#[from] SecretError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Queue(#[from] QueueError),
    #[error(transparent)]
    Mail(#[from] MailError),
    #[error("the machine has no randomness")]
    Randomness,
    #[error("the carrier refused it with status {0}")]
    Refused(u16),
    #[error("the carrier did not take it: {0}")]
    Carrier(String),
    #[error("another function is at this file")]
    UnderWay,
    #[error("the receiver did not take it: {0}")]
    Receiver(String),
    #[error("the headers of the subscription cannot be opened")]
    Sealed,
    #[error("another message is sent under this subscription")]
    Sending,
    #[error("nobody is called at this hour")]
    AfterHours,
    #[error("others changed the same thing too often at the same time")]
    Contended,
}

impl Failure {
    /// A body that is no message. What serde says may quote the body, so only the place is told.
    #[must_use]
    pub fn poison(error: &serde_json::Error) -> Self {
        Self::Poison(error.classify(), error.line(), error.column())
    }

    /// Whether it may be done later.
    #[must_use]
    pub fn chance(&self) -> Chance {
        match self {
            Self::Poison(..)
            | Self::NoEvent
            | Self::WrongQueue
            | Self::Refused(_)
            | Self::Table(table::Error::TooLarge(_)) => Chance::None,
            // A contract may be applied, a function be released that reads a newer item.
            Self::Mail(error) if error.is_refusal() => Chance::Doubtful,
            Self::Missing(_) | Self::Table(table::Error::Corrupt(..) | table::Error::Refused(_)) => Chance::Doubtful,
            Self::Unswept(_)
            | Self::Unlooked(_)
            | Self::Unsent(_)
            | Self::Table(
                table::Error::Throttled
                | table::Error::Busy
                | table::Error::Unanswered(_)
                | table::Error::Unavailable(_),
            )
            | Self::Secret(_)
            | Self::File(_)
            | Self::Queue(_)
            | Self::Mail(_)
            | Self::Randomness
            | Self::Carrier(_)
            | Self::UnderWay
            | Self::Receiver(_)
            | Self::Sealed
            | Self::Sending
            | Self::AfterHours
            | Self::Contended => Chance::Good,
        }
    }

    /// The whole chain of causes, but not what a reader of stored items says: it may quote them.
    #[must_use]
    pub fn reason(&self) -> String {
        let mut reason = self.to_string();
        if matches!(self, Self::Table(table::Error::Corrupt(..))) {
            return reason;
        }
        let mut source = std::error::Error::source(self);
        while let Some(cause) = source {
            reason.push_str(": ");
            reason.push_str(&cause.to_string());
            source = cause.source();
        }
        reason
    }
}

/// What is there, or a failure that names what is not.
pub(crate) fn found<T>(thing: Option<T>, what: &'static str) -> Result<T, Failure> {
    thing.ok_or(Failure::Missing(what))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// REQ: OPS-06
    #[test]
    fn a_reason_never_quotes_what_could_not_be_read() {
        let error = serde_json::from_str::<u32>("\"Ada Sample\"").unwrap_err();
        assert!(error.to_string().contains("Ada Sample"));
        assert_eq!(Failure::poison(&error).reason(), "the body cannot be read: Data error in line 1, column 12");
        let corrupt = table::Error::Corrupt("case", "unknown gender `Ada Sample`".into());
        assert_eq!(Failure::from(corrupt).reason(), "the stored case cannot be read");
    }

    #[test]
    fn a_reason_tells_the_whole_chain() {
        let cause = table::Error::Unavailable("connection reset".into());
        assert_eq!(Failure::from(cause).reason(), "the table is not available: connection reset");
    }
}
