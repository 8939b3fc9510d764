//! The finished content of a letter, in reading order. It serializes to what the template reads.

use crate::{reading::Format, status::Audience};
use std::fmt;

use jiff::civil::Date;
use serde::Serialize;

use super::{Letterhead, Outcome, Tagline};

/// A letter, complete and in final words.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Letter {
    /// Id of the letter.
    pub id: String,
    /// Language as BCP 47.
    pub language: String,
    /// The language that reviewers and packs write in what is not translated.
    pub typed_language: String,
    /// The print.
    pub format: Format,
    /// What the template says in every letter.
    pub words: FixedWords,
    /// Who reads it.
    pub audience: Audience,
    /// Title of the document, without any name of a person.
    pub title: String,
    /// Heading of the first page.
    pub subject: String,
    /// Who writes.
    pub letterhead: Letterhead,
    /// Lines for the envelope's window.
    pub addressee: Vec<String>,
    /// Date of the letter.
    pub date: Date,
    /// The same in words.
    pub date_in_words: String,
    /// Numbers to quote, beside the address.
    pub reference: Vec<Pair>,
    /// Who and what the letter is about.
    pub about: Vec<Pair>,
    /// The box at the top.
    pub decision: Decision,
    /// "Dear …" in member letters.
    pub salutation: Option<String>,
    /// The body.
    pub sections: Vec<Section>,
    /// Language help.
    pub language_help: Vec<Tagline>,
    /// Reference in the footer of every page.
    pub footer: String,
    /// Content of the footer's barcode.
    pub barcode: String,
}

impl Letter {
    /// Every text that is printed, so that each is held to what can be printed (LTR-09).
    pub(super) fn texts(&mut self) -> Vec<&mut String> {
        let Self { id: _, language: _, audience: _, date: _, title, subject, letterhead, addressee, .. } = self;
        let Letterhead { agency, program, address, phone, phone_es, fax, web, email } = letterhead;
        let mut texts = vec![title, subject, agency];
        texts.extend([program, phone, phone_es, fax, web, email].into_iter().flatten());
        texts.extend(address.iter_mut().chain(addressee));
        texts.extend([&mut self.date_in_words, &mut self.decision.headline, &mut self.footer, &mut self.barcode]);
        texts.extend(&mut self.salutation);
        let pairs = self.reference.iter_mut().chain(&mut self.about).chain(&mut self.decision.facts);
        texts.extend(pairs.flat_map(|Pair { label, value }| [label, value]));
        for section in &mut self.sections {
            texts.push(&mut section.heading);
            section.blocks.iter_mut().for_each(|block| block.texts(&mut texts));
        }
        texts.extend(self.language_help.iter_mut().map(|tagline| &mut tagline.text));
        texts
    }
}

impl Block {
    fn texts<'a>(&'a mut self, texts: &mut Vec<&'a mut String>) {
        match self {
            Self::Paragraph(text) => texts.push(text),
            Self::List(items) => texts.extend(items),
            Self::Typed(items) => texts.extend(items.iter_mut().flat_map(|Typed { lead, text }| [lead, text])),
            Self::Lines(rows) => {
                for Row { number, service, detail, requested, authorized, decision } in rows {
                    texts.extend([number, service, decision]);
                    texts.extend(detail.iter_mut().chain(requested).chain(authorized));
                }
            }
            Self::Criterion { title, citation, text } => texts.extend([title, citation].into_iter().chain(text)),
            Self::Deadline { label, by, how } => texts.extend([label, by, how]),
        }
    }
}

/// What a person wrote, after words of the letter's own language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Typed {
    /// The words before it; empty where there are none.
    pub lead: String,
    /// As it was written.
    pub text: String,
}

/// What the template says in every letter, in its language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct FixedWords {
    /// "Page", before the number.
    pub page: String,
    /// "of", before the number of all pages.
    pub of: String,
    /// Before the telephone number.
    pub phone: String,
    /// Before the fax number.
    pub fax: String,
    /// Heads of the table of lines.
    pub heads: [String; 5],
    /// Heading of the sentences in other languages.
    pub language_help: String,
}

/// A label and its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Pair {
    /// The label.
    pub label: String,
    /// The value.
    pub value: String,
}

/// The decision and its dates at a glance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Decision {
    /// What was decided.
    pub outcome: Outcome,
    /// The same in words.
    pub headline: String,
    /// Numbers and dates that matter most.
    pub facts: Vec<Pair>,
}

/// Part of the body under one heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Section {
    /// Heading; empty for the opening.
    pub heading: String,
    /// 1 for a main heading, 2 below it.
    pub level: u8,
    /// Content in order.
    pub blocks: Vec<Block>,
}

/// A piece of the body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind", content = "content")]
pub enum Block {
    /// A paragraph.
    Paragraph(String),
    /// A list.
    List(Vec<String>),
    /// What a person wrote, in a letter of another language.
    Typed(Vec<Typed>),
    /// The table of lines.
    Lines(Vec<Row>),
    /// A rule or criterion: title, citation and its words.
    Criterion {
        /// Title.
        title: String,
        /// Citation.
        citation: String,
        /// The words applied.
        text: Option<String>,
    },
    /// A date to keep.
    Deadline {
        /// What to do.
        label: String,
        /// Last day, in words.
        by: String,
        /// How.
        how: String,
    },
}

/// A row of the table of lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Row {
    /// Number of the line.
    pub number: String,
    /// The service.
    pub service: String,
    /// Smaller print below it.
    pub detail: Vec<String>,
    /// Asked for: units, then dates.
    pub requested: Vec<String>,
    /// Granted: units, then dates.
    pub authorized: Vec<String>,
    /// Decision on the line.
    pub decision: String,
}

impl fmt::Debug for Letter {
    /// Ids only: the rest is about a person (OPS-06).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Letter").field("id", &self.id).field("audience", &self.audience).finish_non_exhaustive()
    }
}
