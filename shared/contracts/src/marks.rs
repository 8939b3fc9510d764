//! Places of a pack that are still to fill: `<<what is to stand there>>`, as the template of a new pack has them.

use crate::files::Files;

/// What a mark begins and ends with. No pack has either otherwise.
const MARK: (&str, &str) = ("<<", ">>");

/// A place that is still to fill.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unfilled {
    /// Its file and line: `contract.toml:12`.
    pub place: String,
    /// What is to stand there.
    pub words: String,
}

impl Unfilled {
    /// As a check lists it.
    #[must_use]
    pub fn problem(&self) -> String {
        format!("{}: still to fill: {}", self.place, self.words)
    }

    /// Whether a problem is of its line: what a mark breaks is told as a place to fill.
    #[must_use]
    pub fn tells(&self, problem: &str) -> bool {
        problem.strip_prefix(&self.place).is_some_and(|rest| rest.starts_with(':')) || problem.contains(MARK.0)
    }
}

/// Every such place, file by file and line by line. A comment may say what a mark is.
#[must_use]
pub fn unfilled(files: &Files) -> Vec<Unfilled> {
    let mut all = Vec::new();
    for (file, text) in files.texts() {
        for (number, line) in (1..).zip(text.lines()) {
            if line.trim_start().starts_with('#') {
                continue;
            }
            let marks = line.split(MARK.0).skip(1).filter_map(|rest| Some(rest.split_once(MARK.1)?.0));
            all.extend(marks.map(|words| Unfilled { place: format!("{file}:{number}"), words: words.to_owned() }));
        }
    }
    all
}
