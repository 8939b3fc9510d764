//! Contract packs: a folder, or an archive of one, of TOML files, questionnaires and a sheet of codes, read as one contract with
//! everything that is wrong with it (OPS-01).

pub mod apart;
pub mod changes;
pub mod files;
pub mod marks;
mod near;
mod questionnaires;
mod sheet;
pub mod toml_text;

use std::{collections::BTreeMap, path::Path};

use jiff::Timestamp;
use portico_domain::{
    calendar::Calendar,
    contracts::{
        AccountRules, Choice, Contract, MemberRules, RegistrationRules, ReviewRules, ServiceType, Support, Turnaround,
        Windows,
        auto_rule::AutoRule,
        catalogue::{self, CatalogueRules},
        code_rule::{CodeRule, Unlisted},
        drafts::DraftRules,
        eligibility::EligibilityRules,
        expiry::ExpiryRules,
        fax::FaxRules,
        fhir::FhirRules,
        follow_ups::FollowRules,
        gold_card::GoldCardRules,
        intake::IntakeRules,
        more_time::MoreTimeRules,
        packs::{Applied, Changed, Known, Refused, before, plan},
        pends::PendRules,
        questionnaire_rules::QuestionnaireRule,
        reports::ReportRules,
    },
    id::ContractId,
    letters::Texts,
};

use apart::{CODES, Kept};
use files::{Files, entries};
use toml_text::{TomlText, Value};

/// A pack that may be applied.
#[derive(Debug)]
pub struct Pack {
    /// The contract.
    pub contract: Contract,
    /// The merged files as JSON, which parses to the same contract.
    pub whole: String,
    /// As it is stored.
    pub kept: Kept,
    /// What is unusual, but may be right: values beyond a federal ceiling (REV-08).
    pub warnings: Vec<String>,
}

impl Pack {
    /// What applying it now does, and the pack in whose place it holds.
    ///
    /// # Errors
    /// As [`plan`].
    pub fn plan<'a>(
        &self,
        stored: &[Known<'a>],
        changed: Changed,
        now: Timestamp,
    ) -> Result<(Applied, Option<Known<'a>>), Refused> {
        let applied = plan(stored, (&self.contract, &self.kept.json), changed, now)?;
        let before = before(stored, &applied);
        Ok((applied, before))
    }

    /// What it says otherwise than a stored pack with all its rules, a sentence each.
    #[must_use]
    pub fn changes(&self, before: &str) -> Vec<String> {
        changes::between(before, &self.whole)
    }
}

/// The merged pack in bytes: it is stored as one item, with room for who applied it.
const MOST_BYTES: usize = 380 * 1024;

/// The top-level keys that every pack has.
const REQUIRED: [&str; 19] = [
    "id",
    "name",
    "version",
    "effective-from",
    "registration",
    "accounts",
    "support",
    "members",
    "calendar",
    "turnaround",
    "windows",
    "service-types",
    "places-of-service",
    "document-types",
    "document-max-bytes",
    "codes",
    "disclaimer",
    "fax",
    "letters",
];

/// Those that a pack may have besides.
const KEYS: [&str; 17] = [
    "more-time",
    "expiry",
    "drafts",
    "reviews",
    "intake",
    "pends",
    "eligibility",
    "fhir",
    "reports",
    "after-decision",
    "questionnaire-rules",
    "unlisted-codes",
    "auto-review",
    "gold-card",
    "reasons",
    "criteria",
    "catalogue",
];

/// Reads the pack in the folder `dir`, whose name is the contract's id.
///
/// # Errors
/// As [`read`].
pub fn load(dir: &Path) -> Result<Pack, Vec<String>> {
    let folder = dir.canonicalize().ok();
    // `.` and `..` are folders with names too.
    let name = folder.as_deref().and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned();
    read(&Files::of_folder(dir)?, "the folder", &name)
}

/// Reads the pack of the contract `id`, which `whence` says.
///
/// # Errors
/// Every place that is still to fill, and every problem with file and line: in each file, each table and each item of a list, then of
/// the pack as a whole. Rules that compare tables with each other are checked once all tables can be read.
pub fn read(files: &Files, whence: &str, id: &str) -> Result<Pack, Vec<String>> {
    let (unfilled, read) = (marks::unfilled(files), merged(files, whence, id));
    if unfilled.is_empty() {
        return read;
    }
    let others = read.err().unwrap_or_default().into_iter();
    let others = others.filter(|problem| !unfilled.iter().any(|place| place.tells(problem)));
    Err(unfilled.iter().map(marks::Unfilled::problem).chain(others).collect())
}

/// The tables of all files as one contract, checked.
fn merged(files: &Files, whence: &str, id: &str) -> Result<Pack, Vec<String>> {
    let mut problems = Vec::new();
    let mut merged = serde_json::Map::new();
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    let mut rules: Vec<String> = Vec::new();
    let mut own = |key: &str, place: &str, problems: &mut Vec<String>| {
        if let Some(other) = owners.insert(key.to_owned(), place.to_owned()) {
            problems.push(format!("{place}: {key} stands in {other} too"));
        }
    };
    for file in files.tables() {
        for (key, value) in file.keys(&mut problems) {
            let place = file.place(value.span().start);
            own(&key, &place, &mut problems);
            match faults(&file, &key, &value) {
                Some(found) => problems.extend(found),
                None => {
                    let meant = near::hint(&key, KEYS.into_iter().chain(REQUIRED));
                    problems.push(format!("{place}: {key} is no part of a contract{meant}"));
                }
            }
            if key == CODES {
                rules = file.places(&value);
            }
            match file.one(&key, &value) {
                Ok(json) => drop(merged.insert(key, json)),
                Err(problem) => problems.push(problem),
            }
        }
    }
    if let Some(sheet) = files.sheet() {
        own(CODES, &format!("{}:1", sheet::FILE), &mut problems);
        let (table, places) = sheet::read(sheet, &mut problems);
        merged.insert(CODES.to_owned(), table);
        rules = places;
    }
    let asked = questionnaires::read(files.questionnaires(), &mut problems);
    if !asked.is_empty() {
        merged.insert("questionnaires".to_owned(), serde_json::json!(asked));
    }
    // What is wrong with a table as a whole is told at its beginning, with a rule for codes at its own line.
    let placed = |problem: String| match problem.split_once(':').and_then(|(key, _)| owners.get(key)) {
        Some(place) => format!("{place}: {problem}"),
        None => of_rules(&problem, &rules),
    };
    let absent = REQUIRED.iter().filter(|key| !owners.contains_key(**key));
    problems.extend(absent.map(|key| format!("{key} is missing")));
    let texts = merged.get("letters").and_then(|letters| serde_json::from_value::<Texts>(letters.clone()).ok());
    if let Some(Err(found)) = texts.map(|texts| texts.check()) {
        problems.extend(found.iter().map(|problem| placed(format!("letters: {problem}"))));
    }
    let whole = serde_json::Value::Object(merged.clone()).to_string();
    let kept = Kept::of(merged);
    for (shelf, rules) in kept.shelves.iter().filter(|(_, rules)| rules.len() > MOST_BYTES) {
        let bytes = rules.len();
        problems.push(format!("{CODES}: the rules for {shelf}… have {bytes} bytes, at most {MOST_BYTES} are kept"));
    }
    if kept.json.len() > MOST_BYTES {
        let bytes = kept.json.len();
        problems.push(format!(
            "the pack is too large: {bytes} bytes without its rules for codes, at most {MOST_BYTES} are kept"
        ));
        return Err(problems);
    }
    match serde_json::from_str::<Contract>(&whole) {
        Ok(contract) => {
            problems.extend(contract.problems().into_iter().map(placed));
            if *id != *contract.id.to_string() {
                problems.push(placed(format!("id: {whence} has another name than {}", contract.id)));
            }
            if problems.is_empty() {
                return Ok(Pack { warnings: contract.warnings(), contract, whole, kept });
            }
        }
        // Told above by file and line; the words here are for a fault that only shows in the whole.
        Err(fault) if problems.is_empty() => problems.push(fault.to_string()),
        Err(_) => {}
    }
    Err(problems)
}

/// `codes[3]: …` with the place of that rule, wherever it is named.
fn of_rules(problem: &str, places: &[String]) -> String {
    let mut parts = problem.split("codes[");
    let mut told = parts.next().unwrap_or_default().to_owned();
    for (count, part) in parts.enumerate() {
        let (number, rest) = part.split_once("]: ").unwrap_or((part, ""));
        let place = number.parse::<usize>().ok().and_then(|number| places.get(number)).map_or(CODES, String::as_str);
        told.push_str(&if count == 0 { format!("{place}: {CODES}: {rest}") } else { format!("{place}: {rest}") });
    }
    told
}

/// Reads every pack under `root`, in the order of their names.
///
/// # Errors
/// Every problem of every pack, each with the pack's folder before it.
pub fn load_all(root: &Path) -> Result<Vec<Pack>, Vec<String>> {
    let (mut packs, mut problems) = (Vec::new(), Vec::new());
    for dir in entries(root)?.into_iter().filter(|path| path.is_dir()) {
        match load(&dir) {
            Ok(pack) => packs.push(pack),
            Err(found) => {
                let name = dir.file_name().unwrap_or_default().to_string_lossy();
                problems.extend(found.iter().map(|problem| format!("{name}/{problem}")));
            }
        }
    }
    if problems.is_empty() { Ok(packs) } else { Err(problems) }
}

/// What is wrong with the value of a top-level key; `None` when a contract has no such key.
fn faults(file: &TomlText, key: &str, value: &Value<'_>) -> Option<Vec<String>> {
    Some(match key {
        "id" => file.faults::<ContractId>(key, value),
        "name" | "version" | "disclaimer" => file.faults::<String>(key, value),
        "effective-from" => file.faults::<jiff::civil::Date>(key, value),
        "registration" => file.faults::<RegistrationRules>(key, value),
        "accounts" => file.faults::<AccountRules>(key, value),
        "members" => file.faults::<MemberRules>(key, value),
        "support" => file.faults::<Support>(key, value),
        "calendar" => file.faults::<Calendar>(key, value),
        "turnaround" => file.each::<Turnaround>(key, value),
        "windows" => file.faults::<Windows>(key, value),
        "reviews" => file.faults::<ReviewRules>(key, value),
        "intake" => file.faults::<IntakeRules>(key, value),
        "drafts" => file.faults::<DraftRules>(key, value),
        "more-time" => file.faults::<MoreTimeRules>(key, value),
        "expiry" => file.faults::<ExpiryRules>(key, value),
        "pends" => file.faults::<PendRules>(key, value),
        "eligibility" => file.faults::<EligibilityRules>(key, value),
        "fhir" => file.faults::<FhirRules>(key, value),
        "reports" => file.faults::<ReportRules>(key, value),
        "after-decision" => file.faults::<FollowRules>(key, value),
        "questionnaire-rules" => file.each::<QuestionnaireRule>(key, value),
        "service-types" => file.each::<ServiceType>(key, value),
        "places-of-service" | "document-types" => file.each::<Choice>(key, value),
        "document-max-bytes" => file.faults::<u64>(key, value),
        "codes" => file.each::<CodeRule>(key, value),
        "unlisted-codes" => file.faults::<Unlisted>(key, value),
        "auto-review" => file.each::<AutoRule>(key, value),
        "gold-card" => file.faults::<GoldCardRules>(key, value),
        "reasons" => file.each::<catalogue::Reason>(key, value),
        "criteria" => file.each::<catalogue::Criterion>(key, value),
        "catalogue" => file.faults::<CatalogueRules>(key, value),
        "fax" => file.faults::<FaxRules>(key, value),
        "letters" => file.faults::<Texts>(key, value),
        _ => return None,
    })
}
