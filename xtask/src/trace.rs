//! Which requirements no test names: `docs/requirements.md` against `REQ:` in the doc comments of tests, and in comments of the
//! portal's tests and of the checks in Python.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::paths::Paths;

const UNTRACED: &str = "docs/untraced.txt";

/// Requirements with their one line, the ids that tests name, and where an unknown id is named.
struct Trace {
    requirements: BTreeMap<String, String>,
    named: BTreeSet<String>,
    unknown: Vec<String>,
}

impl Trace {
    fn read(paths: &Paths) -> Result<Self> {
        let file = paths.root.join("docs/requirements.md");
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let requirements: BTreeMap<String, String> = text.lines().filter_map(requirement).collect();
        if requirements.is_empty() {
            bail!("{} holds no line of the form `- ID what it says`", paths.short(&file));
        }
        let mut trace = Self { requirements, named: BTreeSet::new(), unknown: Vec::new() };
        for folder in ["functions", "shared", "ops", "tests", "xtask", "portal/src", "portal/tests", "infra/checks"] {
            trace.scan(paths, &paths.root.join(folder))?;
        }
        Ok(trace)
    }

    fn scan(&mut self, paths: &Paths, folder: &Path) -> Result<()> {
        let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                self.scan(paths, &path)?;
            } else if path
                .extension()
                .is_some_and(|extension| ["rs", "ts", "tsx", "py"].map(AsRef::as_ref).contains(&extension))
            {
                for (number, line) in fs::read_to_string(&path)?.lines().enumerate() {
                    for id in ids(line) {
                        if self.requirements.contains_key(id) {
                            self.named.insert(id.to_owned());
                        } else {
                            self.unknown.push(format!("{}:{} names {id}", paths.short(&path), number + 1));
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn untraced(&self) -> BTreeSet<&str> {
        self.requirements.keys().map(String::as_str).filter(|id| !self.named.contains(*id)).collect()
    }
}

/// `- ACC-01 A facility registers once` → id and text.
fn requirement(line: &str) -> Option<(String, String)> {
    let (id, text) = line.strip_prefix("- ")?.split_once(' ')?;
    is_id(id).then(|| (id.to_owned(), text.to_owned()))
}

/// The ids after `REQ:` in a doc comment, or in a comment of the portal's tests or of a check in Python.
fn ids(line: &str) -> impl Iterator<Item = &str> {
    let line = line.trim_start();
    let named = line
        .strip_prefix("///")
        .or_else(|| line.strip_prefix("//"))
        .or_else(|| line.strip_prefix('#'))
        .and_then(|comment| comment.trim_start().strip_prefix("REQ:"));
    named.unwrap_or_default().split([',', ' ', ';']).map(|word| word.trim_end_matches('.')).filter(|word| is_id(word))
}

fn is_id(word: &str) -> bool {
    word.split_once('-').is_some_and(|(area, number)| {
        (2..=5).contains(&area.len())
            && area.bytes().all(|byte| byte.is_ascii_uppercase())
            && number.len() == 2
            && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Prints the ids that no test names, with what they ask for.
pub(crate) fn print(paths: &Paths) -> Result<ExitCode> {
    let trace = Trace::read(paths)?;
    let untraced = trace.untraced();
    for id in &untraced {
        println!("{id}  {}", trace.requirements.get(*id).map_or("", String::as_str));
    }
    println!(
        "{} of {} requirements are named by a test",
        trace.requirements.len() - untraced.len(),
        trace.requirements.len()
    );
    Ok(ExitCode::SUCCESS)
}

/// `trace --check` as a command of its own.
pub(crate) fn check(paths: &Paths) -> Result<ExitCode> {
    compare(paths)?;
    println!("docs/untraced.txt is what no test names");
    Ok(ExitCode::SUCCESS)
}

/// Fails if an id is named by no test and not on the list, if the list holds an id that is named, or a test an unknown one.
pub(crate) fn compare(paths: &Paths) -> Result<()> {
    let trace = Trace::read(paths)?;
    let known = fs::read_to_string(paths.root.join(UNTRACED)).unwrap_or_default();
    let listed: BTreeSet<&str> = known.lines().map(str::trim).filter(|line| is_id(line)).collect();
    let untraced = trace.untraced();
    let mut message = String::new();
    let lost: Vec<&str> = untraced.difference(&listed).copied().collect();
    if !lost.is_empty() {
        write!(
            message,
            "no test names {}: write one (`/// REQ: {}`); the list of exceptions may only shrink. ",
            lost.join(", "),
            lost.join(", ")
        )?;
    }
    let stale: Vec<&str> = listed.difference(&untraced).copied().collect();
    if !stale.is_empty() {
        write!(message, "{UNTRACED} still lists {}: run cargo xtask trace --update. ", stale.join(", "))?;
    }
    if !trace.unknown.is_empty() {
        write!(message, "docs/requirements.md does not know: {}.", trace.unknown.join("; "))?;
    }
    if message.is_empty() { Ok(()) } else { bail!("{}", message.trim_end()) }
}

/// Takes what is named by now off the list; never adds to one that exists.
pub(crate) fn update(paths: &Paths) -> Result<ExitCode> {
    let trace = Trace::read(paths)?;
    let file = paths.root.join(UNTRACED);
    let untraced = trace.untraced();
    let kept: Vec<&str> = match fs::read_to_string(&file) {
        Ok(old) => untraced.into_iter().filter(|id| old.lines().any(|line| line.trim() == *id)).collect(),
        Err(_) => untraced.into_iter().collect(),
    };
    let text = kept.iter().fold(String::new(), |text, id| text + id + "\n");
    fs::write(&file, text)?;
    println!("{UNTRACED}: {} requirements without a test", kept.len());
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::{ids, requirement};

    #[test]
    fn ids_are_read_from_doc_comments_only() {
        assert_eq!(ids("    /// REQ: ACC-01, CASE-24.").collect::<Vec<_>>(), ["ACC-01", "CASE-24"]);
        assert_eq!(ids("# REQ: OPS-09").collect::<Vec<_>>(), ["OPS-09"]);
        assert_eq!(ids("// see REQ: ACC-01").count() + ids("# see REQ: ACC-01").count(), 0);
    }

    #[test]
    fn a_requirement_is_an_item_that_begins_with_an_id() {
        assert_eq!(
            requirement("- LTR-04 Required elements"),
            Some(("LTR-04".to_owned(), "Required elements".to_owned()))
        );
        assert_eq!(requirement("- something else"), None);
    }
}
