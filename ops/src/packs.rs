//! Contract packs: checked, applied from a date on, listed, withdrawn before that date (OPS-01).

use std::path::{Path, PathBuf};

use anyhow::{Result, bail, ensure};
use jiff::{Timestamp, ToSpan};
use portico_aws::table::{
    Guard, Transaction,
    contracts::{Listed, StoredPack},
};
use portico_contracts::Pack;
use portico_domain::{contracts::Contract, id::ContractId};
use serde::Serialize;

use crate::{Operator, operator::now};

/// Functions know a pack for a minute: so long before its first day it can no longer be withdrawn.
const NEAR_MINUTES: i64 = 5;

/// The folders of packs that `paths` name: each itself, or those in it.
fn folders(paths: &[PathBuf]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in paths {
        if path.join("contract.toml").exists() {
            found.push(path.clone());
            continue;
        }
        let inside = std::fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path());
        let mut inside: Vec<_> = inside.filter(|path| path.is_dir()).collect();
        inside.sort();
        // Nothing there: the loader says so of the path itself.
        if inside.is_empty() { found.push(path.clone()) } else { found.extend(inside) }
    }
    found
}

/// What a check found in one folder.
#[derive(Debug, Serialize)]
pub struct Checked {
    /// The folder.
    pub folder: String,
    /// Contract and version, when it can be read.
    pub pack: Option<String>,
    /// Everything that is wrong, with file and line. Empty when it may be applied.
    pub problems: Vec<String>,
    /// What is unusual, but may be right.
    pub warnings: Vec<String>,
}

/// Checks the packs in these folders, or in folders of packs, without any stack.
#[must_use]
pub fn check(paths: &[PathBuf]) -> Vec<Checked> {
    let one = |folder: PathBuf| {
        let name = folder.display().to_string();
        match portico_contracts::load(&folder) {
            Ok(pack) => Checked {
                folder: name,
                pack: Some(format!("{} {}", pack.contract.id, pack.contract.version)),
                problems: Vec::new(),
                warnings: pack.warnings,
            },
            Err(problems) => Checked { folder: name, pack: None, problems, warnings: Vec::new() },
        }
    };
    folders(paths).into_iter().map(one).collect()
}

/// Reads every pack under these paths.
///
/// # Errors
/// Every problem of every pack, with folder, file and line.
pub fn read(paths: &[PathBuf]) -> Result<Vec<Pack>> {
    let (mut packs, mut problems) = (Vec::new(), Vec::new());
    for folder in folders(paths) {
        match portico_contracts::load(&folder) {
            Ok(pack) => packs.push(pack),
            Err(found) => problems.extend(found.iter().map(|problem| format!("{}/{problem}", folder.display()))),
        }
    }
    ensure!(problems.is_empty(), "{}", problems.join("\n"));
    Ok(packs)
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

/// A pack and what applying it does.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Applied {
    /// The contract.
    pub contract: ContractId,
    /// Its version.
    pub version: String,
    /// First day.
    pub effective_from: jiff::civil::Date,
    /// What applying it does.
    pub effect: Effect,
    /// Whether it holds at once.
    pub in_force: bool,
}

/// What applying a pack would do.
///
/// # Errors
/// When its version is in force with other content, or another version has its first day or a later one that is past.
pub async fn plan(operator: &Operator, pack: &Pack, changed: Changed) -> Result<Applied> {
    let stored = operator.table().packs(&pack.contract.id).await?;
    planned(&stored, pack, changed, now())
}

fn planned(stored: &[StoredPack], pack: &Pack, changed: Changed, now: Timestamp) -> Result<Applied> {
    let contract = &pack.contract;
    let today = contract.calendar.time_zone.date_at(now).to_string();
    let first = contract.effective_from.to_string();
    let same = stored.iter().find(|known| known.version == contract.version);
    let effect = match same {
        Some(known) if known.from == first && known.json == pack.json => Effect::Nothing,
        Some(known) if known.from != first => bail!(
            "{} {} is there with {} as its first day: give the pack a new version",
            contract.id,
            contract.version,
            known.from
        ),
        Some(_) if changed == Changed::OnlyBefore && first <= today => bail!(
            "{} {} is in force since {first} with other content, and decisions name it: give the pack a new version and \
             a first day to come",
            contract.id,
            contract.version
        ),
        Some(_) => Effect::Replaces,
        None => Effect::New,
    };
    let in_force = stored.iter().filter(|known| known.from <= today).max_by(|one, other| one.from.cmp(&other.from));
    if let (Effect::New, Some(holds)) = (effect, in_force.filter(|holds| first <= holds.from)) {
        bail!(
            "{} {} would never hold: version {} holds since {}. Give the pack a later first day",
            contract.id,
            contract.version,
            holds.version,
            holds.from
        );
    }
    Ok(Applied {
        contract: contract.id.clone(),
        version: contract.version.clone(),
        effective_from: contract.effective_from,
        effect,
        in_force: first <= today,
    })
}

/// Applies a pack. The same pack again changes nothing.
///
/// # Errors
/// As [`plan`], or when the table fails.
pub async fn apply(operator: &Operator, pack: &Pack, changed: Changed) -> Result<Applied> {
    ensure!(
        changed == Changed::OnlyBefore || operator.stack.is_local(),
        "a pack in force is replaced on a local engine alone"
    );
    let (table, contract) = (operator.table(), &pack.contract);
    for _ in 0..5 {
        let (stored, listed) = (table.packs(&contract.id).await?, table.listed(&contract.id).await?);
        let applied = planned(&stored, pack, changed, now())?;
        let mut transaction = Transaction::new();
        if listed.is_none() {
            let fresh = Listed { id: contract.id.clone(), first_manager: None };
            transaction.list_contract(table, &fresh, None)?;
        }
        if applied.effect != Effect::Nothing {
            let before = stored.into_iter().find(|known| known.version == contract.version).map(|known| known.json);
            transaction.pack(table, contract, pack.json.clone(), before);
        }
        if transaction.is_empty() {
            return Ok(applied);
        }
        let on = vec![contract.id.to_string(), contract.version.clone()];
        transaction.audit_operation(table, &operator.operation("packs apply", on))?;
        match table.commit(transaction).await {
            Ok(()) => return Ok(applied),
            // Somebody else applied it at the same time.
            Err(error) if error.refused(Guard::Version) => {}
            Err(error) => return Err(error.into()),
        }
    }
    bail!("others apply {} at the same time: try again", contract.id)
}

/// Applies every pack under these paths, all of them or, when one may not be applied, none.
///
/// # Errors
/// Every problem of every pack, or as [`apply`].
pub async fn apply_all(operator: &Operator, packs: &[Pack], changed: Changed) -> Result<Vec<Applied>> {
    for pack in packs {
        plan(operator, pack, changed).await?;
    }
    let mut applied = Vec::new();
    for pack in packs {
        applied.push(apply(operator, pack, changed).await?);
    }
    Ok(applied)
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

/// A stored pack.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Held {
    /// The contract.
    pub contract: ContractId,
    /// What people call it; none when this program cannot read the pack.
    pub name: Option<String>,
    /// Its version.
    pub version: String,
    /// First day.
    pub effective_from: String,
    /// Where it stands.
    pub standing: Standing,
}

/// Every stored pack of every contract.
///
/// # Errors
/// When the table fails.
pub async fn list(operator: &Operator) -> Result<Vec<Held>> {
    let mut all = Vec::new();
    for listed in operator.table().contracts().await? {
        all.extend(standings(&listed.id, &operator.table().packs(&listed.id).await?, now()));
    }
    Ok(all)
}

fn standings(id: &ContractId, stored: &[StoredPack], now: Timestamp) -> Vec<Held> {
    let began = |pack: &StoredPack| {
        // What cannot be read has no zone: its day begins in the first of all.
        let zone = pack.read().ok().map(|contract| contract.calendar.time_zone);
        let today = zone.map_or_else(|| jiff::tz::Offset::UTC.to_datetime(now).date(), |zone| zone.date_at(now));
        pack.from <= today.to_string()
    };
    let in_force = stored.iter().rposition(began);
    let held = stored.iter().enumerate().map(|(place, pack)| Held {
        contract: id.clone(),
        name: pack.read().ok().map(|contract| contract.name),
        version: pack.version.clone(),
        effective_from: pack.from.clone(),
        standing: match in_force {
            Some(holds) if place == holds => Standing::InForce,
            Some(holds) if place < holds => Standing::Past,
            _ => Standing::ToCome,
        },
    });
    held.collect()
}

/// The pack that may be withdrawn: its first day is to come, and no function has begun to look at it.
///
/// # Errors
/// When there is none of this version, or it holds, held or is about to.
pub async fn withdrawable(operator: &Operator, id: &ContractId, version: &str) -> Result<(Contract, String)> {
    let stored = operator.table().packs(id).await?;
    ensure!(!stored.is_empty(), "there is no contract {id}");
    let Some(pack) = stored.into_iter().find(|pack| pack.version == version) else {
        bail!("{id} has no version {version}")
    };
    let contract = pack.read()?;
    may_withdraw(&contract, now())?;
    Ok((contract, pack.json))
}

fn may_withdraw(contract: &Contract, now: Timestamp) -> Result<()> {
    let Contract { id, version, effective_from, .. } = contract;
    let begins = |at: Timestamp| contract.calendar.time_zone.date_at(at) >= *effective_from;
    ensure!(
        !begins(now),
        "{id} {version} cannot be withdrawn: it holds since {effective_from}, and what was decided under it names it. \
         Apply a new version with a first day to come"
    );
    ensure!(
        !begins(now.checked_add(NEAR_MINUTES.minutes())?),
        "{id} {version} cannot be withdrawn any more: it holds in less than {NEAR_MINUTES} minutes, and functions know it"
    );
    Ok(())
}

/// Withdraws a pack before its first day.
///
/// # Errors
/// As [`withdrawable`], or when somebody replaced it meanwhile.
pub async fn withdraw(operator: &Operator, id: &ContractId, version: &str) -> Result<Contract> {
    let (contract, before) = withdrawable(operator, id, version).await?;
    let (table, mut transaction) = (operator.table(), Transaction::new());
    transaction.withdraw_pack(table, &contract, before);
    let on = vec![id.to_string(), version.to_owned()];
    transaction.audit_operation(table, &operator.operation("packs withdraw", on))?;
    match table.commit(transaction).await {
        Ok(()) => Ok(contract),
        Err(error) if error.refused(Guard::Version) => bail!("{id} {version} was changed meanwhile: look again"),
        Err(error) => Err(error.into()),
    }
}

/// The packs of a checkout.
///
/// # Errors
/// As [`read`].
pub fn of_checkout(root: &Path) -> Result<Vec<Pack>> {
    read(&[root.join("contracts")])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arkansas() -> Pack {
        let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../contracts/arkansas"));
        portico_contracts::load(folder).unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn stored(from: &str, version: &str) -> StoredPack {
        StoredPack { from: from.to_owned(), version: version.to_owned(), json: "{}".to_owned() }
    }

    /// The first day begins in the contract's zone: in Little Rock at six in the morning of Greenwich.
    ///
    /// REQ: OPS-01
    #[test]
    fn a_pack_is_withdrawn_until_shortly_before_its_first_day() {
        let contract = arkansas().contract;
        let may = |now: &str| may_withdraw(&contract, at(now)).map_err(|error| error.to_string());
        assert_eq!(may("2026-01-01T05:54:59Z"), Ok(()));
        assert!(may("2026-01-01T05:55:01Z").unwrap_err().contains("in less than 5 minutes"));
        assert!(may("2026-01-01T06:00:00Z").unwrap_err().contains("it holds since 2026-01-01"));
    }

    /// REQ: OPS-01
    #[test]
    fn a_pack_that_would_never_hold_or_change_what_holds_is_refused() {
        let pack = arkansas();
        let plan = |known: &[StoredPack], changed, now: &str| {
            planned(known, &pack, changed, at(now))
                .map(|plan| (plan.effect, plan.in_force))
                .map_err(|error| error.to_string())
        };
        let (before, during) = ("2025-12-31T12:00:00Z", "2026-05-01T12:00:00Z");
        let same = StoredPack { json: pack.json.clone(), ..stored("2026-01-01", "2026.1") };
        assert_eq!(plan(&[], Changed::OnlyBefore, before), Ok((Effect::New, false)));
        assert_eq!(plan(&[], Changed::OnlyBefore, during), Ok((Effect::New, true)));
        assert_eq!(plan(&[same], Changed::OnlyBefore, during), Ok((Effect::Nothing, true)));
        let other = [stored("2026-01-01", "2026.1")];
        assert_eq!(plan(&other, Changed::OnlyBefore, before), Ok((Effect::Replaces, false)));
        assert_eq!(plan(&other, Changed::Replaced, during), Ok((Effect::Replaces, true)));
        assert!(plan(&other, Changed::OnlyBefore, during).unwrap_err().contains("is in force since"));
        assert!(
            plan(&[stored("2026-03-01", "2026.1")], Changed::Replaced, during).unwrap_err().contains("new version")
        );
        for later in ["2026-01-01", "2026-02-01"] {
            assert!(plan(&[stored(later, "2026.2")], Changed::Replaced, during).unwrap_err().contains("never hold"));
        }
        assert_eq!(plan(&[stored("2026-09-01", "2026.2")], Changed::OnlyBefore, during), Ok((Effect::New, true)));
    }

    /// REQ: OPS-01
    #[test]
    fn of_several_packs_one_holds_and_one_that_cannot_be_read_has_no_name() {
        let pack = arkansas();
        let known = [
            stored("2025-01-01", "2025.1"),
            StoredPack { json: pack.json, ..stored("2026-01-01", "2026.1") },
            stored("2026-09-01", "2026.2"),
        ];
        let held = standings(&pack.contract.id, &known, at("2026-05-01T12:00:00Z"));
        let told: Vec<_> = held.iter().map(|held| (held.standing, held.name.is_some())).collect();
        assert_eq!(told, [(Standing::Past, false), (Standing::InForce, true), (Standing::ToCome, false)]);
    }
}
