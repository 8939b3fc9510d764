//! News on a case: what people are told of, in the portal and by mail (ACT-09).

use jiff::{Timestamp, ToSpan, civil::Date};
use serde::{Deserialize, Serialize};

use crate::id::{CaseId, CaseKey, ContractId, EventId, RequestNumber};

/// What is new; never what was decided (OPS-06). That a request moves between the worklists of the review team is no news.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum News {
    /// A determination is in the portal.
    Determined,
    /// A determination was corrected: the new one is in the portal.
    Corrected,
    /// A fax could not be delivered and goes by mail.
    FaxGivenUp,
    /// The mail carrier did not take a letter: it has to be repaired.
    MailRefused,
    /// A reviewer asked for information.
    InformationRequested,
    /// A request was taken back.
    Withdrawn,
    /// A request waits for the plan's file to cover the member.
    CoverageAwaited,
    /// A request was closed without a decision.
    Voided,
    /// A request is back from its wait for information.
    Returned,
    /// A letter can be read.
    LetterReady,
    /// The time to answer, or to decide, is nearly over.
    DeadlineNear,
    /// The time for the decision was extended.
    TimeExtended,
    /// The time for the decision was over: to those who lead, and to whoever has it.
    TimeOver,
    /// A fair hearing is scheduled, or over.
    Hearing,
    /// The other side wrote a message.
    Message,
    /// A fax of the provider's was filed to the case.
    FaxFiled,
    /// Somebody was given a draft.
    DraftYours,
    /// A draft that nobody goes on with will end.
    DraftEndNear,
    /// It ended.
    DraftEnded,
    /// New rules leave something of a draft to correct.
    DraftToCorrect,
}

impl News {
    /// Whether it is about a draft, and for whoever has it alone.
    #[must_use]
    pub fn is_of_a_draft(self) -> bool {
        matches!(self, Self::DraftYours | Self::DraftEndNear | Self::DraftEnded | Self::DraftToCorrect)
    }
}

/// News on a case for one person, by the event that made it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Alert {
    /// The event; it sorts by time.
    pub event: EventId,
    /// When.
    pub at: Timestamp,
    /// The case.
    pub case: CaseKey,
    /// Its number; a draft has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_id: Option<CaseId>,
    /// The contract, in whose zone times are told.
    pub contract: ContractId,
    /// The request.
    pub request: RequestNumber,
    /// What is new.
    pub news: News,
    /// For a deadline: the day, in the contract's zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
    /// When its reader has read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<Timestamp>,
}

/// Up to which news a person has read all. What they were told of later they have not read, however old it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReadMark {
    /// The newest of those.
    pub up_to: EventId,
    /// When they had read them.
    pub at: Timestamp,
}

impl Alert {
    /// Until when it is kept: what is older is read on the case.
    #[must_use]
    pub fn kept_until(&self) -> Timestamp {
        self.at.checked_add((90 * 24).hours()).unwrap_or(self.at)
    }

    /// Whether its reader has read it, by itself or with all up to a mark.
    #[must_use]
    pub fn is_read(&self, mark: Option<ReadMark>) -> bool {
        self.read.is_some() || mark.is_some_and(|mark| self.event <= mark.up_to && self.at <= mark.at)
    }
}
