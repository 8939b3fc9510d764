//! The body of a letter, part by part.

use super::compose::{Draft, in_figures, in_words, is_present};
use super::texts::Entry;
use super::{Amount, Block, Deadline, DeadlineKind, Element, Line, Outcome, Row, Section};
use crate::status::Audience;

impl Draft<'_> {
    /// The body in reading order; parts without content are left out.
    pub(super) fn sections(&mut self) -> Vec<Section> {
        let mut parts =
            vec![self.opening(), self.information(), self.services(), self.reasons(), self.criteria(), self.reviewer()];
        parts.extend(self.rights());
        parts.push(self.contact());
        parts.retain(|part| !part.blocks.is_empty() || part.level == 1 && part.heading == self.rights_heading());
        parts
    }

    fn opening(&mut self) -> Section {
        let outcome = self.facts.outcome;
        let until = match outcome {
            Outcome::InformationRequested => Some(DeadlineKind::Information),
            Outcome::Extended => Some(DeadlineKind::Decision),
            Outcome::Approved | Outcome::Modified | Outcome::Denied | Outcome::Void => None,
        };
        let blocks = self.words(self.texts.opening.of(outcome), until, Some(Element::Action));
        section("", 1, blocks)
    }

    fn information(&self) -> Section {
        let mut blocks = Vec::new();
        if self.facts.outcome == Outcome::InformationRequested {
            blocks.push(Block::List(self.facts.information.clone()));
            blocks.extend(self.deadline(DeadlineKind::Information).map(deadline));
        }
        section(&self.says("Please send", "What we still need"), 1, blocks)
    }

    fn services(&mut self) -> Section {
        let rows = (1..).zip(&self.facts.lines).map(|(number, line)| self.row(number, line)).collect();
        let mut blocks = vec![Block::Lines(rows)];
        if matches!(self.facts.outcome, Outcome::Approved | Outcome::Modified) {
            blocks.extend(self.words(self.texts.guarantee.as_ref(), None, None));
        }
        section(&self.says("Services requested and decided", "What was asked for and what we decided"), 1, blocks)
    }

    fn row(&self, number: usize, line: &Line) -> Row {
        let words = line.description.iter().map(|words| words.trim().to_owned()).filter(|words| is_present(words));
        let unit = line.unit.iter().map(|unit| format!("1 unit = {unit}"));
        let (service, detail) = match self.audience {
            Audience::Provider if line.modifiers.is_empty() => (line.code.clone(), words.chain(unit).collect()),
            Audience::Provider => (format!("{} {}", line.code, line.modifiers.join(" ")), words.chain(unit).collect()),
            Audience::Member => (words.collect(), unit.collect()),
        };
        let authorized = match (&line.authorized, line.outcome) {
            (Some(granted), _) => amount(granted),
            (None, Outcome::Denied) => vec!["None".to_owned()],
            (None, _) => vec!["Not decided".to_owned()],
        };
        let decision = match line.outcome {
            Outcome::Approved => "Approved",
            Outcome::Modified => "Approved in part",
            Outcome::Denied => "Denied",
            Outcome::Void => "Closed",
            Outcome::InformationRequested => "Waiting for information",
            Outcome::Extended => "Not yet decided",
        };
        Row {
            number: number.to_string(),
            service,
            detail,
            requested: amount(&line.requested),
            authorized,
            decision: decision.to_owned(),
        }
    }

    fn reasons(&self) -> Section {
        let (facts, mut blocks) = (self.facts, Vec::new());
        let rule = facts.rule.as_ref().filter(|_| self.audience == Audience::Provider);
        blocks.extend(facts.reasons.iter().filter(|reason| is_present(reason)).map(|reason| {
            Block::Paragraph(rule.map_or_else(|| reason.clone(), |rule| format!("Rule {rule}: {reason}")))
        }));
        let of_lines: Vec<_> = (1..)
            .zip(&facts.lines)
            .filter_map(|(number, line): (usize, _)| {
                let reason = line.reason.as_deref().filter(|reason| is_present(reason))?;
                let service = match self.audience {
                    Audience::Provider => &line.code,
                    Audience::Member => line.description.as_ref()?,
                };
                Some(format!("Line {number}, {service}: {reason}"))
            })
            .collect();
        if !of_lines.is_empty() {
            blocks.push(Block::List(of_lines));
        }
        let heading = if facts.outcome == Outcome::Extended {
            self.says("Reason for the extension", "Why we need more time")
        } else {
            self.says("Specific reasons", "Why we decided this")
        };
        section(&heading, 1, blocks)
    }

    fn criteria(&self) -> Section {
        let blocks = self.facts.criteria.iter().map(|rule| Block::Criterion {
            title: rule.title.clone(),
            citation: rule.citation.clone(),
            text: rule.text.clone().filter(|text| is_present(text)),
        });
        section(&self.says("Rules and criteria relied on", "The rules we used"), 1, blocks.collect())
    }

    fn reviewer(&self) -> Section {
        let heading = self.says("Decided by", "Who made this decision");
        if self.facts.untimely {
            let words = self.says(
                "Nobody decided this request within the time for the decision. That counts as a denial (42 CFR 438.404(c)(5)).",
                "Nobody decided about this request in time. By law this counts as a denial, so that you can appeal now.",
            );
            return section(&heading, 1, vec![Block::Paragraph(words)]);
        }
        let blocks = self.facts.reviewer.iter().filter(|_| self.facts.outcome.is_adverse()).map(|by| {
            let mut who = format!("{}, {}", by.name, by.credential);
            if let Some(specialty) = &by.specialty {
                who.push_str(", ");
                who.push_str(specialty);
            }
            if let Some(licence) = &by.licence {
                who.push_str(" (license ");
                who.push_str(licence);
                who.push(')');
            }
            Block::Paragraph(format!("{who}."))
        });
        section(&heading, 1, blocks.collect())
    }

    fn rights_heading(&self) -> String {
        self.says("Rights after this decision", "Your rights")
    }

    /// Rights that the law does not require stand only while their deadline is in the record: a second reconsideration
    /// offers no third.
    fn rights(&mut self) -> Vec<Section> {
        let (outcome, texts) = (self.facts.outcome, self.texts);
        if outcome == Outcome::Extended {
            let blocks = self.words(texts.rights.grievance.as_ref(), None, Some(Element::Grievance));
            return vec![section(&self.says("Grievance", "If you do not agree"), 1, blocks)];
        }
        if !self.has_rights() {
            return Vec::new();
        }
        let mut parts = vec![section(&self.rights_heading(), 1, Vec::new())];
        let other = if self.facts.under_way { "rights.continuation-new" } else { "rights.continuation" };
        let entries = texts.rights.entries().into_iter().filter(|entry| entry.key != other);
        for Entry { wording, deadline: until, element, headings: [provider, member], .. } in entries {
            let dated = until.and_then(|kind| self.deadline(kind)).cloned();
            if element.is_none() && dated.is_none() {
                continue;
            }
            let mut blocks = self.words(wording, until, element.filter(|_| outcome.is_adverse()));
            if element != Some(Element::Expedited) && !blocks.is_empty() {
                blocks.extend(dated.as_ref().map(deadline));
            }
            parts.push(section(&self.says(provider, member), 2, blocks));
        }
        parts
    }

    fn contact(&mut self) -> Section {
        let blocks = self.words(self.texts.contact.as_ref(), None, Some(Element::Contact));
        section(&self.says("Contact", "Questions"), 1, blocks)
    }
}

fn section(heading: &str, level: u8, blocks: Vec<Block>) -> Section {
    Section { heading: heading.to_owned(), level, blocks }
}

fn deadline(deadline: &Deadline) -> Block {
    Block::Deadline { label: deadline.label.clone(), by: in_words(deadline.date), how: deadline.how.clone() }
}

/// Units, then dates.
fn amount(amount: &Amount) -> Vec<String> {
    let units = amount.units.map(|units| if units == 1 { "1 unit".to_owned() } else { format!("{units} units") });
    let dates = match (amount.from, amount.to) {
        (Some(from), Some(to)) if from == to => Some(in_figures(from)),
        (Some(from), Some(to)) => Some(format!("{} to {}", in_figures(from), in_figures(to))),
        _ => None,
    };
    units.into_iter().chain(dates).collect()
}
