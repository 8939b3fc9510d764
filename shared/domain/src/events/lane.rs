//! The queues that work waits in, by their names, and who looks after them (OPS-04): Operations, and nobody else sees that there are any.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    caller::{Denied, Reviewer, StaffRole},
    id::WordError,
};

/// A queue with its dead letters; the last two are dead letters alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "infra/queues.yaml has the same names")]
pub enum Lane {
    Review,
    Letters,
    Fax,
    Mail,
    Notices,
    Pins,
    Received,
    Subscriptions,
    Documents,
    ProviderFeeds,
    MemberFeeds,
    ClaimFeeds,
    Events,
    Schedules,
}

impl Lane {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::Review,
        Self::Letters,
        Self::Fax,
        Self::Mail,
        Self::Notices,
        Self::Pins,
        Self::Received,
        Self::Subscriptions,
        Self::Documents,
        Self::ProviderFeeds,
        Self::MemberFeeds,
        Self::ClaimFeeds,
        Self::Events,
        Self::Schedules,
    ];

    /// As on the wire and in the queue's own name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Letters => "letters",
            Self::Fax => "fax",
            Self::Mail => "mail",
            Self::Notices => "notices",
            Self::Pins => "pins",
            Self::Received => "received",
            Self::Subscriptions => "subscriptions",
            Self::Documents => "documents",
            Self::ProviderFeeds => "provider-feeds",
            Self::MemberFeeds => "member-feeds",
            Self::ClaimFeeds => "claim-feeds",
            Self::Events => "events",
            Self::Schedules => "schedules",
        }
    }

    /// Whether it is more than dead letters.
    #[must_use]
    pub fn has_queue(self) -> bool {
        !matches!(self, Self::Events | Self::Schedules)
    }

    /// Whether it may be paused: what a carrier is given, and mail. A PIN is of no use after five minutes, and what comes in or is worked on
    /// here waits for nobody outside.
    #[must_use]
    pub fn may_pause(self) -> bool {
        matches!(self, Self::Fax | Self::Mail | Self::Notices)
    }

    /// The queue of an address, whose last part is `<prefix>-<name>`.
    #[must_use]
    pub fn of_address(url: &str) -> Option<Self> {
        let last = url.rsplit('/').next().unwrap_or_default();
        let named = |lane: &Self| last.strip_suffix(lane.name()).is_some_and(|prefix| prefix.ends_with('-'));
        // Letters that are dead are no letters to write.
        let dead = last.ends_with("-dead-letters");
        Self::ALL.into_iter().filter(|lane| lane.has_queue() && !dead).find(named)
    }
}

impl fmt::Display for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Lane {
    type Err = WordError;
    fn from_str(text: &str) -> Result<Self, WordError> {
        Self::ALL.into_iter().find(|lane| lane.name() == text).ok_or(WordError("a queue"))
    }
}

/// Somebody holds what waits in a queue back.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Pause {
    /// Who: an operator in the portal by their username, one of the operator's program by the ARN of their identity.
    pub by: String,
    /// Since when.
    pub at: Timestamp,
}

/// Whether somebody looks after the queues.
///
/// # Errors
/// Hidden for every other role: for them there are no queues.
pub fn operates(reviewer: &Reviewer) -> Result<(), Denied> {
    match reviewer.role {
        StaffRole::Operations => Ok(()),
        StaffRole::Intake
        | StaffRole::Nurse
        | StaffRole::Physician
        | StaffRole::Support
        | StaffRole::ContractManager => Err(Denied::Hidden),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_is_known_by_its_name_and_by_its_address() {
        for lane in Lane::ALL {
            assert_eq!(lane.name().parse::<Lane>(), Ok(lane));
            assert_eq!(serde_json::to_value(lane).unwrap(), lane.name());
            let url = format!("https://sqs.us-east-1.amazonaws.com/123456789012/my-fax-{lane}");
            assert_eq!(Lane::of_address(&url), lane.has_queue().then_some(lane));
        }
        for other in ["", "1", "https://sqs/1/portico-fax-dead-letters", "https://sqs/1/telefax"] {
            assert_eq!(Lane::of_address(other), None, "{other}");
        }
        assert!("faxes".parse::<Lane>().is_err());
    }

    /// Whoever adds a queue adds it here, or nobody sees what lies in it.
    #[test]
    fn every_queue_of_the_stack_is_there() {
        let source = include_str!("../../../../infra/queues.yaml");
        let queues = source.split_once("\nQueues:\n").map_or("", |(_, queues)| queues);
        let named = |line: &str| line.strip_prefix("  ")?.split_once(": {").map(|(name, _)| name.to_owned());
        let mut stack: Vec<String> =
            queues.lines().take_while(|line| line.starts_with(' ')).filter_map(named).collect();
        let mut ours: Vec<String> = Lane::ALL.iter().filter(|lane| lane.has_queue()).map(ToString::to_string).collect();
        stack.sort();
        ours.sort();
        assert_eq!(stack, ours);
    }

    #[test]
    fn only_what_leaves_the_house_and_can_wait_is_paused() {
        let may: Vec<&str> = Lane::ALL.into_iter().filter(|lane| lane.may_pause()).map(Lane::name).collect();
        assert_eq!(may, ["fax", "mail", "notices"]);
    }

    #[test]
    fn queues_are_there_for_operations_alone() {
        for role in StaffRole::ALL {
            let reviewer = Reviewer {
                username: "pat.lee".parse().unwrap(),
                name: "Pat Lee".to_owned(),
                role,
                credential: String::new(),
                specialty: None,
                license: None,
                lead: false,
                contracts: Vec::new(),
            };
            let expected = if role == StaffRole::Operations { Ok(()) } else { Err(Denied::Hidden) };
            assert_eq!(operates(&reviewer), expected, "{role}");
        }
    }
}
