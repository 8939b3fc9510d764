//! What becomes of the packs of a contract: each holds from its first day on, and may be replaced or withdrawn before it (OPS-01).

use jiff::{Timestamp, ToSpan, civil::Date, tz::Offset};
use serde::Serialize;

use crate::{calendar::Zone, contracts::Contract, id::ContractId};

/// Functions know a pack for a minute: so long before its first day it can no longer be withdrawn.
const NEAR_MINUTES: i64 = 5;

/// A pack that is stored.
#[derive(Clone, PartialEq, Debug)]
pub struct Known<'a> {
    /// First day it holds, in the contract's zone.
    pub from: &'a str,
    /// Its version.
    pub version: &'a str,
    /// All that it says.
    pub json: &'a str,
    /// Its contract's zone; none when this program cannot read it.
    pub zone: Option<Zone>,
}

/// What may become of a pack that is there with other content.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Changed {
    /// It is replaced before its first day; in force it stays, for decisions name its version.
    OnlyBefore,
    /// It is replaced in any case: for a local engine that nobody decides on.
    Replaced,
}

/// What applying a pack does.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// It is stored.
    New,
    /// It replaces the same version with other content.
    Replaces,
    /// It is there already.
    Nothing,
}

/// Where a stored pack stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It held before another one.
    Past,
    /// It holds.
    InForce,
    /// Its first day is still to come.
    ToCome,
}

/// A pack and what applying it does.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Applied {
    /// The contract.
    pub contract: ContractId,
    /// Its version.
    pub version: String,
    /// First day.
    pub effective_from: Date,
    /// What applying it does.
    pub effect: Effect,
    /// Whether it holds at once.
    pub in_force: bool,
}

/// Why a pack is not applied or withdrawn.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refused {
    /// The version is stored with another first day.
    #[error("{pack} is there with {from} as its first day: give the pack a new version")]
    OtherDay {
        /// Contract and version.
        pack: String,
        /// The first day that is stored.
        from: String,
    },
    /// The version holds or held, with other content.
    #[error(
        "{pack} is in force since {from} with other content, and decisions name it: give the pack a new version and a \
         first day to come"
    )]
    OtherContent {
        /// Contract and version.
        pack: String,
        /// Its first day.
        from: Date,
    },
    /// It holds in a moment, with other content.
    #[error(
        "{pack} holds in less than {NEAR_MINUTES} minutes with other content, and functions know it: give the pack a new \
         version and a first day to come"
    )]
    NearOtherContent {
        /// Contract and version.
        pack: String,
    },
    /// Another version begins on the same day, and nobody could say which one holds.
    #[error("{other} has {from} as its first day too: give {pack} another first day, or withdraw {other} first")]
    SameDay {
        /// Contract and version.
        pack: String,
        /// The version that is there.
        other: String,
        /// The day.
        from: String,
    },
    /// It would change the rules of what was submitted already.
    #[error(
        "{pack} would change the rules of requests that were submitted under version {holds}: give the pack a first day \
         to come"
    )]
    NotToCome {
        /// Contract and version.
        pack: String,
        /// The version that holds.
        holds: String,
    },
    /// Another one would hold in its place from its first day on.
    #[error("{pack} would never hold: version {holds} holds since {from}. Give the pack a later first day")]
    NeverHolds {
        /// Contract and version.
        pack: String,
        /// The version that holds.
        holds: String,
        /// Since when.
        from: String,
    },
    /// What holds or held is not withdrawn.
    #[error(
        "{pack} cannot be withdrawn: it holds since {from}, and what was decided under it names it. Apply a new version \
         with a first day to come"
    )]
    Holds {
        /// Contract and version.
        pack: String,
        /// Its first day.
        from: Date,
    },
    /// It holds in a moment.
    #[error("{pack} cannot be withdrawn any more: it holds in less than {NEAR_MINUTES} minutes, and functions know it")]
    Near {
        /// Contract and version.
        pack: String,
    },
}

fn name(contract: &Contract) -> String {
    format!("{} {}", contract.id, contract.version)
}

/// What applying the pack `json`, which reads as `contract`, would do now.
///
/// # Errors
/// When its version is there with another first day, or is in force or nearly so with other content; when another version has
/// its first day; when it would never hold; or when its first day is not to come and something holds: requests are decided
/// by the pack that held when they were submitted.
pub fn plan(
    stored: &[Known<'_>],
    (contract, json): (&Contract, &str),
    changed: Changed,
    now: Timestamp,
) -> Result<Applied, Refused> {
    let first = contract.effective_from;
    let begins = first.to_string();
    let near = now.checked_add(NEAR_MINUTES.minutes()).unwrap_or(Timestamp::MAX);
    let begun = |zone: &Zone, at: Timestamp| zone.date_at(at) >= first;
    let own = &contract.calendar.time_zone;
    let pack = || name(contract);
    let effect = match stored.iter().find(|known| known.version == contract.version) {
        Some(known) if known.from != begins => {
            return Err(Refused::OtherDay { pack: pack(), from: known.from.to_owned() });
        }
        Some(known) if known.json == json => Effect::Nothing,
        Some(known) if changed == Changed::OnlyBefore => {
            // Neither moves it: the zone that is stored, nor the one that is sent.
            let in_any = |at: Timestamp| known.zone.iter().chain([own]).any(|zone| begun(zone, at));
            if in_any(now) {
                return Err(Refused::OtherContent { pack: pack(), from: first });
            }
            if in_any(near) {
                return Err(Refused::NearOtherContent { pack: pack() });
            }
            Effect::Replaces
        }
        Some(_) => Effect::Replaces,
        None => Effect::New,
    };
    let day = own.date_at(now).to_string();
    let holds = stored.iter().filter(|known| known.from <= day.as_str()).max_by(|one, other| one.from.cmp(other.from));
    if effect == Effect::New {
        if let Some(holds) = holds.filter(|holds| begins.as_str() < holds.from) {
            let (holds, from) = (holds.version.to_owned(), holds.from.to_owned());
            return Err(Refused::NeverHolds { pack: pack(), holds, from });
        }
        if let Some(other) = stored.iter().find(|known| known.from == begins) {
            let other = format!("{} {}", contract.id, other.version);
            return Err(Refused::SameDay { pack: pack(), other, from: begins });
        }
        if let Some(holds) = holds.filter(|_| changed == Changed::OnlyBefore && begun(own, near)) {
            return Err(Refused::NotToCome { pack: pack(), holds: holds.version.to_owned() });
        }
    }
    let (contract, version) = (contract.id.clone(), contract.version.clone());
    Ok(Applied { contract, version, effective_from: first, effect, in_force: begun(own, now) })
}

/// The stored pack in whose place another one holds: the same version, else the one that would hold on its first day.
#[must_use]
pub fn before<'a>(stored: &[Known<'a>], applied: &Applied) -> Option<Known<'a>> {
    let day = applied.effective_from.to_string();
    let same = stored.iter().find(|known| known.version == applied.version);
    let holds =
        || stored.iter().filter(|known| known.from < day.as_str()).max_by(|one, other| one.from.cmp(other.from));
    same.or_else(holds).cloned()
}

/// Where packs stand now, each given by its first day and its contract's zone, in the order of their first days. One that
/// this program cannot read has no zone: its day begins in the first of all.
#[must_use]
pub fn standings(packs: &[(&str, Option<&Zone>)], now: Timestamp) -> Vec<Standing> {
    let began = |(from, zone): &(&str, Option<&Zone>)| {
        let today = zone.map_or_else(|| Offset::UTC.to_datetime(now).date(), |zone| zone.date_at(now));
        *from <= today.to_string().as_str()
    };
    let in_force = packs.iter().rposition(began);
    let standing = |place: usize| match in_force {
        Some(holds) if place == holds => Standing::InForce,
        Some(holds) if place < holds => Standing::Past,
        _ => Standing::ToCome,
    };
    (0..packs.len()).map(standing).collect()
}

/// Whether a stored pack may be withdrawn: its first day is to come, and no function has begun to look at it.
///
/// # Errors
/// When it holds, held or is about to.
pub fn may_withdraw(contract: &Contract, now: Timestamp) -> Result<(), Refused> {
    let begins = |at: Timestamp| contract.calendar.time_zone.date_at(at) >= contract.effective_from;
    if begins(now) {
        return Err(Refused::Holds { pack: name(contract), from: contract.effective_from });
    }
    if begins(now.checked_add(NEAR_MINUTES.minutes()).unwrap_or(Timestamp::MAX)) {
        return Err(Refused::Near { pack: name(contract) });
    }
    Ok(())
}
