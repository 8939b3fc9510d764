//! The contract's own words, from `[letters]` of its pack, and the check that finds every fault before a letter does.

use crate::{
    glyphs::{Unprintable, clean},
    reading::Reading,
    status::Audience,
};
use serde::{Deserialize, Serialize};

use super::{DeadlineKind, Element, FollowKind, Language, Outcome, plain};

/// Letter texts of one contract. Paragraphs are separated by a blank line; `{name}` is filled from the facts.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Texts {
    /// Who writes.
    pub letterhead: Letterhead,
    /// First sentences per outcome.
    pub opening: Openings,
    /// Why a request is closed without a decision; where the member is not eligible `[eligibility]` of the pack says it.
    #[serde(default)]
    pub closed: Closings,
    /// That a letter corrects and replaces an earlier one, whose day is `{replaced}`.
    pub correction: Option<Wording>,
    /// The reader's rights.
    pub rights: Rights,
    /// Whom to call with questions.
    pub contact: Option<Wording>,
    /// "Not a guarantee of payment", for approvals, where the contract says so.
    pub guarantee: Option<Wording>,
    /// Language help, one sentence per language.
    #[serde(default)]
    pub language_help: Vec<Tagline>,
}

/// The head of the letter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Letterhead {
    /// Agency or plan that decides.
    pub agency: String,
    /// Programme or unit.
    pub program: Option<String>,
    /// Return address.
    #[serde(default)]
    pub address: Vec<String>,
    /// Telephone, with TTY where there is one.
    pub phone: Option<String>,
    /// The same in a letter in Spanish, where words stand beside the number, as which option to choose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_es: Option<String>,
    /// Fax.
    pub fax: Option<String>,
    /// Web address.
    pub web: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
}

/// One text for both readers, or one for each.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "a text, or a table with `provider` and `member`")]
pub enum Wording {
    /// The same words for both.
    Both(String),
    /// Words for each; a reader without words gets no such paragraph.
    Each {
        /// For the provider letter.
        #[serde(default)]
        provider: Option<String>,
        /// For the member letter.
        #[serde(default)]
        member: Option<String>,
        /// For the member letter in Spanish.
        #[serde(default, rename = "member-es")]
        member_es: Option<String>,
    },
}

impl Wording {
    /// The words for this reader; blank counts as none.
    #[must_use]
    pub fn for_audience(&self, audience: Audience) -> Option<&str> {
        let text = match (self, audience) {
            (Self::Both(text), _) => Some(text),
            (Self::Each { provider, .. }, Audience::Provider) => provider.as_ref(),
            (Self::Each { member, .. }, Audience::Member) => member.as_ref(),
        };
        text.map(|text| text.trim()).filter(|text| !text.is_empty())
    }

    /// The words for this reader in a language.
    #[must_use]
    pub fn said(&self, audience: Audience, language: Language) -> Option<&str> {
        match (audience, language) {
            (Audience::Provider, _) | (Audience::Member, Language::English) => self.for_audience(audience),
            (Audience::Member, Language::Spanish) => {
                let Self::Each { member_es, .. } = self else { return None };
                member_es.as_deref().map(str::trim).filter(|text| !text.is_empty())
            }
        }
    }
}

/// First sentences per outcome: what was decided, in one or two sentences.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Openings {
    /// For [`Outcome::Approved`].
    pub approved: Option<Wording>,
    /// For [`Outcome::Modified`].
    pub modified: Option<Wording>,
    /// For [`Outcome::Denied`].
    pub denied: Option<Wording>,
    /// For [`Outcome::Void`].
    pub void: Option<Wording>,
    /// For [`Outcome::InformationRequested`].
    pub information_requested: Option<Wording>,
    /// For [`Outcome::Extended`].
    pub extended: Option<Wording>,
    /// For [`Outcome::Withdrawn`].
    pub withdrawn: Option<Wording>,
    /// Before the others, where a decision was looked at again by another reviewer.
    pub reconsideration: Option<Wording>,
    /// The same after an appeal.
    pub appeal: Option<Wording>,
    /// The same where a State fair hearing was held; optional.
    pub hearing: Option<Wording>,
}

impl Openings {
    /// The opening for an outcome.
    #[must_use]
    pub const fn of(&self, outcome: Outcome) -> Option<&Wording> {
        match outcome {
            Outcome::Approved => self.approved.as_ref(),
            Outcome::Modified => self.modified.as_ref(),
            Outcome::Denied => self.denied.as_ref(),
            Outcome::Void => self.void.as_ref(),
            Outcome::InformationRequested => self.information_requested.as_ref(),
            Outcome::Extended => self.extended.as_ref(),
            Outcome::Withdrawn => self.withdrawn.as_ref(),
        }
    }

    /// What stands before it where the request follows another.
    #[must_use]
    pub const fn after(&self, kind: FollowKind) -> Option<&Wording> {
        match kind {
            FollowKind::Reconsideration => self.reconsideration.as_ref(),
            FollowKind::Appeal => self.appeal.as_ref(),
            FollowKind::Hearing => self.hearing.as_ref(),
            FollowKind::Change => None,
        }
    }
}

/// Why a request is closed without a decision (REV-04).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Closings {
    /// What is asked for needs no authorization.
    pub not_required: Option<Wording>,
    /// Another request asks for the same.
    pub duplicate: Option<Wording>,
}

/// The reader's rights after an adverse decision; the legal source of each stands at [`Element::source`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Rights {
    /// Free copies of the documents and criteria.
    pub copies: Option<Wording>,
    /// Peer-to-peer conversation; optional.
    pub peer_to_peer: Option<Wording>,
    /// Reconsideration; optional.
    pub reconsideration: Option<Wording>,
    /// How, where and by when to appeal.
    pub appeal: Option<Wording>,
    /// When and how an appeal goes faster.
    pub expedited: Option<Wording>,
    /// Services during the appeal, and possible repayment: where a service that goes on is reduced or ended.
    pub continuation: Option<Wording>,
    /// The same where nothing that goes on is changed.
    pub continuation_new: Option<Wording>,
    /// Who may speak for the member.
    pub representation: Option<Wording>,
    /// When the final decision comes.
    pub final_action: Option<Wording>,
    /// Grievance against an extension.
    pub grievance: Option<Wording>,
}

/// "Free language help", said in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Tagline {
    /// Language as BCP 47, e.g. "es"; a screen reader changes its voice by it.
    pub language: String,
    /// The sentence in that language.
    pub text: String,
}

/// Names a letter text may use.
pub const PLACEHOLDERS: [&str; 13] = [
    "case",
    "request",
    "authorization",
    "member",
    "provider",
    "submitted",
    "effective",
    "review",
    "letter-date",
    "agency",
    "program",
    "phone",
    "fax",
];

/// A fault in letter texts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextProblem {
    /// A text uses a name that no fact fills.
    #[error("{key}: unknown placeholder {{{placeholder}}}")]
    UnknownPlaceholder {
        /// The text, as its key in `[letters]`.
        key: String,
        /// The name in braces, perhaps empty.
        placeholder: String,
    },
    /// A text has a character that no letter can print (LTR-09).
    #[error("{key}: {fault}")]
    Unprintable {
        /// The text, as its key in `[letters]`.
        key: String,
        /// The character.
        fault: Unprintable,
    },
    /// A text without which some letter of the contract could not be issued.
    #[error("{key}: missing for the {audience:?} letter: {} ({})", element.name(), element.source())]
    Missing {
        /// The text, as its key in `[letters]`.
        key: String,
        /// Whose letter.
        audience: Audience,
        /// What it would lack.
        element: Element,
    },
    /// A text that members read in English, of a pack that has others in Spanish.
    #[error("{key}.member-es: missing: members who read Spanish get their letters whole in Spanish, or in English")]
    NotInSpanish {
        /// The text, as its key in `[letters]`.
        key: String,
    },
    /// A text that is harder to read than a member's may be.
    #[error("{key}.{field} {}", reads.told())]
    Hard {
        /// The text, as its key in `[letters]`.
        key: String,
        /// `member` or `member-es`.
        field: &'static str,
        /// How it reads.
        reads: plain::Reads,
    },
}

/// One text: its key, the deadline it may speak of, the element it answers, and its heading for provider and member.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) key: &'static str,
    pub(super) wording: Option<&'a Wording>,
    pub(super) deadline: Option<DeadlineKind>,
    /// Names that are filled in this text and in no other.
    pub(super) fills: Option<&'static str>,
    pub(super) element: Option<Element>,
    pub(super) headings: [&'static str; 2],
}

impl<'a> Entry<'a> {
    const fn new(key: &'static str, wording: Option<&'a Wording>) -> Self {
        Self { key, wording, deadline: None, fills: None, element: None, headings: ["", ""] }
    }

    const fn required(self, element: Element) -> Self {
        Self { element: Some(element), ..self }
    }

    const fn until(self, deadline: DeadlineKind) -> Self {
        Self { deadline: Some(deadline), ..self }
    }

    const fn filling(self, name: &'static str) -> Self {
        Self { fills: Some(name), ..self }
    }

    /// Whether a name in braces is filled in this text.
    fn knows(&self, name: &str) -> bool {
        let dated = matches!(name, "date" | "days") && self.deadline.is_some();
        dated || self.fills == Some(name) || PLACEHOLDERS.contains(&name)
    }

    const fn headed(self, provider: &'static str, member: &'static str) -> Self {
        Self { headings: [provider, member], ..self }
    }
}

impl Entry<'_> {
    /// What members read in a language.
    fn said(&self, language: Language) -> Option<&str> {
        self.wording.and_then(|wording| wording.said(Audience::Member, language))
    }

    /// What no font prints, and names that nothing fills.
    fn faults(&self, text: &str, problems: &mut Vec<TextProblem>) {
        let problem = clean(text).err().map(|fault| unprintable(self.key, fault));
        problems.extend(problem.filter(|problem| !problems.contains(problem)));
        for placeholder in placeholders(text).filter(|name| !self.knows(name)) {
            let problem = unknown_placeholder(self.key, placeholder);
            // A text for both readers is one text.
            if !problems.contains(&problem) {
                problems.push(problem);
            }
        }
    }

    /// Whether members would find it hard to read.
    fn hard(&self, text: &str, language: Language) -> Option<TextProblem> {
        let field = match language {
            Language::English => "member",
            Language::Spanish => "member-es",
        };
        let reads = plain::reads(text, language);
        reads.is_hard().then(|| TextProblem::Hard { key: self.key.to_owned(), field, reads })
    }
}

impl Texts {
    /// Whether letters to members are written in a language: every text that members read has words in it.
    #[must_use]
    pub fn speak(&self, language: Language) -> bool {
        let read = |entry: &Entry<'_>| entry.said(Language::English).is_some();
        self.entries().filter(read).all(|entry| entry.said(language).is_some())
    }

    /// The language of letters to a member: theirs, where the contract has its words in it; else English, with the sentences in other
    /// languages that offer help (45 CFR 92.11).
    #[must_use]
    pub fn language_for(&self, reading: &Reading) -> Language {
        let asked = reading.language.as_ref().and_then(Language::of);
        asked.filter(|language| self.speak(*language)).unwrap_or_default()
    }

    /// Finds every fault, so that a pack is repaired before its first letter.
    ///
    /// # Errors
    /// All unknown placeholders, and all texts without which a letter of some outcome could not be issued.
    pub fn check(&self) -> Result<(), Vec<TextProblem>> {
        let mut problems = Vec::new();
        let translated = self.entries().any(|entry| entry.said(Language::Spanish).is_some());
        for entry in self.entries() {
            let Entry { key, wording, element, .. } = entry;
            for audience in [Audience::Provider, Audience::Member] {
                match (wording.and_then(|wording| wording.for_audience(audience)), element) {
                    (Some(text), _) => entry.faults(text, &mut problems),
                    (None, Some(element)) => {
                        problems.push(TextProblem::Missing { key: key.to_owned(), audience, element });
                    }
                    (None, None) => {}
                }
            }
            for language in Language::ALL {
                if let Some(text) = entry.said(language) {
                    problems.extend(entry.hard(text, language));
                }
            }
            match entry.said(Language::Spanish) {
                Some(text) => entry.faults(text, &mut problems),
                None if translated && entry.said(Language::English).is_some() => {
                    problems.push(TextProblem::NotInSpanish { key: key.to_owned() });
                }
                None => {}
            }
        }
        let lacks = |key: &str, element| {
            [Audience::Provider, Audience::Member].map(|audience| TextProblem::Missing {
                key: key.to_owned(),
                audience,
                element,
            })
        };
        if self.letterhead.agency.trim().is_empty() {
            problems.extend(lacks("letterhead.agency", Element::Letterhead));
        }
        if self.letterhead.phone.as_deref().is_none_or(|phone| phone.trim().is_empty()) {
            problems.extend(lacks("letterhead.phone", Element::Contact));
        }
        if self.language_help.iter().all(|tagline| tagline.text.trim().is_empty()) {
            problems.extend(lacks("language-help", Element::LanguageHelp));
        }
        let phone = self.letterhead.phone_es.as_deref().and_then(|phone| clean(phone).err());
        problems.extend(phone.map(|fault| unprintable("letterhead.phone-es", fault)));
        let signs = self.language_help.iter().filter_map(|tagline| clean(&tagline.text).err());
        problems.extend(signs.map(|fault| unprintable("language-help", fault)));
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// Every text with its key.
    fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        let opening = &self.opening;
        [
            Entry::new("opening.approved", opening.approved.as_ref()).required(Element::Action),
            Entry::new("opening.modified", opening.modified.as_ref()).required(Element::Action),
            Entry::new("opening.denied", opening.denied.as_ref()).required(Element::Action),
            Entry::new("opening.void", opening.void.as_ref()).required(Element::Action),
            Entry::new("opening.information-requested", opening.information_requested.as_ref())
                .until(DeadlineKind::Information)
                .required(Element::Action),
            Entry::new("opening.extended", opening.extended.as_ref())
                .until(DeadlineKind::Decision)
                .required(Element::Action),
            Entry::new("opening.withdrawn", opening.withdrawn.as_ref())
                .filling("withdrawn-by")
                .required(Element::Action),
            Entry::new("opening.reconsideration", opening.reconsideration.as_ref())
                .filling("decided")
                .required(Element::Action),
            Entry::new("opening.appeal", opening.appeal.as_ref()).filling("decided").required(Element::Action),
            Entry::new("opening.hearing", opening.hearing.as_ref()).filling("decided"),
            Entry::new("closed.not-required", self.closed.not_required.as_ref()).required(Element::Reasons),
            Entry::new("closed.duplicate", self.closed.duplicate.as_ref()).required(Element::Reasons),
            Entry::new("correction", self.correction.as_ref()).filling("replaced").required(Element::Correction),
            Entry::new("guarantee", self.guarantee.as_ref()),
            Entry::new("contact", self.contact.as_ref()).required(Element::Contact),
            Entry::new("rights.grievance", self.rights.grievance.as_ref()).required(Element::Grievance),
        ]
        .into_iter()
        .chain(self.rights.entries())
    }
}

impl Rights {
    /// The rights after a decision, in the order of the letter.
    pub(super) fn entries(&self) -> [Entry<'_>; 9] {
        [
            Entry::new("rights.peer-to-peer", self.peer_to_peer.as_ref())
                .until(DeadlineKind::PeerToPeer)
                .headed("Speak with the physician reviewer", "Your doctor can talk with our doctor"),
            Entry::new("rights.reconsideration", self.reconsideration.as_ref())
                .until(DeadlineKind::Reconsideration)
                .headed("Ask for reconsideration", "You can ask us to look again"),
            Entry::new("rights.appeal", self.appeal.as_ref())
                .until(DeadlineKind::Appeal)
                .required(Element::Appeal)
                .headed("Appeal", "You can appeal"),
            Entry::new("rights.expedited", self.expedited.as_ref())
                .until(DeadlineKind::Appeal)
                .required(Element::Expedited)
                .headed("Expedited appeal", "If you need a faster answer"),
            Entry::new("rights.continuation", self.continuation.as_ref())
                .until(DeadlineKind::Continuation)
                .required(Element::Continuation)
                .headed("Services during the appeal", "Keeping your services during an appeal"),
            Entry::new("rights.continuation-new", self.continuation_new.as_ref())
                .required(Element::Continuation)
                .headed("Services during the appeal", "Services during an appeal"),
            Entry::new("rights.representation", self.representation.as_ref())
                .required(Element::Representation)
                .headed("Representation", "Someone can help you"),
            Entry::new("rights.copies", self.copies.as_ref())
                .required(Element::Copies)
                .headed("Free copies", "You can see your file for free"),
            Entry::new("rights.final-action", self.final_action.as_ref())
                .required(Element::FinalAction)
                .headed("When the appeal is decided", "When you will get the final answer"),
        ]
    }
}

fn unprintable(key: &str, fault: Unprintable) -> TextProblem {
    TextProblem::Unprintable { key: key.to_owned(), fault }
}

fn unknown_placeholder(key: &str, placeholder: &str) -> TextProblem {
    TextProblem::UnknownPlaceholder { key: key.to_owned(), placeholder: placeholder.to_owned() }
}

/// All names in braces.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).map(|rest| rest.split_once('}').map_or("", |(name, _)| name))
}

/// Fills the names in braces; a name without a value is reported.
pub(super) fn fill(text: &str, value: impl Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut pieces = text.split('{');
    let mut filled = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once('}').unwrap_or(("", piece));
        filled.push_str(&value(name).ok_or_else(|| name.to_owned())?);
        filled.push_str(rest);
    }
    Ok(filled)
}
