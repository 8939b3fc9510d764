//! The body of a letter, part by part.

use super::compose::{Draft, is_present};
use super::texts::Entry;
use super::{Amount, Block, Deadline, DeadlineKind, Element, Language, Line, Outcome, Row, Section, Typed};
use crate::status::{Audience, Closed};

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
            Outcome::Approved | Outcome::Modified | Outcome::Denied | Outcome::Void | Outcome::Withdrawn => None,
        };
        let mut blocks = self.of_a_correction();
        blocks.extend(self.of_another_look());
        if outcome == Outcome::Withdrawn {
            self.fill("withdrawn-by", self.facts.withdrawn_by.clone());
        }
        blocks.extend(self.words(self.texts.opening.of(outcome), until, Some(Element::Action)));
        self.fill("", None);
        blocks.extend(self.of_what_stays());
        section("", 1, blocks)
    }

    /// That this corrects a letter, of which day, and why.
    fn of_a_correction(&mut self) -> Vec<Block> {
        let Some(replaces) = &self.facts.replaces else { return Vec::new() };
        self.fill("replaced", Some(self.day(replaces.date)));
        let mut blocks = self.words(self.texts.correction.as_ref(), None, Some(Element::Correction));
        self.fill("", None);
        let reason = Typed { lead: String::new(), text: replaces.reason.clone() };
        match self.language {
            Language::English => blocks.push(Block::Paragraph(reason.text)),
            Language::Spanish => blocks.extend(self.typed(vec![reason])),
        }
        blocks
    }

    /// That this is what came of another look at a decision.
    fn of_another_look(&mut self) -> Vec<Block> {
        let decided = matches!(self.facts.outcome, Outcome::Approved | Outcome::Modified | Outcome::Denied);
        let Some(followed) = self.facts.follows.as_ref().filter(|_| decided) else { return Vec::new() };
        self.fill("decided", Some(self.day(followed.on)));
        let blocks = self.words(self.texts.opening.after(followed.kind), None, None);
        self.fill("", None);
        blocks
    }

    /// That the decision before stays, where what followed it was taken back.
    fn of_what_stays(&self) -> Option<Block> {
        let followed = self.facts.follows.as_ref().filter(|_| self.facts.outcome == Outcome::Withdrawn)?;
        let day = self.day(followed.on);
        Some(Block::Paragraph(match (self.audience, self.language) {
            (Audience::Provider, _) => format!("The decision of {day} on request {} stays as it is.", followed.request),
            (Audience::Member, Language::English) => format!("Our decision of {day} stays as it is."),
            (Audience::Member, Language::Spanish) => format!("Nuestra decisión del {day} queda como está."),
        }))
    }

    fn information(&self) -> Section {
        let mut blocks = Vec::new();
        if self.facts.outcome == Outcome::InformationRequested {
            let items = self.facts.information.clone();
            match self.language {
                Language::English => blocks.push(Block::List(items)),
                Language::Spanish => blocks
                    .extend(self.typed(items.into_iter().map(|text| Typed { lead: String::new(), text }).collect())),
            }
            blocks.extend(self.deadline(DeadlineKind::Information).map(|until| self.until(until)));
        }
        section(&self.says("Please send", "What we still need"), 1, blocks)
    }

    fn services(&mut self) -> Section {
        let rows = (1..).zip(&self.facts.lines).map(|(number, line)| self.row(number, line)).collect();
        // The contract has no words in the letter's language for some of them.
        let foreign =
            self.language == Language::Spanish && self.facts.lines.iter().any(|line| line.description_es.is_none());
        let mut blocks: Vec<_> = foreign.then(|| self.as_it_was_written()).into_iter().collect();
        blocks.push(Block::Lines(rows));
        if matches!(self.facts.outcome, Outcome::Approved | Outcome::Modified) {
            blocks.extend(self.words(self.texts.guarantee.as_ref(), None, None));
        }
        section(&self.says("Services requested and decided", "What was asked for and what we decided"), 1, blocks)
    }

    fn row(&self, number: usize, line: &Line) -> Row {
        let words = self.named(line).map(|words| words.trim().to_owned()).filter(|words| is_present(words)).into_iter();
        let unit = match self.language {
            Language::English => line.unit.as_ref(),
            Language::Spanish => line.unit_es.as_ref().or(line.unit.as_ref()),
        };
        let unit = unit.map(|unit| format!("{} = {unit}", self.language.units(1))).into_iter();
        let (service, detail) = match self.audience {
            Audience::Provider if line.modifiers.is_empty() => (line.code.clone(), words.chain(unit).collect()),
            Audience::Provider => (format!("{} {}", line.code, line.modifiers.join(" ")), words.chain(unit).collect()),
            Audience::Member => (words.collect(), unit.collect()),
        };
        let authorized = match (&line.authorized, line.outcome) {
            (Some(granted), _) => self.amount(granted),
            (None, Outcome::Denied) => vec![self.word("None")],
            (None, _) => vec![self.word("Not decided")],
        };
        let decision = match line.outcome {
            Outcome::Approved => "Approved",
            Outcome::Modified => "Approved in part",
            Outcome::Denied => "Denied",
            Outcome::Void => "Closed",
            Outcome::InformationRequested => "Waiting for information",
            Outcome::Extended => "Not yet decided",
            Outcome::Withdrawn => self.withdrawn(),
        };
        Row {
            number: number.to_string(),
            service,
            detail,
            requested: self.amount(&line.requested),
            authorized,
            decision: self.word(decision),
        }
    }

    fn withdrawn(&self) -> &'static str {
        match self.audience {
            Audience::Provider => "Withdrawn",
            Audience::Member => "Taken back",
        }
    }

    /// A service in plain words, in the language of the letter where the contract has them.
    fn named<'a>(&self, line: &'a Line) -> Option<&'a String> {
        match self.language {
            Language::English => line.description.as_ref(),
            Language::Spanish => line.description_es.as_ref().or(line.description.as_ref()),
        }
    }

    /// The reasons in a letter of another language than they were written in.
    fn reasons_as_written(&self) -> Vec<Block> {
        let facts = self.facts;
        // Our own sentences are among them.
        let ours = facts.reasons.iter().filter_map(|reason| self.language.knows(reason));
        let ours: Vec<_> = ours.map(|reason| Block::Paragraph(reason.to_owned())).collect();
        let typed = facts.reasons.iter().filter(|reason| self.language.knows(reason).is_none());
        let general = typed.map(|reason| Typed { lead: String::new(), text: reason.clone() });
        let of_lines = (1..).zip(&facts.lines).filter_map(|(number, line): (usize, _)| {
            let (text, service) = (line.reason.clone()?, self.named(line)?);
            Some(Typed { lead: format!("{} {number}, {service}:", self.word("Line")), text })
        });
        let typed = general.chain(of_lines).filter(|typed| is_present(&typed.text)).collect();
        ours.into_iter().chain(self.typed(typed)).collect()
    }

    /// Why it was closed, in the contract's words, with what only the provider's letter names.
    fn closed(&mut self) -> Vec<Block> {
        let wording = match self.facts.closed {
            Some(Closed::NotRequired) => self.texts.closed.not_required.as_ref(),
            Some(Closed::Duplicate) => self.texts.closed.duplicate.as_ref(),
            // The facts have the contract's reason, with the days.
            Some(Closed::NotEligible) | None => return Vec::new(),
        };
        let mut blocks = self.words(wording, None, Some(Element::Reasons));
        let named = self.facts.named.iter().filter(|_| self.audience == Audience::Provider);
        blocks.extend(named.map(|named| Block::Paragraph(named.clone())));
        blocks
    }

    fn reasons(&mut self) -> Section {
        let heading = match self.facts.outcome {
            Outcome::Extended => self.says("Reason for the extension", "Why we need more time"),
            Outcome::Withdrawn => self.says("Reason for the withdrawal", "Why it was taken back"),
            Outcome::Approved | Outcome::Modified | Outcome::Denied | Outcome::Void | Outcome::InformationRequested => {
                self.says("Specific reasons", "Why we decided this")
            }
        };
        let mut blocks = self.closed();
        blocks.extend(match self.language {
            Language::English => self.reasons_in_english(),
            Language::Spanish => self.reasons_as_written(),
        });
        section(&heading, 1, blocks)
    }

    fn reasons_in_english(&self) -> Vec<Block> {
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
        blocks
    }

    fn criteria(&self) -> Section {
        let blocks = self.facts.criteria.iter().map(|rule| Block::Criterion {
            title: rule.title.clone(),
            citation: rule.citation.clone(),
            text: rule.text.clone().filter(|text| is_present(text)),
        });
        let mut blocks: Vec<_> = blocks.collect();
        if self.language != Language::English && !blocks.is_empty() {
            blocks.insert(0, self.as_it_was_written());
        }
        section(&self.says("Rules and criteria relied on", "The rules we used"), 1, blocks)
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
                who.push_str(match self.language {
                    Language::English => " (license ",
                    Language::Spanish => " (licencia ",
                });
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
                blocks.extend(dated.as_ref().map(|until| self.until(until)));
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

impl Draft<'_> {
    fn until(&self, deadline: &Deadline) -> Block {
        Block::Deadline { label: self.word(&deadline.label), by: self.day(deadline.date), how: self.how(deadline) }
    }

    /// Units, then dates.
    fn amount(&self, amount: &Amount) -> Vec<String> {
        let day = |date| self.language.day_in_table(date);
        let dates = match (amount.from, amount.to) {
            (Some(from), Some(to)) if from == to => Some(day(from)),
            (Some(from), Some(to)) => Some(self.language.days(&day(from), &day(to))),
            _ => None,
        };
        amount.units.map(|units| self.language.units(units)).into_iter().chain(dates).collect()
    }
}

fn section(heading: &str, level: u8, blocks: Vec<Block>) -> Section {
    Section { heading: heading.to_owned(), level, blocks }
}
