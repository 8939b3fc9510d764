//! A stored pack, and what a check found, as Contract Managers see them.

use jiff::Timestamp;
use portico_aws::table::{cases::drafts::Open, contracts::StoredPack};
use portico_contracts::Pack;
use portico_domain::{
    contracts::packs::{Applied, Refused, standings},
    id::{ContractId, Username},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{form::word, words};

/// A pack of a contract.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PackView {
    contract: String,
    #[schema(example = "2027.1")]
    version: String,
    /// What people call the contract under it. None when this version of the service cannot read the pack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// First day that it holds, in the contract's zone.
    #[schema(format = Date)]
    effective_from: String,
    #[schema(value_type = words::PackStanding)]
    standing: String,
    /// When it was applied, where that is known.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    applied: Option<Timestamp>,
    /// The member of staff who applied it; none when an operator did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    applied_by: Option<String>,
}

impl PackView {
    pub(super) fn is(&self, version: &str) -> bool {
        self.version == version
    }

    /// The packs of a contract, the one with the latest first day first.
    pub(super) fn all(contract: &ContractId, stored: &[StoredPack], now: Timestamp) -> Vec<Self> {
        let read: Vec<_> = stored.iter().map(|pack| pack.read().ok()).collect();
        let zones = read.iter().map(|read| read.as_ref().map(|contract| &contract.calendar.time_zone));
        let places: Vec<_> = stored.iter().zip(zones).map(|(pack, zone)| (pack.from.as_str(), zone)).collect();
        let views = stored.iter().zip(&read).zip(standings(&places, now)).map(|((pack, read), standing)| Self {
            contract: contract.to_string(),
            version: pack.version.clone(),
            name: read.as_ref().map(|contract| contract.name.clone()),
            effective_from: pack.from.clone(),
            standing: word(&standing),
            applied: pack.applied.as_ref().map(|(at, _)| *at),
            applied_by: pack.applied.as_ref().and_then(|(_, by)| by.parse::<Username>().ok()).map(|by| by.to_string()),
        });
        views.rev().collect()
    }
}

/// What a check found.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CheckedPack {
    /// Everything that keeps it from being applied, with file and line.
    problems: Vec<String>,
    /// What is unusual, but may be right.
    warnings: Vec<String>,
    /// What applying it would do, where it has no problem.
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<PackPlan>,
    /// Why it is not applied all the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<PackRefusal>,
}

/// What applying a pack does.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PackPlan {
    version: String,
    /// First day.
    #[schema(format = Date)]
    effective_from: String,
    #[schema(value_type = words::PackEffect)]
    effect: String,
    /// Whether it holds at once.
    in_force: bool,
    /// What it says otherwise than the pack in whose place it holds, a sentence each.
    changes: Vec<String>,
    /// Drafts of the contract: they are checked again when it holds, and are submitted under it.
    drafts: usize,
    /// Requests under review: they are decided by the pack that held when they were submitted.
    requests: usize,
    /// Whether there may be more of either than was counted.
    more: bool,
}

/// Why a pack without a problem is not applied.
#[derive(Serialize, ToSchema)]
struct PackRefusal {
    #[schema(value_type = words::PackRefused)]
    reason: &'static str,
    /// The same in words, with version and day.
    detail: String,
}

impl CheckedPack {
    pub(super) fn wrong(problems: Vec<String>) -> Self {
        Self { problems, warnings: Vec::new(), plan: None, refused: None }
    }

    pub(super) fn of(pack: Pack, planned: Result<(Applied, Vec<String>, Open), Refused>) -> Self {
        let (plan, refused) = match planned {
            Ok((applied, changes, open)) => (Some(PackPlan::of(&applied, changes, open)), None),
            Err(refused) => (None, Some(PackRefusal { reason: reason(&refused), detail: format!("{refused}.") })),
        };
        Self { problems: Vec::new(), warnings: pack.warnings, plan, refused }
    }
}

impl PackPlan {
    fn of(applied: &Applied, changes: Vec<String>, open: Open) -> Self {
        Self {
            version: applied.version.clone(),
            effective_from: applied.effective_from.to_string(),
            effect: word(&applied.effect),
            in_force: applied.in_force,
            changes,
            drafts: open.drafts,
            requests: open.requests,
            more: open.more,
        }
    }
}

/// The stable name of a refusal.
pub(super) fn reason(refused: &Refused) -> &'static str {
    match refused {
        Refused::OtherDay { .. } => "other-day",
        Refused::OtherContent { .. } | Refused::NearOtherContent { .. } => "other-content",
        Refused::SameDay { .. } => "same-day",
        Refused::NotToCome { .. } => "not-to-come",
        Refused::NeverHolds { .. } => "never-holds",
        Refused::Holds { .. } => "in-force",
        Refused::Near { .. } => "in-force-soon",
    }
}
