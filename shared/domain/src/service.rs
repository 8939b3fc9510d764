//! What is asked for, in words that contracts, cases and reviews share.

use serde::{Deserialize, Serialize};

use crate::{
    code::{Modifier, ProcedureCode},
    period::{Days, Period, Units},
};

/// A service asked for (CASE-14): a quantity of units of a code within a duration of days.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// Procedure code.
    pub code: ProcedureCode,
    /// At most four.
    pub modifiers: Vec<Modifier>,
    /// First and last day.
    pub period: Period,
    /// Requested duration in days.
    pub duration: Days,
    /// Requested quantity in units.
    pub quantity: Units,
    /// How the units spread, if stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frequency: Option<Frequency>,
}

impl Line {
    /// The units that it comes to: those asked for, or what its frequency makes within its days, whichever is more.
    #[must_use]
    pub fn units_in_all(&self) -> u64 {
        let by_frequency = self.frequency.map_or(0, |frequency| {
            let days = match frequency.per {
                Per::Day => 1,
                Per::Week => 7,
                Per::Month => 31,
            };
            u64::from(u32::from(frequency.units)) * u64::from(self.period.days().div_ceil(days))
        });
        by_frequency.max(u64::from(u32::from(self.quantity)))
    }
}

/// So many units per day, week or month.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Frequency {
    /// How many units.
    pub units: Units,
    /// In what time.
    pub per: Per,
}

/// The time over which a frequency counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "units of time")]
pub enum Per {
    Day,
    Week,
    Month,
}

/// Why a request is made (CASE-13, ACT-02, ACT-03, ACT-05).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReviewKind {
    /// Prior authorization, asked before the service.
    Initial,
    /// During a stay or a course of services.
    Concurrent,
    /// After the service.
    Retrospective,
    /// The next period of a service authorized before.
    Renewal,
    /// A second look at an adverse determination.
    Reconsideration,
    /// An appeal.
    Appeal,
    /// A change of what is authorized (ACT-03).
    Revision,
    /// A later last day of what is authorized, under the same number (ACT-05).
    Extension,
}

impl ReviewKind {
    /// What a new case may ask for; the others are asked for on a decided request.
    pub const OF_A_NEW_CASE: [Self; 4] = [Self::Initial, Self::Concurrent, Self::Retrospective, Self::Renewal];

    /// What may follow a decision, where the contract offers it.
    pub const AFTER_A_DECISION: [Self; 4] = [Self::Reconsideration, Self::Appeal, Self::Extension, Self::Revision];

    /// Whether a decision is looked at again: by somebody who had no part in it (42 CFR 438.406(b)(2)), and by no rule.
    #[must_use]
    pub fn is_another_look(self) -> bool {
        match self {
            Self::Reconsideration | Self::Appeal => true,
            Self::Initial
            | Self::Concurrent
            | Self::Retrospective
            | Self::Renewal
            | Self::Revision
            | Self::Extension => false,
        }
    }
}

impl std::fmt::Display for ReviewKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Initial => "initial authorization",
            Self::Concurrent => "concurrent review",
            Self::Retrospective => "retrospective review",
            Self::Renewal => "renewal",
            Self::Reconsideration => "reconsideration",
            Self::Appeal => "appeal",
            Self::Revision => "revision",
            Self::Extension => "extension",
        })
    }
}

/// Where the service is given (CASE-02).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Setting {
    /// With a bed.
    Inpatient,
    /// Without.
    Outpatient,
}

/// Whether an admission was planned (REV-07).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Admission {
    /// Planned.
    Elective,
    /// Not planned.
    Emergent,
}

/// How fast an answer is needed (REV-08).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Urgency {
    /// The usual way.
    #[default]
    Standard,
    /// Waiting could seriously harm the member (42 CFR 438.210(d)(2)).
    Expedited,
}
