//! The one form of all reports: rows that are named by words and filled with numbers.

use serde::{Deserialize, Serialize};

use crate::{calendar::Zone, id::WordError, period::Period, reports::fact::Fact};

/// A report.
#[derive(Clone, PartialEq, Debug)]
pub struct Sheet {
    /// What names a row.
    pub names: &'static [&'static str],
    /// What is counted or measured in it.
    pub measures: &'static [(&'static str, Unit)],
    /// In the order in which they are read.
    pub rows: Vec<Row>,
}

/// A row.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// One for each of the sheet's names.
    pub names: Vec<String>,
    /// One for each of its measures; none where nothing can be said.
    pub values: Vec<Option<f64>>,
}

/// What a measure is told in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "units")]
pub enum Unit {
    Count,
    Percent,
    Hours,
    Days,
}

impl Row {
    /// A row.
    #[must_use]
    pub fn new<const N: usize>(names: [&str; N], values: Vec<Option<f64>>) -> Self {
        Self { names: names.map(ToOwned::to_owned).to_vec(), values }
    }
}

/// A report that counts the requests that were received in a period.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Report {
    /// How long decisions took.
    Turnaround,
    /// How much came in.
    Volumes,
    /// What came of it.
    Outcomes,
    /// What is open now, by age and by when it is due.
    Ageing,
    /// Who did how much.
    Reviewers,
    /// How letters arrived.
    Delivery,
    /// What needs authorization.
    Services,
}

impl Report {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Turnaround,
        Self::Volumes,
        Self::Outcomes,
        Self::Ageing,
        Self::Reviewers,
        Self::Delivery,
        Self::Services,
    ];

    /// Stable name, as in addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Turnaround => "turnaround",
            Self::Volumes => "volumes",
            Self::Outcomes => "outcomes",
            Self::Ageing => "ageing",
            Self::Reviewers => "reviewers",
            Self::Delivery => "delivery",
            Self::Services => "services",
        }
    }

    /// Whether it tells of the payer's own people, and so is for them alone.
    #[must_use]
    pub fn is_inside(self) -> bool {
        self == Self::Reviewers
    }

    /// Whether it is about a period; others tell what is now.
    #[must_use]
    pub fn has_period(self) -> bool {
        !matches!(self, Self::Ageing | Self::Services)
    }
}

impl std::str::FromStr for Report {
    type Err = WordError;
    fn from_str(text: &str) -> Result<Self, WordError> {
        Self::ALL.into_iter().find(|report| report.name() == text).ok_or(WordError("a report"))
    }
}

/// Whether a request was received on one of these days, as the contract's zone has them.
#[must_use]
pub fn received_in(fact: &Fact, period: Period, zone: &Zone) -> bool {
    let day = zone.date_at(fact.received);
    (period.from()..=period.to()).contains(&day)
}
