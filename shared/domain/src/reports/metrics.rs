//! The yearly metrics of prior authorization that a payer publishes (CMS-0057-F; 42 CFR 438.210(f), 440.230(e)(3)).
//!
//! Counted are the requests that were received in the calendar year, in the contract's zone, for items and services before
//! or while they are given; not drugs, not retrospective reviews, and no second looks, which belong to the request that they
//! look at. A request counts by its first decision, as far as it was made before the end of February of the next year:
//! what is published by 31 March stays what it is.

use jiff::{Timestamp, civil::Date};

use super::{
    fact::{Fact, Made},
    numbers::{Times, count, share},
    services::services,
    sheet::{Row, Sheet, Unit, received_in},
};
use crate::{
    calendar::Zone,
    contracts::Contract,
    id::WordError,
    period::Period,
    service::{ReviewKind, Urgency},
    status::Outcome,
};

/// A calendar year of a contract.
#[derive(Clone, PartialEq, Debug)]
pub struct Year {
    /// Its days.
    pub days: Period,
    /// What happened from then on is not counted.
    cut_off: Timestamp,
    zone: Zone,
}

/// The first year that can be asked for: no request is older.
pub const FIRST_YEAR: i16 = 2020;

impl Year {
    /// A year in a zone; none that a calendar does not have.
    #[must_use]
    pub fn new(year: i16, zone: &Zone) -> Option<Self> {
        let days = Period::new(Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?).ok()?;
        let march = Date::new(year.checked_add(1)?, 3, 1).ok()?.at(0, 0, 0, 0);
        let cut_off = zone.rules().to_ambiguous_timestamp(march).earlier().ok()?;
        Some(Self { days, cut_off, zone: zone.clone() })
    }

    /// Whether a request is one of those that are counted.
    #[must_use]
    pub fn counts(&self, fact: &Fact) -> bool {
        let kind = match fact.review {
            ReviewKind::Initial
            | ReviewKind::Concurrent
            | ReviewKind::Renewal
            | ReviewKind::Revision
            | ReviewKind::Extension => true,
            ReviewKind::Retrospective | ReviewKind::Reconsideration | ReviewKind::Appeal => false,
        };
        kind && !fact.drugs && received_in(fact, self.days, &self.zone)
    }

    fn decided<'a>(&self, fact: &'a Fact) -> Option<&'a Made> {
        fact.first().filter(|made| made.at < self.cut_off)
    }

    fn is(&self, fact: &Fact, wanted: &[Outcome]) -> bool {
        self.decided(fact).is_some_and(|made| wanted.contains(&made.outcome))
    }

    fn is_withdrawn(&self, fact: &Fact) -> bool {
        self.decided(fact).is_none() && fact.withdrawn.is_some_and(|at| at < self.cut_off)
    }

    /// Neither decided nor taken back, nor closed because the member is not eligible.
    fn is_open(&self, fact: &Fact) -> bool {
        let closed = fact.voided.is_some_and(|at| at < self.cut_off);
        self.decided(fact).is_none() && !self.is_withdrawn(fact) && !closed
    }
}

/// A figure that has requests behind it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the words of the rule")]
pub enum Figure {
    StandardApproved,
    StandardDenied,
    StandardApprovedAfterAppeal,
    ApprovedAfterExtension,
    ExpeditedApproved,
    ExpeditedDenied,
    StandardTime,
    ExpeditedTime,
    StandardWithdrawn,
    StandardOpen,
    ExpeditedWithdrawn,
    ExpeditedOpen,
}

/// Which of the requests behind a figure.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Part {
    /// Those that it is about.
    #[default]
    Numerator,
    /// Those that it is a share of.
    Denominator,
}

impl Part {
    /// Its stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Numerator => "numerator",
            Self::Denominator => "denominator",
        }
    }
}

impl std::str::FromStr for Part {
    type Err = WordError;
    fn from_str(text: &str) -> Result<Self, WordError> {
        match text {
            "numerator" => Ok(Self::Numerator),
            "denominator" => Ok(Self::Denominator),
            _ => Err(WordError("numerator or denominator")),
        }
    }
}

impl std::str::FromStr for Figure {
    type Err = WordError;
    fn from_str(text: &str) -> Result<Self, WordError> {
        Self::ALL.into_iter().find(|figure| figure.name() == text).ok_or(WordError("a figure"))
    }
}

impl Figure {
    /// In the order in which they are published; what is neither decided nor denied follows, so that the counts add up.
    pub const ALL: [Self; 12] = [
        Self::StandardApproved,
        Self::StandardDenied,
        Self::StandardApprovedAfterAppeal,
        Self::ApprovedAfterExtension,
        Self::ExpeditedApproved,
        Self::ExpeditedDenied,
        Self::StandardTime,
        Self::ExpeditedTime,
        Self::StandardWithdrawn,
        Self::StandardOpen,
        Self::ExpeditedWithdrawn,
        Self::ExpeditedOpen,
    ];

    /// Stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::StandardApproved => "standard-approved",
            Self::StandardDenied => "standard-denied",
            Self::StandardApprovedAfterAppeal => "standard-approved-after-appeal",
            Self::ApprovedAfterExtension => "approved-after-extension",
            Self::ExpeditedApproved => "expedited-approved",
            Self::ExpeditedDenied => "expedited-denied",
            Self::StandardTime => "standard-time",
            Self::ExpeditedTime => "expedited-time",
            Self::StandardWithdrawn => "standard-withdrawn",
            Self::StandardOpen => "standard-open",
            Self::ExpeditedWithdrawn => "expedited-withdrawn",
            Self::ExpeditedOpen => "expedited-open",
        }
    }

    /// Of which urgency; none of both.
    fn urgency(self) -> Option<Urgency> {
        match self {
            Self::StandardApproved
            | Self::StandardDenied
            | Self::StandardApprovedAfterAppeal
            | Self::StandardTime
            | Self::StandardWithdrawn
            | Self::StandardOpen => Some(Urgency::Standard),
            Self::ExpeditedApproved
            | Self::ExpeditedDenied
            | Self::ExpeditedTime
            | Self::ExpeditedWithdrawn
            | Self::ExpeditedOpen => Some(Urgency::Expedited),
            Self::ApprovedAfterExtension => None,
        }
    }

    /// Whether a request is behind it.
    #[must_use]
    pub fn has(self, part: Part, fact: &Fact, year: &Year) -> bool {
        let received = year.counts(fact) && self.urgency().is_none_or(|urgency| urgency == fact.urgency);
        let about = || match self {
            Self::StandardApproved | Self::ExpeditedApproved => year.is(fact, &[Outcome::Approved]),
            // Denied in part is an adverse decision too.
            Self::StandardDenied | Self::ExpeditedDenied => year.is(fact, &[Outcome::Denied, Outcome::Modified]),
            Self::StandardApprovedAfterAppeal => {
                year.is(fact, &[Outcome::Denied, Outcome::Modified])
                    && fact.overturned.is_some_and(|at| at < year.cut_off)
            }
            Self::ApprovedAfterExtension => fact.extended && year.is(fact, &[Outcome::Approved]),
            Self::StandardTime | Self::ExpeditedTime => year.decided(fact).is_some(),
            Self::StandardWithdrawn | Self::ExpeditedWithdrawn => year.is_withdrawn(fact),
            Self::StandardOpen | Self::ExpeditedOpen => year.is_open(fact),
        };
        received && (part == Part::Denominator || about())
    }

    fn values(self, facts: &[Fact], year: &Year) -> Vec<Option<f64>> {
        let of = |part: Part| facts.iter().filter(move |fact| self.has(part, fact, year));
        let (part, whole) = (count(of(Part::Numerator)), count(of(Part::Denominator)));
        let times = || Times::of(of(Part::Numerator).filter_map(Fact::took));
        let [mean_days, median_days, mean_hours, median_hours] = match self {
            Self::StandardTime => {
                let times = times().in_days();
                [times.mean(), times.median(), None, None]
            }
            Self::ExpeditedTime => {
                let times = times();
                [None, None, times.mean(), times.median()]
            }
            Self::StandardApproved
            | Self::StandardDenied
            | Self::StandardApprovedAfterAppeal
            | Self::ApprovedAfterExtension
            | Self::ExpeditedApproved
            | Self::ExpeditedDenied
            | Self::StandardWithdrawn
            | Self::StandardOpen
            | Self::ExpeditedWithdrawn
            | Self::ExpeditedOpen => [None; 4],
        };
        vec![part, whole, share(part, whole), mean_days, median_days, mean_hours, median_hours]
    }
}

/// All figures of a year, the list of services first.
#[must_use]
pub fn metrics(facts: &[Fact], year: &Year, contract: &Contract) -> Sheet {
    let listed = count(services(contract).rows.iter());
    let mut rows = vec![Row::new(["services"], [listed].into_iter().chain([None; 6]).collect())];
    rows.extend(Figure::ALL.map(|figure| Row::new([figure.name()], figure.values(facts, year))));
    Sheet {
        names: &["figure"],
        measures: &[
            ("numerator", Unit::Count),
            ("denominator", Unit::Count),
            ("percent", Unit::Percent),
            ("mean-days", Unit::Days),
            ("median-days", Unit::Days),
            ("mean-hours", Unit::Hours),
            ("median-hours", Unit::Hours),
        ],
        rows,
    }
}
