//! The contract's own words, from `[letters]` of its pack, and the check that finds every fault before a letter does.

use crate::{
    glyphs::{Unprintable, clean},
    status::Audience,
};
use serde::{Deserialize, Serialize};

use super::{DeadlineKind, Element, Outcome};

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
}

/// One text: its key, the deadline it may speak of, the element it answers, and its heading for provider and member.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) key: &'static str,
    pub(super) wording: Option<&'a Wording>,
    pub(super) deadline: Option<DeadlineKind>,
    pub(super) element: Option<Element>,
    pub(super) headings: [&'static str; 2],
    /// A name that this text may use beside those of all.
    also: Option<&'static str>,
}

impl<'a> Entry<'a> {
    const fn new(key: &'static str, wording: Option<&'a Wording>) -> Self {
        Self { key, wording, deadline: None, element: None, headings: ["", ""], also: None }
    }

    const fn required(self, element: Element) -> Self {
        Self { element: Some(element), ..self }
    }

    const fn with(self, name: &'static str) -> Self {
        Self { also: Some(name), ..self }
    }

    const fn until(self, deadline: DeadlineKind) -> Self {
        Self { deadline: Some(deadline), ..self }
    }

    const fn headed(self, provider: &'static str, member: &'static str) -> Self {
        Self { headings: [provider, member], ..self }
    }
}

impl Texts {
    /// Finds every fault, so that a pack is repaired before its first letter.
    ///
    /// # Errors
    /// All unknown placeholders, and all texts without which a letter of some outcome could not be issued.
    pub fn check(&self) -> Result<(), Vec<TextProblem>> {
        let mut problems = Vec::new();
        for Entry { key, wording, deadline, element, also, .. } in self.entries() {
            for audience in [Audience::Provider, Audience::Member] {
                match (wording.and_then(|wording| wording.for_audience(audience)), element) {
                    (Some(text), _) => {
                        let problem = clean(text).err().map(|fault| unprintable(key, fault));
                        problems.extend(problem.filter(|problem| !problems.contains(problem)));
                        for placeholder in unknown(text, deadline).filter(|name| Some(*name) != also) {
                            let problem = unknown_placeholder(key, placeholder);
                            // A text for both readers is one text.
                            if !problems.contains(&problem) {
                                problems.push(problem);
                            }
                        }
                    }
                    (None, Some(element)) => {
                        problems.push(TextProblem::Missing { key: key.to_owned(), audience, element });
                    }
                    (None, None) => {}
                }
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
            Entry::new("closed.not-required", self.closed.not_required.as_ref()).required(Element::Reasons),
            Entry::new("closed.duplicate", self.closed.duplicate.as_ref()).required(Element::Reasons),
            Entry::new("correction", self.correction.as_ref()).with("replaced").required(Element::Correction),
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

/// Names in braces that nothing fills. `{date}` and `{days}` need a text with a deadline; an open brace is unknown too.
fn unknown(text: &str, deadline: Option<DeadlineKind>) -> impl Iterator<Item = &str> {
    placeholders(text).filter(move |name| {
        let dated = matches!(*name, "date" | "days") && deadline.is_some();
        !dated && !PLACEHOLDERS.contains(name)
    })
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
