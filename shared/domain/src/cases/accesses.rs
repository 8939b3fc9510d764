//! Who has viewed a case, as a person reads it (OPS-05): what they did in one of a few words, who of them is named to whom, and what
//! one person did again and again as one row.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Case;
use crate::{
    caller::{Caller, RoleAt, StaffRole},
    id::Username,
    person::Provider,
};

/// Looks of one person that lie no further apart are one row.
const TOGETHER: SignedDuration = SignedDuration::from_mins(15);

/// What somebody did with a case.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deed {
    /// Looked at the case.
    Viewed,
    /// Opened a document of it.
    Document,
    /// Opened a letter of it.
    Letter,
    /// Read its messages.
    Messages,
    /// Looked at who has viewed it.
    Accesses,
    /// Began or changed it, or sent something to it.
    Changed,
    /// Reviewed it: claimed, wrote a worksheet, decided.
    Reviewed,
    /// Was told of a change.
    Told,
    /// Something that has no word of its own yet.
    Other,
}

impl Deed {
    /// What an operation of the record did.
    #[must_use]
    pub fn of(operation: &str) -> Self {
        match operation {
            "get-case" | "copy-case" | "find-duplicates" | "list-colleagues" | "edit-now" => Self::Viewed,
            "get-document" => Self::Document,
            "get-letter" => Self::Letter,
            "list-messages" | "read-messages" => Self::Messages,
            "list-accesses" | "export-accesses" => Self::Accesses,
            "create-case" | "edit-case" | "hand-over" | "upload-document" | "remove-document" | "submit-case"
            | "cancel-case" | "withdraw-request" | "add-information" | "follow-request" | "send-message"
            | "ask-talk" | "ask-hearing" | "open-from-fax" | "file-fax" | "submit-claim" | "submit-attachment" => {
                Self::Changed
            }
            "claim-request" | "assign-request" | "release-request" | "get-worksheet" | "save-worksheet"
            | "preview-letters" | "preview-more-time" | "determine-request" | "pend-request" | "extend-time"
            | "note-talk" | "record-hearing" | "ask-letter" => Self::Reviewed,
            "notify-client" => Self::Told,
            _ => Self::Other,
        }
    }

    /// As a file says it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Viewed => "Looked at the case",
            Self::Document => "Opened a document",
            Self::Letter => "Opened a letter",
            Self::Messages => "Read messages",
            Self::Accesses => "Looked at who has viewed the case",
            Self::Changed => "Changed the case",
            Self::Reviewed => "Reviewed the case",
            Self::Told => "Was told of a change",
            Self::Other => "Worked with the case",
        }
    }
}

/// Which side somebody is of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Party {
    /// A user of a provider group.
    Provider,
    /// A nurse or a physician of the payer.
    ReviewTeam,
    /// Others who work for the payer.
    Agency,
    /// A system of a provider.
    System,
}

impl Party {
    /// That of a member of staff.
    #[must_use]
    pub fn of_staff(role: StaffRole) -> Self {
        match role {
            StaffRole::Nurse | StaffRole::Physician => Self::ReviewTeam,
            StaffRole::Intake | StaffRole::Support | StaffRole::ContractManager | StaffRole::Operations => Self::Agency,
        }
    }

    /// As a file says it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Provider => "Provider",
            Self::ReviewTeam => "Review team",
            Self::Agency => "Agency",
            Self::System => "System of a provider",
        }
    }
}

/// What somebody did, once or several times.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// When last.
    pub at: Timestamp,
    /// When first.
    pub since: Timestamp,
    /// Who.
    pub by: Username,
    /// What.
    pub deed: Deed,
    /// Allowed or refused.
    pub allowed: bool,
    /// From which address.
    pub from: String,
    /// How often.
    pub times: u32,
}

/// What one person did again within a short time, from one address, as one row. Both are newest first.
#[must_use]
pub fn together(newest_first: impl IntoIterator<Item = Row>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for next in newest_first {
        let same = |row: &&mut Row| {
            (&row.by, row.deed, row.allowed, &row.from) == (&next.by, next.deed, next.allowed, &next.from)
                && row.since.duration_since(next.at) <= TOGETHER
        };
        match rows.iter_mut().rfind(same) {
            Some(row) => {
                row.since = next.since;
                row.times += next.times;
            }
            None => rows.push(next),
        }
    }
    rows
}

impl Case {
    /// The provider of the case at which somebody with these parts works.
    #[must_use]
    pub fn office_of(&self, roles: &[RoleAt]) -> Option<&Provider> {
        self.providers()
            .find(|provider| roles.iter().any(|at| at.provider == provider.id || Some(at.group) == provider.group))
    }
}

impl Caller {
    /// Whether somebody who is on record with a case is named to the caller: everybody to staff. To the provider's side its own people
    /// and its systems, but nobody of another office who tried and was refused.
    #[must_use]
    pub fn is_told_who(&self, party: Party, allowed: bool, of_the_case: bool) -> bool {
        match (self, party) {
            (Self::Staff(_), _) => true,
            (Self::Provider { .. }, Party::ReviewTeam | Party::Agency) => false,
            (Self::Provider { .. }, Party::Provider | Party::System) => allowed || of_the_case,
        }
    }

    /// Whether the caller is told from which addresses: whoever leads staff.
    #[must_use]
    pub fn is_told_from_where(&self) -> bool {
        let Self::Staff(staff) = self else { return false };
        match staff.role {
            StaffRole::ContractManager => true,
            StaffRole::Nurse | StaffRole::Physician => staff.lead,
            StaffRole::Intake | StaffRole::Support | StaffRole::Operations => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(at: &str, by: &str, operation: &str) -> Row {
        let at = format!("2026-05-07T{at}:00Z").parse().unwrap();
        let (by, deed) = (by.parse().unwrap(), Deed::of(operation));
        Row { at, since: at, by, deed, allowed: true, from: "192.0.2.1".to_owned(), times: 1 }
    }

    #[test]
    fn what_one_person_does_again_shortly_after_is_one_row() {
        let rows = together([
            row("12:40", "jo.smith", "get-case"),
            row("12:30", "jo.smith", "get-document"),
            row("12:30", "cam.reed", "get-case"),
            row("12:26", "jo.smith", "get-case"),
            row("12:11", "jo.smith", "get-case"),
            row("11:55", "jo.smith", "get-case"),
            Row { allowed: false, ..row("11:55", "jo.smith", "get-case") },
            Row { from: "192.0.2.2".to_owned(), ..row("11:54", "jo.smith", "get-case") },
        ]);
        let seen: Vec<_> = rows.iter().map(|row| (row.by.as_str(), row.deed, row.times)).collect();
        let expected = [
            ("jo.smith", Deed::Viewed, 3),
            ("jo.smith", Deed::Document, 1),
            ("cam.reed", Deed::Viewed, 1),
            ("jo.smith", Deed::Viewed, 1),
            ("jo.smith", Deed::Viewed, 1),
            ("jo.smith", Deed::Viewed, 1),
        ];
        assert_eq!(seen, expected);
        assert_eq!((rows[0].at, rows[0].since), (row("12:40", "jo.smith", "").at, row("12:11", "jo.smith", "").at));
    }

    #[test]
    fn an_operation_without_a_word_is_told_all_the_same() {
        assert_eq!(Deed::of("some-later-operation"), Deed::Other);
        assert_eq!(Deed::of("list-accesses").label(), "Looked at who has viewed the case");
    }
}
