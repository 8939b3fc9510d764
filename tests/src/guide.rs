//! A guide of `docs/` as it is read: steps with their minutes, the blocks and tables in them, and the names that stand on screens.

use std::{collections::BTreeMap, fs};

use anyhow::{Context, Result};
use portico_testkit::stack::root;

/// A page of `docs/`.
#[derive(Clone, Debug)]
pub struct Guide {
    /// Its steps, in their order.
    pub steps: Vec<Step>,
}

/// What stands under a heading.
#[derive(Clone, Debug, Default)]
pub struct Step {
    /// The heading, without number and minutes.
    pub title: String,
    /// How long it takes; none where that is not said.
    pub minutes: Option<u32>,
    /// Blocks of code: what stands behind the fence, and the text.
    pub blocks: Vec<(String, String)>,
    /// Rows of tables, without the first two.
    pub rows: Vec<Vec<String>>,
    /// What stands in italics: names of screens and of what is on them.
    pub names: Vec<String>,
}

impl Guide {
    /// Reads a page, each text as `change` makes it.
    ///
    /// # Errors
    /// When there is no such page.
    pub fn read(page: &str, change: impl Fn(&str) -> String) -> Result<Self> {
        let path = root().join("docs").join(page);
        let text = fs::read_to_string(&path).with_context(|| format!("{}", path.display()))?;
        Ok(Self { steps: text.split("\n## ").skip(1).map(|part| step(&change(part))).collect() })
    }
}

impl Step {
    /// The commands of its blocks without a word behind the fence, each in its words.
    #[must_use]
    pub fn commands(&self) -> Vec<Vec<String>> {
        let of = |text: &String| text.replace("\\\n", " ").lines().map(words).collect::<Vec<_>>();
        let plain = self.blocks.iter().filter(|(info, _)| info.is_empty()).flat_map(|(_, text)| of(text));
        plain.filter(|command| !command.is_empty()).collect()
    }

    /// What is to be typed, as `label: value`, form by form.
    #[must_use]
    pub fn forms(&self) -> Vec<BTreeMap<String, String>> {
        let field = |line: &str| line.split_once(": ").map(|(label, value)| (label.to_owned(), value.to_owned()));
        let forms = self.blocks.iter().filter(|(info, _)| info == "text");
        forms.map(|(_, text)| text.lines().filter_map(field).collect()).collect()
    }

    /// Files that are to be written, by name.
    #[must_use]
    pub fn files(&self) -> Vec<(String, String)> {
        let named = |(info, text): &(String, String)| Some((info.split_once(' ')?.1.to_owned(), text.clone()));
        self.blocks.iter().filter_map(named).collect()
    }
}

fn step(part: &str) -> Step {
    let (heading, body) = part.split_once('\n').unwrap_or((part, ""));
    let (title, minutes) = match heading.rsplit_once(" (") {
        Some((title, rest)) => (title, rest.split(' ').next().and_then(|number| number.parse().ok())),
        None => (heading, None),
    };
    let title = title.split_once(". ").map_or(title, |(_, title)| title).to_owned();
    let mut step = Step { title, minutes, ..Step::default() };
    for (place, piece) in body.split("```").enumerate() {
        if place % 2 == 1 {
            let (info, text) = piece.split_once('\n').unwrap_or((piece, ""));
            step.blocks.push((info.trim().to_owned(), text.to_owned()));
            continue;
        }
        let rows = piece.lines().filter(|line| line.starts_with('|')).skip(2);
        let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
        step.rows.extend(rows.map(cells));
        step.names.extend(piece.split('*').skip(1).step_by(2).map(ToOwned::to_owned));
    }
    step
}

/// The words of a line as a shell parts them: by blanks, but for those in quotation marks.
fn words(line: &str) -> Vec<String> {
    let quoted = line.split('"').enumerate();
    quoted
        .flat_map(|(place, part)| match place % 2 {
            0 => part.split_whitespace().map(ToOwned::to_owned).collect::<Vec<_>>(),
            _ => vec![part.to_owned()],
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_read_as_people_read_it() {
        let text = "3. It is done (4 minutes)\n\nOpen *Staff*, *Add staff*.\n\n| a | b |\n|---|---|\n| c | d e |\n\n```\n\
                    x new \"A B\" \\\n  --c d\n```\n\n```csv f.csv\n1,2\n```\n\n```text\nName: A: B\n```\n";
        let step = step(text);
        assert_eq!((step.title.as_str(), step.minutes), ("It is done", Some(4)));
        assert_eq!(step.names, ["Staff", "Add staff"]);
        assert_eq!(step.rows, [["c", "d e"]]);
        assert_eq!(step.commands(), [["x", "new", "A B", "--c", "d"]]);
        assert_eq!(step.files(), [("f.csv".to_owned(), "1,2\n".to_owned())]);
        assert_eq!(step.forms()[0]["Name"], "A: B");
    }
}
