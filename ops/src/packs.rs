//! Contract packs: checked, applied from a date on, listed, withdrawn before that date (OPS-01).

use std::path::{Path, PathBuf};

use anyhow::{Result, bail, ensure};
use jiff::Timestamp;
use portico_aws::table::{Guard, Transaction, contracts::StoredPack};
use portico_contracts::{Pack, apart};
pub use portico_domain::contracts::packs::{Applied, Changed, Effect, Standing};
use portico_domain::{
    contracts::{
        Contract,
        packs::{self, Known},
    },
    id::ContractId,
};
use serde::Serialize;

use crate::{Operator, operator::now};

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

/// What applying a pack would do.
///
/// # Errors
/// When its version is in force with other content, or another version has its first day or a later one that is past.
pub async fn plan(operator: &Operator, pack: &Pack, changed: Changed) -> Result<Planned> {
    let stored = operator.table().packs(&pack.contract.id).await?;
    let (applied, before) = planned(&stored, pack, changed)?;
    let changes = match before {
        Some(before) => pack.changes(&whole(operator, &pack.contract.id, before.json).await?),
        None => Vec::new(),
    };
    Ok(Planned { applied, changes })
}

/// What applying a pack does, and what changes with it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Planned {
    /// What it does.
    #[serde(flatten)]
    pub applied: Applied,
    /// What it says otherwise than the pack before it.
    pub changes: Vec<String>,
}

/// A stored pack with all its rules.
async fn whole(operator: &Operator, contract: &ContractId, json: &str) -> Result<String> {
    let shelves = operator.table().rules_beside(contract, json).await?;
    Ok(apart::whole(json, shelves)?)
}

fn planned<'a>(stored: &'a [StoredPack], pack: &Pack, changed: Changed) -> Result<(Applied, Option<Known<'a>>)> {
    let known: Vec<_> = stored.iter().map(StoredPack::known).collect();
    Ok(pack.plan(&known, changed, now())?)
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
        let (applied, _) = planned(&stored, pack, changed)?;
        if applied.effect == Effect::Nothing && listed.is_some() {
            return Ok(applied);
        }
        if let Some(name) = &pack.kept.name {
            table.keep_rules(&contract.id, name, &pack.kept.shelves).await?;
        }
        let mut transaction = Transaction::new();
        let by = (now(), operator.name.as_str());
        transaction.apply_pack(table, (contract, &pack.kept.json), (&stored, listed.as_ref()), by)?;
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
    let read: Vec<_> = stored.iter().map(|pack| pack.read().ok()).collect();
    let zone = |contract: &Option<Contract>| contract.as_ref().map(|contract| contract.calendar.time_zone.clone());
    let zones: Vec<_> = read.iter().map(zone).collect();
    let places: Vec<_> = stored.iter().zip(&zones).map(|(pack, zone)| (pack.from.as_str(), zone.as_ref())).collect();
    let held = stored.iter().zip(read).zip(packs::standings(&places, now)).map(|((pack, contract), standing)| Held {
        contract: id.clone(),
        name: contract.map(|contract| contract.name),
        version: pack.version.clone(),
        effective_from: pack.from.clone(),
        standing,
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
    packs::may_withdraw(&contract, now())?;
    Ok((contract, pack.json))
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
